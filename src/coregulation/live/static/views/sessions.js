/** Sessions that were kept and that this device may see. */

import { get } from '../lib/api.js';
import { el } from '../lib/dom.js';
import { nameOf } from '../lib/prefs.js';
import { day, listed, say } from '../lib/words.js';
import { heading, link, practiceTitles } from './frame.js';

const row = (one, titles) => el('li', { class: 'card session' },
  el('div', {}, el('h2', {}, el('a', { href: `#/session/${one.session}` }, listed(one.people.map(nameOf)))),
    el('p', { class: 'small' }, [day(one.date), titles.get(one.practice) ?? one.practice, one.minutes && say('practice.minutes', { minutes: Math.round(one.minutes) })].filter(Boolean).join(' · '))),
  one.simulated && el('span', { class: 'mark-simulated' }, say('simulated.short')));

export async function view() {
  const [all, open, titles] = await Promise.all([get('/api/sessions'), get('/api/rooms'), practiceTitles()]);
  const going = open.filter((one) => !['ended', 'report'].includes(one.phase));
  const node = el('div', { class: 'narrow' },
    heading(say('sessions.title'), say(all.length ? 'sessions.lead' : 'sessions.none')),
    going.length > 0 && el('section', { class: 'card' }, el('h2', {}, say('sessions.open')),
      el('ul', { class: 'plain' }, going.map((one) => el('li', {}, el('a', { href: `#/room/${one.room}` }, listed(one.people.map(nameOf))))))),
    el('ul', { class: 'plain' }, all.map((one) => row(one, titles))),
    el('p', { class: 'row' }, link(say('home.new'), '#/new'), link(say('home.import'), '#/import')));
  return { node, title: say('sessions.title') };
}
