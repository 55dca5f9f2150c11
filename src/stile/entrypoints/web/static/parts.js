/** Small things that the kiosk and the enrolment page share. */

/** Shows the one section of `root` that stands for `state`, and puts the focus on its heading. */
export function show(root, state) {
  for (const section of root.querySelectorAll("section[data-state]")) {
    section.hidden = section.dataset.state !== state;
  }
  const shown = root.querySelector(`section[data-state="${state}"]`);
  shown.querySelector("h1")?.focus({ preventScroll: true });
  return shown;
}

/** Sets text only when it changed, so that a screen reader hears each line once. */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** `done` of `all` pictures, as dots, as a ring around the face, and in words. */
export function progress(section, done, all, words) {
  const dots = section.querySelector(".dots");
  while (dots.children.length < all) dots.append(Object.assign(document.createElement("span"), { className: "dot" }));
  while (dots.children.length > all) dots.lastChild.remove();
  [...dots.children].forEach((dot, n) => dot.classList.toggle("dot-done", n < done));
  const ring = section.querySelector(".ring-done");
  ring.style.strokeDasharray = `${(100 * done) / all} 200`;
  ring.style.visibility = done ? "visible" : "hidden"; // a round end would be a dot where there is nothing yet
  say(section.querySelector("#count"), words);
}

/** The address of a WebSocket of this server. */
export function lineAddress(path) {
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${path}`;
}

export const wait = (ms) => new Promise((done) => setTimeout(done, ms));
