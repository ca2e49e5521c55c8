/** The sensors of this page's people: who wears what, and where its packets go. */

import { Finger } from '../lib/camera.js';
import { Strap } from '../lib/strap.js';
import { CAMERA } from '../lib/stream-kinds.js';

const fresh = (kind, person) => `${kind}-${person}-${crypto.getRandomValues(new Uint32Array(1))[0].toString(36)}`.slice(0, 32);

export class Sensors extends EventTarget {
  #worn = new Map(); // person → {device, streams, kind}

  constructor(hall) {
    super();
    this.hall = hall;
  }

  of(person) {
    return this.#worn.get(person);
  }

  stateOf(person) {
    return this.#worn.get(person)?.device.state ?? 'none';
  }

  #changed(person) {
    this.dispatchEvent(new CustomEvent('change', { detail: person }));
  }

  #stream(person, kind, device) {
    const worn = this.#worn.get(person);
    if (!worn.streams[kind]) {
      worn.streams[kind] = fresh(kind, person);
      this.hall.link.openStream({ stream: worn.streams[kind], person, kind, device });
    }
    return worn.streams[kind];
  }

  #wear(person, device, kind) {
    this.#worn.get(person)?.device.stop();
    this.#worn.set(person, { device, kind, streams: {} });
    device.addEventListener('packet', ({ detail }) => {
      if (this.#worn.get(person)?.device !== device) return;
      this.hall.link.sample(this.#stream(person, detail.kind, device.name ?? ''), [detail.at], [detail.bytes]);
      if ('finger' in detail) this.#covers(person, detail.finger);
    });
    device.addEventListener('state', () => this.#changed(person));
    this.#changed(person);
  }

  /** Whether a fingertip lies on the camera that a person uses. */
  #covers(person, finger) {
    const worn = this.#worn.get(person);
    if (worn.finger === finger) return;
    worn.finger = finger;
    this.#changed(person);
  }

  /** Choose a strap for a person; from a tap. A strap that was there before is let go. */
  async strap(person) {
    const device = new Strap();
    this.#wear(person, device, 'strap');
    try {
      await device.choose();
    } catch (error) {
      this.#worn.delete(person);
      this.#changed(person);
      throw error;
    }
  }

  async camera(person) {
    const device = new Finger();
    this.#wear(person, device, CAMERA);
    try {
      await device.start();
      this.#changed(person);
    } catch (error) {
      this.#worn.delete(person);
      this.#changed(person);
      throw error;
    }
  }

  putDown(person, why = 'done') {
    const worn = this.#worn.get(person);
    if (!worn) return;
    this.#worn.delete(person);
    worn.device.stop();
    for (const stream of Object.values(worn.streams)) this.hall.link.endStream(stream, why);
    this.#changed(person);
  }

  stop() {
    for (const person of [...this.#worn.keys()]) this.putDown(person);
  }
}
