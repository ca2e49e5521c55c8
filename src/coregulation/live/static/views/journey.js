/** Sessions of the same people over time: how soon each settled, alone and together, in the minutes without a pacer. */

import { get } from '../lib/api.js';
import { el, svg } from '../lib/dom.js';
import { nameOf } from '../lib/prefs.js';
import { day, has, listed, say } from '../lib/words.js';
import { heading, link, practiceTitles } from './frame.js';
import { visitInto } from './minutes.js';

const LINES = [['half_life_with', 'with'], ['half_life_alone', 'alone']];
const isNumber = (value) => typeof value === 'number' && Number.isFinite(value);

/** Values of one person over sessions: {x, value, low, high}. */
export function points(sessions, person, key) {
  return sessions.flatMap((one, x) => {
    const found = one.pacer_off?.[person]?.[key];
    if (isNumber(found)) return [{ x, value: found }];
    return isNumber(found?.value) ? [{ x, ...found }] : [];
  });
}

/** Seconds from nothing to a round number near the top. */
function scale(top, y) {
  const round = 10 ** Math.floor(Math.log10(top));
  const marks = [0, round * Math.floor(top / round)];
  return marks.map((value) => Object.assign(svg('text', { class: 'mark-of-scale', x: 26, y: y(value) + 4, 'text-anchor': 'end' }), { textContent: say('journey.seconds', { seconds: value }) }));
}

function chart(sessions, person) {
  const lines = LINES.map(([key, name]) => [name, points(sessions, person, key)]);
  const all = lines.flatMap(([, some]) => some.flatMap((one) => [one.value, one.high ?? one.value]));
  if (all.length === 0) return null;
  const top = Math.max(...all) * 1.1;
  const x = (k) => 40 + (k * 280) / Math.max(1, sessions.length - 1);
  const y = (value) => 150 - (value / top) * 130;
  const drawn = lines.map(([name, some]) => [
    svg('polyline', { class: `line ${name}`, points: some.map((one) => `${x(one.x)},${y(one.value)}`).join(' ') }),
    some.map((one) => [isNumber(one.low) && svg('line', { class: `span ${name}`, x1: x(one.x), x2: x(one.x), y1: y(one.low), y2: y(Math.min(top, one.high)) }),
      name === 'with' ? svg('circle', { class: `point ${name}`, cx: x(one.x), cy: y(one.value), r: 4 }) : svg('rect', { class: `point ${name}`, x: x(one.x) - 4, y: y(one.value) - 4, width: 8, height: 8 })]),
    some.length > 0 && Object.assign(svg('text', { class: `direct ${name}`, x: x(some.at(-1).x) + 10, y: y(some.at(-1).value) + 4 }), { textContent: say(`journey.${name}`) }),
  ]);
  return svg('svg', { viewBox: '0 0 400 170', class: 'chart', role: 'img', 'aria-label': say('journey.chart', { name: nameOf(person) }) },
    svg('line', { class: 'axis', x1: 30, x2: 330, y1: 150, y2: 150 }), scale(top, y), drawn);
}

const seconds = (found) => {
  const value = isNumber(found) ? found : found?.value;
  if (!isNumber(value)) return say('journey.unknown');
  const span = isNumber(found?.low) ? say('journey.span', { low: Math.round(found.low), high: Math.round(found.high) }) : '';
  return `${say('journey.seconds', { seconds: Math.round(value) })} ${span}`.trim();
};

function table({ people, sessions }, titles) {
  const head = [say('journey.when'), say('journey.practice'), say('journey.help'), ...people.flatMap((person) => LINES.map(([, name]) => `${nameOf(person)}, ${say(`journey.${name}`)}`))];
  const body = sessions.map((one) => el('tr', {}, el('th', { scope: 'row' }, el('a', { href: `#/session/${one.session}` }, day(one.date))), el('td', {}, called(one.practice, titles)), el('td', {}, say(one.help === null || one.help === undefined ? 'journey.unknown' : one.help >= 0.99 ? 'journey.help-full' : one.help > 0.01 ? 'journey.help-less' : 'journey.help-none')),
    people.flatMap((person) => LINES.map(([key]) => el('td', {}, seconds(one.pacer_off?.[person]?.[key]))))));
  return el('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': say('journey.table') }, el('table', {}, el('thead', {}, el('tr', {}, head.map((text) => el('th', { scope: 'col' }, text)))), el('tbody', {}, body)));
}

/** What the computer says of a person has pseudonyms; here stand the names that this browser knows. */
const escaped = (person) => person.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&');
const named = (text, people) => text.replace(new RegExp(`(?<![\\w-])(${people.map(escaped).join('|')})(?![\\w-])`, 'gu'), (person) => nameOf(person));

const drawn = (one) => one.people.map((person) => {
  const picture = chart(one.sessions, person);
  return picture && el('figure', {}, picture, el('figcaption', {}, say('journey.caption', { name: nameOf(person) })));
});

const told = (one) => one.people.filter((person) => one.sentences?.[person]).map((person) => el('section', {}, el('h3', {}, nameOf(person)), el('ul', {}, one.sentences[person].map((text) => el('li', {}, named(text, one.people))))));

const isCompared = (one) => one.sessions.some((session) => one.people.some((person) => LINES.some(([key]) => isNumber(session.pacer_off?.[person]?.[key]?.value ?? session.pacer_off?.[person]?.[key]))));
const SHOWN = 6; // visits whose minutes are drawn, the latest first

const called = (id, titles) => titles.get(id) ?? (has(`protocol.${id}`) ? say(`protocol.${id}`) : id ?? '');

/** Each visit's own minutes: there from the first visit on, whatever can be compared. */
function visits(one, titles, alive) {
  return one.sessions.toReversed().slice(0, SHOWN).map((session) => {
    const place = el('div', {});
    if (!session.imported) visitInto(place, session.session, alive);
    return el('article', { class: 'visit minutes' }, el('h3', {}, el('a', { href: `#/session/${session.session}` }, day(session.date)), ' · ', called(session.practice, titles)), place);
  });
}

const pair = (one, titles, alive) => el('section', { class: 'card' }, el('h2', {}, listed(one.people.map(nameOf))), drawn(one), told(one),
  isCompared(one) ? table(one, titles) : el('p', { class: 'small' }, say('journey.no-comparison')), visits(one, titles, alive));

export async function view() {
  const [all, titles] = await Promise.all([get('/api/journey'), practiceTitles()]);
  let here = true;
  const node = el('div', {},
    heading(say('journey.title'), say(all.length ? 'journey.lead' : 'journey.none')),
    all.map((one) => pair(one, titles, () => here)),
    el('p', { class: 'note' }, say('journey.care')),
    el('p', { class: 'row' }, link(say('home.new'), '#/new')));
  return { node, title: say('journey.title'), leave: () => { here = false; } };
}
