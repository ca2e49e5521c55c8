/** Arriving: who is here, what will happen, what is to be practised; everybody says when they are ready. */

import { el, put } from '../lib/dom.js';
import { nameOf, prefs, remember } from '../lib/prefs.js';
import { listed, say } from '../lib/words.js';
import { door, invite } from './away.js';
import { button, field, oneOf, refusal } from './frame.js';
import { chooseTask } from './task.js';

const MINUTES = [3, 5, 10, 15, 20];

/** A “ready” of everybody at this screen, in one tap where they sit side by side; who sits elsewhere is waited for. */
export function readiness(hall, alone, both) {
  const row = el('div', { class: 'row ready' });
  const draw = () => {
    const people = hall.people.filter((person) => hall.seat(person));
    const missing = people.filter((person) => !hall.seat(person).ready);
    const names = listed(people.map(nameOf));
    const go = () => {
      if (hall.room.protocol && !hall.silent) hall.sound.start(); // a bell calls people back; it needs a tap to be allowed
      missing.forEach((person) => hall.send({ type: 'ready', person }));
    };
    const label = missing.length === 0 ? say(people.length > 1 ? 'ready.all' : 'ready.yes', { name: names }) : hall.room.simulated || people.length > 1 ? both : alone(names);
    const others = hall.room.seats.filter((seat) => !hall.people.includes(seat.person) && !seat.ready).map((seat) => nameOf(seat.person));
    return put(row, people.length > 0 && button(label, go, { class: missing.length ? 'strong' : 'done', disabled: missing.length === 0 }),
      others.length > 0 && el('p', { class: 'small' }, say('ready.waiting', { names: listed(others) })));
  };
  draw();
  return { node: row, draw };
}

/** What was chosen, in a few words, so that nobody has to read all that could be. */
const inShort = (one, wish) => [one.title, one.anchor.find((some) => some.id === wish.anchor)?.label, say(`feedback.${wish.feedback}`), minutesOf(wish.minutes ?? one.minutes)].map((text) => el('li', {}, text));

const minutesOf = (minutes) => say('arrive.minutes-are', { minutes: Math.round(minutes) });

/** How long: the practice's own length first, and some others. */
function lengths(one, wish, tell) {
  const able = [one.minutes, ...MINUTES.filter((some) => some !== Math.round(one.minutes))].sort((a, b) => a - b);
  const list = el('select', { onchange: () => { wish.minutes = Number(list.value); tell(); } },
    able.map((some) => el('option', { value: some, selected: some === (wish.minutes ?? one.minutes) }, minutesOf(some))));
  return field(say('arrive.minutes'), list);
}

function chooser(hall) {
  const place = el('div', {});
  const short = el('ul', { class: 'tags chosen' });
  const wish = { practice: hall.room.practice ?? (hall.group ? 'group' : 'silent-sitting'), anchor: hall.room.anchor, feedback: hall.room.feedback, minutes: prefs.rooms[hall.id]?.minutes ?? null };
  let one = null;
  const tell = () => {
    put(short, inShort(one, wish));
    remember({ rooms: { ...prefs.rooms, [hall.id]: { ...prefs.rooms[hall.id], minutes: wish.minutes } } });
    hall.send({ type: 'choose', practice: wish.practice, anchor: wish.anchor, feedback: wish.feedback, minutes: wish.minutes });
  };
  const draw = (all) => {
    one = all.find((some) => some.id === wish.practice) ?? all[0];
    const list = el('select', { id: 'practice', onchange: (event) => { Object.assign(wish, { practice: event.target.value, anchor: null, feedback: null, minutes: null }); draw(all); tell(); } },
      all.map((some) => el('option', { value: some.id, selected: some.id === one.id }, some.title)));
    const able = one.feedback.filter((some) => some !== 'facilitator' || hall.room.facilitator);
    if (!able.includes(wish.feedback)) wish.feedback = able.includes('own') ? 'own' : able[0];
    wish.anchor ??= (one.anchor.find((some) => some.default) ?? one.anchor[0]).id;
    put(short, inShort(one, wish));
    put(place,
      el('div', { class: 'field' }, el('label', { for: 'practice' }, say('arrive.practice')), list, el('small', {}, one.about)),
      lengths(one, wish, tell),
      oneOf(say('arrive.anchor'), one.anchor.map((some) => [some.id, some.label, some.say]), wish.anchor, (value) => { wish.anchor = value; tell(); }),
      oneOf(say('arrive.feedback'), able.map((some) => [some, say(`feedback.${some}`), say(`feedback.${some}-about`)]), wish.feedback, (value) => { wish.feedback = value; tell(); }),
      el('p', { class: 'evidence small' }, el('b', {}, say(`practice.evidence-${one.evidence}`)), ' ', one.evidence_said));
    put(cautions, one.cautions.map((text) => el('p', { class: 'note' }, text)));
  };
  const cautions = el('div', {});
  hall.practices.then((all) => {
    const child = hall.room.seats.some((seat) => seat.child);
    const one = hall.everybody.length === 1;
    const offered = all.filter((some) => (one ? some.people === 'one' : some.people !== 'group' || hall.group) && (some.children || !child));
    if (offered.length === 0) return;
    draw(offered);
    if (!hall.room.practice) tell(); // what the page offers first is what the room knows
  });
  return el('section', { class: 'card' }, el('h2', {}, say('arrive.choose')), short, cautions, el('details', { class: 'change' }, el('summary', {}, say('arrive.change')), place));
}

/** A code, an address and a picture to scan, for a device that is to join. */
function invitation(hall) {
  const place = el('div', {});
  const away = hall.room.seats.filter((seat) => !seat.here && !hall.people.includes(seat.person));
  if (away.length === 0 || !hall.opened || hall.shared) return null;
  return el('section', { class: 'card' }, el('h2', {}, say('invite.title')),
    el('div', { class: 'row' }, away.map((seat) => button(say('invite.for', { name: nameOf(seat.person) }), () => invite(hall, seat.person, place).catch((error) => put(place, refusal(error)))))), place);
}

export function arrive(hall) {
  const ready = readiness(hall, (name) => say('arrive.ready', { name }), say(hall.room.simulated ? 'arrive.go' : hall.group ? 'arrive.all' : 'arrive.both'));
  const waiting = el('div', {});
  const chosen = el('p', {});
  const titles = new Map();
  const task = hall.room.protocol ? chooseTask(hall) : null;
  const choosing = hall.opened && !task && !hall.room.coin && hall.may('choose');
  const draw = (room) => {
    ready.draw();
    door(hall, waiting);
    task?.draw(room);
    put(chosen, choosing || task ? '' : room.practice ? say('arrive.chosen-by-other', { practice: titles.get(room.practice) ?? '', feedback: say(`feedback.${room.feedback}`) }) : '');
  };
  hall.practices.then((all) => { // who did not open the room reads what was chosen
    all.forEach((one) => titles.set(one.id, one.title));
    draw(hall.room);
  });
  const node = el('div', { class: 'narrow' },
    el('header', { class: 'lead' }, el('h1', {}, say('arrive.title')), el('p', {}, say(task ? 'compare.arrive' : 'arrive.lead'))),
    waiting,
    invitation(hall),
    choosing && chooser(hall),
    task?.node,
    chosen,
    el('p', { class: 'note' }, say('arrive.anytime')));
  draw(hall.room);
  return { node, room: draw, way: ready.node };
}
