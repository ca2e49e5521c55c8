/** Help now: numbers by country, kept with the pages so that they are there without a network. Nothing is inferred here. */

import { el } from '../lib/dom.js';
import { say } from '../lib/words.js';
import { heading, link } from './frame.js';

const callable = (number) => el('a', { href: `tel:${number.replace(/[^\d+]/g, '')}` }, number);

const country = (one) => el('article', { class: 'card country' },
  el('h2', {}, one.name),
  el('p', { class: 'emergency' }, say('help.emergency'), ' ', one.emergency.flatMap((number, k) => [k ? ' / ' : '', callable(number)])),
  el('ul', {}, one.lines.map((line) => el('li', {}, `${line.name}: `, callable(line.number)))));

export async function view() {
  const { checked, countries } = await (await fetch('/words/help.json')).json();
  const node = el('div', {},
    heading(say('help.title'), say('help.lead')),
    el('section', { class: 'card' }, el('h2', {}, say('help.safe')), el('p', {}, say('help.safe-how'))),
    el('p', {}, say('help.other')),
    el('div', { class: 'cards' }, countries.map(country)),
    el('p', { class: 'small' }, say('help.checked', { date: checked })),
    el('p', { class: 'row' }, link(say('home.breathe'), '#/breathe')));
  return { node, title: say('help.title') };
}
