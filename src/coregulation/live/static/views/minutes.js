/** "Your minutes": the two hearts by parts, what each wrote, what can and cannot be said, and one way on. */

import { blob, get } from '../lib/api.js';
import { el, paragraphs, put, save, svg } from '../lib/dom.js';
import { FORMS } from '../lib/pair-view.js';
import { nameOf } from '../lib/prefs.js';
import { clockTime, has, listed, say } from '../lib/words.js';
import { coinCard } from './coin.js';
import { button, link } from './frame.js';

const [HEIGHT, LEFT, TOP, FLOOR] = [250, 34, 26, 206];
const [WIDE, NARROW] = [{ width: 680, right: 88, name: 58 }, { width: 360, right: 58, name: Infinity }]; // a phone's letters stay as large
const ORDER = ['before', 'practice', 'apart', 'return-apart', 'together', 'return-together', 'settle'];
const TABLE = ['before', 'practice', 'apart', 'task-apart', 'return-apart', 'together', 'task-together', 'return-together', 'settle'];
const LOOK_AGAIN = 1500; // ms until the result is asked for again
export const EXAMPLE = 'example';
const OPEN = new Set(['cannot-tell', 'linked-steadying-unknown']);
const SENTENCE = /(?<=[.!?])\s+(?=\p{Lu})/u;

/** Where what belongs to a session is asked for; the one to look at belongs to nobody. */
export const addressOf = (session) => (session === EXAMPLE ? '/api/example' : `/api/sessions/${session}`);

const formOf = (everybody, person) => FORMS[Math.max(0, everybody.indexOf(person)) % 2];

/** Runs of a curve without what is not known. */
function runs(curve) {
  const out = [[]];
  for (const [t, value] of curve) {
    if (value === null) out.push([]);
    else out.at(-1).push([t, value]);
  }
  return out.filter((run) => run.length > 1);
}

const text = (attributes, words) => Object.assign(svg('text', attributes), { textContent: words });

/** Parts that follow each other and are called the same stand as one. */
function joined(parts) {
  const out = [];
  for (const part of parts) {
    const last = out.at(-1);
    if (last && last.part === part.part && part.start - last.end < 1) last.end = part.end;
    else out.push({ ...part });
  }
  return out;
}

function chart({ people, parts, marks }) {
  const worn = people.filter((one) => one.curve.length > 1);
  if (worn.length === 0 || parts.length === 0) return null;
  const { width: WIDTH, right: RIGHT, name } = innerWidth < 640 ? NARROW : WIDE;
  const [from, to] = [parts[0].start, parts.at(-1).end];
  const within = worn.map((one) => ({ ...one, curve: one.curve.filter(([t]) => t >= from && t <= to) }));
  const values = within.flatMap((one) => one.curve.map(([, value]) => value)).filter((value) => value !== null);
  if (values.length === 0) return null;
  const [low, high] = [Math.floor(Math.min(...values) / 5) * 5, Math.ceil(Math.max(...values) / 5) * 5 + 1];
  const x = (t) => LEFT + ((t - from) / (to - from)) * (WIDTH - LEFT - RIGHT);
  const y = (value) => FLOOR - ((value - low) / (high - low)) * (FLOOR - TOP);
  const everybody = people.map((one) => one.person);
  const shades = joined(parts).map((part) => [
    svg('rect', { class: `part ${part.part}`, x: x(part.start), y: TOP, width: Math.max(0, x(part.end) - x(part.start)), height: FLOOR - TOP }),
    x(part.end) - x(part.start) > name && text({ class: 'part-name', x: (x(part.start) + x(part.end)) / 2, y: TOP - 8, 'text-anchor': 'middle' }, say(`minutes.part-${part.part}`)),
  ]);
  const lines = within.map((one) => [
    runs(one.curve).map((run) => svg('polyline', { class: `line ${formOf(everybody, one.person)}`, points: run.map(([t, value]) => `${x(t).toFixed(1)},${y(value).toFixed(1)}`).join(' ') })),
    text({ class: 'direct', x: WIDTH - RIGHT + 8, y: y(one.curve.findLast(([, value]) => value !== null)?.[1] ?? low) + 4 }, nameOf(one.person)),
  ]);
  const noted = marks.filter(({ at }) => at >= from && at <= to).map(({ at, label }) => [svg('line', { class: 'mark-line', x1: x(at), x2: x(at), y1: TOP, y2: FLOOR }), text({ class: 'mark-word', x: x(at) + 3, y: FLOOR - 5 }, markWord(label))]);
  const scale = [low, high - 1].map((value) => text({ class: 'mark-of-scale', x: LEFT - 6, y: y(value) + 4, 'text-anchor': 'end' }, value));
  const ends = [from, to].map((t, k) => text({ class: 'mark-of-scale', x: x(t), y: FLOOR + 18, 'text-anchor': k ? 'end' : 'start' }, clockTime(t - from)));
  return el('figure', {}, svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: 'chart minutes-chart', role: 'img', 'aria-label': say('minutes.chart') }, shades, noted, lines, scale, ends),
    el('figcaption', {}, say('minutes.caption')), key(parts));
}

/** What the shades stand for, each once, for parts too narrow to be named in the picture. */
const key = (parts) => el('ul', { class: 'tags key' }, [...new Set(parts.map((one) => one.part))].map((part) => el('li', { class: `part ${part}` }, say(`minutes.part-${part}`))));

/** A mark of the short list in the reader's language, or as it was written. */
export const markWord = (label) => (has(`mark.${label}`) ? say(`mark.${label}`) : label);

const inNumbers = (one) => {
  const known = ORDER.filter((part) => one.means[part] !== undefined).map((part) => say(`minutes.mean-${part}`, { rate: Math.round(one.means[part]) }));
  return known.length ? say('minutes.of', { name: nameOf(one.person), numbers: listed(known) }) : say('minutes.none-of', { name: nameOf(one.person) });
};

