/** Guided pictures. The camera is on from "Switch the camera on" until the last picture, and not a moment longer. */

import { Camera, cameraAdvice } from "./camera.js";
import { lineAddress, progress, say, show, wait } from "./parts.js";

const BETWEEN_FRAMES = 180; // ms
const AFTER_A_PICTURE = 1_300; // ms, to read what comes next and to do it

const root = document.getElementById("enrol");
const shots = root.querySelector('[data-state="shots"]');
const finish = root.querySelector('[data-do="finish"]');
const wayOut = document.getElementById("way-out");
const camera = new Camera(shots.querySelector("video"));

let socket = null;
let taken = 0;
let working = false;

async function start() {
  taken = 0;
  working = false;
  show(root, "shots");
  try {
    await camera.open();
  } catch (error) {
    if (error.name === "AbortError") return;
    return stopped({ headline: "The camera did not open", detail: `${cameraAdvice(error)} Your card works as always.` });
  }
  socket = new WebSocket(lineAddress(root.dataset.line));
  socket.onmessage = (event) => heard(JSON.parse(event.data));
  socket.onclose = () => {
    if (camera.isOpen || working) stopped({ headline: "The line was lost", detail: "Nothing was kept. Please try again." });
  };
}

function heard(told) {
  if (told.shot) picture(told.shot);
  else if (told.done) done(told.done);
  else if (told.stopped) stopped(told.stopped);
}

async function picture({ taken: now, needed, most, prompt, advice }) {
  const isNew = now > taken;
  taken = now;
  const enough = now >= needed;
  progress(shots, now, enough ? most : needed, enough ? `${now} of ${most} pictures` : `${now} of ${needed} pictures`);
  finish.hidden = !enough;
  if (now >= most) return work();
  say(document.getElementById("prompt"), prompt);
  say(document.getElementById("coaching"), advice ?? (isNew ? "Good." : ""));
  document.getElementById("coaching").classList.toggle("coaching-good", isNew && !advice);
  await wait(isNew ? AFTER_A_PICTURE : BETWEEN_FRAMES);
  send(await camera.grab());
}

async function send(frame) {
  if (working || socket?.readyState !== WebSocket.OPEN) return;
  if (frame) return socket.send(frame);
  await wait(BETWEEN_FRAMES);
  if (camera.isOpen) send(await camera.grab());
}

function work() {
  working = true;
  camera.stop();
  wayOut.hidden = true;
  show(root, "working");
}

function done({ headline, detail }) {
  working = false;
  camera.stop();
  wayOut.hidden = true;
  document.getElementById("done-title").textContent = headline;
  document.getElementById("done-detail").textContent = detail;
  show(root, "done");
}

function stopped({ headline, detail }) {
  working = false;
  camera.stop();
  socket?.close();
  socket = null;
  wayOut.hidden = false;
  document.getElementById("stopped-title").textContent = headline;
  document.getElementById("stopped-detail").textContent = detail;
  show(root, "stopped");
}

root.addEventListener("click", (event) => {
  switch (event.target.closest("[data-do]")?.dataset.do) {
    case "start":
    case "again":
      start();
      break;
    case "finish":
      work();
      socket?.send(JSON.stringify({ ask: "finish" }));
      break;
  }
});

addEventListener("pagehide", () => camera.stop());
root.inert = false; // until here a tap would have gone unheard
