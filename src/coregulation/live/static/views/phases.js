/** The phases of a session, in order: what stands in the middle of the screen, and how it changes. */

import { el, paragraphs, put } from '../lib/dom.js';
import { nameOf } from '../lib/prefs.js';
import { listed, say, sayReason } from '../lib/words.js';
import { arrive } from './arrive.js';
import { consent } from './consent.js';
import { words } from './feelings.js';
import { button, horizon, link } from './frame.js';
import { minutesInto } from './minutes.js';
import { practice, quiet } from './together.js';
import { reportInto } from './session.js';
import { sensors } from './worn.js';

const baseline = (hall) => quiet(hall, { title: say('baseline.title'), lines: [say('baseline.how'), say('baseline.why'), say('baseline.leave')], skip: say('baseline.skip') });

const settle = (hall) => quiet(hall, { title: say('settle.title'), lines: [say('settle.how'), say('settle.choice')], skip: say('settle.skip'), shapes: true });

function paused(hall) {
  const again = hall.people.some((person) => hall.seat(person) && !hall.seat(person).consented) ? consent(hall) : null;
  const node = el('div', { class: 'calm' }, el('h1', {}, say('paused.title')), el('p', {}, say(again ? 'paused.asked-again' : 'paused.how')), again?.node,
    button(say('paused.resume'), () => hall.send({ type: 'resume' }), { class: 'strong' }));
  return { node, room: again?.room };
}

function ended() {
  const node = el('div', { class: 'calm grounding' },
    horizon(),
    el('h1', {}, say('ended.title')),
    paragraphs(say('ended.grounding'), { class: 'big' }),
    el('p', { class: 'small' }, say('ended.counts')),
    el('p', { class: 'row centre' }, link(say('ended.sessions'), '#/sessions'), link(say('menu.help'), '#/help', { class: 'button quiet' })));
  return { node };
}

function report(hall) {
  let here = true;
  const place = el('div', {}, el('p', { role: 'status' }, say('report.working')));
  const shared = el('div', { class: 'cards' });
  const reveal = ({ person, text, ratings, signs = [] }) => shared.append(el('article', { class: 'card' },
    el('h2', {}, say('words.of', { name: nameOf(person) })), paragraphs(text || say('words.none')),
    el('ul', { class: 'plain small' }, signs.map((sign) => el('li', {}, say(`sign.${sign}`))), Object.entries(ratings).map(([item, value]) => el('li', {}, `${say(`rating.${item}`)}: ${value}`)))));
  for (const one of hall.revealed.values()) reveal(one);
  const minutes = el('div', {});
  let shown = false;
  const first = (id) => { // as soon as there is anything, and once
    if (!shown) minutesInto(minutes, id, { shared: hall.shared, alive: () => here }).then((there) => there && put(shared, '')); // words stand in it
    shown = true;
  };
  const told = ({ state, url, ...reason }) => {
    first(hall.id);
    if (state === 'none') put(place, el('p', { class: 'note' }, reason.reason ? sayReason(reason) : say('report.none')));
    if (state === 'ready' && url) reportInto(place, url.split('/').find((_, k, parts) => parts[k - 1] === 'sessions') ?? hall.id, () => here);
  };
  if (hall.report) told(hall.report);
    const node = el('div', {}, el('header', { class: 'lead' }, el('h1', {}, say('report.title')), el('p', {}, say('report.lead', { names: listed(hall.everybody.map(nameOf)) }))), shared, minutes, el('h2', {}, say('minutes.how')), place);
  return { node, report: told, revealed: reveal, leave: () => { here = false; } };
}

export const PHASES = { arrive, consent, sensors, baseline, practice, settle, words, report, paused, ended };
