/** A comparison: before each arm a cue that fills the screen; then what each has to do, apart, together or with a recording. */

import { el, paragraphs, put, svg } from '../lib/dom.js';
import { nameOf } from '../lib/prefs.js';
import { listed, say } from '../lib/words.js';
import { readiness } from './arrive.js';
import { button } from './frame.js';

const APART = new Set(['apart', 'recorded']);
const FROM = [487, 612, 539, 721, 458, 683, 594, 647]; // where counting down begins, another number each time

const names = (people) => listed(people.map(nameOf));

/** Who does what, as names that fill the places of a sentence. */
function facts(hall, step) {
  const { tasked, stays } = step;
  const busy = step.role === 'task' ? step.for_people : tasked;
  const others = hall.everybody.filter((person) => !busy.includes(person));
  return {
    asked: names(tasked),
    supporter: names(others.length ? others : hall.everybody),
    stays: nameOf(stays ?? ''),
    goes: names(hall.everybody.filter((person) => person !== stays)),
    names: names(hall.everybody),
    now: names(step.for_people),
    number: FROM[Math.max(0, step.moment - 1) % FROM.length],
  };
}

/** Whether the task that is on is for somebody at this screen. */
const isMine = (hall, step) => hall.people.length === 0 || step.for_people.some((person) => hall.people.includes(person));

const supports = (hall, step) => hall.everybody.some((person) => !step.for_people.includes(person) && (hall.people.length === 0 || hall.people.includes(person)));

/** Whose shapes are on this screen: apart, only of who is at it. */
export const seenAtOnce = (hall, step) => (step && APART.has(step.setting) ? (hall.shared ? [step.stays] : hall.people) : hall.everybody);

/** The sentences of a part of a comparison. */
export function told(hall, step) {
  const { role, setting, stressor } = step;
  const fill = facts(hall, step);
  if (role === 'practice') return [say(`compare.practice-${setting}`, fill), ...step.say.split('\n')];
  if (role !== 'task') return [say(`compare.${role}-${setting}`, fill)];
  const task = isMine(hall, step) ? [say(`compare.task-${setting}`, fill), say(`stressor.${stressor}-task`, fill)] : [];
  const role_ = supports(hall, step) ? [say(`compare.support-${setting}`, fill)] : [];
  return [...task, ...role_];
}

/** Two figures, near each other or with a wall between them. */
const picture = (setting) => svg('svg', { viewBox: '0 0 240 96', class: `places ${setting}`, 'aria-hidden': 'true' },
  svg('circle', { cx: setting === 'together' ? 92 : 42, cy: 48, r: 28, class: 'shape round' }),
  svg('rect', { x: setting === 'together' ? 122 : 172, y: 22, width: 52, height: 52, rx: 15, class: 'shape square' }),
  setting === 'together' ? '' : svg('line', { x1: 120, x2: 120, y1: 4, y2: 92, class: 'wall' }));

const whereKey = (hall, { setting, again }) => (again ? `compare.cue-${setting}-again` : setting === 'apart' && hall.shared ? 'compare.cue-apart-shared' : `compare.cue-${setting}`);

/** The sentences of a cue. */
export const cueLines = (hall, step) => [say(`compare.title-${step.setting}`), ...say(whereKey(hall, step), facts(hall, step)).split('\n')];

/** The cue before an arm: where each goes now, a tap when they are there, and a way on without. */
export function cue(hall, step) {
  const fill = facts(hall, step);
  const { setting } = step;
  const where = whereKey(hall, step);
  const done = say(`compare.followed-${setting}`, fill);
  const ready = readiness(hall, () => done, done);
  const coming = hall.everybody.length === step.tasked.length && setting !== 'together' && step.stressor ? el('p', { class: 'small' }, say('compare.coming', { task: say(`stressor.${step.stressor}-task`, fill) })) : null;
  const node = el('div', { class: `calm cue ${setting}` }, picture(setting), el('h1', {}, say(`compare.title-${setting}`)),
    el('div', { class: 'cue-words' }, paragraphs(say(where, fill))), coming, ready.node,
    hall.may('skip') && button(say('compare.not-followed'), () => hall.skip(), { class: 'quiet' }),
    el('p', { class: 'small' }, say('compare.not-followed-about')));
  return { node, draw: ready.draw };
}
