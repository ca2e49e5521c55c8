/** Beats of a kept session, to look through and to correct: add, move, remove, leave out a span; every step can be undone. */

import { get, send } from '../lib/api.js';
import { corrected, fits, nearest } from '../lib/corrected.js';
import { el, put } from '../lib/dom.js';
import { nameOf } from '../lib/prefs.js';
import { Trace } from '../lib/trace.js';
import { say } from '../lib/words.js';
import { button, heading, link, oneOf, refusal } from './frame.js';
import { timeText } from './import-parts.js';

const [HEIGHT, TRACE, GRIP] = [320, 190, 7]; // px
const [SHORTEST, FIRST] = [2, 20]; // s in view: at least, and at first
const ZOOM = 1.35;

/** The picture: where times lie, and what is under a pointer. */
class Picture {
  constructor(seen, corrections, onchange) {
    Object.assign(this, { seen, corrections, onchange, tool: 'look', chosen: -1, grip: null, trace: seen.trace && new Trace(seen.trace) });
    this.canvas = el('canvas', { class: 'beats', tabindex: 0, role: 'application', 'aria-label': say('beats.picture') });
    this.refresh();
    [this.first, this.last] = [Math.min(this.beats[0], this.trace?.start ?? Infinity) - 1, Math.max(this.beats.at(-1), ...(this.trace ? [this.trace.start + this.trace.samples.length / this.trace.rate] : [])) + 1];
    this.view(this.first, Math.min(this.last, this.first + FIRST));
    for (const [type, act] of Object.entries({ pointerdown: 'down', pointermove: 'move', pointerup: 'up', pointercancel: 'let', wheel: 'wheel', keydown: 'key' })) this.canvas.addEventListener(type, (event) => this[act](event));
  }

  refresh() {
    this.beats = corrected(this.seen.recorded, this.corrections);
    this.byHand = this.corrections.flatMap(({ kind, time, to }) => (kind === 'add' ? [time] : kind === 'move' ? [to] : []));
  }

  view(from, to) {
    const length = Math.min(this.last - this.first, Math.max(SHORTEST, to - from));
    this.from = Math.min(Math.max(this.first, from), this.last - length);
    this.to = this.from + length;
    this.draw();
  }

  zoom(factor, at = (this.from + this.to) / 2) {
    this.view(at - (at - this.from) * factor, at + (this.to - at) * factor);
  }

  get width() { return this.canvas.clientWidth || 680; }

  x = (t) => ((t - this.from) / (this.to - this.from)) * this.width;
  t = (event) => this.from + (event.offsetX / this.width) * (this.to - this.from);

  draw() {
    const { canvas, width } = this;
    const scale = devicePixelRatio || 1;
    if (canvas.width !== Math.round(width * scale)) Object.assign(canvas, { width: Math.round(width * scale), height: HEIGHT * scale });
    const context = canvas.getContext('2d');
    const style = getComputedStyle(canvas);
    const [ink, muted, pace] = ['--ink', '--muted', '--pace'].map((one) => style.getPropertyValue(one));
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, width, HEIGHT);
    Object.assign(context, { lineWidth: 1.2, strokeStyle: ink, font: '12px sans-serif' });
    for (const { kind, time, to } of [...this.corrections, ...(this.grip?.span ? [this.grip.span] : [])]) if (kind === 'exclude') {
      Object.assign(context, { fillStyle: muted, globalAlpha: 0.25 });
      context.fillRect(this.x(Math.min(time, to)), 0, Math.abs(this.x(to) - this.x(time)), HEIGHT);
    }
    context.globalAlpha = 1;
    if (this.trace) this.trace.draw(context, this.x, (value) => TRACE - 30 - (value / 16000) * (TRACE - 60), this.from, this.to, width);
    this.#intervals(context, muted);
    this.beats.forEach((time, k) => { if (time >= this.from && time <= this.to) this.#beat(context, time, k, { ink, muted, pace }); });
    context.fillStyle = muted;
    for (let k = 0; k <= 4; k += 1) {
      const at = this.from + ((this.to - this.from) * k) / 4;
      context.textAlign = ['left', 'center', 'center', 'center', 'right'][k];
      context.fillText(timeText(Math.max(0, at)), this.x(at), HEIGHT - 4);
    }
  }

  #beat(context, time, k, { ink, muted, pace }) {
    const hand = this.byHand.includes(time);
    Object.assign(context, { strokeStyle: k === this.chosen ? pace : hand ? ink : muted, lineWidth: k === this.chosen ? 3 : 1 });
    context.beginPath();
    context.moveTo(this.x(time), 8);
    context.lineTo(this.x(time), TRACE - 8);
    context.stroke();
    if (!this.seen.doubtful.some(([at]) => Math.abs(at - time) < 1e-6)) return;
    context.beginPath();
    context.arc(this.x(time), 8, 5, 0, 2 * Math.PI);
    context.stroke();
  }

