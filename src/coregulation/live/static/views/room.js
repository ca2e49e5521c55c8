/** The room: one line to the server, one phase at a time in the middle, and around it who sees what, and a stop. */

import { get } from '../lib/api.js';
import { announce, el, put } from '../lib/dom.js';
import { prefs, remember } from '../lib/prefs.js';
import { Wake } from '../lib/wake.js';
import { say, sayReason, speakToOne } from '../lib/words.js';
import { Away } from './away.js';
import { CoinCue } from './coin.js';
import { button, link, simulatedMark } from './frame.js';
import { Hall } from './hall.js';
import { askForMark } from './marks.js';
import { PHASES } from './phases.js';
import { inShort, seesBar } from './sees.js';

/** Who this device speaks for: remembered since it opened or joined the room, or told by the server. */
async function seatsOf(room) {
  if (prefs.rooms[room]) return prefs.rooms[room];
  const known = (await get('/api/rooms')).find((one) => one.room === room);
  const mine = { role: known?.role ?? 'viewer', people: known?.mine ?? [] };
  remember({ rooms: { ...prefs.rooms, [room]: mine } });
  return mine;
}

// What people can do something about; the rest mends itself.
const TOLD = new Set(['version', 'not-yours', 'no-consent', 'not-admitted', 'disk-full', 'ended']);
const OVER = new Set(['report', 'ended']);
const QUIET = new Set(['baseline', 'practice', 'settle']);
const RINGS = new Set(['baseline practice', 'practice settle', 'settle words']);

/** The page of a room. */
class RoomPage {
  #phase = null;
  #shown = null;
  #stopped = false;

  constructor(hall) {
    this.hall = hall;
    this.wake = new Wake((hidden) => put(this.notice, hidden ? say('room.hidden') : ''));
    this.mark = el('div', {});
    this.notice = el('p', { class: 'notice', role: 'status' });
    this.short = el('summary', {}, say('sees.title'));
    this.seen = el('div', {});
    this.sees = el('details', { class: 'sees' }, this.short, this.seen);
    this.stage = el('section', { class: 'stage', 'aria-live': 'off' });
    this.controls = el('div', { class: 'controls' });
    this.away = new Away(hall);
    this.coin = new CoinCue(hall);
    this.node = el('div', { class: 'room' }, this.mark, this.sees, this.notice, this.away.node, this.coin.node, this.stage, this.controls);
    put(this.stage, el('p', { role: 'status' }, say('room.connecting')));
    this.#listen();
  }

