/** A WebSocket that comes back by itself. Events: "up", "down", "refused", "taken", and "said" with the message. */

import { lineAddress } from "./parts.js";

const SILENCE = 25_000; // ms; the server gives a sign of life every 10 s
const LONGEST_WAIT = 8_000;

export class Line extends EventTarget {
  #path;
  #socket = null;
  #wait = 500;
  #silence = 0;

  constructor(path) {
    super();
    this.#path = path;
    this.#connect();
  }

  get isUp() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** @param {Blob|object} what a frame, or a question. Dropped while the line is down: nothing is sent late. */
  send(what) {
    if (this.isUp) this.#socket.send(what instanceof Blob ? what : JSON.stringify(what));
  }

  #connect() {
    const socket = new WebSocket(lineAddress(this.#path));
    this.#socket = socket;
    socket.onopen = () => {
      this.#wait = 500;
      this.#heard();
      this.dispatchEvent(new Event("up"));
    };
    socket.onmessage = (event) => {
      this.#heard();
      this.dispatchEvent(new CustomEvent("said", { detail: JSON.parse(event.data) }));
    };
    socket.onclose = (event) => {
      clearTimeout(this.#silence);
      if (event.code === 4401) return this.dispatchEvent(new Event("refused"));
      if (event.code === 4409) return this.dispatchEvent(new Event("taken")); // another page holds it: no fight for it
      this.dispatchEvent(new Event("down"));
      setTimeout(() => this.#connect(), this.#wait);
      this.#wait = Math.min(LONGEST_WAIT, this.#wait * 2);
    };
  }

  #heard() {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#socket.close(), SILENCE);
  }
}
