/** The bar that tells who sees what, and lets everybody take back what they agreed to. */

import { el } from '../lib/dom.js';
import { nameOf } from '../lib/prefs.js';
import { has, listed, say } from '../lib/words.js';
import { button } from './frame.js';

const sees = ({ sees: lines = [] }, who) => {
  const mine = lines.filter((one) => one.who === who && one.what.length > 0).sort((a, b) => (b.whom === who) - (a.whom === who));
  const told = mine.map((one) => {
    const what = listed(one.what.map((thing) => say(`sees.${thing}`)));
    return say(one.whom === who ? 'sees.own' : 'sees.of', { name: nameOf(one.whom), what });
  });
  return told.length ? told.join('; ') : say('sees.nothing');
};

/** The bar in a few words, for when it is folded. */
export function inShort({ sees: lines = [] }) {
  const telling = lines.filter((one) => one.what.length > 0);
  if (telling.length === 0) return say('sees.short-none');
  if (telling.every((one) => one.who === one.whom)) return say('sees.short-own');
  const third = telling.filter((one) => has(`role.${one.who}`));
  return say(third.length === telling.length ? 'sees.short-third' : third.length ? 'sees.short-all' : 'sees.short-both');
}

const label = (who) => (has(`role.${who}`) ? say(`role.${who}`) : nameOf(who));

/** What a person at this screen agreed to, each with a way to take it back at once. */
const takeBacks = (hall) => hall.people.flatMap((person) => (hall.seat(person)?.consents ?? []).map((purpose) => el('li', {},
  `${nameOf(person)}: ${say(`consent.${purpose}`)} `,
  button(say('consent.take-back'), () => hall.send({ type: 'withdraw', person, purpose }), { 'aria-label': `${say('consent.take-back')}: ${nameOf(person)}, ${say(`consent.${purpose}`)}` }))));

/** Where the bar itself is folded, what can be taken back is not folded once more: it stays two taps away. */
export function seesBar(hall, folded) {
  const lookers = [...new Set([...hall.everybody, ...(hall.room.sees ?? []).map((one) => one.who)])];
  const agreed = hall.may('withdraw') ? takeBacks(hall) : [];
  return [el('ul', {}, lookers.map((who) => el('li', {}, el('b', {}, label(who)), ' ', sees(hall.room, who)))),
    agreed.length > 0 && el('details', { open: folded }, el('summary', {}, say('consent.agreed')), el('ul', {}, agreed))];
}
