/** The coin: the giver's private cue, and after the session how often it fell. */

import { announce, el, put } from '../lib/dom.js';
import { nameOf, prefs } from '../lib/prefs.js';
import { say } from '../lib/words.js';
import { button } from './frame.js';

const FELT = [120, 180, 120]; // ms; soft, and only where the settings say that a bell is felt

/** On the giver's screen alone the cue; it makes no sound, since the other may sit within hearing. */
export class CoinCue {
  #timer = null;

  constructor(hall) {
    this.hall = hall;
    this.line = el('p', { class: 'small' });
    this.cue = el('div', { class: 'coin-cue', role: 'status' });
    this.node = el('div', { class: 'coin' }, this.line, this.cue);
  }

  show({ person, until }) {
    const { hall } = this;
    if (prefs.vibrate) navigator.vibrate?.(FELT);
    const pass = () => {
      hall.send({ type: 'not-now', person });
      this.hide();
    };
    put(this.cue, el('p', { class: 'big' }, say('coin.cue')), el('p', {}, say('coin.cue-about')), button(say('coin.not-now'), pass, { class: 'quiet' }));
    announce(say('coin.cue'));
    clearInterval(this.#timer);
    this.#timer = setInterval(() => hall.t !== null && hall.t >= until && this.hide(), 250);
  }

  hide() {
    clearInterval(this.#timer);
    put(this.cue, '');
  }

  room({ phase, coin }) {
    if (phase !== 'practice' || !coin?.on) this.hide();
    const mine = coin && this.hall.people.includes(coin.giver);
    const line = !coin || phase !== 'practice' ? '' : !coin.on ? say('coin.off') : mine ? say('coin.giver') : say('coin.receiver', { giver: nameOf(coin.giver) });
    if (this.line.textContent !== line) put(this.line, line);
  }
}

/** What the giver or the receiver agrees to, in three sentences. */
export function coinAbout({ giver, receiver }, person) {
  return person === giver ? say('consent.coin-giver', { other: nameOf(receiver) }) : say('consent.coin-receiver', { other: nameOf(giver) });
}

/** The commitment, before the start. */
export const coinCommitment = ({ commitment }) => el('p', { class: 'small' }, say('coin.commitment'), ' ', el('code', {}, commitment));

/** After the session: how often it fell, what cannot be said yet, and how much more it takes. */
export function coinCard(coin) {
  if (!coin) return null;
  const { flips, shown, skipped, planned } = coin;
  const people = { giver: nameOf(coin.giver), receiver: nameOf(coin.receiver) };
  const more = Math.max(0, planned - coin.so_far);
  const still = more === 0 ? say('coin.enough', { ...people, planned }) : say('coin.more', { ...people, so_far: coin.so_far, planned, more });
  const visits = more === 0 ? '' : flips > 0 ? say('coin.visits', { visits: Math.ceil(more / flips) }) : say('coin.usual', { planned });
  return el('section', { class: 'coin' }, el('h3', {}, say('coin.title')), el('p', {}, say('coin.counts', { ...people, flips, shown, skipped })), el('p', {}, still, ' ', visits),
    el('details', {}, el('summary', {}, say('coin.seed')), el('p', { class: 'small' }, el('code', {}, coin.seed), ' ', el('code', {}, coin.commitment))));
}