function table({ people }) {
  const worn = people.filter((one) => Object.keys(one.means).length);
  if (worn.length === 0) return null;
  const parts = TABLE.filter((part) => worn.some((one) => one.means[part] !== undefined));
  return el('details', {}, el('summary', {}, say('minutes.table')), el('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': say('minutes.table') }, el('table', {},
    el('thead', {}, el('tr', {}, [say('minutes.person'), ...parts.map((part) => say(`minutes.part-${part}`))].map((one) => el('th', { scope: 'col' }, one)))),
    el('tbody', {}, worn.map((one) => el('tr', {}, el('th', { scope: 'row' }, nameOf(one.person)), parts.map((part) => el('td', {}, one.means[part] === undefined ? '–' : Math.round(one.means[part])))))))));
}

function wrote(one) {
  const rated = Object.entries(one.ratings).map(([item, value]) => el('li', {}, `${say(`rating.${item}`)}: ${value}`));
  const signs = one.signs.map((sign) => el('li', {}, has(`sign.${sign}`) ? say(`sign.${sign}`) : sign));
  if (!one.words && rated.length === 0 && signs.length === 0) return null;
  return [one.words && el('blockquote', {}, paragraphs(one.words)), el('ul', { class: 'plain small' }, signs, rated)];
}

/** What one person wrote; private words of one of two at a screen lie under a fold with their name. */
function words(one, shared) {
  const inside = wrote(one);
  if (!inside) return null;
  if (one.private && shared) return el('details', {}, el('summary', {}, say('minutes.own-words', { name: nameOf(one.person) })), inside);
  return el('div', {}, el('h3', {}, say('words.of', { name: nameOf(one.person) })), inside);
}

/** What can and what cannot be said, as soon as the analysis is there. */
async function said(place, session, alive, several) {
  const response = await fetch(`${addressOf(session)}/result`);
  if (!alive()) return;
  if (response.status === 202) {
    setTimeout(() => said(place, session, alive, several), LOOK_AGAIN);
    return;
  }
  const verdict = response.ok ? (await response.json()).verdicts?.[0] : null;
  if (!verdict) return put(place, el('p', {}, say(several ? 'minutes.only-these' : 'minutes.only-yours')));
  const people = verdict.pair ?? [];
  const told = people.reduce((words_, person) => words_.replaceAll(new RegExp(`(?<![\\w-])${person.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&')}(?![\\w-])`, 'gu'), nameOf(person)), verdict.plain).split(SENTENCE);
  const open = OPEN.has(verdict.kind);
  put(place, el('dl', { class: 'can' },
    el('dt', {}, say('minutes.can')), el('dd', {}, open && told.length < 2 ? say('minutes.can-numbers') : told[0]),
    el('dt', {}, say('minutes.cannot')), el('dd', {}, told.length > 1 ? told.at(open ? 1 : -1) : told[0])));
}

const onward = ({ what, helper, people, why }) => {
  if (what === 'alone') return el('p', { class: 'row' }, link(say('minutes.next-alone'), '#/alone', { class: 'button strong' }));
  const path = ['#', 'new', what, ...(people.length === 2 ? [helper ?? '-', ...people] : [])].map((one, k) => (k ? encodeURIComponent(one) : one)).join('/');
  const fill = { name: nameOf(helper ?? '') };
  return el('p', { class: 'row' }, link(say(`minutes.next-${why}`, fill), path, { class: 'button strong' }));
};

/** Where nobody agreed to keep it, it goes with the room; each may take their own half along. */
function leaving(found) {
  const mine = found.people.filter((one) => one.words !== null || one.private || one.curve.length);
  const told = el('span', {});
  const take = (person) => async () => {
    try {
      save(await blob(`/api/sessions/${found.session}/export?person=${person}`), `${found.session}-${person}.zip`);
    } catch (error) {
      put(told, error.message);
    }
  };
  return el('div', { class: 'note' }, el('p', {}, say('minutes.not-kept')), el('div', { class: 'row' }, mine.map((one) => button(say('minutes.take', { name: nameOf(one.person) }), take(one.person)))), told);
}

/** One visit of several, small: the hearts, the numbers, and the words of who reads. */
export async function visitInto(place, session, alive = () => true) {
  const found = await get(`${addressOf(session)}/minutes`).catch(() => null);
  if (!found || !alive()) return;
  const worn = found.people.filter((one) => one.curve.length);
  put(place, chart(found), worn.map((one) => el('p', {}, inNumbers(one))), worn.length === 0 && el('p', {}, say('minutes.no-sensor')),
    found.people.map((one) => words(one, found.people.filter((each) => each.private).length > 1)).filter(Boolean));
}

/** The first screen of a session's report. */
export async function minutesInto(place, session, { shared, alive = () => true } = {}) {
  const found = await get(`${addressOf(session)}/minutes`).catch(() => null);
  if (!found || !alive()) return false;
  const picture = chart(found);
  const answer = el('div', { role: 'status' });
  put(place, el('section', { class: 'card minutes' }, el('h2', {}, say('minutes.title')),
    picture ?? el('p', {}, say('minutes.no-sensor')),
    found.people.filter((one) => one.curve.length).map((one) => el('p', { class: 'big' }, inNumbers(one))),
    table(found),
    el('div', { class: 'halves-grid words' }, found.people.map((one) => words(one, shared)).filter(Boolean)),
    answer,
    coinCard(found.coin),
    found.next && !found.simulated && onward(found.next),
    found.kept.length === 0 && !found.simulated && leaving(found)));
  if (picture) said(answer, session, alive, found.several);
  return true;
}
