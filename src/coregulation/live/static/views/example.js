/** A finished session to look at, at once: a simulated comparison in which one steadies the other. */

import { el } from '../lib/dom.js';
import { say } from '../lib/words.js';
import { heading, link, simulatedMark } from './frame.js';
import { EXAMPLE, minutesInto } from './minutes.js';
import { reportInto } from './session.js';

export async function view() {
  const minutes = el('div', {}, el('p', { class: 'working', role: 'status' }, say('example.working')));
  const report = el('section', { class: 'report-place' });
  let here = true;
  minutesInto(minutes, EXAMPLE, { alive: () => here });
  reportInto(report, EXAMPLE, () => here);
  const node = el('div', {}, simulatedMark(), heading(say('example.title'), say('example.lead')), minutes,
    el('p', { class: 'row' }, link(say('example.try'), '#/new/quarter-hour', { class: 'button strong' })),
    el('h2', {}, say('minutes.how')), report);
  return { node, title: say('example.title'), leave: () => { here = false; } };
}
