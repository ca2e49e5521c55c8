/** The first page: begin, or look at what was. */

import { send } from '../lib/api.js';
import { el, put, svg } from '../lib/dom.js';
import { prefs, remember } from '../lib/prefs.js';
import { say } from '../lib/words.js';
import { button, link, refusal } from './frame.js';

const picture = () => svg('svg', { viewBox: '0 0 400 200', class: 'pair hero', 'aria-hidden': 'true' },
  svg('defs', {},
    ...['round', 'square'].map((form) => svg('radialGradient', { id: `hero-${form}` }, svg('stop', { offset: '30%', class: `glow-in ${form}` }), svg('stop', { offset: '100%', class: `glow-out ${form}` }))),
    svg('pattern', { id: 'hero-dots', width: 13, height: 13, patternUnits: 'userSpaceOnUse' }, svg('circle', { cx: 3.5, cy: 3.5, r: 1.7, class: 'texture dot' }), svg('circle', { cx: 10, cy: 10, r: 1.7, class: 'texture dot' }))),
  svg('circle', { cx: 145, cy: 100, r: 96, fill: 'url(#hero-round)' }),
  svg('circle', { cx: 255, cy: 100, r: 96, fill: 'url(#hero-square)' }),
  svg('circle', { cx: 145, cy: 100, r: 56, class: 'shape round' }),
  [16, 27, 38, 49].map((r) => svg('circle', { cx: 145, cy: 100, r, class: 'texture ring' })),
  svg('rect', { x: 203, y: 48, width: 104, height: 104, rx: 28, class: 'shape square' }),
  svg('rect', { x: 203, y: 48, width: 104, height: 104, rx: 28, fill: 'url(#hero-dots)' }));

/** A simulated pair, at once: nobody is measured, and every screen says so. */
export async function lookAround() {
  const people = ['ada', 'ben'];
  const asked = { people: people.map((person) => ({ person })), source: 'simulated', screens: 'one', practice: 'silent-sitting', feedback: 'both' };
  const { room } = await send('/api/rooms', asked);
  remember({ names: { ...prefs.names, ada: 'Ada', ben: 'Ben' }, rooms: { ...prefs.rooms, [room]: { role: 'participant', people } } });
  location.hash = `#/room/${room}`;
}

const card = (key, href) => el('a', { href, class: 'card tile' }, el('h2', {}, say(`home.${key}`)), el('p', {}, say(`home.${key}-about`)));

export async function view() {
  const problem = el('div', {});
  const look = () => lookAround().catch((error) => put(problem, refusal(error)));
  const node = el('div', { class: 'home' },
    el('section', { class: 'opening' },
      picture(),
      el('h1', {}, say('home.title')),
      el('p', { class: 'big' }, say('home.lead')),
      el('div', { class: 'row' }, link(say('home.new'), '#/new', { class: 'button strong' }), button(say('home.look'), look)),
      problem,
      el('p', { class: 'small' }, say('home.iphone'))),
    el('section', { class: 'tiles', 'aria-label': say('home.more') },
      card('practices', '#/practices'), card('sessions', '#/sessions'), card('journey', '#/journey'), card('import', '#/import')),
    el('footer', { class: 'small' }, el('p', {}, say('home.intent')), el('p', {}, say('home.privacy'))));
  return { node };
}
