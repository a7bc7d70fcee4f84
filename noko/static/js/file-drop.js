// A file may be dropped anywhere on the dashed field; the plain file input stays what it is.

for (const field of document.querySelectorAll(".file-drop")) {
  const input = field.querySelector("input[type=file]");
  if (!input) continue;
  for (const name of ["dragenter", "dragover"]) {
    field.addEventListener(name, (event) => {
      event.preventDefault();
      field.classList.add("is-over");
    });
  }
  for (const name of ["dragleave", "drop"]) {
    field.addEventListener(name, (event) => {
      event.preventDefault();
      field.classList.remove("is-over");
    });
  }
  field.addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
