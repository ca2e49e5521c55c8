/** A mark by anybody at any time: what happened, from a short list or in a few words of one's own. */

import { el } from '../lib/dom.js';
import { say } from '../lib/words.js';
import { button, field } from './frame.js';

const MARKS = ['touch', 'voice', 'eyes', 'breath', 'laughter', 'rupture', 'repair'];
const MOST = 80; // letters of a free mark

/** Ask what happened; the moment is that of the tap that asked. */
export function askForMark(hall, tell) {
  const mine = hall.people.length === 1 ? hall.people[0] : null;
  const mark = (label) => {
    hall.send({ type: 'mark', label, person: mine });
    dialog.close();
    tell(say('mark.kept'));
    setTimeout(() => tell(''), 2500);
  };
  const free = el('input', { type: 'text', maxlength: MOST, autocomplete: 'off' });
  const give = (event) => {
    event.preventDefault();
    if (free.value.trim()) mark(free.value.trim());
  };
  const dialog = el('dialog', { class: 'marks', 'aria-label': say('mark.title'), onclose: () => dialog.remove() },
    el('h2', {}, say('mark.title')), el('p', { class: 'small' }, say('mark.about')),
    el('div', { class: 'row options' }, MARKS.map((one) => button(say(`mark.${one}`), () => mark(one), { class: 'choice-button' }))),
    el('form', { onsubmit: give }, field(say('mark.free'), free), el('div', { class: 'row' }, el('button', { type: 'submit' }, say('mark.give')), button(say('mark.not'), () => dialog.close(), { class: 'quiet' }))));
  document.body.append(dialog);
  dialog.showModal();
}
