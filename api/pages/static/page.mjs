/** Small comforts of single pages: the print button, and the focus on what needs attention. */

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
// browsers that ignore `autofocus` on a div
document.querySelector("[data-focus]")?.focus();
