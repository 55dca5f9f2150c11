/** Reads the code on a phone. The pictures are looked at here, for a code and for nothing else, and go nowhere. */

import { Camera } from "./camera.js";
import { wait } from "./parts.js";
import decodeQR from "./vendor/qr/decode.js";

export const PASS = /^1[0-9]{185}$/; // as `stile.domain.passes` writes it
const LONGEST = 720; // pixels of the longer side: four to a module of a code that fills half the picture
const BETWEEN = 60; // ms

export class CodeReader {
  #camera;
  #video;
  #turn = 0;
  #canvas = document.createElement("canvas");

  /** @param {HTMLVideoElement} video shows the preview. */
  constructor(video) {
    this.#video = video;
    this.#camera = new Camera(video);
  }

  /** Calls `found` with each code it reads until `stop`. Rejects when there is no camera. */
  async start(found) {
    this.stop();
    const mine = this.#turn;
    await this.#camera.open();
    while (mine === this.#turn && this.#camera.isOpen) {
      const text = this.#read();
      if (text && PASS.test(text)) found(text);
      await wait(BETWEEN);
    }
  }

  stop() {
    this.#turn += 1;
    this.#camera.stop();
  }

  #read() {
    const { videoWidth, videoHeight } = this.#video;
    if (!videoWidth) return null;
    const scale = Math.min(1, LONGEST / Math.max(videoWidth, videoHeight));
    const width = (this.#canvas.width = Math.round(videoWidth * scale));
    const height = (this.#canvas.height = Math.round(videoHeight * scale));
    const drawn = this.#canvas.getContext("2d", { willReadFrequently: true });
    drawn.drawImage(this.#video, 0, 0, width, height);
    try {
      return decodeQR(drawn.getImageData(0, 0, width, height));
    } catch {
      return null; // no code in this picture
    }
  }
}
