/** On arriving to a comparison: what it is, for whom its tasks are, and which task it will be. */

import { el, put } from '../lib/dom.js';
import { nameOf } from '../lib/prefs.js';
import { listed, say } from '../lib/words.js';
import { oneOf } from './frame.js';

const STRESSORS = ['arithmetic', 'cold-water', 'sound', 'annoyance', 'own'];

const names = (people) => listed(people.map(nameOf));

/** What a comparison is, for whom its tasks are, and which task it will be. */
export function chooseTask(hall) {
  const place = el('div', {});
  const lead = el('p', {});
  const told_ = el('div', {});
  let drawn = null;
  const draw = (room) => {
    const asked = names(room.tasked);
    const supporter = names(hall.everybody.filter((person) => !room.tasked.includes(person)));
    put(lead, say(room.tasked.length === 1 ? 'compare.lead-one' : 'compare.lead-both', { asked, supporter }));
    put(told_, el('p', { class: 'note' }, say(`stressor.${room.stressor}-caution`)));
    if (drawn === room.stressor) return;
    drawn = room.stressor;
    const choices = STRESSORS.map((one) => [one, say(`stressor.${one}`), say(`stressor.${one}-about`)]);
    put(place, hall.may('choose-task') && hall.role !== 'viewer'
      ? oneOf(say('compare.which', { asked }), choices, room.stressor, (stressor) => hall.send({ type: 'choose-task', stressor }))
      : el('p', {}, say(`stressor.${room.stressor}`)));
  };
  draw(hall.room);
  return { node: el('section', { class: 'card' }, el('h2', {}, say('compare.title')), lead, place, told_, el('p', { class: 'small' }, say('compare.leave-out-about'))), draw };
}
