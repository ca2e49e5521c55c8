/** A new session: what for, who, on how many screens. The address may bring a comparison, the people and who supports. */

import { get, send } from '../lib/api.js';
import { el, put } from '../lib/dom.js';
import { nameOf, prefs, pseudonym, remember } from '../lib/prefs.js';
import { bluetoothHindrance } from '../lib/strap.js';
import { has, say } from '../lib/words.js';
import { field, heading, oneOf, refusal, tick } from './frame.js';

const MOST = 6;
const [ONCE, OFTEN, MOST_VISITS] = [1, 4, 6]; // visits
const HALF = 0.5; // of the time alone: what the table of answers is read for
const PRACTICE = 'practice';
const HOUR = 'as-it-is';
const COIN = 'coin';
const nameInput = (value = '') => el('input', { type: 'text', autocomplete: 'off', maxlength: 32, value });
const unnamed = (k) => say(['new.first', 'new.second'][k] ?? 'new.another', { number: k + 1 });
const labels = (k) => say(['new.name-first', 'new.name-second'][k] ?? 'new.name-another', { number: k + 1 });

/** What a comparison is called, in the reader's language where the words have it. */
export const protocolTitle = (one) => (has(`protocol.${one.id}`) ? say(`protocol.${one.id}`) : one.title);
const protocolAbout = (one) => (has(`protocol.${one.id}-about`) ? say(`protocol.${one.id}-about`) : one.about);

/** What the server is asked for; people who gave no name are called first, second and so on. */
export function wanted(form) {
  const taken = [];
  const people = form.names.map((name, k) => {
    const person = pseudonym(name || unnamed(k), taken);
    taken.push(person);
    return { person, child: k === 1 && form.child };
  });
  const facilitator = form.screens === 'facilitator';
  const design = form.designs?.find((one) => one.id === form.what);
  const helper = design?.one_tasked && form.asked !== null ? people[1 - form.asked].person : null;
  const what = { protocol: design?.id ?? null, practice: [HOUR, COIN].includes(form.what) ? HOUR : form.what === PRACTICE ? form.practice : null, minutes: null, helper, coin: form.what === COIN ? people[form.giver].person : null };
  return { people, source: 'straps', screens: form.screens === 'one' ? 'one' : 'own', facilitator, feedback: 'own', ...what };
}

async function begin(form) {
  const asked = wanted(form);
  const { room } = await send('/api/rooms', asked);
  const ids = asked.people.map((one) => one.person);
  const names = Object.fromEntries(ids.map((id, k) => [id, form.names[k] || unnamed(k)]));
  const mine = { one: ids, own: ids.slice(0, 1), facilitator: [] }[form.screens];
  remember({ names: { ...prefs.names, ...names }, rooms: { ...prefs.rooms, [room]: { role: asked.facilitator ? 'facilitator' : 'participant', people: mine, opened: true } } });
  location.hash = `#/room/${room}`;
}

/** How often such a session answers: read from the table of the project itself. */
function howOften(design) {
  const of = (ratio, visits) => design.answers.find((one) => Math.abs(one.ratio - ratio) < 1e-9 && one.visits === visits);
  const cells = [of(HALF, ONCE), of(HALF, OFTEN), of(HALF, MOST_VISITS), of(1, ONCE)];
  if (cells.some((cell) => cell === undefined)) return null;
  const [once, often, most] = cells.map(({ share }) => Math.round(100 * share));
  return el('p', { class: 'small' }, say('new.how-often', { once, often, most, wrong: cells[3].answered, tried: cells[3].sets }));
}

/** Two, as a rule; a group may be larger. */
function howMany(inputs, draw) {
  const list = el('select', { onchange: () => {
    const count = Number(list.value);
    while (inputs.length < count) inputs.push(nameInput());
    inputs.length = count;
    draw();
  } }, Array.from({ length: MOST - 1 }, (_, k) => el('option', { value: k + 2 }, k + 2)));
  return field(say('new.how-many'), list);
}

/** What a comparison needs to be said before it: who is asked, how often it answers, and for whom it is not. */
function before(form, design, inputs) {
  const called = (k) => inputs[k].value.trim() || unnamed(k);
  const turns = [['', say('new.asked-turns'), say('new.asked-turns-about')], ...[0, 1].map((k) => [String(k), called(k)])];
  const chosen = form.asked === null ? '' : String(form.asked);
  return [
    el('details', {}, el('summary', {}, say('new.how')), el('p', {}, protocolAbout(design), ' ', say('new.about-minutes', { minutes: design.minutes })), howOften(design)),
    design.one_tasked && oneOf(say('new.asked'), turns, chosen, (value) => { form.asked = value === '' ? null : Number(value); }),
    design.stirs && el('div', { class: 'note' }, el('p', {}, say('new.not-with-tasks')), tick(say('new.none-of-these'), form.fit, (on) => { form.fit = on; })),
  ];
}

