/** Words before numbers: each in private, shown to the other only if both say so. */

import { el, put } from '../lib/dom.js';
import { nameOf } from '../lib/prefs.js';
import { say } from '../lib/words.js';
import { button, field, tick } from './frame.js';

const ALONE = new Set(['not-alone']); // signs of company
const SIGNS = ['shoulders-drop', 'breath-slows', 'warmth', 'not-alone', 'still-tense', 'far-away', 'nothing'];
const ITEMS = ['felt-safe', 'felt-heard', 'at-ease', 'other-at-ease'];
const OWN_ITEMS = ['felt-safe', 'at-ease'];

function slider(item, ratings) {
  const told = el('output', {}, say('rating.unanswered'));
  const input = el('input', { type: 'range', min: 0, max: 10, step: 1, value: 5, class: 'unanswered' });
  input.addEventListener('input', () => {
    ratings[item] = Number(input.value);
    input.classList.remove('unanswered');
    put(told, input.value);
  });
  return el('div', { class: 'rating' }, field(say(`rating.${item}`), input), told);
}

/** Signs that may have been felt, each a tap: on or off. */
function felt(signs, several) {
  const chip = (sign) => button(say(`sign.${sign}`), (event) => {
    if (!signs.delete(sign)) signs.add(sign);
    event.currentTarget.setAttribute('aria-pressed', String(signs.has(sign)));
  }, { class: 'choice-button', 'aria-pressed': 'false' });
  return el('div', { class: 'field' }, el('p', { class: 'label' }, say('sign.title')), el('div', { class: 'row options', role: 'group', 'aria-label': say('sign.title') }, SIGNS.filter((sign) => several || !ALONE.has(sign)).map(chip)));
}

function sheet(hall, person, done) {
  const ratings = {};
  const signs = new Set();
  let share = false;
  const text = el('textarea', { rows: 4, maxlength: 4000, autocomplete: 'off' });
  const give = () => {
    hall.send({ type: 'words', person, text: text.value, ratings, signs: [...signs], share });
    done();
  };
  const pass = () => {
    hall.send({ type: 'skip', person });
    done();
  };
  return el('article', { class: 'card' },
    el('h2', {}, nameOf(person)),
    field(say('words.how'), text, say('words.private')),
    felt(signs, hall.everybody.length > 1),
    el('p', { class: 'small' }, say('rating.ends')),
    (hall.everybody.length > 1 ? ITEMS : OWN_ITEMS).map((item) => slider(item, ratings)),
    hall.everybody.length > 1 && tick(say('words.share'), false, (on) => { share = on; }, say('words.share-about')),
    el('div', { class: 'row' }, button(say('words.give'), give, { class: 'strong' }), button(say('words.skip'), pass, { class: 'quiet' })));
}

export function words(hall) {
  const left = hall.people.filter((person) => hall.seat(person));
  const place = el('div', {});
  const next = () => {
    const person = left.shift();
    if (!person) return put(place, el('p', { class: 'calm', role: 'status' }, say('words.thanks')));
    const open = () => put(place, sheet(hall, person, next));
    if (!hall.shared) return open();
    return put(place, el('div', { class: 'card calm' }, el('h2', {}, nameOf(person)), el('p', {}, say('words.turn', { name: nameOf(person) })), button(say('words.begin', { name: nameOf(person) }), open, { class: 'strong' })));
  };
  if (hall.room.simulated) {
    put(place, el('div', { class: 'card' }, el('p', {}, say('words.simulated')), button(say('words.skip-all'), () => hall.people.forEach((person) => hall.send({ type: 'skip', person })), { class: 'strong' })));
  } else next();
  const node = el('div', { class: 'narrow' }, el('header', { class: 'lead' }, el('h1', {}, say('words.title')), el('p', {}, say('words.lead'))), place);
  return { node };
}
