/** Whoever is not here: at the door, for whoever may let them in; and away, for a place that another device is to take. */

import { send as post } from '../lib/api.js';
import { el, put } from '../lib/dom.js';
import { nameOf } from '../lib/prefs.js';
import { listed, say } from '../lib/words.js';
import { button, refusal } from './frame.js';

/** Show people at the door. */
export function door(hall, place) {
  put(place, hall.room.waiting.map((one) => el('div', { class: 'card row' },
    el('p', {}, one.role === 'participant' ? say('door.waits', { name: listed(one.people.map(nameOf)) }) : say('door.waits', { name: say(`role.${one.role}`) })),
    button(say('door.in'), () => hall.send({ type: 'admit', ticket: one.ticket, yes: true }), { class: 'strong' }),
    button(say('door.not'), () => hall.send({ type: 'admit', ticket: one.ticket, yes: false }), { class: 'quiet' }))));
}

/** Make a code for a person and show it in a place: a text, an address and a picture to scan. */
export async function invite(hall, person, place) {
  put(place, ''); // nobody is to be given the code of another
  const made = await post(`/api/rooms/${hall.id}/invitations`, { role: 'participant', people: [person] });
  const picture = made.qr && el('img', { class: 'qr', alt: say('invite.qr'), src: `data:image/svg+xml;utf8,${encodeURIComponent(made.qr)}` });
  put(place, picture, el('p', {}, say('invite.code'), ' ', el('code', { class: 'code' }, made.code)), el('p', { class: 'small' }, el('code', {}, made.url)), el('p', { class: 'small' }, say('invite.expires', { minutes: Math.round(made.expires / 60) })));
}

/** The places of those who are away, while the session is on; only who runs the computer or guides sees them. */
export class Away {
  #shown = '';

  constructor(hall) {
    this.hall = hall;
    this.seats = el('div', {});
    this.code = el('div', {});
    this.door = el('div', {});
    this.node = el('div', { class: 'away' }, this.door, this.seats, this.code);
    this.runs = hall.role === 'facilitator';
    hall.about.then((about) => { this.runs ||= about.device === 'host'; if (hall.room) this.room(hall.room); });
  }

  room(room) {
    const { hall } = this;
    if (room.phase !== 'arrive') door(hall, this.door);
    else put(this.door, '');
    const on = !['arrive', 'report', 'ended'].includes(room.phase) && this.runs && !hall.shared;
    const away = on ? room.seats.filter((seat) => !seat.here && !hall.people.includes(seat.person)).map((seat) => seat.person) : [];
    if (away.join() === this.#shown) return;
    this.#shown = away.join();
    if (away.length === 0) put(this.code, '');
    put(this.seats, away.map((person) => el('div', { class: 'card row' },
      el('p', {}, say('away.is', { name: nameOf(person) })),
      button(say('away.free', { name: nameOf(person) }), () => this.#free(person), { class: 'quiet' }))));
  }

  /** The place is free, and a code lets another device take it. */
  async #free(person) {
    try {
      await post(`/api/rooms/${this.hall.id}/free`, { person });
      await invite(this.hall, person, this.code);
    } catch (error) {
      put(this.code, refusal(error));
    }
  }
}