  #listen() {
    const { link: line } = this.hall;
    const on = (type, act) => line.addEventListener(type, ({ detail }) => act(detail));
    on('room', (room) => this.#room(room));
    on('step', (step) => { this.hall.step = step; this.#shown?.step?.(step); this.#showControls(this.hall.room); });
    on('state', (state) => { this.hall.state = state; this.#shown?.state?.(state); });
    on('pulse', (pulse) => this.#shown?.pulse?.(pulse));
    on('quality', (card) => { this.hall.cards.set(card.person, card); this.#shown?.quality?.(card); });
    on('revealed', (words) => { this.hall.revealed.set(words.person, words); this.#shown?.revealed?.(words); });
    on('report', (report) => { this.hall.report = report; this.#shown?.report?.(report); });
    on('coin-cue', (cue) => this.coin.show(cue));
    on('refused', (refused) => this.#refused(refused));
    on('bye', (bye) => this.#bye(bye));
    on('line', (detail) => this.#line(detail));
  }

  #line({ state }) {
    if (this.#stopped && state === 'open') this.hall.send({ type: 'stop' });
    if (this.#stopped) return;
    put(this.notice, state === 'lost' ? say('room.away') : '');
  }

  #refused(refused) {
    const { code } = refused;
    if (code === 'seat-taken') return this.#seatTaken();
    return TOLD.has(code) ? put(this.notice, sayReason(refused)) : undefined;
  }

  #seatTaken() {
    put(this.notice, say('room.seat-taken'), ' ', button(say('room.take-over'), () => this.hall.link.takeOver()));
  }

  #bye({ code }) {
    if (code === 'left' || code === 'closed' || code === 'too-slow' || this.#stopped) return; // the line says that it is away
    this.hall.sound.stop();
    put(this.notice, say(`bye.${code}`));
  }

  #room(room) {
    const { hall } = this;
    const before = this.#phase;
    hall.room = room;
    speakToOne(room.seats.length === 1);
    hall.voice.practice = room.protocol ?? room.practice;
    if (this.#stopped) return;
    put(this.mark, room.simulated ? simulatedMark() : '');
    if (room.phase !== before) this.#enter(room.phase);
    else this.#shown?.room?.(room);
    this.away.room(room);
    this.coin.room(room);
    this.#showUnsaved(room);
    this.#showSeen(room);
    this.#showControls(room);
  }

  /** What holds already and is not saved yet is said until it is, whatever phase comes. */
  #showUnsaved({ unsaved }) {
    if (unsaved) put(this.notice, say('room.unsaved'));
    else if (this.unsaved) put(this.notice, '');
    this.unsaved = unsaved;
  }

  /** Only when it changed, so that an open fold and the focus stay. */
  #showSeen({ sees: lines, seats, may }) {
    const told = JSON.stringify([lines, seats.map((seat) => seat.consents), may.includes('withdraw')]);
    if (told !== this.told) {
      put(this.short, say('sees.title'), ': ', el('span', {}, inShort({ sees: lines, seats })));
      put(this.seen, seesBar(this.hall));
    }
    this.told = told;
  }

  #enter(phase) {
    const { hall } = this;
    if (RINGS.has(`${this.#phase} ${phase}`)) hall.sound.bell();
    this.#shown?.leave?.();
    hall.voice.hush();
    this.#phase = phase;
    if (phase === 'ended') this.#close();
    if (phase === 'report') hall.sensors.stop();
    document.body.dataset.phase = phase;
    put(this.notice, '');
    this.sees.open = false;
    this.#shown = PHASES[phase](hall);
    put(this.stage, this.#shown.node);
    this.stage.querySelector('h1')?.setAttribute('tabindex', '-1');
    this.stage.querySelector('h1')?.focus({ preventScroll: true });
    announce(say(`phase.${phase}`), { urgent: true });
    scrollTo(0, 0);
    if (QUIET.has(phase)) this.wake.start();
    else this.wake.stop();
  }

  #showControls({ phase }) {
    const { hall } = this;
    const done = OVER.has(phase);
    const pause = hall.may('pause') && button(say('room.pause'), () => hall.send({ type: 'pause' }), { class: 'quiet' });
    const sound = this.#shown?.sounds && button(say(hall.sound.on ? 'room.sound-off' : 'room.sound-on'), () => this.#turnSound(), { class: 'quiet', 'aria-pressed': String(hall.sound.on) });
    const words = this.#shown?.words;
    const aloud = words && hall.voice.can(words().language) && button(say(hall.voice.on ? 'room.aloud-off' : 'room.aloud-on'), () => this.#turnVoice(), { class: 'quiet', 'aria-pressed': String(hall.voice.on) });
    const mark = hall.role !== 'viewer' && hall.may('mark') && QUIET.has(phase) && button(say('room.mark'), () => askForMark(hall, (told) => put(this.notice, told)), { class: 'quiet' });
    const onward = this.#shown?.onward && hall.may('skip') && button(this.#shown.onward, () => hall.skip(), { class: 'quiet' });
    const leave = done && link(say('room.home'), '#/', { class: 'button' });
    const stop = !done && button(say('room.stop'), () => this.stop(), { class: 'stop', 'aria-keyshortcuts': 'Escape' });
    const way = this.#shown?.way; // the way on stands beside the way out, always in sight
    const wanted = [way && this.#phase, mark && 'mark', pause && 'pause', sound && `sound-${hall.sound.on}`, aloud && `aloud-${hall.voice.on}`, leave && 'leave', stop && 'stop', onward && this.#shown.onward].join();
    if (wanted === this.wanted) return;
    this.wanted = wanted;
    put(this.controls, way && el('div', { class: 'way-on' }, way), el('div', { class: 'side' }, mark, pause, sound, aloud), leave, stop, el('div', { class: 'side' }, onward));
  }

  async #turnSound() {
    const { hall } = this;
    hall.silent = hall.sound.on; // who turned it off is not surprised by a bell
    if (hall.sound.on) hall.sound.stop();
    else if (await hall.sound.start()) hall.sound.follow(this.#shown?.pace?.() ?? null, () => hall.t);
    this.#showControls(hall.room);
  }

  #turnVoice() {
    const { hall } = this;
    hall.voice.turn(!hall.voice.on);
    const { lines, language } = this.#shown.words();
    hall.voice.read(lines, language);
    this.#showControls(hall.room);
  }

  /** At once, here: silence and a calm page; the others follow when they hear of it. Who asked is not said. */
  stop() {
    if (this.#stopped || OVER.has(this.#phase)) return;
    this.hall.sound.stop();
    this.hall.voice.hush();
    this.#stopped = true;
    this.coin.hide();
    this.hall.send({ type: 'stop' });
    put(this.notice, '');
    this.#enter('ended');
    this.#showControls({ phase: 'ended' });
  }

  #close() {
    this.hall.sound.stop();
    this.hall.voice.hush();
    this.hall.sensors.stop();
    this.coin.hide();
    this.wake.stop();
  }

  key(event) {
    if (event.key === 'Escape' && !document.querySelector('dialog[open]')) this.stop();
    if (event.key === ' ' && event.target.matches('body, main, h1') && this.hall.may('pause')) {
      event.preventDefault();
      this.hall.send({ type: 'pause' });
    }
  }

  leave() {
    this.#shown?.leave?.();
    if (OVER.has(this.#phase)) {
      this.hall.send({ type: 'leave' });
      this.hall.link.forget();
    }
    this.#close();
    this.hall.link.close();
    delete document.body.dataset.phase;
  }
}

export async function view(id) {
  const page = new RoomPage(new Hall(id, await seatsOf(id)));
  const key = (event) => page.key(event);
  const hide = (event) => { if (!event.persisted) page.hall.sensors.stop(); };
  addEventListener('keydown', key);
  addEventListener('pagehide', hide);
  return {
    node: page.node,
    title: say('room.title'),
    leave: () => {
      removeEventListener('keydown', key);
      removeEventListener('pagehide', hide);
      speakToOne(false);
      page.leave();
    },
  };
}
