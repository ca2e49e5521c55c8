/**
 * Two soft shapes and a space between them. They differ by form, place and texture as well as by colour; their size follows
 * breath alone, and what is not known lies under a hatched veil with the words for it.
 *
 * Nothing is drawn frame by frame: every movement is handed to the browser as an animation of a layer of its own, so that a
 * page that is only looked at costs next to nothing.
 */

import { el, put, svg } from './dom.js';
import { paceAt } from './pacer.js';
import { stillness } from './prefs.js';
import { say } from './words.js';

const BEAT = 700; // ms that a beat is seen
export const FORMS = ['round', 'square'];
const UNKNOWN = new Set(['lost', 'weak']);
const LEAST = 0.44; // of its largest size, that a pacer's ring shrinks to
const SINE = 'cubic-bezier(.37, 0, .63, 1)'; // (1 − cos πx) / 2, as `paceAt` has it
const FRAME = 40; // ms; a calm picture does not need sixty frames a second
const FIELDS = 10;
const COUNT_EVERY = 120; // ms, where the pacer is a row of fields
const ASLEEP = 250; // ms between two looks for a clock that is not known yet

const defs = () => {
  const rings = svg('pattern', { id: 'texture-round', width: 124, height: 124, x: -62, y: -62, patternUnits: 'userSpaceOnUse' },
    [14, 24, 34, 44, 54].map((r) => svg('circle', { cx: 62, cy: 62, r, class: 'texture ring' })));
  const dots = svg('pattern', { id: 'texture-square', width: 13, height: 13, patternUnits: 'userSpaceOnUse' },
    svg('circle', { cx: 3.5, cy: 3.5, r: 1.5, class: 'texture dot' }), svg('circle', { cx: 10, cy: 10, r: 1.5, class: 'texture dot' }));
  const hatch = svg('pattern', { id: 'hatch', width: 9, height: 9, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' },
    svg('rect', { width: 9, height: 9, class: 'hatch-ground' }), svg('line', { x1: 0, y1: 0, x2: 0, y2: 9, class: 'hatch-line' }));
  return svg('svg', { class: 'pair-defs', width: 0, height: 0 }, svg('defs', {}, rings, dots, hatch, ...FORMS.map(glow), ...FORMS.map(body)));
};

const body = (form) => svg('radialGradient', { id: `body-${form}`, cx: '38%', cy: '32%', r: '85%' },
  svg('stop', { offset: '0%', class: `body-in ${form}` }), svg('stop', { offset: '100%', class: `body-out ${form}` }));

const glow = (form) => svg('radialGradient', { id: `glow-${form}` },
  svg('stop', { offset: '30%', class: `glow-in ${form}` }), svg('stop', { offset: '100%', class: `glow-out ${form}` }));

const outline = (form, size, attributes) => (form === 'round'
  ? svg('circle', { r: size, ...attributes })
  : svg('rect', { x: -size * 0.93, y: -size * 0.93, width: size * 1.86, height: size * 1.86, rx: size * 0.5, ...attributes }));

const layer = (name, ...drawn) => svg('svg', { viewBox: '-110 -110 220 220', class: name }, drawn);

const frames = (duration) => `steps(${Math.ceil(duration / FRAME)})`;

/** One person's shape. */
class Shape {
  #size = '';

  constructor(form, x, aside, width) {
    this.breathing = layer('breathing', outline(form, 60, { class: `shape ${form}`, fill: `url(#body-${form})` }), outline(form, 60, { fill: `url(#texture-${form})` }));
    this.pulse = layer(`beat ${form}`, outline(form, 30, {}));
    this.veil = layer('veil', outline(form, 68, { fill: 'url(#hatch)' }));
    this.node = el('div', { class: 'person' }, layer('halo', svg('circle', { r: 104, fill: `url(#glow-${form})` })), this.breathing, this.pulse, this.veil);
    this.node.style.setProperty('--x', `${x}%`);
    this.node.style.setProperty('--aside', `${aside}%`);
    this.node.style.setProperty('--width', `${width}%`);
  }

  show(shown, still) {
    const signal = shown?.signal ?? 'none';
    this.veil.classList.toggle('there', UNKNOWN.has(signal));
    this.node.classList.toggle('unworn', signal === 'none');
    const breath = still || UNKNOWN.has(signal) ? 0 : shown?.breath ?? 0;
    const size = `scale(${(1 + 0.09 * breath).toFixed(3)})`;
    if (size !== this.#size) this.breathing.style.transform = size;
    this.#size = size;
  }

  beat() {
    this.pulse.animate([{ opacity: 0.5, easing: 'ease-out' }, { opacity: 0 }], { duration: BEAT, easing: frames(BEAT) });
  }
}

export class PairView extends HTMLElement {
  #shapes = new Map();
  #pace = null;
  #time = () => null;
  #timer = null;
  #breathing = null;

  /** People from left to right, the way to their names, the session's time, and which form stands for whom. */
  start(people, nameOf, time, formOf = (_, k) => FORMS[k % 2]) {
    this.#time = time;
    const middle = (people.length - 1) / 2;
    const space = people.length > 2 ? 100 / people.length : 39.5;
    people.forEach((person, k) => this.#shapes.set(person, new Shape(formOf(person, k), 50 + space * (k - middle), 50 + (k < middle ? -32 : 32), Math.min(55, 1.65 * space))));
    this.ring = el('i', { class: 'pace-ring' });
    this.inside = el('span', { class: 'ring-word' });
    this.picture = el('div', { class: 'pair', 'aria-hidden': 'true' }, defs(), [...this.#shapes.values()].map((one) => one.node),
      el('div', { class: 'pace' }, el('i', { class: 'pace-track' }), this.ring, this.inside));
    this.labels = new Map(people.map((person) => [person, el('span', { class: 'signal-word' })]));
    this.names = el('div', { class: 'pair-names' }, people.map((person, k) => el('p', { class: `name ${formOf(person, k)}` }, nameOf(person), this.labels.get(person))));
    this.word = el('p', { class: 'pace-word', 'aria-hidden': 'true' });
    this.bar = el('div', { class: 'pace-bar', 'aria-hidden': 'true' }, Array.from({ length: FIELDS }, () => el('i', {})));
    put(this, this.picture, this.names, this.word, this.bar);
    this.classList.toggle('still', stillness());
  }

  get #still() {
    return this.classList.contains('still');
  }

  show(state) {
    for (const [person, shape] of this.#shapes) {
      const shown = state.people[person];
      shape.show(shown, this.#still);
      const signal = shown?.signal ?? 'hidden';
      put(this.labels.get(person), UNKNOWN.has(signal) ? say(`signal.${signal}`) : '');
    }
  }

  beat(person) {
    if (!this.#still) this.#shapes.get(person)?.beat();
  }

  pace(pace) {
    this.#pace = pace;
    this.classList.toggle('paced', Boolean(pace));
    put(this.word, '');
    put(this.inside, '');
    this.#turn();
  }

  still(on) {
    this.classList.toggle('still', on);
    this.pace(this.#pace);
  }

  /** Where the breath turns, or a field fills: what comes until then is given to the browser in one go. */
  #turn = () => {
    clearTimeout(this.#timer);
    if (!this.#pace) return this.#breathing?.cancel();
    const t = this.#time();
    const wait = t === null ? ASLEEP : 1000 * (this.#pace.phase0 - t);
    if (wait > 0) return this.#later(wait);
    const here = paceAt(this.#pace, t);
    if (this.#still) return this.#count(here);
    return this.#swell(here);
  };

  #later(wait) {
    this.#timer = setTimeout(this.#turn, wait);
  }

  #swell({ inward, part, left }) {
    const length = (1000 * left) / (1 - part);
    const sizes = [`scale(${LEAST})`, 'scale(1)'];
    const before = this.#breathing;
    const [from, to] = inward ? sizes : sizes.reverse();
    this.#breathing = this.ring.animate([{ transform: from, easing: SINE }, { transform: to }], { duration: length, easing: frames(length), fill: 'forwards' });
    this.#breathing.currentTime = part * length;
    before?.cancel();
    this.ring.style.opacity = (0.35 + 0.65 * this.#pace.help).toFixed(2);
    put(this.inside, say(inward ? 'pacer.in' : 'pacer.out'));
    this.#later(1000 * left + 1);
  }

  /** Reduced motion: fields that fill and empty, the word, and the seconds that are left. */
  #count({ fill, inward, left }) {
    const full = Math.round(FIELDS * fill);
    if (full !== this.full) [...this.bar.children].forEach((field, k) => field.classList.toggle('full', k < full));
    this.full = full;
    put(this.word, say('pacer.count', { word: say(inward ? 'pacer.in' : 'pacer.out'), seconds: Math.max(1, Math.ceil(left)) }));
    this.#later(COUNT_EVERY);
  }

  connectedCallback() {
    document.addEventListener('visibilitychange', this.#turn); // timers sleep where nobody looks
    this.#turn();
  }

  disconnectedCallback() {
    document.removeEventListener('visibilitychange', this.#turn);
    clearTimeout(this.#timer);
  }
}

customElements.define('pair-view', PairView);
