/** The first page: begin, or look at what was. */

import { send } from '../lib/api.js';
import { el, put } from '../lib/dom.js';
import '../lib/pair-view.js';
import { prefs, remember } from '../lib/prefs.js';
import { say } from '../lib/words.js';
import { button, link, refusal } from './frame.js';

/** The two shapes of the room, at rest. */
function picture() {
  const node = el('pair-view', { class: 'hero' });
  node.start(['ada', 'ben'], () => '', () => null);
  node.show({ people: { ada: { signal: 'clean' }, ben: { signal: 'clean' } } });
  return node;
}

const FAST = 10; // times a clock

/** A simulated pair, at once and faster than a clock: nobody is measured, and every screen says so. */
export async function lookAround(what = { practice: 'silent-sitting' }) {
  const people = ['Ada', 'Ben'];
  const asked = { people: people.map((person) => ({ person })), source: 'simulated', screens: 'one', feedback: 'both', speed: FAST, ...what };
  const { room } = await send('/api/rooms', asked);
  remember({ rooms: { ...prefs.rooms, [room]: { role: 'participant', people, opened: true } } });
  location.hash = `#/room/${room}`;
}

const card = (key, href) => el('a', { href, class: 'card tile' }, el('h2', {}, say(`home.${key}`)), el('p', {}, say(`home.${key}-about`)));

export async function view() {
  const problem = el('div', {});
  const look = (what) => () => lookAround(what).catch((error) => put(problem, refusal(error)));
  const node = el('div', { class: 'home' },
    el('section', { class: 'opening' },
      picture(),
      el('h1', {}, say('home.title')),
      el('p', { class: 'big' }, say('home.lead')),
      el('div', { class: 'row' }, link(say('home.new'), '#/new', { class: 'button strong' }), link(say('home.example'), '#/example'))),
    el('section', { class: 'invented', 'aria-label': say('simulated.title') },
      el('p', { class: 'small' }, say('home.invented')),
      el('div', { class: 'row' }, button(say('home.look'), look(), { class: 'quiet' }), button(say('home.look-comparison'), look({ protocol: 'quarter-hour', helper: 'Ben' }), { class: 'quiet' })),
      problem),
    el('section', { class: 'tiles', 'aria-label': say('home.more') },
      card('practices', '#/practices'), card('alone', '#/alone'), card('sessions', '#/sessions'), card('journey', '#/journey'), card('import', '#/import')),
    el('footer', { class: 'small' }, el('p', {}, say('home.iphone')), el('p', {}, say('home.intent')), el('p', {}, say('home.privacy'))));
  return { node };
}
