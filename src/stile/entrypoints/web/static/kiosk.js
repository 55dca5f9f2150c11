/**
 * The screen at a lane. Law: the camera is not opened before the person asked, and is stopped right after; only where
 * standing in the zone is the way to ask, it stays open, and the server forgets whoever does not stand there.
 * Beside the face, and as large: a card, a number and PIN, and the code on a phone. For that code the camera opens after a
 * touch as well, and its pictures never leave this page.
 * States: ask → looking | card | pin | code → result → ask; away whenever the line is down.
 */

import { Camera } from "./camera.js";
import { CodeReader, PASS } from "./code-reader.js";
import { NumberAndPin } from "./number-and-pin.js";
import { Line } from "./line.js";
import { progress, say, show, wait } from "./parts.js";

const RESULT_STAYS = 4_000; // ms
const OFFERS_STAY = 9_000; // ms, where there is something to press
const CARD_STAYS = 25_000; // ms without a key
const CODE_STAYS = 40_000; // ms that the camera looks for a code
const A_SCANNER = 250; // ms between two keys, at most, of a scanner that types
const BETWEEN_FRAMES = 90; // ms; frames further apart differ more
const BETWEEN_LOOKS = 200; // ms, while nobody stands in the zone
const CAMERA_AGAIN = 5_000; // ms, where a zone's camera does not open
const BEFORE_AWAY = 1_500; // ms that a short break of the line goes unmentioned
const LONGEST_CARD = 32;

const root = document.getElementById("kiosk");
const looking = root.querySelector('[data-state="looking"]');
const result = root.querySelector('[data-state="result"]');
const number = document.getElementById("number");
const enter = root.querySelector('[data-state="card"] [data-do="enter"]');
const reader = new CodeReader(root.querySelector('[data-state="code"] video'));
const pad = new NumberAndPin();
const camera = new Camera(looking.querySelector("video"));
const line = new Line(root.dataset.line);

let state = "ask";
let face = root.dataset.face === "yes";
let way = root.dataset.ask; // how somebody asks to come in by face: "touch", "zone" or "card first"
let forFace = false; // the number that is typed comes before a face
let turn = 0; // counts what people do; what belongs to an earlier turn is dropped
let timer = 0;
let away = 0;
let chosen = 0; // when the person chose their way: what they wait is measured from here

function go(next) {
  clearTimeout(timer);
  turn += 1;
  state = next;
  if (next !== "looking" && !watches()) camera.stop();
  if (next !== "code") reader.stop();
  if (next !== "card") type("");
  if (next !== "pin") pad.clear();
  return show(root, next);
}

/** Somebody chose a way, and is not to be asked by the zone meanwhile. */
const isBusy = () => state === "looking" || state === "card" || state === "pin" || state === "code";
const waited = () => Math.round(performance.now() - chosen);

/** Whether the camera looks for somebody in the zone, whatever is on the screen. */
const watches = () => way === "zone" && face && state !== "away" && state !== "elsewhere";

function ask() {
  go("ask");
  offer();
}

/** Where faces cannot be looked at now, the other ways are offered, without a word of alarm. */
function offer() {
  for (const part of root.querySelectorAll('[data-state="ask"] [data-do="face"], [data-only-face]')) part.hidden = !face;
  for (const part of root.querySelectorAll("[data-for]")) part.hidden = part.dataset.for !== way;
  if (watches()) watch();
}

// --- face ---

function askByFace() {
  chosen = performance.now();
  if (way === "card first") useCard(true);
  else lookAtFace();
}

/** @param {string} [number] what was typed, where a number comes before the face. */
async function lookAtFace(number) {
  go("looking");
  progress(looking, 0, 3, "0 of 3");
  looking.classList.remove("has-all");
  turnOf(null);
  say(document.getElementById("advice"), "Look at the camera");
  const mine = turn;
  try {
    if (!camera.isOpen) await camera.open();
  } catch {
    if (turn === mine) conclude({ outcome: "refer", headline: "Please use your card", detail: "The camera of this screen cannot be used now.", offers: ["card", "pin"] });
    return;
  }
  if (turn === mine) line.send({ ask: "face", ...(number && { number }), waited: waited() });
}

