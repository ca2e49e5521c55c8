/** A recording over time, on which one drags what was when: apart, together, a hard moment, or what is to be left out. */

import { el, put, svg } from '../lib/dom.js';
import { FORMS } from '../lib/pair-view.js';
import { say } from '../lib/words.js';
import { button } from './frame.js';

const [LANE, TOP, SIDE] = [84, 8, 8];
const [WIDE, NARROW] = [{ width: 680, ticks: 6 }, { width: 340, ticks: 3 }]; // a phone's letters stay as large
const WHAT = ['apart', 'together', 'hard-apart', 'hard-together', 'talk', 'leave-out'];
const LEAST = 2; // s of a part that was dragged

/** m:ss, h:mm:ss or seconds as a number; NaN where it is none of them. */
export function secondsOf(text) {
  if (/^[-−]/.test(text.trim())) return -secondsOf(text.trim().slice(1));
  const pieces = text.trim().split(':').map((one) => (one.trim() === '' ? NaN : Number(one)));
  if (pieces.length > 3 || pieces.some((one, at) => !(one >= 0) || (at > 0 && one >= 60))) return NaN;
  return pieces.reduce((sum, one) => sum * 60 + one, 0);
}

/** The same, written. */
export function timeText(seconds) {
  if (Math.round(seconds) < 0) return `−${timeText(-seconds)}`;
  const whole = Math.abs(Math.round(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, String(whole % 60).padStart(2, '0')];
  return h ? `${h}:${String(m).padStart(2, '0')}:${s}` : `${m}:${s}`;
}

function lane(person, at, x) {
  const [channel, curve] = Object.entries(person.curves)[0] ?? ['', []];
  const values = curve.map(([, value]) => value).filter((value) => value !== null);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const y = (value) => TOP + (at + 1) * LANE - 8 - ((value - low) / (high - low || 1)) * (LANE - 28);
  let pen = 'M';
  const path = curve.map(([t, value]) => {
    if (value === null) pen = 'M';
    const step = value === null ? '' : `${pen}${x(t).toFixed(1)} ${y(value).toFixed(1)}`;
    if (value !== null) pen = 'L';
    return step;
  }).join('');
  const name = Object.assign(svg('text', { x: SIDE, y: TOP + at * LANE + 12 }), { textContent: `${person.person} · ${say(`channel.${channel}`)}` });
  return [name, svg('path', { d: path || 'M0 0', class: `curve ${FORMS[at % 2]}`, fill: 'none' })];
}

/** `seen` is what the server read: start, end, people. `parts()` lists what was said; `wrong()` says why it cannot be used, or null. */
export function timeline(seen, changed) {
  const parts = [];
  const { width: WIDTH, ticks: steps } = innerWidth < 640 ? NARROW : WIDE;
  const names = seen.people.map((one) => one.person);
  const height = TOP + LANE * Math.max(1, names.length) + 22;
  const x = (t) => SIDE + ((t - seen.start) / (seen.end - seen.start)) * (WIDTH - 2 * SIDE);
  const shades = svg('g', {});
  const picture = svg('svg', { viewBox: `0 0 ${WIDTH} ${height}`, class: 'timeline', role: 'img', 'aria-label': say('import.timeline') });
  const ticks = Array.from({ length: steps + 1 }, (_, k) => seen.start + ((seen.end - seen.start) * k) / steps);
  picture.append(shades, ...seen.people.flatMap((one, at) => lane(one, at, x)), ...ticks.map((t, k) => Object.assign(
    svg('text', { x: x(t), y: height - 4, 'text-anchor': k === 0 ? 'start' : k === steps ? 'end' : 'middle', class: 'tick' }), { textContent: timeText(t) })));
  const list = el('div', { class: 'parts' });
  const shade = ({ what, start, end }) => svg('rect', { class: `part ${what}`, x: x(start), y: TOP, width: Math.max(0, x(end) - x(start)), height: height - TOP - 22 });
  const shaded = (extra = []) => put(shades, [...parts, ...extra].filter((one) => one.end > one.start).map(shade));
  const row = (part) => {
    const hard = () => part.what.startsWith('hard');
    const what = el('select', { 'aria-label': say('import.part') }, WHAT.map((value) => el('option', { value, selected: value === part.what }, say(`import.part-${value}`))));
    const who = el('select', { 'aria-label': say('import.part-who') }, names.map((value) => el('option', { value, selected: value === part.who }, value)));
    const [from, to] = ['start', 'end'].map((end) => el('input', { type: 'text', size: 7, inputmode: 'text', value: timeText(part[end]), 'aria-label': say(`import.part-${end}`) }));
    const take = () => {
      Object.assign(part, { what: what.value, who: hard() || what.value.startsWith('hard') ? who.value : null, start: secondsOf(from.value), end: secondsOf(to.value) });
      who.hidden = !hard();
      shaded();
      changed();
    };
    for (const input of [what, who, from, to]) input.addEventListener('change', take);
    who.hidden = !hard();
    return el('div', { class: 'row part-row' }, what, who, from, el('span', { 'aria-hidden': 'true' }, '–'), to, button(say('import.part-remove'), () => { parts.splice(parts.indexOf(part), 1); draw(); }, { class: 'quiet' }));
  };
  const draw = () => {
    parts.sort((a, b) => a.start - b.start);
    put(list, parts.map(row));
    shaded();
    changed();
  };
  const add = (start, end) => {
    parts.push({ what: parts.length % 2 ? 'together' : 'apart', who: names[0], start: Math.round(start), end: Math.round(end) });
    draw();
  };
  let began = null;
  const timeAt = (event) => {
    const box = picture.getBoundingClientRect();
    const share = ((event.clientX - box.left) / box.width) * WIDTH;
    return Math.min(seen.end, Math.max(seen.start, seen.start + ((share - SIDE) / (WIDTH - 2 * SIDE)) * (seen.end - seen.start)));
  };
  const between = (event) => [began, timeAt(event)].sort((a, b) => a - b);
  picture.addEventListener('pointerdown', (event) => { event.preventDefault(); began = timeAt(event); picture.setPointerCapture(event.pointerId); });
  picture.addEventListener('pointermove', (event) => {
    if (began === null) return;
    const [start, end] = between(event);
    shaded([{ what: 'new', start, end }]);
  });
  picture.addEventListener('pointercancel', () => { began = null; shaded(); });
  picture.addEventListener('pointerup', (event) => {
    if (began === null) return;
    const [start, end] = between(event);
    began = null;
    if (end - start >= LEAST) add(start, end);
    else shaded();
  });
  const next = () => {
    const last = Math.max(seen.start, ...parts.map((one) => one.end).filter((one) => one < seen.end));
    add(last, Math.min(seen.end, last + 60));
  };
  const wrong = () => {
    if (parts.some(({ start, end }) => !(end > start) || start < Math.floor(seen.start) || end > Math.ceil(seen.end))) return say('import.wrong-times', { start: timeText(seen.start), end: timeText(seen.end) });
    const known = parts.filter((one) => one.what !== 'leave-out').sort((a, b) => a.start - b.start);
    return known.some((one, k) => k > 0 && one.start < known[k - 1].end) ? say('import.overlap') : null;
  };
  const node = el('section', {}, el('h2', {}, say('import.when')), el('p', {}, say('import.when-how')), el('div', { class: 'scroll' }, picture), list, button(say('import.part-add'), next, { class: 'quiet' }));
  return { node, parts: () => parts, wrong };
}

