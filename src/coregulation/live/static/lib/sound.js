/** Sound made here, without a file: a soft swell for the in-breath, a lower one for the out-breath, one bell. */

import { turns } from './pacer.js';

const LOOK_AHEAD = 0.2; // s; a hidden tab's timers come once a second, so it looks further
const HIDDEN_AHEAD = 1.6;
const RAMP = 0.09; // s; nothing begins or ends harder than this
const ROUGH = [1480, 1550, 2217]; // Hz; the first two beat 70 times a second
const ROUGH_RAMP = 2; // s
const MURMUR = { seconds: 12, level: 0.05, below: 320 }; // of a murmur without a pattern, Hz
const TONES = { in: [196, 294], out: [147, 220] };

export class Sound {
  #audio = null;
  #master = null;
  #timer = null;
  #rough = null;
  #done = -Infinity; // session time up to which turns are scheduled
  level = 0.5;
  ambient = false; // whether a murmur is there as long as the sound is
  vibrates = false; // whether a bell is felt as well
  on = false;

  /** Needs a tap: a page may not make a sound by itself. */
  async start() {
    if (!globalThis.AudioContext) return false;
    this.#audio ??= new AudioContext();
    if (!this.#master) {
      this.#master = this.#audio.createGain();
      this.#master.gain.value = 0;
      this.#master.connect(this.#audio.destination);
    }
    await this.#audio.resume();
    if (this.ambient && !this.on) this.#murmur();
    this.on = true;
    this.#ramp(this.level);
    return true;
  }

  /** Silence within 0.15 s, and nothing that was planned comes after it. */
  stop() {
    this.on = false;
    clearInterval(this.#timer);
    this.#timer = null;
    this.#rough = null;
    if (!this.#audio) return;
    this.#ramp(0);
    const audio = this.#audio;
    this.#audio = null;
    this.#master = null;
    setTimeout(() => audio.close(), 200);
  }

  #ramp(level) {
    const { currentTime } = this.#audio;
    const { gain } = this.#master;
    gain.cancelScheduledValues(currentTime);
    gain.setValueAtTime(gain.value, currentTime);
    gain.linearRampToValueAtTime(level, currentTime + RAMP);
  }

  /** Follow a pacer; `sessionNow` gives the session's time. Goes on without any network. */
  follow(pace, sessionNow) {
    clearInterval(this.#timer);
    this.#timer = null;
    this.#done = sessionNow() ?? 0;
    if (!pace) return;
    this.#timer = setInterval(() => this.#schedule(pace, sessionNow()), 50);
  }

  #schedule(pace, t) {
    if (!this.on || t === null) return;
    const until = t + (document.hidden ? HIDDEN_AHEAD : LOOK_AHEAD);
    for (const turn of turns(pace, Math.max(this.#done, t))) {
      if (turn.t >= until) break;
      this.#swell(TONES[turn.inward ? 'in' : 'out'], this.#audio.currentTime + (turn.t - t), turn.length, pace.help);
      this.#done = turn.t + 1e-6;
    }
  }

  #swell(tones, start, length, help) {
    const gain = this.#audio.createGain();
    const peak = 0.16 * help;
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(peak, start + Math.max(RAMP, 0.45 * length));
    gain.gain.linearRampToValueAtTime(0, start + Math.max(2 * RAMP, 0.96 * length));
    gain.connect(this.#master);
    for (const [k, tone] of tones.entries()) this.#voice(tone, k ? 0.4 : 1, gain, start, length);
  }

  #voice(tone, strength, out, start, length) {
    const voice = this.#audio.createOscillator();
    const share = this.#audio.createGain();
    share.gain.value = strength;
    voice.frequency.setValueAtTime(tone, start);
    voice.connect(share).connect(out);
    voice.start(start);
    voice.stop(start + length);
  }

  /** A soft bell, for the end of a time in which nobody looks at the screen; several call somebody from another room. */
  bell(times = 1) {
    if (this.vibrates) navigator.vibrate?.(Array.from({ length: 2 * times - 1 }, (_, k) => (k % 2 ? 260 : 180)));
    if (!this.on) return;
    const start = this.#audio.currentTime + 0.02;
    for (let k = 0; k < times; k += 1) this.#swell([330, 495], start + 1.4 * k, 3.2, times > 1 ? 1.4 : 0.8);
  }

  /** A murmur like far water: noise in which what is slow is strong. */
  #murmur() {
    const { sampleRate } = this.#audio;
    const buffer = this.#audio.createBuffer(1, MURMUR.seconds * sampleRate, sampleRate);
    const samples = buffer.getChannelData(0);
    let [level, fade] = [0, sampleRate / 2];
    for (let k = 0; k < samples.length; k += 1) {
      level = 0.985 * level + 0.12 * (2 * Math.random() - 1);
      samples[k] = level * Math.min(1, k / fade, (samples.length - k) / fade);
    }
    const [noise, low, gain] = [this.#audio.createBufferSource(), this.#audio.createBiquadFilter(), this.#audio.createGain()];
    Object.assign(noise, { buffer, loop: true });
    low.frequency.value = MURMUR.below;
    gain.gain.value = MURMUR.level;
    noise.connect(low).connect(gain).connect(this.#master);
    noise.start();
  }

  /** A rough, unpleasant sound, by choice a task of a comparison: two tones that beat against each other, never loud at once. */
  rough(on) {
    if (Boolean(this.#rough) === on || (on && !this.on)) return;
    if (!on) {
      for (const voice of this.#rough) voice.stop();
      this.#rough = null;
      return;
    }
    const { currentTime } = this.#audio;
    const gain = this.#audio.createGain();
    gain.gain.setValueAtTime(0, currentTime);
    gain.gain.linearRampToValueAtTime(0.22, currentTime + ROUGH_RAMP);
    gain.connect(this.#master);
    this.#rough = ROUGH.map((tone) => {
      const voice = this.#audio.createOscillator();
      voice.type = 'sawtooth';
      voice.frequency.setValueAtTime(tone, currentTime);
      voice.connect(gain);
      voice.start();
      return voice;
    });
  }
}
