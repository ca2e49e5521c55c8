/** The quiet minutes and the practice: two shapes, a few words, a pacer where one was chosen, numbers only behind a tap. */

import { announce, el, paragraphs, put } from '../lib/dom.js';
import '../lib/pair-view.js';
import { nameOf, prefs } from '../lib/prefs.js';
import { isCamera } from '../lib/stream-kinds.js';
import { clockTime, say } from '../lib/words.js';
import { cue, cueLines, seenAtOnce, told } from './compare.js';
import { button, horizon } from './frame.js';
import { sensorTrouble } from './worn.js';

/** What is left of a stretch of time, once a second, on the session's clock. */
function countdown(hall, until) {
  const node = el('p', { class: 'left', role: 'timer', 'aria-live': 'off' });
  const draw = () => {
    const end = until();
    put(node, end === null || end === undefined || hall.t === null ? '' : say('room.left', { time: clockTime(end - hall.t) }));
  };
  const timer = setInterval(draw, 500);
  draw();
  return { node, stop: () => clearInterval(timer) };
}

/** The two shapes (or those of some people), fed by state and pulses. */
function shapes(hall, people = hall.everybody) {
  const node = el('pair-view', {});
  node.start(people, nameOf, () => hall.t, (person) => hall.form(person));
  const early = el('p', { class: 'small early' }, '');
  node.append(early);
  const show = (state) => {
    node.show(state);
    const guessed = Object.entries(state.people).filter(([person]) => people.includes(person)).map(([, shown]) => shown).some(({ breath, heart_rate }) => (breath ?? heart_rate ?? null) !== null);
    put(early, guessed ? say('shapes.early') : '');
  };
  if (hall.state) show(hall.state);
  return { node, show, beat: (person) => node.beat(person), pace: (pace) => node.pace(pace), still: (on) => node.still(on) };
}

const rate = (shown, t) => {
  if (!shown || shown.heart_rate === null || shown.heart_rate === undefined) return say('numbers.none');
  const age = shown.at === null || shown.at === undefined ? null : Math.round(t - shown.at);
  return say(age > 1 ? 'numbers.rate-late' : 'numbers.rate', { rate: Math.round(shown.heart_rate), seconds: age });
};

/** Numbers behind a tap, with their age; what moves together in words, late and never as a number. */
function numbers(hall) {
  const list = el('dl', {});
  const together = el('p', {});
  const node = el('details', { class: 'numbers' }, el('summary', {}, say('numbers.show')), list, together);
  const draw = (state) => {
    if (!node.open) return;
    put(list, Object.entries(state.people).map(([person, shown]) => [el('dt', {}, nameOf(person)), el('dd', {}, rate(shown, state.t))]));
    put(together, state.together && !hall.group ? say(`together.${state.together}`) : '');
  };
  let last = -Infinity;
  node.addEventListener('toggle', () => hall.state && draw(hall.state));
  return { node, draw: (state) => { if (state.t - last >= 1) { last = state.t; draw(state); } } };
}

function lost(hall, state, was) {
  for (const [person, shown] of Object.entries(state.people)) {
    if (shown.signal === 'lost' && was.get(person) !== 'lost') announce(say('signal.lost-of', { name: nameOf(person) }), { urgent: true });
    was.set(person, shown.signal);
  }
}

/** A strap that has to be picked again after a reload of the page, and a camera that a hand may let go of. */
function pickAgain(hall) {
  const node = el('div', { class: 'row centre again' });
  const told = el('p', { class: 'small', role: 'status' });
  const attempt = (person) => hall.sensors.strap(person).catch((error) => put(told, sensorTrouble(error)));
  let shown = null;
  const draw = () => {
    const away = hall.room.simulated || !navigator.bluetooth ? [] : hall.people.filter((person) => hall.seat(person)?.signal === 'lost' && !hall.sensors.of(person));
    const held = hall.people.filter((person) => isCamera(hall.sensors.of(person)));
    const wanted = `${away.join()};${held.join()}`;
    if (wanted === shown) return;
    shown = wanted;
    put(node, away.map((person) => button(say('sensors.again', { name: nameOf(person) }), () => attempt(person), { class: 'choice-button' })),
      held.map((person) => button(say('camera.down-of', { name: nameOf(person) }), () => hall.sensors.putDown(person), { class: 'choice-button' })), told);
  };
  draw();
  hall.sensors.addEventListener('change', draw);
  return { node, draw, stop: () => hall.sensors.removeEventListener('change', draw) };
}

/** A stretch of time without a task: the alone minutes, and the settling. */
export function quiet(hall, { title, lines, skip, shapes: withShapes }) {
  const picture = withShapes ? shapes(hall) : { node: horizon() };
  const left = countdown(hall, () => hall.room.until);
  const told = el('p', { class: 'signal-line', role: 'status' });
  const again = pickAgain(hall);
  const was = new Map();
  const node = el('div', { class: 'calm' }, picture.node, el('h1', {}, title), lines.map((line) => el('p', { class: 'step-words' }, line)), left.node, told, again.node);
  const state = (now) => {
    if (withShapes) picture.show(now);
    lost(hall, now, was);
    const away = Object.entries(now.people).filter(([, shown]) => shown.signal === 'lost').map(([person]) => nameOf(person));
    put(told, away.map((name) => say('signal.lost-of', { name })).join(' '));
  };
  return { node, state, room: again.draw, sounds: true, onward: skip, pulse: ({ person }) => withShapes && picture.beat(person), leave: () => { left.stop(); again.stop(); } };
}

