/** Small pieces that several pages share: fields, cards, choices. */

import { get } from '../lib/api.js';
import { el, svg } from '../lib/dom.js';
import { say } from '../lib/words.js';

export const button = (label, onclick, attributes = {}) => el('button', { type: 'button', onclick, ...attributes }, label);

export const link = (label, href, attributes = {}) => el('a', { href, class: 'button', ...attributes }, label);

export const heading = (title, lead) => el('header', { class: 'lead' }, el('h1', {}, title), lead && el('p', {}, lead));

let count = 0;
const fresh = (name) => `${name}-${(count += 1)}`;

/** A labelled field with a remark under it. */
export function field(label, input, remark) {
  input.id ||= fresh('field');
  const told = remark ? el('small', { id: fresh('told') }, remark) : null;
  if (told) input.setAttribute('aria-describedby', told.id);
  return el('div', { class: 'field' }, el('label', { for: input.id }, label), input, told);
}

/** One of several, as radio buttons: `choices` are [value, label, remark]. */
export function oneOf(legend, choices, chosen, onchange) {
  const name = fresh('one');
  const row = ([value, label, remark]) => {
    const id = fresh('choice');
    const input = el('input', { type: 'radio', name, value, id, checked: value === chosen, onchange: () => onchange(value) });
    return el('div', { class: 'choice' }, input, el('label', { for: id }, label, remark && el('small', {}, remark)));
  };
  return el('fieldset', { class: 'choices' }, el('legend', {}, legend), choices.map(row));
}

/** A switch that may be on or off. */
export function tick(label, checked, onchange, remark) {
  const id = fresh('tick');
  const input = el('input', { type: 'checkbox', id, checked, onchange: (event) => onchange(event.target.checked) });
  return el('div', { class: 'choice' }, input, el('label', { for: id }, label, remark && el('small', {}, remark)));
}

export const simulatedMark = () => el('p', { class: 'simulated', role: 'note' }, el('b', {}, say('simulated.title')), ' ', say('simulated.why'));

/** A question before something that cannot be taken back. */
export function asked(question, yes, act) {
  const close = () => dialog.close();
  const dialog = el('dialog', { 'aria-label': question, onclose: () => dialog.remove() },
    el('p', {}, question),
    el('div', { class: 'row' }, button(say('ask.keep'), close, { class: 'quiet' }), button(yes, async () => { close(); await act(); }, { class: 'strong' })));
  document.body.append(dialog);
  dialog.showModal();
}

/** Show why something could not be done, where it was asked for. */
export const refusal = (error) => el('p', { class: 'refusal', role: 'alert' }, error.message || say('trouble.away'));

/** A picture that asks nothing: hills and a low light. */
export const horizon = () => svg('svg', { viewBox: '0 0 400 130', class: 'horizon', 'aria-hidden': 'true' },
  svg('circle', { cx: 236, cy: 66, r: 30, class: 'sun' }),
  svg('path', { d: 'M0 104 Q 90 52 190 92 T 400 74 V130 H0 Z', class: 'hill far' }),
  svg('path', { d: 'M0 118 Q 140 84 250 108 T 400 104 V130 H0 Z', class: 'hill near' }));

/** What the practices are called, by id; empty where the server does not tell. */
export const practiceTitles = async () => new Map((await get('/api/practices').catch(() => [])).map((one) => [one.id, one.title]));
