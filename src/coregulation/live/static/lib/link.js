/** The line to a room: it comes back by itself, sends again what was not acknowledged, and keeps the session's clock. */

import { runAt, SessionClock } from './clock.js';
import { Outbox } from './outbox.js';

const FIRST_WAIT = 500; // ms; doubles up to the longest, with a random part so that not all come at once
const LONGEST_WAIT = 8000;
const AGAIN = 1000; // ms between two fillings of one stream
const WINDOW = 8; // messages of a stream that are on their way; a stop never waits behind more
const RENEW = 5000; // ms without an acknowledgement after which what was on its way is sent again
const FOR_GOOD = new Set(['left', 'taken-over', 'not-admitted']); // “closed” may be a program that starts again
const NO_WAY_IN = new Set(['ended', 'not-yours', 'version']);

/** Keys of what is recorded and not yet kept: they live as long as this tab, and bring the session back after a crash of the program. */
const keysOf = (room) => JSON.parse(sessionStorage.getItem(`keys ${room}`) ?? '{}');
const forgetKeys = (room) => sessionStorage.removeItem(`keys ${room}`);
const keepKeys = (room, keys) => sessionStorage.setItem(`keys ${room}`, JSON.stringify({ ...keysOf(room), ...keys }));

const base64 = (bytes) => btoa(String.fromCharCode(...bytes));

export class Link extends EventTarget {
  state = 'connecting';
  #socket = null;
  #wait = FIRST_WAIT;
  #timer = null;
  #done = false;
  #kept = null; // what the server has of each stream, from a welcome until it knows this page's clock
  #timed = false;
  #sent = new Map(); // stream → the last message of it that is on its way
  #filled = new Map(); // stream → when a hole of it was last filled
  #waited = new Map(); // stream → what was acknowledged of it a while ago
  #renewal = null;
  #ours = false; // whether the server ever gave this page its seats

  constructor(room, hello) {
    super();
    this.room = room;
    this.hello = { type: 'hello', v: 1, ...hello };
    this.clock = new SessionClock((message) => this.send(message), () => this.#flush());
    this.outbox = new Outbox(room);
    addEventListener('online', this.#again);
    this.outbox.ready.then(() => this.#open());
  }

  /** Send a message if the line is there; samples go through `sample`, which keeps them. */
  send(message) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  openStream(message) {
    this.outbox.open({ type: 'stream', ...message });
    if (this.#timed) this.send({ type: 'stream', ...message });
  }

  sample(stream, at, packets) {
    this.outbox.add(stream, at, packets.map(base64));
    this.#pump(stream);
  }

  /** Whoever is here has left a session that is over: nothing of it stays in this browser. */
  forget() {
    forgetKeys(this.room);
    this.outbox.forget();
  }

  endStream(stream, why) {
    this.send({ type: 'end-stream', stream, why });
  }

  takeOver() {
    this.hello.take_over = true;
    this.#done = false;
    this.#again();
  }

  close() {
    runAt(1);
    this.#done = true;
    clearTimeout(this.#timer);
    clearInterval(this.#renewal);
    removeEventListener('online', this.#again);
    this.clock.stop();
    this.#socket?.close();
  }

  #open() {
    if (this.#done) return;
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    const socket = new WebSocket(`${scheme}://${location.host}/api/rooms/${this.room}/socket`);
    this.#socket = socket;
    socket.onopen = () => socket.send(JSON.stringify({ ...this.hello, keys: keysOf(this.room) }));
    socket.onmessage = (event) => this.#take(JSON.parse(event.data));
    socket.onclose = (event) => this.#lost(socket, event.code);
  }

  #lost(socket, code) {
    if (socket !== this.#socket) return;
    this.#timed = false;
    this.#kept = null;
    this.clock.stop();
    if (this.#done) return;
    this.#become('lost', { code });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#again, this.#wait * (0.75 + Math.random() / 2));
    this.#wait = Math.min(LONGEST_WAIT, 2 * this.#wait);
  }

  #again = () => {
    clearTimeout(this.#timer);
    if (this.#done || (this.#socket?.readyState ?? WebSocket.CLOSED) <= WebSocket.OPEN) return;
    this.#open();
  };

  #become(state, detail = {}) {
    this.state = state;
    this.dispatchEvent(new CustomEvent('line', { detail: { state, ...detail } }));
  }

  #take(message) {
    if (message.type === 'pong') return this.clock.pong(message);
    if (message.type === 'ack') this.#acknowledged(message);
    if (message.type === 'keys') keepKeys(this.room, message.keys);
    if (message.type === 'room' && message.phase === 'ended') forgetKeys(this.room); // what is erased cannot be read with a copy of its key
    if (message.type === 'welcome') this.#welcome(message);
    if (message.type === 'bye' && FOR_GOOD.has(message.code)) this.#done = true;
    if (message.type === 'refused' && message.about === 'hello' && NO_WAY_IN.has(message.code)) this.#done = true;
    if (message.type === 'refused' && message.code === 'seat-taken' && this.#seatTaken()) return undefined;
    if (message.type === 'refused' && message.code === 'out-of-order') this.#fill(message);
    return this.dispatchEvent(new CustomEvent(message.type, { detail: message }));
  }

  /** Another tab has the seat: its person decides. If it was this page's own, the server has not noticed yet that the line broke. */
  #seatTaken() {
    if (this.#ours) this.hello.take_over = true;
    else this.#done = true;
    return this.#ours;
  }

  #welcome(message) {
    this.#ours = true;
    this.#wait = FIRST_WAIT;
    this.#kept = message.streams;
    for (const [stream, seq] of Object.entries(message.streams)) this.outbox.acknowledge(stream, seq);
    runAt(message.speed ?? 1);
    this.clock.rough(message.t);
    this.clock.start();
    this.#become('open');
  }

  /** The server knows this page's clock now: what was measured meanwhile gets its right time. */
  #flush() {
    if (!this.#kept) return;
    for (const one of this.outbox.openings(this.#kept)) this.send(one);
    for (const stream of this.outbox.names) this.#sent.set(stream, this.#kept[stream] ?? -1);
    this.#kept = null;
    this.#timed = true;
    for (const stream of this.outbox.names) this.#pump(stream);
    clearInterval(this.#renewal);
    this.#renewal = setInterval(() => this.#renew(), RENEW);
  }

  #acknowledged({ stream, seq }) {
    this.outbox.acknowledge(stream, seq);
    this.#pump(stream);
  }

  /** Send of a stream what may be on its way. */
  #pump(stream) {
    if (!this.#timed) return;
    const end = this.outbox.acknowledged(stream) + WINDOW;
    for (const message of this.outbox.from(stream, (this.#sent.get(stream) ?? -1) + 1)) {
      if (message.seq > end || !this.send(message)) return;
      this.#sent.set(stream, message.seq);
    }
  }

  /** What was refused for a while (too fast, no room on the disk) comes again. */
  #renew() {
    for (const stream of this.#timed ? this.outbox.names : []) {
      const there = this.outbox.acknowledged(stream);
      if (there === this.#waited.get(stream)) this.#sent.set(stream, Math.min(there, this.#sent.get(stream) ?? -1));
      this.#waited.set(stream, there);
      this.#pump(stream);
    }
  }

  /** Once for a hole, not once for each message that came after it. */
  #fill({ stream, expected }) {
    if (!stream || expected === undefined || expected === null) return;
    const now = performance.now();
    if (now - (this.#filled.get(stream) ?? -Infinity) < AGAIN) return;
    this.#filled.set(stream, now);
    this.#sent.set(stream, expected - 1);
    this.#pump(stream);
  }
}
