/** For one person: before being there for somebody, when nobody is there just now, and a moment to look how one is. */

import { get, send } from '../lib/api.js';
import { el, put } from '../lib/dom.js';
import { prefs, pseudonym, remember } from '../lib/prefs.js';
import { say } from '../lib/words.js';
import { button, field, heading, link, refusal } from './frame.js';
import { practiceCard } from './practices.js';

const GROUPS = [['before', ['body-check-in', 'parent-steady']], ['nobody', ['remembered-person', 'recorded-voice', 'nature', 'animal', 'kind-words', 'breathe-alone']], ['look', ['notice', 'seek']]];

export async function begin(practice, name, source = 'straps') {
  const person = pseudonym(name || say('alone.me'));
  const { room } = await send('/api/rooms', { people: [{ person }], source, practice, screens: 'one', feedback: 'own' });
  remember({ names: { ...prefs.names, ...(name ? { [person]: name } : {}) }, rooms: { ...prefs.rooms, [room]: { role: 'participant', people: [person], opened: true } } });
  location.hash = `#/room/${room}`;
}

export async function view(chosen) {
  const all = new Map((await get('/api/practices')).filter((one) => one.people === 'one').map((one) => [one.id, one]));
  const named = new Set(GROUPS.flatMap(([, ids]) => ids));
  const name = el('input', { type: 'text', autocomplete: 'off', maxlength: 32 });
  const problem = el('div', {});
  const start = (id) => () => begin(id, name.value.trim()).catch((error) => put(problem, refusal(error)));
  const card = (one) => practiceCard(one, button(say('practice.begin'), start(one.id), { class: one.id === chosen ? 'strong' : '', 'aria-label': `${say('practice.begin')}: ${one.title}` }));
  const section = (key, some) => some.length > 0 && el('section', {}, el('h2', { class: 'group' }, say(`alone.${key}`)), el('p', {}, say(`alone.${key}-about`)), el('div', { class: 'cards' }, some.map(card)));
  const others = [...all.values()].filter((one) => !named.has(one.id));
  const node = el('div', {}, heading(say('alone.title'), say('alone.lead')),
    el('div', { class: 'card' }, field(say('alone.name'), name, say('new.names-stay')), problem),
    GROUPS.map(([key, ids]) => section(key, [...ids.map((id) => all.get(id)).filter(Boolean), ...(key === 'look' ? others : [])])),
    el('p', { class: 'row' }, link(say('home.breathe'), '#/breathe')));
  return { node, title: say('alone.title') };
}
