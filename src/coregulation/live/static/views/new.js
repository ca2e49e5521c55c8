/** A new session: who, on how many screens, with what to measure. */

import { get, send } from '../lib/api.js';
import { el, put } from '../lib/dom.js';
import { prefs, pseudonym, remember } from '../lib/prefs.js';
import { bluetoothHindrance } from '../lib/strap.js';
import { say } from '../lib/words.js';
import { field, heading, oneOf, refusal, tick } from './frame.js';

const MOST = 6;
const nameInput = () => el('input', { type: 'text', autocomplete: 'off', maxlength: 32 });
const unnamed = (k) => say(['new.first', 'new.second'][k] ?? 'new.another', { number: k + 1 });
const labels = (k) => say(['new.name-first', 'new.name-second'][k] ?? 'new.name-another', { number: k + 1 });

/** What the server is asked for; people who gave no name are called first, second and so on. */
export function wanted(form) {
  const taken = [];
  const people = form.names.map((name, k) => {
    const person = pseudonym(name || unnamed(k), taken);
    taken.push(person);
    return { person, child: k === 1 && form.child };
  });
  const facilitator = form.screens === 'facilitator';
  return { people, source: 'straps', screens: form.screens === 'one' ? 'one' : 'own', facilitator, feedback: 'own', protocol: form.protocol || null };
}

async function begin(form) {
  const asked = wanted(form);
  const { room } = await send('/api/rooms', asked);
  const ids = asked.people.map((one) => one.person);
  const names = Object.fromEntries(ids.map((id, k) => [id, form.names[k] || unnamed(k)]));
  const mine = { one: ids, own: ids.slice(0, 1), facilitator: [] }[form.screens];
  remember({ names: { ...prefs.names, ...names }, rooms: { ...prefs.rooms, [room]: { role: asked.facilitator ? 'facilitator' : 'participant', people: mine, opened: true, protocol: asked.protocol } } });
  location.hash = `#/room/${room}`;
}

/** A practice chosen on arriving, or a comparison that brings its own. */
function comparison(designs, form) {
  const told = el('small', {}, say('new.protocol-about'));
  const list = el('select', { id: 'protocol', onchange: () => {
    form.protocol = list.value;
    put(told, designs.find((one) => one.id === list.value)?.about ?? say('new.protocol-about'));
  } }, el('option', { value: '' }, say('new.protocol-none')), designs.map((one) => el('option', { value: one.id }, one.title)));
  return el('div', { class: 'field' }, el('label', { for: 'protocol' }, say('new.protocol')), list, told);
}

/** Two, as a rule; a group may be larger. */
function howMany(inputs, place) {
  const list = el('select', { onchange: () => {
    const wanted = Number(list.value);
    while (inputs.length < wanted) inputs.push(nameInput());
    inputs.length = wanted;
    put(place, inputs.map((input, k) => field(labels(k), input)));
  } }, Array.from({ length: MOST - 1 }, (_, k) => el('option', { value: k + 2 }, k + 2)));
  return field(say('new.how-many'), list);
}

export async function view() {
  const form = { names: ['', ''], screens: 'one', child: false, protocol: '' };
  const designs = await get('/api/protocols').catch(() => []);
  const design = comparison(designs, form);
  const problem = el('div', {});
  const inputs = [nameInput(), nameInput()];
  const names = el('div', { class: 'pair-fields' }, inputs.map((input, k) => field(labels(k), input)));
  const go = (event) => {
    event?.preventDefault();
    form.names = inputs.map((input) => input.value.trim());
    begin(form).catch((error) => put(problem, refusal(error)));
  };
  const screens = ['one', 'own', 'facilitator'].map((one) => [one, say(`new.screens-${one}`), say(`new.screens-${one}-about`)]);
  const hindrance = await bluetoothHindrance();
  const node = el('div', { class: 'narrow' },
    heading(say('new.title')),
    el('form', { class: 'card', onsubmit: go },
      names,
      el('p', { class: 'small' }, say('new.names-stay')),
      oneOf(say('new.screens'), screens, 'one', (value) => { form.screens = value; }),
      el('details', {}, el('summary', {}, say('new.more')),
        howMany(inputs, names),
        tick(say('new.child'), false, (on) => { form.child = on; }, say('new.child-about')),
        designs.length > 0 && design),
      hindrance && el('p', { class: 'note hindrance' }, say(hindrance)),
      el('p', { class: 'note' }, say('new.not-for')),
      problem,
      el('div', { class: 'row' }, el('button', { type: 'submit', class: 'strong' }, say('new.begin')))));
  return { node, title: say('new.title') };
}
