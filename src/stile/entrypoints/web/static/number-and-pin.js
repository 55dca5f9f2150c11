/** A number and a PIN, typed one after the other. The PIN is on the screen as dots only, and forgotten when it is sent. */

import { say } from "./parts.js";

const LONGEST_NUMBER = 32;
const LONGEST_PIN = 8;
const SHORTEST_PIN = 4;

export class NumberAndPin {
  #number = "";
  #pin = "";
  #atPin = false;
  #shownNumber = document.getElementById("pin-number");
  #shownPin = document.getElementById("pin-digits");
  #lead = document.getElementById("pin-lead");
  #enter = document.getElementById("pin-enter");

  clear() {
    this.#number = this.#pin = "";
    this.#atPin = false;
    this.#show();
  }

  key(character) {
    if (!this.#atPin) this.#number = (this.#number + character).slice(0, LONGEST_NUMBER);
    else if (/[0-9]/.test(character)) this.#pin = (this.#pin + character).slice(0, LONGEST_PIN);
    this.#show();
  }

  delete() {
    if (!this.#atPin) this.#number = this.#number.slice(0, -1);
    else if (this.#pin) this.#pin = this.#pin.slice(0, -1);
    else this.#atPin = false;
    this.#show();
  }

  /** Goes on to the PIN, or gives both. Null while there is more to type. */
  enter() {
    if (!this.#atPin) {
      this.#atPin = this.#number !== "";
      this.#show();
      return null;
    }
    if (this.#pin.length < SHORTEST_PIN) return null;
    const both = { number: this.#number, pin: this.#pin };
    this.clear();
    return both;
  }

  #show() {
    this.#shownNumber.textContent = this.#number;
    this.#shownPin.textContent = "•".repeat(this.#pin.length);
    this.#shownNumber.classList.toggle("number-now", !this.#atPin);
    this.#shownPin.classList.toggle("number-now", this.#atPin);
    say(this.#lead, this.#atPin ? this.#lead.dataset.pin : this.#lead.dataset.number);
    say(this.#enter, this.#atPin ? "Enter" : "Next");
    this.#enter.disabled = this.#atPin ? this.#pin.length < SHORTEST_PIN : !this.#number;
  }
}
