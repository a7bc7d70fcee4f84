// A sheet of paper typed fast: a digit marks the answer and goes on to the next question.
// Without this program the page is the same form, filled with Tab and the arrow keys.

const form = document.getElementById("sheet");

if (form) {
  const items = [...form.querySelectorAll(".typing__item")];
  form.querySelector(".typing__keys").hidden = false;
  form.addEventListener("keydown", (event) => onKey(event, items));
  const refused = document.querySelector(".error-summary");
  (refused || entry(items[0])).focus();
}

function onKey(event, items) {
  if (event.key === "Enter" && event.ctrlKey) {
    event.preventDefault();
    form.requestSubmit();
    return;
  }
  const item = event.target.closest(".typing__item");
  if (!item || event.ctrlKey || event.altKey || event.metaKey) return;
  const place = items.indexOf(item);
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    if (event.target.tagName === "TEXTAREA") return;
    event.preventDefault();
    go(items, place + (event.key === "ArrowDown" ? 1 : -1));
  } else if (event.target.type === "radio" && /^[0-9-]$/.test(event.key)) {
    const value = event.key === "-" ? "" : event.key;
    const option = [...item.querySelectorAll("input")].find((input) => input.value === value);
    if (!option) return;
    event.preventDefault();
    option.checked = true;
    go(items, place + 1);
  } else if (event.key === "Enter" && event.target.tagName === "INPUT") {
    event.preventDefault();
    go(items, place + 1);
  }
}

function go(items, place) {
  if (place < 0) return;
  (items[place] ? entry(items[place]) : form.querySelector("button[type=submit]")).focus();
}

function entry(item) {
  return item.querySelector("input:checked, textarea, input") || item;
}
