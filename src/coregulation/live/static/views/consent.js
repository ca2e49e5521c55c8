/** Two consents, each by purpose, each on its own half of the screen. */

import { el, put } from '../lib/dom.js';
import { nameOf } from '../lib/prefs.js';
import { listed, say } from '../lib/words.js';
import { coinAbout, coinCommitment } from './coin.js';
import { button, tick } from './frame.js';

const PURPOSES = ['show-partner', 'show-facilitator', 'keep', 'research', 'coin'];
const USUAL = new Set(); // nothing is ticked beforehand

/** The words that count are the server's, since it keeps which of them were agreed to. */

function half(hall, person, about) {
  const seat = hall.seat(person);
  const wish = new Set(seat.consented ? seat.consents : USUAL);
  let guardian = false;
  const offered = PURPOSES.filter((one) => (one !== 'show-facilitator' || hall.room.facilitator) && (one !== 'show-partner' || hall.everybody.length > 1) && (one !== 'coin' || hall.room.coin));
  const place = el('article', { class: `card half ${hall.form(person)}` });
  const agree = () => {
    hall.send({ type: 'consent', person, purposes: [...wish], text_version: about.text_version ?? '1', guardian });
    hall.send({ type: 'ready', person });
  };
  const choose = (one, on) => {
    if (on) wish.add(one);
    else wish.delete(one);
    if (one === 'research' && on && !wish.has('keep')) { wish.add('keep'); draw(); } // what is not kept cannot be handed on
    if (one === 'keep' && !on && wish.delete('research')) draw();
  };
  const draw = () => {
    const now = hall.seat(person);
    if (now.consented && (now.ready || hall.room.phase === 'paused')) return put(place, el('h2', {}, nameOf(person)), el('p', { class: 'answered' }, say('consent.given')), el('p', { class: 'small' }, say('consent.back')));
    return put(place,
      el('h2', {}, nameOf(person)),
      el('p', {}, say('consent.take-part')),
      offered.map((one) => tick(say(`consent.${one}`), wish.has(one), (on) => choose(one, on), one === 'coin' ? coinAbout(hall.room.coin, person) : say(`consent.${one}-about`))),
      hall.room.coin && coinCommitment(hall.room.coin),
      now.child && tick(say('consent.guardian'), guardian, (on) => { guardian = on; }, say('consent.guardian-about')),
      button(say('consent.yes', { name: nameOf(person) }), agree, { class: 'strong' }));
  };
  draw();
  let was = seat.consented && seat.ready;
  return {
    node: place,
    update() {
      const is = hall.seat(person).consented && (hall.seat(person).ready || hall.room.phase === 'paused');
      if (is !== was) draw();
      was = is;
    },
  };
}

/** Nobody real is asked: the marked pair agrees to everything at one tap. */
function simulated(hall, about) {
  const go = (event) => {
    event.target.disabled = true;
    for (const person of hall.people) {
      hall.send({ type: 'consent', person, purposes: ['show-partner', 'show-facilitator', 'keep'], text_version: about.text_version ?? '1' });
      hall.send({ type: 'ready', person });
    }
  };
  return el('div', { class: 'card' }, el('p', {}, say('consent.simulated')), button(say('arrive.go'), go, { class: 'strong' }));
}

export function consent(hall) {
  let halves = [];
  const place = el('div', {});
  const others = el('p', { class: 'small' });
  const draw = () => {
    halves.forEach((one) => one.update());
    const waiting = hall.room.seats.filter((seat) => !seat.consented && !hall.people.includes(seat.person)).map((seat) => nameOf(seat.person));
    put(others, waiting.length ? say('ready.waiting', { names: listed(waiting) }) : '');
  };
  hall.about.then((about) => {
    if (hall.room.simulated) return put(place, simulated(hall, about));
    halves = hall.people.filter((person) => hall.seat(person)).map((person) => half(hall, person, about));
    return put(place, el('div', { class: 'halves-grid' }, halves.map((one) => one.node)));
  });
  draw();
  return { node: el('div', {}, el('header', { class: 'lead' }, el('h1', {}, say('consent.title')), el('p', {}, say(hall.people.length ? 'consent.lead' : 'consent.lead-away'))), place, others), room: draw };
}
