/** The bar that tells who sees what, and lets everybody take back what they agreed to. */

import { el } from '../lib/dom.js';
import { nameOf } from '../lib/prefs.js';
import { has, listed, say } from '../lib/words.js';
import { button } from './frame.js';

/** Whether a signal is clear, everybody sees of everybody; it is said once and not in each line. */
const bodies = ({ sees: lines = [] }) => lines.map((one) => ({ ...one, what: one.what.filter((thing) => thing !== 'quality') })).filter((one) => one.what.length > 0);

const sees = (lines, who) => {
  const mine = lines.filter((one) => one.who === who).sort((a, b) => (b.whom === who) - (a.whom === who));
  const told = mine.map(({ whom, what }) => say(whom === who ? 'sees.own' : 'sees.of', { name: nameOf(whom), what: listed(what.map((thing) => say(`sees.${thing}`))) }));
  return told.length ? told.join('; ') : say('sees.nothing');
};

/** The bar in a few words, for when it is folded. */
export function inShort(room) {
  const lines = bodies(room);
  if (lines.length === 0) return say('sees.short-none');
  const between = lines.filter((one) => !has(`role.${one.who}`));
  if (between.length === 0) return say('sees.short-third');
  const pairs = new Set(between.map((one) => `${one.who} ${one.whom}`));
  const every = room.seats.length > 2 ? 'sees.short-all' : 'sees.short-both';
  const told = say(between.every((one) => one.who === one.whom) ? 'sees.short-own' : pairs.size === room.seats.length ** 2 ? every : 'sees.short-some');
  return between.length === lines.length ? told : say('sees.short-also', { told });
}

const label = (who) => (has(`role.${who}`) ? say(`role.${who}`) : nameOf(who));

/** What a person at this screen agreed to, each with a way to take it back at once. */
const takeBacks = (hall) => hall.people.flatMap((person) => (hall.seat(person)?.consents ?? []).map((purpose) => el('li', {},
  `${nameOf(person)}: ${say(`consent.${purpose}`)} `,
  button(say('consent.take-back'), () => hall.send({ type: 'withdraw', person, purpose }), { 'aria-label': `${say('consent.take-back')}: ${nameOf(person)}, ${say(`consent.${purpose}`)}` }))));

/** The bar is folded, so what can be taken back is not folded once more: it stays two taps away. */
export function seesBar(hall) {
  const lines = bodies(hall.room);
  const lookers = [...new Set([...hall.everybody, ...(hall.room.sees ?? []).map((one) => one.who)])];
  const agreed = hall.may('withdraw') ? takeBacks(hall) : [];
  return [el('ul', {}, lookers.map((who) => el('li', {}, el('b', {}, label(who)), ' ', sees(lines, who)))),
    el('p', {}, say('sees.quality')),
    agreed.length > 0 && [el('p', {}, el('b', {}, say('consent.agreed'))), el('ul', {}, agreed)]];
}
