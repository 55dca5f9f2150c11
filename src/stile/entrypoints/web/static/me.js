/** The member's own page: it follows what happens elsewhere, and a receipt can be printed. */

for (const button of document.querySelectorAll("[data-prints]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

let leaves = false; // a form is on its way: its answer is what is to be seen, not this page anew
document.addEventListener("submit", () => { leaves = true; });

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

/** Waits for the server to say that what the page shows is over: 204 not yet, 205 it is, 401 nobody is signed in.
 * A page that does not say what it shows asks first, and is told with 200. */
async function watch(path, seen) {
  for (;;) {
    try {
      const answer = await fetch(`${path}?seen=${seen}`, { cache: "no-store" });
      if (answer.status === 200) { seen = await answer.text(); continue; }
      if (leaves) return;
      if (answer.status === 205 || answer.status === 401) return location.reload();
      if (answer.status !== 204) await wait(5_000);
    } catch {
      await wait(3_000); // the line is away
    }
  }
}

const watched = document.querySelector("[data-watches]");
if (watched) watch(watched.dataset.watches, watched.dataset.seen ?? "");
