/** The camera: opened only after somebody asked, and stopped as soon as it is no longer needed. */

const LONGEST = 800; // pixels of the longer side: a face at arm's length has eyes 60 apart or more

export class Camera {
  #video;
  #stream = null;
  #wanted = 0;
  #canvas = document.createElement("canvas");

  /** @param {HTMLVideoElement} video shows the preview; only the preview is mirrored, never the frame. */
  constructor(video) {
    this.#video = video;
  }

  get isOpen() {
    return this.#stream !== null;
  }

  /** Resolves when pictures arrive. Rejects when there is no camera, it was not allowed, or `stop` came first. */
  async open() {
    this.stop();
    const mine = this.#wanted;
    if (!navigator.mediaDevices) throw new DOMException("Cameras need a secure address", "NotSupportedError");
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: false,
      video: { facingMode: "user", width: { ideal: 1280 }, height: { ideal: 720 } },
    });
    if (mine !== this.#wanted) {
      stream.getTracks().forEach((track) => track.stop());
      throw new DOMException("No longer wanted", "AbortError");
    }
    this.#stream = stream;
    for (const track of stream.getTracks()) track.addEventListener("ended", () => this.stop()); // pulled out, or taken away
    this.#video.srcObject = stream;
    await this.#video.play();
  }

  /** Safe to call twice, and while `open` still waits: a camera that opens too late is stopped at once. */
  stop() {
    this.#wanted += 1;
    this.#stream?.getTracks().forEach((track) => track.stop());
    this.#stream = null;
    this.#video.srcObject = null;
  }

  /** One frame as a JPEG blob, or null when there is none yet. */
  grab() {
    const { videoWidth, videoHeight } = this.#video;
    if (!videoWidth) return Promise.resolve(null);
    const scale = Math.min(1, LONGEST / Math.max(videoWidth, videoHeight));
    this.#canvas.width = Math.round(videoWidth * scale);
    this.#canvas.height = Math.round(videoHeight * scale);
    this.#canvas.getContext("2d").drawImage(this.#video, 0, 0, this.#canvas.width, this.#canvas.height);
    return new Promise((done) => this.#canvas.toBlob(done, "image/jpeg", 0.88));
  }
}

/** What to tell somebody whose camera did not open. */
export function cameraAdvice(error) {
  switch (error?.name) {
    case "NotAllowedError":
      return "The camera was not allowed. Choose the camera sign next to the address, allow it, and try again.";
    case "NotFoundError":
      return "No camera was found on this device.";
    case "NotReadableError":
      return "Another program is using the camera. Close it and try again.";
    default:
      return "The camera cannot be used on this page.";
  }
}
