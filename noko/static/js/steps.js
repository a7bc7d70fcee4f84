// Opens the steps that a link leads to, and everything before printing. Browsers that do it
// themselves lose nothing; without JavaScript every step opens by hand.

function reveal() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  for (let step = target.closest("details"); step; step = step.parentElement.closest("details")) {
    step.open = true;
  }
  target.scrollIntoView();
}

addEventListener("hashchange", reveal);
if (location.hash) reveal();

addEventListener("beforeprint", () => {
  for (const step of document.querySelectorAll("details:not([open])")) {
    step.open = true;
    step.dataset.printed = "";
  }
});

addEventListener("afterprint", () => {
  for (const step of document.querySelectorAll("details[data-printed]")) {
    step.open = false;
    delete step.dataset.printed;
  }
});
