/** Two consents, each by purpose, each on its own half of the screen. */

import { el, put } from '../lib/dom.js';
import { nameOf } from '../lib/prefs.js';
import { say } from '../lib/words.js';
import { button, tick } from './frame.js';

const TEXT_VERSION = '1';
const PURPOSES = ['show-partner', 'show-facilitator', 'keep', 'research'];
const USUAL = new Set(['keep']);

function half(hall, person) {
  const seat = hall.seat(person);
  const wish = new Set(seat.consented ? seat.consents : USUAL);
  let guardian = false;
  const offered = PURPOSES.filter((one) => one !== 'show-facilitator' || hall.room.facilitator);
  const place = el('article', { class: 'card half' });
  const agree = () => {
    hall.send({ type: 'consent', person, purposes: [...wish], text_version: TEXT_VERSION, guardian });
    hall.send({ type: 'ready', person });
  };
  const draw = () => {
    const now = hall.seat(person);
    if (now.consented && now.ready) return put(place, el('h2', {}, nameOf(person)), el('p', { class: 'answered' }, say('consent.given')), el('p', { class: 'small' }, say('consent.back')));
    return put(place,
      el('h2', {}, nameOf(person)),
      offered.map((one) => tick(say(`consent.${one}`), wish.has(one), (on) => (on ? wish.add(one) : wish.delete(one)), say(`consent.${one}-about`))),
      now.child && tick(say('consent.guardian'), false, (on) => { guardian = on; }, say('consent.guardian-about')),
      button(say('consent.yes', { name: nameOf(person) }), agree, { class: 'strong' }));
  };
  draw();
  let was = seat.consented && seat.ready;
  return {
    node: place,
    update() {
      const is = hall.seat(person).consented && hall.seat(person).ready;
      if (is !== was) draw();
      was = is;
    },
  };
}

/** Nobody real is asked: the marked pair agrees to everything at one tap. */
function simulated(hall) {
  const go = () => hall.people.forEach((person) => {
    hall.send({ type: 'consent', person, purposes: ['show-partner', 'show-facilitator', 'keep'], text_version: TEXT_VERSION });
    hall.send({ type: 'ready', person });
  });
  return el('div', { class: 'card' }, el('p', {}, say('consent.simulated')), button(say('arrive.go'), go, { class: 'strong' }));
}

export function consent(hall) {
  const halves = hall.room.simulated ? [] : hall.people.filter((person) => hall.seat(person)).map((person) => half(hall, person));
  const others = el('p', { class: 'small' });
  const draw = () => {
    halves.forEach((one) => one.update());
    const waiting = hall.room.seats.filter((seat) => !seat.consented && !hall.people.includes(seat.person)).map((seat) => nameOf(seat.person));
    put(others, waiting.length ? say('ready.waiting', { names: waiting.join(', ') }) : '');
  };
  const node = el('div', {},
    el('header', { class: 'lead' }, el('h1', {}, say('consent.title')), el('p', {}, say('consent.lead'))),
    hall.room.simulated ? simulated(hall) : el('div', { class: 'halves-grid' }, halves.map((one) => one.node)),
    others);
  draw();
  return { node, room: draw };
}