/** Who may be cued, and what a session with a coin takes. */
function coinChoice(form, inputs) {
  const givers = [0, 1].map((k) => [String(k), inputs[k].value.trim() || unnamed(k)]);
  return [el('p', {}, say('new.coin-explained')), oneOf(say('new.coin-giver'), givers, String(form.giver), (value) => { form.giver = Number(value); })];
}

/** The choice of what a session is for, drawn again when people or the choice change. */
function purpose(form, inputs) {
  const place = el('div', {});
  const details = el('div', {});
  const draw = () => {
    const [first] = form.designs;
    const able = inputs.length === 2 && !form.child;
    const coin = able && form.screens === 'own'; // each needs a screen of their own
    if (!coin && form.what === COIN) form.what = HOUR;
    if (!able && form.designs.some((one) => one.id === form.what)) form.what = PRACTICE;
    const main = [
      able && first && [first.id, protocolTitle(first), say('new.recommended', { minutes: first.minutes })],
      [PRACTICE, form.title ?? say('new.practice'), form.title ? null : say('new.practice-about')],
      [HOUR, say('new.hour'), say('new.hour-about')],
      coin && [COIN, say('new.coin'), say('new.coin-about')],
      ...(able && form.more ? form.designs.slice(1).map((one) => [one.id, protocolTitle(one), say('new.about-minutes', { minutes: one.minutes })]) : []),
    ].filter(Boolean);
    put(place, oneOf(say('new.what'), main, form.what, (value) => { form.what = value; explain(); }));
    explain();
  };
  const explain = () => {
    const design = form.designs.find((one) => one.id === form.what);
    if (form.what === COIN) return put(details, coinChoice(form, inputs));
    return put(details, design ? before(form, design, inputs) : '');
  };
  return { node: el('div', {}, place, details), draw, explain };
}

export async function view(what, helper, ...given) {
  const designs = await get('/api/protocols').catch(() => []);
  const titles = new Map((await get('/api/practices').catch(() => [])).map((one) => [one.id, one.title]));
  const practice = titles.has(what) && what !== HOUR ? what : null; // from a card of the practices
  const longer = designs.slice(1).some((one) => one.id === what);
  const known = given.length === 2 ? given : [];
  const form = {
    names: ['', ''], screens: 'one', child: false, giver: 1, designs, more: longer, fit: false,
    what: designs.some((one) => one.id === what) || [HOUR, PRACTICE].includes(what) ? what : practice ? PRACTICE : null, // people say what it is for
    practice, title: titles.get(practice),
    asked: known.includes(helper) ? 1 - known.indexOf(helper) : null,
  };
  const problem = el('div', {});
  const inputs = [0, 1].map((k) => nameInput(known[k] ? nameOf(known[k]) : ''));
  const fields = el('div', { class: 'pair-fields' });
  const chosen = purpose(form, inputs);
  const draw = () => {
    put(fields, inputs.map((input, k) => field(labels(k), input)));
    chosen.draw();
  };
  for (const input of inputs) input.addEventListener('input', chosen.explain);
  const go = (event) => {
    event?.preventDefault();
    form.names = inputs.map((input) => input.value.trim());
    if (form.what === null) return put(problem, el('p', { class: 'refusal', role: 'alert' }, say('new.what-first')));
    if (designs.find((one) => one.id === form.what)?.stirs && !form.fit) return put(problem, el('p', { class: 'refusal', role: 'alert' }, say('new.not-fit')));
    return begin(form).catch((error) => put(problem, refusal(error)));
  };
  const screens = ['one', 'own', 'facilitator'].map((one) => [one, say(`new.screens-${one}`), say(`new.screens-${one}-about`)]);
  const hindrance = await bluetoothHindrance();
  draw();
  const node = el('div', { class: 'narrow' },
    heading(say('new.title')),
    el('form', { class: 'card', onsubmit: go },
      fields,
      el('p', { class: 'small' }, say('new.names-stay')),
      chosen.node,
      oneOf(say('new.screens'), screens, 'one', (value) => { form.screens = value; chosen.draw(); }),
      el('details', {}, el('summary', {}, say('new.more')),
        howMany(inputs, draw),
        tick(say('new.child'), false, (on) => { form.child = on; draw(); }, say('new.child-about')),
        designs.length > 1 && tick(say('new.longer'), longer, (on) => { form.more = on; draw(); }, say('new.longer-about'))),
      hindrance && el('p', { class: 'note hindrance' }, say(hindrance)),
      el('p', { class: 'note' }, say('new.not-for')),
      problem,
      el('div', { class: 'row' }, el('button', { type: 'submit', class: 'strong' }, say('new.begin')))));
  return { node, title: say('new.title') };
}