async function nextFrame() {
  const mine = turn;
  await wait(BETWEEN_FRAMES);
  const frame = await camera.grab();
  if (turn !== mine || state !== "looking") return;
  if (frame) line.send(frame);
  else nextFrame();
}

function look({ good, needed, advice, turn: asked }) {
  if (state !== "looking") {
    if (!watches() || isBusy()) return;
    go("looking"); // somebody stands in the zone, and has asked by it
  }
  progress(looking, good, needed, `${good} of ${needed}`);
  looking.classList.toggle("has-all", good >= needed); // from then on the head is turned, and a full count would say “done”
  turnOf(asked);
  say(document.getElementById("advice"), advice ?? (good ? "Good, hold still" : "Look at the camera"));
  nextFrame();
}

/** The arrow points to where the person turns: the preview is a mirror, so their left is on the left. */
function turnOf(asked) {
  if (asked) looking.dataset.turn = asked;
  else delete looking.dataset.turn;
}

let watching = false; // a frame of the zone is on its way, or the next one is waited for

/** One frame for the zone; the answer asks for the next. */
async function watch() {
  if (watching) return;
  watching = true;
  try {
    if (!camera.isOpen) await camera.open();
    await wait(BETWEEN_LOOKS);
    const frame = watches() && !isBusy() ? await camera.grab() : null;
    watching = false;
    if (frame && line.isUp) line.send(frame);
    else if (watches()) setTimeout(watch, BETWEEN_LOOKS);
  } catch {
    watching = false;
    if (watches()) setTimeout(watch, CAMERA_AGAIN);
  }
}

// --- card ---

function type(text) {
  number.textContent = text.slice(0, LONGEST_CARD);
  enter.disabled = !text;
}

/** A key of the keypad, of a keyboard, or of a card reader that types. It works from every screen. */
function key(character) {
  if (state === "pin") {
    pad.key(character.toUpperCase());
  } else {
    if (state !== "card") useCard();
    type(number.textContent + character.toUpperCase());
  }
  cardTimer();
}

function useCard(beforeFace = false) {
  if (state === "looking") line.send({ ask: "stop" });
  if (!beforeFace) chosen = performance.now();
  forFace = beforeFace;
  for (const id of ["card-title", "card-lead"]) {
    const part = document.getElementById(id);
    say(part, beforeFace ? part.dataset.face : part.dataset.card);
  }
  go("card");
  cardTimer();
}

function cardTimer() {
  clearTimeout(timer);
  timer = setTimeout(ask, CARD_STAYS);
}

function sendCard() {
  if (!number.textContent) return;
  if (forFace) return lookAtFace(number.textContent);
  line.send({ ask: "card", number: number.textContent, waited: waited() });
  type("");
  cardTimer();
}

// --- number and PIN ---

function usePin() {
  if (state === "looking") line.send({ ask: "stop" });
  chosen = performance.now();
  go("pin");
  pad.clear();
  cardTimer();
}

function sendPin() {
  const both = pad.enter();
  if (both) line.send({ ask: "pin", ...both, waited: waited() });
  cardTimer();
}

// --- the code on a phone ---

async function useCode() {
  if (state === "looking") line.send({ ask: "stop" });
  chosen = performance.now();
  go("code");
  timer = setTimeout(ask, CODE_STAYS);
  const mine = turn;
  const lead = document.getElementById("code-lead");
  say(lead, lead.dataset.camera);
  try {
    await reader.start(sendCode);
  } catch {
    if (turn === mine) say(lead, lead.dataset.blind); // a scanner may still be there
  }
}

/** Sent once: a camera goes on seeing it until the answer is there. */
function sendCode(code) {
  reader.stop();
  if (line.isUp) line.send({ ask: "pass", code, waited: waited() });
}

