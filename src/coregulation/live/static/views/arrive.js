/** Arriving: who is here, what will happen, what is to be practised; everybody says when they are ready. */

import { send as post } from '../lib/api.js';
import { el, put } from '../lib/dom.js';
import { nameOf } from '../lib/prefs.js';
import { say } from '../lib/words.js';
import { button, oneOf, refusal } from './frame.js';

/** One “ready” for each person at this screen; a simulated pair needs one for all. */
export function readiness(hall, one, all) {
  const row = el('div', { class: 'row ready' });
  const draw = () => {
    const people = hall.people.filter((person) => hall.seat(person));
    const waiting = people.filter((person) => !hall.seat(person).ready);
    if (hall.room.simulated) return put(row, button(all, () => waiting.forEach((person) => hall.send({ type: 'ready', person })), { class: 'strong' }));
    const buttons = people.map((person) => {
      const { ready } = hall.seat(person);
      return button(ready ? say('ready.yes', { name: nameOf(person) }) : one(nameOf(person)), () => hall.send({ type: 'ready', person }), { class: ready ? 'done' : 'strong', disabled: ready });
    });
    const others = hall.room.seats.filter((seat) => !hall.people.includes(seat.person) && !seat.ready).map((seat) => nameOf(seat.person));
    return put(row, buttons, others.length > 0 && el('p', { class: 'small' }, say('ready.waiting', { names: others.join(', ') })));
  };
  draw();
  return { node: row, draw };
}

function chooser(hall) {
  const place = el('div', {});
  const wish = { practice: hall.room.practice ?? 'silent-sitting', anchor: hall.room.anchor, feedback: hall.room.feedback };
  const tell = () => hall.send({ type: 'choose', practice: wish.practice, anchor: wish.anchor, feedback: wish.feedback });
  const draw = (all) => {
    const one = all.find((some) => some.id === wish.practice) ?? all[0];
    if (!one) return;
    const list = el('select', { id: 'practice', onchange: (event) => { Object.assign(wish, { practice: event.target.value, anchor: null }); wish.feedback = null; draw(all); tell(); } },
      all.map((some) => el('option', { value: some.id, selected: some.id === one.id }, some.title)));
    const able = one.feedback ?? ['own', 'none'];
    if (!able.includes(wish.feedback)) wish.feedback = able.includes('own') ? 'own' : able[0];
    const anchors = one.anchor ?? one.anchors ?? [];
    wish.anchor ??= (anchors.find((some) => some.default) ?? anchors[0])?.id ?? null;
    put(place,
      el('div', { class: 'field' }, el('label', { for: 'practice' }, say('arrive.practice')), list, el('small', {}, one.about)),
      oneOf(say('arrive.anchor'), anchors.map((some) => [some.id, some.label, some.say]), wish.anchor, (value) => { wish.anchor = value; tell(); }),
      oneOf(say('arrive.feedback'), able.map((some) => [some, say(`feedback.${some}`), say(`feedback.${some}-about`)]), wish.feedback, (value) => { wish.feedback = value; tell(); }),
      el('p', { class: 'evidence small' }, el('b', {}, say(`practice.evidence-${one.evidence}`)), ' ', one.evidence_said),
      one.cautions.map((text) => el('p', { class: 'note' }, text)));
  };
  hall.practices.then((all) => {
    const child = hall.room.seats.some((seat) => seat.child);
    draw(all.filter((one) => (one.people !== 'group' || hall.everybody.length > 2) && (one.children || !child)));
    if (!hall.room.practice) tell(); // what the page offers first is what the room knows
  });
  return el('details', { class: 'card', open: true }, el('summary', {}, say('arrive.choose')), place);
}

/** A code, an address and a picture to scan, for a device that is to join. */
function invitation(hall) {
  const place = el('div', {});
  const away = hall.room.seats.filter((seat) => !seat.here && !hall.people.includes(seat.person));
  if (away.length === 0 || hall.people.length > 1) return null;
  const invite = async (person) => {
    const made = await post(`/api/rooms/${hall.id}/invitations`, { role: 'participant', people: [person] });
    const picture = made.qr && el('img', { class: 'qr', alt: say('invite.qr'), src: `data:image/svg+xml;utf8,${encodeURIComponent(made.qr)}` });
    put(place, picture, el('p', {}, say('invite.code'), ' ', el('code', { class: 'code' }, made.code)), el('p', { class: 'small' }, el('code', {}, made.url)), el('p', { class: 'small' }, say('invite.expires', { minutes: Math.round(made.expires / 60) })));
  };
  return el('section', { class: 'card' }, el('h2', {}, say('invite.title')),
    el('div', { class: 'row' }, away.map((seat) => button(say('invite.for', { name: nameOf(seat.person) }), () => invite(seat.person).catch((error) => put(place, refusal(error)))))), place);
}

/** People at the door, for whoever may let them in. */
function door(hall, place) {
  put(place, hall.room.waiting.map((one) => el('div', { class: 'card row' },
    el('p', {}, say('door.waits', { role: say(`role.${one.role}`), names: one.people.map(nameOf).join(', ') })),
    button(say('door.in'), () => hall.send({ type: 'admit', ticket: one.ticket, yes: true }), { class: 'strong' }),
    button(say('door.not'), () => hall.send({ type: 'admit', ticket: one.ticket, yes: false }), { class: 'quiet' }))));
}

export function arrive(hall) {
  const ready = readiness(hall, (name) => say('arrive.ready', { name }), say('arrive.go'));
  const waiting = el('div', {});
  const chosen = el('p', { class: 'small' });
  const draw = (room) => {
    ready.draw();
    door(hall, waiting);
    put(chosen, !hall.room.practice && (hall.protocol || !hall.opened) ? say('arrive.comparison') : hall.may('choose') ? '' : say('arrive.chosen-by-other', { feedback: say(`feedback.${room.feedback}`) }));
  };
  const node = el('div', { class: 'narrow' },
    el('header', { class: 'lead' }, el('h1', {}, say('arrive.title')), el('p', {}, say('arrive.lead'))),
    waiting,
    invitation(hall),
    hall.may('choose') && (hall.room.practice || (hall.opened && !hall.protocol)) && chooser(hall),
    chosen,
    el('p', { class: 'note' }, say('arrive.anytime')),
    ready.node);
  draw(hall.room);
  return { node, room: draw };
}
