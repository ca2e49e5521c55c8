/** A pacer alone: no sensor, no server, nothing kept. Works without a network. */

import { el, put } from '../lib/dom.js';
import { now } from '../lib/clock.js';
import { prefs, remember } from '../lib/prefs.js';
import { rateAt } from '../lib/pacer.js';
import { Sound } from '../lib/sound.js';
import { Wake } from '../lib/wake.js';
import '../lib/pair-view.js';
import { say } from '../lib/words.js';
import { button, field, heading, oneOf } from './frame.js';

const SLOWEST = 4.5;
const SWEEP = { from: 7, seconds: 300 }; // of looking for one's own slow rate

/** A pacer from one's own rate down to a slow one within two and a half minutes; never faster than one's own. */
export const paceFrom = (own, inShare, t, slow = 6) => ({ phase0: t + 1.5, from_rate: own, to_rate: Math.max(SLOWEST, Math.min(own, slow)), ramp: 150, in_share: inShare, help: 1 });

/** A pacer that goes through all slow rates, so that somebody may notice which is the easiest. */
export const sweepFrom = (own, inShare, t) => ({ phase0: t + 1.5, from_rate: Math.min(own, SWEEP.from), to_rate: SLOWEST, ramp: SWEEP.seconds, in_share: inShare, help: 1 });

export async function view() {
  const sound = new Sound();
  const wake = new Wake(() => undefined);
  const wish = { own: 10, inShare: 0.4, sound: false, find: false };
  const kept = () => (prefs.slow === null ? '' : say('breathe.own-is', { rate: prefs.slow }));
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
    const pace = wish.find ? sweepFrom(wish.own, wish.inShare, now()) : paceFrom(wish.own, wish.inShare, now(), prefs.slow ?? undefined);
    const picture = el('pair-view', { class: 'alone' });
    const found = el('p', { class: 'small', role: 'status' });
    const take = () => {
      remember({ slow: Math.round(10 * rateAt(pace, now() - pace.phase0)) / 10 });
      put(found, kept());
      put(mine, kept());
    };
    put(stage, picture, el('p', { class: 'step-words' }, say(wish.find ? 'breathe.find-how' : 'breathe.soft')), found,
      el('div', { class: 'row centre' }, wish.find && button(say('breathe.easiest'), take, { class: 'choice-button' }), button(say('room.stop'), end, { class: 'stop' })));
    picture.start([], String, now);
    picture.pace(pace);
    wake.start();
    Object.assign(sound, { level: prefs.level, ambient: prefs.ambient });
    if (wish.sound && (await sound.start())) sound.follow(pace, now);
  };
  const mine = el('p', { class: 'small' }, kept());
  const before = el('div', { class: 'card' },
    oneOf(say('breathe.what'), [[false, say('breathe.slow-down')], [true, say('breathe.find')]], false, (value) => { wish.find = value; }), mine,
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