let scanned = "";
let lastKey = 0;

/** What a scanner types, whatever is on the screen. */
function scan(event) {
  scanned = event.timeStamp - lastKey > A_SCANNER ? event.key : scanned + event.key;
  lastKey = event.timeStamp;
}

// --- what came of it ---

function conclude({ outcome, headline, detail, offers = [] }) {
  go("result");
  result.dataset.outcome = outcome;
  const icon = outcome === "admit" ? "admit" : offers.length ? "refer" : "reception";
  for (const drawn of result.querySelectorAll("[data-icon]")) drawn.hidden = drawn.dataset.icon !== icon;
  result.querySelector(".offers").hidden = !offers.length;
  for (const button of result.querySelectorAll("[data-offer]")) {
    button.hidden = !offers.includes(button.dataset.offer);
    button.style.order = offers.indexOf(button.dataset.offer);
  }
  say(document.getElementById("headline"), headline);
  say(document.getElementById("detail"), detail);
  timer = setTimeout(ask, offers.length ? OFFERS_STAY : RESULT_STAYS);
}

line.addEventListener("said", ({ detail: told }) => {
  if (told.lane) {
    face = told.lane.face;
    way = told.lane.ask;
    if (state === "ask" && !watches()) camera.stop();
    offer();
  } else if (told.looking) {
    look(told.looking);
  } else if (told.watched) {
    watch();
  } else if (told.concluded) {
    // Somebody who turned to the card is not told again that the card is needed; a door that opened is told always.
    const awaited = state === "looking" || (state === "ask" && watches());
    const stale = told.concluded.method === "face" && !awaited && told.concluded.outcome !== "admit";
    if (!stale) conclude(told.concluded);
  }
});
line.addEventListener("down", () => {
  clearTimeout(away);
  if (state === "looking" || state === "code") ask();
  away = setTimeout(() => go("away"), state === "away" ? 0 : BEFORE_AWAY);
});
line.addEventListener("up", () => {
  clearTimeout(away);
  if (state === "away") ask();
});
line.addEventListener("refused", () => location.reload());
line.addEventListener("taken", () => {
  clearTimeout(away);
  go("elsewhere");
});

const DO = {
  face: askByFace,
  card: () => useCard(),
  pin: usePin,
  code: useCode,
  back: ask,
  enter: () => (state === "pin" ? sendPin() : sendCard()),
  delete: () => {
    if (state === "pin") pad.delete();
    else type(number.textContent.slice(0, -1));
    cardTimer();
  },
};

root.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.key) key(button.dataset.key);
  else DO[button.dataset.do]?.();
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || state === "away" || state === "elsewhere") return;
  const typing = state === "card" || state === "pin";
  if (/^[0-9a-z]$/i.test(event.key)) {
    scan(event);
    key(event.key);
  } else if (event.key === "Backspace" && typing) DO.delete();
  else if (event.key === "Escape" && isBusy()) useCardOrBack();
  else if (event.key === "Enter" && PASS.test(scanned)) {
    event.preventDefault();
    const code = scanned;
    scanned = "";
    if (state === "card") type("");
    sendCode(code);
  } else if (event.key === "Enter" && state === "card" && number.textContent) {
    event.preventDefault(); // a reader's Enter sends the number, whatever button has the focus
    sendCard();
  } else if (event.key === "Enter" && state === "pin" && !event.target.closest?.("button:not([data-key])")) {
    event.preventDefault();
    sendPin();
  }
});

function useCardOrBack() {
  if (state === "looking") line.send({ ask: "stop" });
  ask();
}

addEventListener("pagehide", () => {
  camera.stop();
  reader.stop();
});
root.inert = false; // until here a tap would have gone unheard
document.addEventListener("visibilitychange", () => {
  if (document.hidden && (state === "looking" || state === "code")) useCardOrBack();
});
