/** A card for each person's sensor: found, worn, clean; or on without one. */

import { Finger } from '../lib/camera.js';
import { el, put } from '../lib/dom.js';
import { nameOf } from '../lib/prefs.js';
import { bluetoothHindrance } from '../lib/strap.js';
import { isCamera } from '../lib/stream-kinds.js';
import { say, sayReason } from '../lib/words.js';
import { readiness } from './arrive.js';
import { button } from './frame.js';

const LOW = 15; // of 100: a session may outlast it
const STAGES = ['found', 'worn', 'clean'];
const reached = { none: 0, found: 1, worn: 2, weak: 2, lost: 1, clean: 3 };

const stages = (signal) => el('ol', { class: 'stages' }, STAGES.map((stage, k) => el('li', { class: k < reached[signal] ? 'reached' : null }, el('span', { class: 'unseen' }, say(k < reached[signal] ? 'sensors.yes' : 'sensors.not-yet')), say(`signal.${stage}`))));

const CANCELLED = new Set(['NotFoundError', 'AbortError']);

/** What a person reads when a sensor could not be had. */
export const sensorTrouble = (error) => {
  if (CANCELLED.has(error.name)) return say('sensors.none-chosen');
  if (error.name === 'NotAllowedError' || error.name === 'SecurityError') return say('sensors.not-allowed');
  return say('sensors.trouble', { why: error.message });
};

/** One sentence: what the camera sees, or how the strap does. */
function aboutNow(seat, worn, state) {
  if (isCamera(worn) && worn.finger !== true) return 'camera.open';
  if (isCamera(worn) && seat.signal !== 'clean') return 'camera.covered';
  return state === 'lost' ? 'sensors.coming-back' : `signal.${seat.signal}-about`;
}

function card(hall, person, hindrance) {
  const status = el('div', {});
  const problem = el('p', { class: 'refusal', role: 'status' });
  const attempt = (act) => () => { put(problem, ''); return act().catch((error) => put(problem, sensorTrouble(error))); };
  const strap = button(say('sensors.strap'), attempt(() => hall.sensors.strap(person)), { 'data-person': person });
  const camera = Finger.possible && !hall.room.simulated && button(say('sensors.camera'), attempt(() => hall.sensors.camera(person)), { class: 'quiet' });
  const down = button(say('camera.down'), () => hall.sensors.putDown(person), { class: 'quiet' });
  const draw = () => {
    const seat = hall.seat(person);
    const known = hall.cards.get(person);
    const state = hall.sensors.stateOf(person);
    const worn = hall.sensors.of(person);
    const battery = worn?.device.battery ?? known?.battery ?? null;
    put(status, stages(seat.signal), el('p', { role: 'status' }, say(aboutNow(seat, worn, state))),
      known?.remarks.map((reason) => el('p', { class: 'small' }, sayReason({ reason }))),
      battery !== null && el('p', { class: 'small' }, say('sensors.battery', { share: battery }), ' ', battery <= LOW && say('sensors.battery-low')));
    const there = state === 'on' || state === 'lost';
    put(strap, say(there ? 'sensors.another' : 'sensors.strap'));
    strap.className = there ? 'quiet' : 'strong'; // what comes next is what stands out
    strap.hidden = isCamera(worn);
    if (camera) camera.hidden = there || strap.hidden;
    down.hidden = !strap.hidden;
  };
  const node = el('article', { class: `card half ${hall.form(person)}` }, el('h2', {}, nameOf(person)), status,
    el('div', { class: 'row' }, hindrance ? null : strap, camera, down), problem);
  return { node, draw, person };
}

/** How the sensor of somebody at another screen does. */
function glance(hall, person) {
  const status = el('div', {});
  const draw = () => {
    const { signal } = hall.seat(person);
    put(status, stages(signal), el('p', {}, say(`signal.${signal}-about`)));
  };
  return { node: el('article', { class: `card half ${hall.form(person)}` }, el('h2', {}, nameOf(person)), status), draw };
}

export function sensors(hall) {
  const cards = [];
  const grid = el('div', { class: 'halves-grid' });
  const ready = readiness(hall, (name) => say('sensors.ready', { name }), say('arrive.go'));
  const draw = () => {
    cards.forEach((one) => one.draw());
    ready.draw();
  };
  const why = el('p', { class: 'note hindrance' });
  const build = (found) => {
    const hindrance = hall.room.simulated ? 'sensors.simulated' : hall.people.length ? found : null;
    why.hidden = !hindrance;
    if (hindrance) put(why, say(hindrance));
    const own = hall.people.filter((person) => hall.seat(person));
    cards.push(...own.map((person) => card(hall, person, hindrance)));
    if (own.length === 0) cards.push(...hall.everybody.map((person) => glance(hall, person)));
    put(grid, cards.map((one) => one.node));
    draw();
  };
  bluetoothHindrance().then(build);
  hall.sensors.addEventListener('change', draw);
  const node = el('div', {},
    el('header', { class: 'lead' }, el('h1', {}, say('sensors.title')), el('p', {}, say('sensors.lead'))),
    why, grid, el('p', { class: 'small' }, say('sensors.without')));
  return { node, way: ready.node, room: draw, quality: draw, leave: () => hall.sensors.removeEventListener('change', draw) };
}
