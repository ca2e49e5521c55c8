/** A pacer alone: no sensor, no server, nothing kept. Works without a network. */

import { el, put } from '../lib/dom.js';
import { now } from '../lib/clock.js';
import { prefs } from '../lib/prefs.js';
import { Sound } from '../lib/sound.js';
import { Wake } from '../lib/wake.js';
import '../lib/pair-view.js';
import { say } from '../lib/words.js';
import { button, field, heading, oneOf } from './frame.js';

const SLOWEST = 4.5;

/** A pacer from one's own rate down to a slow one within two and a half minutes; never faster than one's own. */
export const paceFrom = (own, inShare, t) => ({ phase0: t + 1.5, from_rate: own, to_rate: Math.max(SLOWEST, Math.min(own, 6)), ramp: 150, in_share: inShare, help: 1 });

export async function view() {
  const sound = new Sound();
  const wake = new Wake(() => undefined);
  const wish = { own: 10, inShare: 0.4, sound: false };
  const rate = el('input', { type: 'range', min: 6, max: 18, step: 1, value: 10 });
  const told = el('output', { class: 'small' }, say('breathe.rate-is', { rate: 10 }));
  rate.addEventListener('input', () => { wish.own = Number(rate.value); put(told, say('breathe.rate-is', { rate: wish.own })); });
  const stage = el('section', { class: 'stage' });
  const end = () => {
    sound.stop();
    wake.stop();
    put(stage, before);
  };
  const begin = async () => {
    const pace = paceFrom(wish.own, wish.inShare, now());
    const picture = el('pair-view', { class: 'alone' });
    put(stage, picture, el('p', { class: 'step-words' }, say('breathe.soft')), el('div', { class: 'row centre' }, button(say('room.stop'), end, { class: 'stop' })));
    picture.start([], String, now);
    picture.pace(pace);
    wake.start();
    sound.level = prefs.level;
    if (wish.sound && (await sound.start())) sound.follow(pace, now);
  };
  const before = el('div', { class: 'card' },
    field(say('breathe.rate'), rate, say('breathe.rate-how')), told,
    oneOf(say('breathe.share'), [[0.4, say('breathe.share-longer')], [0.5, say('breathe.share-even')]], 0.4, (value) => { wish.inShare = value; }),
    oneOf(say('breathe.sound'), [[false, say('breathe.sound-off')], [true, say('breathe.sound-on')]], false, (value) => { wish.sound = value; }),
    el('p', { class: 'note' }, say('breathe.mind')),
    el('div', { class: 'row' }, button(say('breathe.begin'), begin, { class: 'strong' })));
  put(stage, before);
  const onkey = (event) => { if (event.key === 'Escape') end(); };
  addEventListener('keydown', onkey);
  return {
    node: el('div', { class: 'narrow' }, heading(say('breathe.title'), say('breathe.lead')), stage),
    title: say('breathe.title'),
    leave: () => { end(); removeEventListener('keydown', onkey); },
  };
}
