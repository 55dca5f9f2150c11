/**
 * The page on a member's phone: a code that changes every 30 seconds. It needs no line to show one.
 * States: none | new → code; `blind` where the browser cannot keep a key; `ended` after another phone was set up.
 */

import { say, show } from "./parts.js";
import { forget, keep, kept, LASTS, leftAt, makeKey, sign, stepAt } from "./phone-key.js";
import encodeQR from "./vendor/qr/index.js";

const ASK_EVERY = 2_500; // ms: was the code used?
const QUIET = 4; // modules of white around it (ISO/IEC 18004)
const TELL = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

const root = document.getElementById("pass");
const path = document.getElementById("pass-path");
const drawing = document.getElementById("pass-code");
const left = document.getElementById("pass-left");
const problem = document.getElementById("pass-problem");
const typed = document.getElementById("pass-typed");

let phone = null;
let drawn = -1; // the step that is on the screen
let used = -1; // the newest step that was used

const now = () => Date.now() + (phone?.late ?? 0);

function go(state) {
  root.dataset.state = state;
  return show(root, state);
}

// --- showing ---

async function draw() {
  const step = stepAt(now());
  const taken = used >= step;
  drawing.classList.toggle("pass-used", taken);
  document.getElementById("pass-tick").hidden = !taken;
  if (step === drawn) return;
  const text = await sign(phone, "1", step);
  if (root.dataset.state !== "code" || document.hidden) return;
  const rows = encodeQR(text, "raw", { ecc: "medium", border: QUIET });
  let line = "";
  rows.forEach((row, y) => row.forEach((dark, x) => { if (dark) line += `M${x} ${y}h1v1h-1z`; }));
  drawing.setAttribute("viewBox", `0 0 ${rows.length} ${rows.length}`);
  path.setAttribute("d", line);
  drawing.dataset.code = text;
  drawn = step;
}

function hide() {
  drawn = -1;
  path.setAttribute("d", "");
  delete drawing.dataset.code;
}

function tick() {
  if (root.dataset.state !== "code") return;
  if (document.hidden) return hide();
  const ms = leftAt(now());
  left.value = ms / LASTS;
  say(document.getElementById("pass-seconds"), `A new code in ${Math.ceil(ms / 1000)} seconds`);
  draw();
}

// --- what the site says, where there is a line ---

async function post(address, fields) {
  const body = new URLSearchParams(fields);
  return fetch(address, { method: "POST", body, headers: { accept: "application/json" } });
}

/** A phone's clock may be wrong; what the code needs is the site's. */
async function setClock() {
  try {
    const asked = Date.now();
    const answer = await fetch("/pass/now", { cache: "no-store" });
    if (!answer.ok) return;
    const late = (await answer.json()).now - (asked + Date.now()) / 2;
    phone.late = Math.abs(late) < 1_500 ? 0 : Math.round(late);
    await keep(phone);
  } catch {
    // no line: the clock of before has to do
  }
}

async function askWhetherUsed() {
  if (root.dataset.state !== "code" || document.hidden || !navigator.onLine) return;
  try {
    const answer = await post("/pass/used", { code: await sign(phone, "2", stepAt(now())) });
    if (answer.status === 404) {
      await forget();
      hide();
      go("ended");
      return;
    }
    const told = answer.ok ? await answer.json() : {};
    if (told.at) {
      used = told.step;
      say(document.getElementById("pass-last"), `Last used at ${told.lane}, ${TELL.format(new Date(told.at))}`);
      draw();
    }
  } catch {
    // no line; the code works all the same
  }
}

// --- setting this phone up ---

async function register(code) {
  problem.hidden = true;
  let said = "This could not be done just now. Please try again.";
  try {
    const { key, publicKey } = await makeKey();
    const answer = await post("/pass/register", { code, key: publicKey });
    const told = await answer.json();
    if (answer.ok) {
      phone = { handle: told.handle, key, late: 0 };
      await keep(phone);
      navigator.storage?.persist?.(); // or a browser that is short of room may forget the key
      history.replaceState(null, "", "/pass");
      return begin();
    }
    said = told.problem ?? said;
  } catch {
    // no line, or a browser that keeps no keys: said as above
  }
  say(problem.querySelector("span"), said);
  problem.hidden = false;
  go("none");
}

async function begin() {
  go("code");
  await setClock();
  tick();
  askWhetherUsed();
}

root.addEventListener("submit", (event) => {
  event.preventDefault();
  register(event.target.elements.code.value);
});

async function start() {
  if (!window.isSecureContext || !crypto.subtle) return go("blind");
  try {
    phone = (await kept()) ?? null;
  } catch {
    return go("blind"); // a private window, say
  }
  if (location.hash.length > 1) {
    typed.value = decodeURIComponent(location.hash.slice(1));
    document.getElementById("pass-again").hidden = !phone;
    return go("none");
  }
  if (phone) return begin();
  return go("none");
}

document.addEventListener("visibilitychange", () => {
  if (root.dataset.state !== "code") return;
  if (!document.hidden) begin();
  else hide();
});
addEventListener("hashchange", start);
setInterval(tick, 250);
setInterval(askWhetherUsed, ASK_EVERY);
navigator.serviceWorker?.register("/pass/worker.js", { scope: "/pass" }).catch(() => {});
start();