  #intervals(context, colour) {
    const { beats } = this;
    const lengths = beats.slice(1).map((one, k) => one - beats[k]).filter((one) => one < 3);
    const [low, high] = [Math.min(...lengths.slice(0, 20000), 0.5), Math.max(...lengths.slice(0, 20000), 1.2)];
    const y = (length) => HEIGHT - 24 - ((Math.min(length, high) - low) / (high - low)) * (HEIGHT - TRACE - 40);
    context.fillStyle = colour;
    beats.forEach((time, k) => {
      if (k === 0 || time < this.from || time > this.to || time - beats[k - 1] > 3) return;
      context.beginPath();
      context.arc(this.x(time), y(time - beats[k - 1]), 2.5, 0, 2 * Math.PI);
      context.fill();
    });
  }

  /** Keep a step, if it fits between the others. */
  step(correction) {
    this.corrections.push(correction);
    this.refresh();
    this.chosen = correction.kind === 'remove' || correction.kind === 'exclude' ? -1 : nearest(this.beats, correction.to ?? correction.time);
    this.draw();
    this.onchange();
  }

  undo() {
    if (this.corrections.pop() === undefined) return;
    this.refresh();
    this.chosen = -1;
    this.draw();
    this.onchange();
  }

  remove() {
    if (this.chosen >= 0) this.step({ kind: 'remove', time: this.beats[this.chosen], to: null, why: '' });
  }

  /** Choose the next (or last) beat; of those that are doubtful where there are any ahead. */
  choose(direction, doubtful = false) {
    const wanted = doubtful ? this.seen.doubtful.map(([at]) => nearest(this.beats, at)) : this.beats.map((_, k) => k);
    const here = this.chosen >= 0 ? this.chosen : nearest(this.beats, this.from);
    const next = direction > 0 ? wanted.find((k) => k > here) : wanted.findLast((k) => k < here);
    if (next === undefined) return;
    this.chosen = next;
    const [time, half] = [this.beats[next], (this.to - this.from) / 2];
    if (time < this.from || time > this.to) this.view(time - half, time + half);
    else this.draw();
    this.onchange();
  }

  down(event) {
    event.preventDefault();
    this.canvas.focus();
    this.canvas.setPointerCapture(event.pointerId);
    const t = this.t(event);
    const at = nearest(this.beats, t);
    const near = at >= 0 && Math.abs(this.x(this.beats[at]) - event.offsetX) <= GRIP;
    if (this.tool === 'leave-out') this.grip = { span: { kind: 'exclude', time: t, to: t } };
    else if (this.tool === 'add') this.grip = { add: true };
    else this.grip = near ? { beat: at, was: this.beats[at] } : { pan: event.offsetX, from: this.from, to: this.to };
    if (near && this.tool === 'look') this.chosen = at;
    this.draw();
  }

  move(event) {
    const { grip } = this;
    if (!grip) return;
    if (grip.span) grip.span.to = this.t(event);
    if (grip.pan !== undefined) {
      const shift = ((grip.pan - event.offsetX) / this.width) * (grip.to - grip.from);
      return this.view(grip.from + shift, grip.to + shift);
    }
    if (grip.beat !== undefined && fits(this.beats, this.t(event), grip.beat)) this.beats[grip.beat] = this.t(event);
    return this.draw();
  }

  up(event) {
    const { grip } = this;
    this.grip = null;
    if (!grip) return;
    const t = this.t(event);
    if (grip.add && fits(this.beats, t)) return this.step({ kind: 'add', time: t, to: null, why: '' });
    if (grip.span) {
      const [time, to] = [grip.span.time, t].sort((a, b) => a - b);
      if (to - time > 0.2) return this.step({ kind: 'exclude', time, to, why: '' });
    }
    if (grip.beat !== undefined) {
      const to = this.beats[grip.beat];
      this.refresh();
      if (Math.abs(to - grip.was) > 1e-3) return this.step({ kind: 'move', time: grip.was, to, why: '' });
    }
    this.draw();
    return this.onchange();
  }

  let() {
    this.grip = null;
    this.refresh();
    this.draw();
  }

  wheel(event) {
    event.preventDefault();
    if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      const shift = (event.deltaX / this.width) * (this.to - this.from);
      return this.view(this.from + shift, this.to + shift);
    }
    return this.zoom(event.deltaY > 0 ? ZOOM : 1 / ZOOM, this.t(event));
  }

  key(event) {
    const acts = {
      ArrowRight: () => this.choose(1), ArrowLeft: () => this.choose(-1), Delete: () => this.remove(), Backspace: () => this.remove(),
      '+': () => this.zoom(1 / ZOOM), '-': () => this.zoom(ZOOM), PageDown: () => this.choose(1, true), PageUp: () => this.choose(-1, true),
      ...(event.ctrlKey || event.metaKey ? { z: () => this.undo() } : {}),
    };
    if (!acts[event.key]) return;
    event.preventDefault();
    acts[event.key]();
  }
}

