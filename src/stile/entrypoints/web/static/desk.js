/** Dialogs, links to copy, and a word when the desk has lost its line. */

document.addEventListener("click", (event) => {
  const opens = event.target.closest("[data-opens]");
  if (opens) document.getElementById(opens.dataset.opens)?.showModal();
  if (event.target.closest("[data-closes]")) event.target.closest("dialog")?.close();
});

// The refresh leaves an open choice open (morphIgnore); what was chosen closes it.
document.addEventListener("submit", (event) => {
  event.target.closest(".verdict form")?.querySelector("details")?.removeAttribute("open");
});

document.addEventListener("focusin", (event) => {
  if (event.target.matches?.("[data-selects]")) event.target.select();
});

const stale = document.getElementById("stale");
if (stale) {
  document.addEventListener("htmx:error", () => { stale.hidden = false; });
  document.addEventListener("htmx:response:error", () => { stale.hidden = false; });
  document.addEventListener("htmx:after:swap", () => { stale.hidden = true; });
}
