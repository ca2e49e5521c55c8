/**
 * Two soft shapes and a space between them. They differ by form, place and texture as well as by colour; their size follows
 * breath alone, and what is not known lies under a hatched veil with the words for it.
 */

import { el, put, svg } from './dom.js';
import { paceAt } from './pacer.js';
import { stillness } from './prefs.js';
import { say } from './words.js';

const FRAME = 1000 / 30; // ms
const BEAT = 0.7; // s that a beat is seen
const FORMS = ['round', 'square'];
const UNKNOWN = new Set(['lost', 'weak']);

const defs = () => {
  const rings = svg('pattern', { id: 'texture-round', width: 124, height: 124, x: -62, y: -62, patternUnits: 'userSpaceOnUse' },
    [14, 24, 34, 44, 54].map((r) => svg('circle', { cx: 62, cy: 62, r, class: 'texture ring' })));
  const dots = svg('pattern', { id: 'texture-square', width: 13, height: 13, patternUnits: 'userSpaceOnUse' },
    svg('circle', { cx: 3.5, cy: 3.5, r: 1.5, class: 'texture dot' }), svg('circle', { cx: 10, cy: 10, r: 1.5, class: 'texture dot' }));
  const hatch = svg('pattern', { id: 'hatch', width: 9, height: 9, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' },
    svg('rect', { width: 9, height: 9, class: 'hatch-ground' }), svg('line', { x1: 0, y1: 0, x2: 0, y2: 9, class: 'hatch-line' }));
  return svg('defs', {}, rings, dots, hatch, ...FORMS.map(glow), ...FORMS.map(body));
};

const body = (form) => svg('radialGradient', { id: `body-${form}`, cx: '38%', cy: '32%', r: '85%' },
  svg('stop', { offset: '0%', class: `body-in ${form}` }), svg('stop', { offset: '100%', class: `body-out ${form}` }));

const glow = (form) => svg('radialGradient', { id: `glow-${form}` },
  svg('stop', { offset: '30%', class: `glow-in ${form}` }), svg('stop', { offset: '100%', class: `glow-out ${form}` }));

const outline = (form, size, attributes) => (form === 'round'
  ? svg('circle', { r: size, ...attributes })
  : svg('rect', { x: -size * 0.93, y: -size * 0.93, width: size * 1.86, height: size * 1.86, rx: size * 0.5, ...attributes }));

/** What stays the same is not painted anew. */
const change = (node, name, value) => node.getAttribute(name) !== value && node.setAttribute(name, value);

/** One person's shape. */
class Shape {
  breath = 0;
  wanted = 0;
  beatAt = -Infinity;

  constructor(form, x, apart) {
    Object.assign(this, { x, apart });
    const halo = svg('circle', { r: 104, fill: `url(#glow-${form})` }); // it stands still: large soft areas are dear to paint anew
    this.moving = svg('g', { class: 'breathing' },
      outline(form, 60, { class: `shape ${form}`, fill: `url(#body-${form})` }),
      outline(form, 60, { fill: `url(#texture-${form})` }),
    );
    this.beat = outline(form, 30, { class: `beat ${form}`, opacity: 0 });
    this.veil = outline(form, 68, { class: 'veil', fill: 'url(#hatch)' });
    this.node = svg('g', { class: 'person' }, halo, this.moving, this.beat, this.veil);
    this.aside(false);
  }

  /** Make room for a pacer in the middle. */
  aside(on) {
    this.node.setAttribute('transform', on ? `translate(${this.apart} 120) scale(.72)` : `translate(${this.x} 120)`);
  }

  show(shown) {
    const signal = shown?.signal ?? 'none';
    this.veil.classList.toggle('there', UNKNOWN.has(signal));
    this.node.classList.toggle('unworn', signal === 'none');
    this.wanted = UNKNOWN.has(signal) ? 0 : shown?.breath ?? 0;
  }

  /** Draw the moment `t` (page seconds); `step` s have passed. */
  draw(t, step) {
    this.breath += (this.wanted - this.breath) * Math.min(1, step * 5);
    change(this.moving, 'transform', `scale(${(1 + 0.09 * this.breath).toFixed(3)})`);
    const age = (t - this.beatAt) / BEAT;
    change(this.beat, 'opacity', age >= 0 && age < 1 ? (0.5 * (1 - age) ** 2).toFixed(2) : '0');
  }
}

export class PairView extends HTMLElement {
  #shapes = new Map();
  #ring = null;
  #word = null;
  #pace = null;
  #time = () => null;
  #last = 0;
  #frame = null;

  /** People from left to right, the way to their names, and the session's time. */
  start(people, nameOf, time) {
    this.#time = time;
    const middle = (people.length - 1) / 2;
    const space = people.length > 2 ? 400 / people.length : 158;
    people.forEach((person, k) => this.#shapes.set(person, new Shape(FORMS[k % 2], 200 + space * (k - middle), 200 + (k < middle ? -128 : 128))));
    this.#ring = svg('g', { class: 'pace', transform: 'translate(200 120)' }, svg('circle', { r: 70, class: 'pace-track' }), svg('circle', { r: 34, class: 'pace-ring' }), svg('text', { class: 'ring-word', 'text-anchor': 'middle', y: 6 }));
    this.picture = svg('svg', { viewBox: '0 12 400 216', 'aria-hidden': 'true', class: 'pair' }, defs(), this.#ring, [...this.#shapes.values()].map((one) => one.node));
    this.labels = new Map(people.map((person) => [person, el('span', { class: 'signal-word' })]));
    this.names = el('div', { class: 'pair-names' }, people.map((person, k) => el('p', { class: `name ${FORMS[k % 2]}` }, nameOf(person), this.labels.get(person))));
    this.#word = el('p', { class: 'pace-word', 'aria-hidden': 'true' });
    this.bar = el('div', { class: 'pace-bar', 'aria-hidden': 'true' }, Array.from({ length: 10 }, () => el('i', {})));
    put(this, this.picture, this.names, this.#word, this.bar);
    this.classList.toggle('still', stillness());
    this.#tick();
  }

  show(state) {
    for (const [person, shape] of this.#shapes) {
      const shown = state.people[person];
      shape.show(shown);
      const signal = shown?.signal ?? 'hidden';
      put(this.labels.get(person), UNKNOWN.has(signal) ? say(`signal.${signal}`) : '');
    }
  }

  beat(person) {
    const shape = this.#shapes.get(person);
    if (shape) shape.beatAt = performance.now() / 1000;
  }

  pace(pace) {
    this.#pace = pace;
    this.classList.toggle('paced', Boolean(pace));
    for (const shape of this.#shapes.values()) shape.aside(Boolean(pace) && !this.classList.contains('still'));
    if (!pace) put(this.#word, '');
  }

  #tick() {
    this.#frame = requestAnimationFrame((at) => {
      if (!this.isConnected && this.#last) return;
      if (at - this.#last >= FRAME - 4) {
        this.#draw(at, Math.min(0.2, (at - this.#last) / 1000));
        this.#last = at;
      }
      this.#tick();
    });
  }

  #draw(at, step) {
    if (!this.classList.contains('still')) for (const shape of this.#shapes.values()) shape.draw(at / 1000, step);
    const t = this.#time();
    if (!this.#pace || t === null || t < this.#pace.phase0) return;
    const here = paceAt(this.#pace, t);
    this.classList.contains('still') ? this.#count(here) : this.#swell(here);
  }

  #swell({ fill, inward }) {
    const [, ring, word] = this.#ring.children;
    change(ring, 'r', (30 + 39 * fill).toFixed(1));
    change(ring, 'stroke-opacity', (0.35 + 0.65 * this.#pace.help).toFixed(2));
    put(word, say(inward ? 'pacer.in' : 'pacer.out'));
  }

  /** Reduced motion: ten fields that fill and empty, the word, and the seconds that are left. */
  #count({ fill, inward, left }) {
    const full = Math.round(10 * fill);
    if (full !== this.full) [...this.bar.children].forEach((field, k) => field.classList.toggle('full', k < full));
    this.full = full;
    put(this.#word, say('pacer.count', { word: say(inward ? 'pacer.in' : 'pacer.out'), seconds: Math.max(1, Math.ceil(left)) }));
  }

  still(on) {
    this.classList.toggle('still', on);
  }

  disconnectedCallback() {
    cancelAnimationFrame(this.#frame);
  }
}

customElements.define('pair-view', PairView);
