/** What can be practised: how it goes, what is known of it, for whom it is not. */

import { get } from '../lib/api.js';
import { el, paragraphs } from '../lib/dom.js';
import { say } from '../lib/words.js';
import { heading, link } from './frame.js';

const tags = (one) => el('ul', { class: 'tags' },
  [say(`practice.people-${one.people}`), say('practice.minutes', { minutes: Math.round(one.minutes) }), say(`practice.way-${one.way}`), one.children && say('practice.children')]
    .filter(Boolean).map((text) => el('li', {}, text)));

const evidence = (one) => el('p', { class: 'evidence' }, el('b', {}, say(`practice.evidence-${one.evidence}`)), ' ', one.evidence_said);

const steps = (one) => el('ol', { class: 'steps' }, (one.step ?? one.steps ?? []).map((step) => el('li', {}, paragraphs(step.say))));

const anchors = (one) => el('ul', {}, (one.anchor ?? one.anchors ?? []).map((anchor) => el('li', {}, el('b', {}, anchor.label), ': ', anchor.say)));

const wayOf = (one) => link(say('practice.begin'), `#/${one.people === 'one' ? 'alone' : 'new'}/${one.id}`, { 'aria-label': `${say('practice.begin')}: ${one.title}` });

/** One practice in full, folded, with the way to begin it. */
export const practiceCard = (one, way = wayOf(one)) => el('article', { class: 'card practice', id: `practice-${one.id}` },
  el('h2', {}, one.title), tags(one), el('p', {}, one.about), evidence(one),
  el('details', {}, el('summary', {}, say('practice.how')),
    steps(one),
    el('h3', {}, say('practice.anchors')), anchors(one),
    one.cautions.length > 0 && [el('h3', {}, say('practice.cautions')), el('ul', {}, one.cautions.map((text) => el('li', {}, text)))],
    el('h3', {}, say('practice.sources')), el('p', { class: 'small' }, one.sources.join(' · '))),
  el('p', { class: 'row' }, way));

export async function view() {
  const all = await get('/api/practices');
  const groups = [['mutual', all.filter((one) => one.way === 'mutual')], ['one-way', all.filter((one) => one.way === 'one-way')]];
  const node = el('div', {},
    heading(say('practices.title'), say('practices.lead')),
    el('p', { class: 'row' }, link(say('home.breathe'), '#/breathe')),
    groups.map(([way, some]) => el('section', {}, el('h2', { class: 'group' }, say(`practices.${way}`)), el('p', {}, say(`practices.${way}-about`)), el('div', { class: 'cards' }, some.map((one) => practiceCard(one))))));
  return { node, title: say('practices.title') };
}
