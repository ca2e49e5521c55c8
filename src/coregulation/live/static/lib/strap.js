/**
 * A chest strap by Web Bluetooth: the Heart Rate Service of any strap, and ECG and acceleration of those that have the
 * public Polar measurement service. Bytes go on as they came; what they mean is worked out in one place, the server.
 */

import { now } from './clock.js';
import { HEART_RATE, KINDS, POLAR } from './stream-kinds.js';

const LONGEST_WAIT = 8000; // ms

// Radio operations of one page may not overlap, whichever strap they are for.
let line = Promise.resolve();
const inTurn = (operation) => {
  line = line.then(operation, operation);
  return line;
};

const bytesOf = (view) => new Uint8Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** What stands in the way of a strap in this browser, as a key of the catalogue; null if nothing does. */
export async function bluetoothHindrance() {
  if (!navigator.bluetooth) return hindranceBySystem(navigator.userAgent);
  if (!isSecureContext) return 'bluetooth.insecure';
  const there = await navigator.bluetooth.getAvailability?.().catch(() => true);
  return there === false ? 'bluetooth.off' : null;
}

/** Which words help where the browser has no Bluetooth for pages. */
export function hindranceBySystem(agent) {
  if (/iPhone|iPad|iPod/.test(agent)) return 'bluetooth.ios';
  if (/Firefox/.test(agent)) return 'bluetooth.firefox';
  if (/Chrom(e|ium)|Edg/.test(agent)) return /Linux/.test(agent) && !/Android/.test(agent) ? 'bluetooth.linux' : 'bluetooth.chrome';
  if (/Safari/.test(agent)) return 'bluetooth.safari';
  return 'bluetooth.other';
}

export class Strap extends EventTarget {
  state = 'none'; // none | connecting | on | lost | off
  medical = false; // whether ECG and acceleration come as well
  battery = null; // of 100, where the strap tells
  #device = null;
  #control = null;
  #wait = 500;

  /** Let the person choose a strap; must be called from a tap. */
  async choose() {
    this.#device = await navigator.bluetooth.requestDevice({
      filters: [{ services: [KINDS[HEART_RATE].service] }],
      optionalServices: ['battery_service', KINDS[POLAR].service],
    });
    this.#device.addEventListener('gattserverdisconnected', () => this.#dropped());
    this.#become('connecting');
    await this.#connect();
  }

  get name() {
    return this.#device?.name ?? '';
  }

  #become(state) {
    this.state = state;
    this.dispatchEvent(new CustomEvent('state', { detail: state }));
  }

  async #connect() {
    const gatt = await inTurn(() => this.#device.gatt.connect());
    const service = await inTurn(() => gatt.getPrimaryService(KINDS[HEART_RATE].service));
    const beats = await inTurn(() => service.getCharacteristic(KINDS[HEART_RATE].data));
    this.#listen(beats, HEART_RATE);
    await inTurn(() => beats.startNotifications());
    this.#wait = 500;
    this.#become('on');
    await this.#connectMedical(gatt);
    await this.#readBattery(gatt);
  }

  async #readBattery(gatt) {
    try {
      const service = await inTurn(() => gatt.getPrimaryService('battery_service'));
      const level = await inTurn(() => service.getCharacteristic('battery_level'));
      this.battery = (await inTurn(() => level.readValue())).getUint8(0);
      this.#become(this.state);
    } catch {
      this.battery = null; // many do not tell
    }
  }

  #listen(characteristic, kind) {
    characteristic.addEventListener('characteristicvaluechanged', (event) => {
      if (this.state === 'off') return;
      this.dispatchEvent(new CustomEvent('packet', { detail: { kind, at: now(), bytes: bytesOf(event.target.value) } }));
    });
  }

  /** ECG and acceleration, where the strap has them; without them its intervals are enough. */
  async #connectMedical(gatt) {
    try {
      const service = await inTurn(() => gatt.getPrimaryService(KINDS[POLAR].service));
      const data = await inTurn(() => service.getCharacteristic(KINDS[POLAR].data));
      this.#control = await inTurn(() => service.getCharacteristic(KINDS[POLAR].control));
      await inTurn(() => this.#control.startNotifications());
      this.#listen(data, POLAR);
      await inTurn(() => data.startNotifications());
      for (const command of KINDS[POLAR].start) await inTurn(() => this.#control.writeValueWithResponse(Uint8Array.from(command)));
      this.medical = true;
    } catch {
      this.#control = null; // no such service, or an old one that cannot be asked: beats alone
      this.medical = false;
    }
  }

  #dropped() {
    if (this.state === 'off') return;
    this.#become('lost');
    this.#comeBack();
  }

  async #comeBack() {
    while (this.state === 'lost') {
      await pause(this.#wait);
      this.#wait = Math.min(LONGEST_WAIT, 2 * this.#wait);
      if (this.state !== 'lost') return;
      await this.#connect().catch(() => undefined);
    }
  }

  /** Stop what was started: a strap left sending keeps itself on until its battery is empty. */
  async stop() {
    if (this.state === 'off' || !this.#device) return;
    this.#become('off');
    const control = this.#control;
    if (control) for (const command of KINDS[POLAR].stop) inTurn(() => control.writeValueWithResponse(Uint8Array.from(command))).catch(() => undefined);
    inTurn(async () => this.#device.gatt.disconnect());
    await line.catch(() => undefined);
  }
}
