/** Words read aloud by a voice of this computer. A voice that would send them elsewhere is never used. */

import { prefs, remember } from './prefs.js';

const SLOWER = 0.9; // of a voice's usual pace

const speech = () => globalThis.speechSynthesis ?? null;

/** A voice that speaks a language (two letters) on this computer; null where there is none. */
export function localVoice(language) {
  const own = (speech()?.getVoices() ?? []).filter((one) => one.localService && one.lang.slice(0, 2).toLowerCase() === language);
  return own.find((one) => one.default) ?? own[0] ?? null;
}

/** Reads the words of one practice, if somebody turned that on for it on this screen. */
export class Voice {
  practice = null;

  get on() {
    return Boolean(this.practice && prefs.aloud[this.practice]);
  }

  /** Whether these words could be read here at all. */
  can(language) {
    return localVoice(language) !== null;
  }

  turn(on) {
    remember({ aloud: { ...prefs.aloud, [this.practice]: on } });
    if (!on) this.hush();
  }

  read(lines, language) {
    if (!this.on) return;
    const voice = localVoice(language);
    if (voice === null) return;
    this.hush();
    const words = new SpeechSynthesisUtterance(lines.join(' '));
    Object.assign(words, { voice, lang: voice.lang, rate: SLOWER, volume: prefs.level });
    speech().speak(words);
  }

  /** Silence at once, and nothing that was planned comes after it. */
  hush() {
    speech()?.cancel();
  }
}