function choices(hall, step) {
  const pick = (choice) => (event) => {
    for (const person of hall.people) hall.send({ type: 'pick', person, step: step.step, choice });
    for (const one of event.target.parentNode.children) one.setAttribute('aria-pressed', String(one === event.target));
    if (choice === 'quiet') hall.sound.stop();
  };
  return step.choices.map((one) => button(one.label, pick(one.id), { class: 'choice-button', 'aria-pressed': 'false' }));
}

function addressed(hall, step) {
  if (!step.for_people.length || step.for_people.length === hall.everybody.length) return '';
  return say('step.for', { names: step.for_people.map(nameOf).join(', ') });
}

/** What a part says, and in which language: sentences of the page are in the reader's, those of practices in English. */
function wordsOf(hall, step) {
  if (step === null) return { lines: [], language: 'en' };
  if (step.role === 'cue') return { lines: cueLines(hall, step), language: document.documentElement.lang };
  return step.setting ? { lines: told(hall, step), language: step.role === 'practice' ? 'en' : document.documentElement.lang } : { lines: step.say.split('\n'), language: 'en' };
}

/** What stands on the screen while something is done: the shapes, the words, the choices, what is left. */
function doing(hall, people) {
  const picture = shapes(hall, people);
  const more = numbers(hall);
  const left = countdown(hall, () => hall.step?.until ?? hall.room.until);
  const whom = el('p', { class: 'small' });
  const words = el('div', { class: 'step-words' });
  const options = el('div', { class: 'row centre options', role: 'group', 'aria-label': say('step.choices') });
  const place = el('p', { class: 'small' });
  const again = pickAgain(hall);
  const was = new Map();
  const node = el('div', { class: 'calm practice' }, el('h1', { class: 'unseen' }, say('phase.practice')), picture.node, whom, words, options,
    el('div', { class: 'row centre meta' }, place, left.node), again.node, more.node);
  const step = (now) => {
    const { lines } = wordsOf(hall, now);
    put(whom, now.setting ? '' : addressed(hall, now));
    put(words, paragraphs(lines.join('\n')));
    put(options, hall.people.length ? choices(hall, now) : '');
    put(place, now.of > 1 ? say('step.of', { number: now.number, of: now.of }) : '');
    picture.pace(now.pace);
    hall.sound.follow(now.pace, () => hall.t);
    announce(lines[0], { urgent: true });
  };
  const state = (now) => {
    picture.show(now);
    more.draw(now);
    lost(hall, now, was);
  };
  return { node, step, state, room: again.draw, still: picture.still, pulse: ({ person }) => picture.beat(person), leave: () => { left.stop(); again.stop(); } };
}

/** A cue fills the screen; nothing of the bodies is on it. */
function cueing(hall, now) {
  const one = cue(hall, now);
  announce(`${one.node.querySelector('h1').textContent}. ${one.node.querySelector('.cue-words').textContent}`, { urgent: true });
  return { node: one.node, step: () => undefined, state: () => undefined, room: one.draw, still: () => undefined, pulse: () => undefined, leave: () => undefined };
}

export function practice(hall) {
  const node = el('div', {});
  let shown = null;
  let before = null; // the part that was on
  const kindOf = (now) => (now?.role === 'cue' ? `cue ${now.step}` : seenAtOnce(hall, now).join());
  const step = (now) => {
    if (before !== null && before.step !== now.step) hall.sound.bell(now.role === 'cue' && now.setting === 'together' ? 3 : 1);
    if (before === null || kindOf(before) !== kindOf(now)) show(now);
    shown.step(now);
    if (before?.step !== now.step) hall.voice.read(...Object.values(wordsOf(hall, now)));
    hall.sound.rough(now.role === 'task' && now.stressor === 'sound' && now.for_people.some((person) => hall.people.includes(person)));
    before = now;
  };
  const show = (now) => {
    shown?.leave();
    shown = now?.role === 'cue' ? cueing(hall, now) : doing(hall, seenAtOnce(hall, now));
    put(node, shown.node);
  };
  if (hall.step) step(hall.step);
  else show(null);
  const still = matchMedia('(prefers-reduced-motion: reduce)');
  const change = () => prefs.motion === 'auto' && shown.still(still.matches);
  still.addEventListener('change', change);
  const onward = () => (before?.role === 'cue' ? null : say(before?.role === 'task' ? 'compare.leave-out' : 'step.next'));
  return {
    node, step, sounds: true,
    get onward() { return onward(); },
    state: (now) => shown.state(now), room: () => shown.room(),
    words: () => wordsOf(hall, hall.step),
    pace: () => hall.step?.pace ?? null,
    pulse: (pulse) => shown.pulse(pulse),
    leave: () => { shown.leave(); hall.sound.rough(false); hall.sound.follow(null, () => hall.t); still.removeEventListener('change', change); },
  };
}