export async function view(session, person) {
  const address = (what) => `/api/sessions/${session}/${what}?person=${encodeURIComponent(person)}`;
  const seen = await get(address('beats'));
  const told = el('div', { role: 'status' });
  const count = el('p', { class: 'small', role: 'status' });
  const corrections = seen.corrections.map((one) => ({ ...one }));
  let kept = JSON.stringify(corrections);
  const picture = new Picture(seen, corrections, () => draw());
  const buttons = el('div', { class: 'row' });
  const save = async () => {
    try {
      Object.assign(seen, await send(address('corrections'), { corrections }, 'PUT'));
      kept = JSON.stringify(corrections);
      picture.refresh();
      picture.draw();
      put(told, el('p', { class: 'answered' }, say('beats.kept')), el('p', { class: 'row' }, link(say('beats.report'), `#/session/${session}`)));
      draw();
    } catch (error) {
      put(told, refusal(error));
    }
  };
  const draw = () => {
    put(count, say('beats.count', { doubtful: seen.doubtful.length, corrections: corrections.length }));
    put(buttons, button(say('beats.next'), () => picture.choose(1, true), { disabled: seen.doubtful.length === 0 }),
      button(say('beats.remove'), () => picture.remove(), { disabled: picture.chosen < 0 }),
      button(say('beats.undo'), () => picture.undo(), { disabled: corrections.length === 0, class: 'quiet' }),
      button(say('beats.closer'), () => picture.zoom(1 / ZOOM), { class: 'quiet' }), button(say('beats.wider'), () => picture.zoom(ZOOM), { class: 'quiet' }),
      button(say('beats.keep'), save, { class: 'strong', disabled: JSON.stringify(corrections) === kept }));
  };
  draw();
  const resize = () => picture.draw();
  addEventListener('resize', resize);
  requestAnimationFrame(resize);
  const node = el('div', {}, heading(say('beats.title', { name: nameOf(person) }), say('beats.lead')),
    oneOf(say('beats.tool'), ['look', 'add', 'leave-out'].map((one) => [one, say(`beats.tool-${one}`)]), 'look', (tool) => { picture.tool = tool; }),
    picture.canvas, count, buttons, told, el('p', { class: 'small' }, say('beats.keys')), el('p', { class: 'row' }, link(say('beats.report'), `#/session/${session}`, { class: 'button quiet' })));
  return { node, title: say('beats.title', { name: nameOf(person) }), leave: () => removeEventListener('resize', resize) };
}
