/** A fingertip on a phone's camera: the brightness of each frame and when it was taken. Frames never leave the page. */

import { CAMERA } from './stream-kinds.js';

const WIDTH = 32;
const HEIGHT = 24;
const RECORD = 12; // bytes: float64 seconds, float32 brightness
const PER_MESSAGE = 1; // s

/** The mean of the red channel of a small picture, 0 to 255. */
export function redness(data) {
  let sum = 0;
  for (let k = 0; k < data.length; k += 4) sum += data[k];
  return sum / (data.length / 4);
}

/** Whether a finger seems to lie on the lens: bright enough, and red well above the rest. */
export function covered(data) {
  let [red, other] = [0, 0];
  for (let k = 0; k < data.length; k += 4) {
    red += data[k];
    other += (data[k + 1] + data[k + 2]) / 2;
  }
  return red / (data.length / 4) > 40 && red > 1.4 * other;
}

/** Frames as bytes: time and brightness one after the other, little-endian. */
export function packed(frames) {
  const view = new DataView(new ArrayBuffer(RECORD * frames.length));
  frames.forEach(([t, value], k) => {
    view.setFloat64(RECORD * k, t, true);
    view.setFloat32(RECORD * k + 8, value, true);
  });
  return new Uint8Array(view.buffer);
}

export class Finger extends EventTarget {
  #media = null;
  #video = null;
  #on = false;
  #frames = [];
  torch = false;

  static get possible() {
    return Boolean(navigator.mediaDevices?.getUserMedia && HTMLVideoElement.prototype.requestVideoFrameCallback);
  }

  async start() {
    this.#media = await navigator.mediaDevices.getUserMedia({
      video: { facingMode: { ideal: 'environment' }, frameRate: { ideal: 60 }, width: { ideal: 320 } },
    });
    this.#video = document.createElement('video');
    Object.assign(this.#video, { srcObject: this.#media, muted: true, playsInline: true });
    await this.#video.play();
    await this.#steady(this.#media.getVideoTracks()[0]);
    this.#on = true;
    this.#read();
  }

  /** Light on, exposure and colour held, where the camera can. */
  async #steady(track) {
    const able = track.getCapabilities?.() ?? {};
    const wish = {};
    if (able.torch) wish.torch = true;
    for (const mode of ['exposureMode', 'whiteBalanceMode']) if (able[mode]?.includes('manual')) wish[mode] = 'manual';
    if (Object.keys(wish).length === 0) return;
    await track.applyConstraints({ advanced: [wish] }).catch(() => undefined);
    this.torch = Boolean(track.getSettings().torch);
  }

  #read() {
    const pen = new OffscreenCanvas(WIDTH, HEIGHT).getContext('2d', { willReadFrequently: true });
    let lead = Infinity; // of the page's clock over the film's: the least delay is the nearest to the truth
    const frame = (shown, { mediaTime, captureTime }) => {
      if (!this.#on) return;
      pen.drawImage(this.#video, 0, 0, WIDTH, HEIGHT);
      const { data } = pen.getImageData(0, 0, WIDTH, HEIGHT);
      lead = Math.min(lead, (captureTime ?? shown) / 1000 - mediaTime);
      this.#take(performance.timeOrigin / 1000 + lead + mediaTime, redness(data), covered(data));
      this.#video.requestVideoFrameCallback(frame);
    };
    this.#video.requestVideoFrameCallback(frame);
  }

  #take(t, value, finger) {
    this.#frames.push([t, value]);
    if (t - this.#frames[0][0] < PER_MESSAGE) return;
    const detail = { kind: CAMERA, at: this.#frames[0][0], bytes: packed(this.#frames), finger };
    this.#frames = [];
    this.dispatchEvent(new CustomEvent('packet', { detail }));
  }

  stop() {
    this.#on = false;
    this.#media?.getTracks().forEach((track) => track.stop());
    this.#media = null;
  }
}
