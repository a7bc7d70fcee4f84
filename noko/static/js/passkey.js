// Beside django-allauth's own scripts: what went wrong is said on the page, in words, and an
// address of digits, for which browsers refuse passkeys, is told before anybody tries.

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  for (const problem of document.querySelectorAll(".passkey-problem")) problem.hidden = false;
});

document.addEventListener("DOMContentLoaded", () => {
  if (!/^[\d.]+$|:/.test(location.hostname)) return;
  for (const note of document.querySelectorAll(".passkey-by-number")) note.hidden = false;
});
