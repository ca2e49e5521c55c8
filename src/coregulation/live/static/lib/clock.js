/** This page's steady clock, and how it stands to the clock of the session. */

let speed = 1;

/** A simulated session may run faster than a clock: then this page's does, too. */
export function runAt(times) {
  speed = times;
}

/** Seconds on a clock that never steps back within a page. */
export const now = () => (speed * (performance.timeOrigin + performance.now())) / 1000;

const BURST = 12;
const KEPT = 6;
const BETWEEN = 15; // ms
const EVERY = 10_000; // ms
const LONGEST_TRIP = 60; // s; nothing longer is worth telling

/** Asks for the time in bursts, keeps the quickest answer of each and takes the median of the last six. */
export class SessionClock {
  offset = null;
  roundTrip = Infinity;
  #kept = [];
  #burst = [];
  #timer = null;

  constructor(send, settled = () => undefined) {
    Object.assign(this, { send, settled });
  }

  /** The session's time now, or null before the first answer. */
  get t() {
    return this.offset === null ? null : now() + this.offset;
  }

  start() {
    this.stop();
    const burst = () => {
      this.#burst = [];
      for (let k = 0; k < BURST; k += 1) setTimeout(() => this.send({ type: 'ping', sent: now() }), BETWEEN * k);
    };
    burst();
    this.#timer = setInterval(burst, EVERY);
  }

  stop() {
    clearInterval(this.#timer);
  }

  /** A rough time until the first burst is over: a welcome tells the session's time, late by half a round trip. */
  rough(t) {
    if (this.offset === null) this.offset = t - now();
  }

  pong({ sent, t1, t2 }, back = now()) {
    this.#burst.push({ offset: (t1 - sent + (t2 - back)) / 2, roundTrip: Math.max(0, back - sent - (t2 - t1)) });
    if (this.#burst.length === BURST) this.#settle();
  }

  #settle() {
    const best = this.#burst.reduce((a, b) => (b.roundTrip < a.roundTrip ? b : a));
    this.#kept = [...this.#kept, best].slice(-KEPT);
    const offsets = this.#kept.map((one) => one.offset).sort((a, b) => a - b);
    this.offset = offsets[Math.floor(offsets.length / 2)];
    this.roundTrip = best.roundTrip;
    this.send({ type: 'clock', offset: best.offset, round_trip: Math.min(LONGEST_TRIP, best.roundTrip) });
    this.settled();
  }
}
