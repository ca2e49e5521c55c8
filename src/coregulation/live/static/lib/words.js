/** Every sentence of the pages, in the reader's language; one that a translation lacks stands in English. */

const KEY = 'coregulation.language'; // chosen in the settings; else the browser's
export const LANGUAGES = { en: 'English', de: 'Deutsch', es: 'Español' };

function chosen() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // storage that is not allowed
  }
}

/** Choose a language for this browser, or none: then it is that of the browser. */
export function chooseLanguage(language) {
  if (language) localStorage.setItem(KEY, language);
  else localStorage.removeItem(KEY);
  location.reload();
}

export const languageChosen = chosen() in LANGUAGES ? chosen() : '';
const asked = navigator.languages?.map((one) => one.slice(0, 2)) ?? [];
const language = languageChosen || (asked.find((one) => one in LANGUAGES) ?? 'en');
const read = async (one) => (await fetch(`/words/${one}.json`)).json();
const english = await read('en');
const catalogue = language === 'en' ? english : { ...english, ...await read(language).catch(() => ({})) };

document.documentElement.lang = language;

let solo = false; // whether one person is there, by themselves

/** Speak to one person, who is there by themselves, or to several. */
export function speakToOne(on) {
  solo = on;
}

/** Return a sentence of the catalogue with its {places} filled in. */
export function say(key, values = {}) {
  const text = (solo && catalogue[`${key}-solo`]) || catalogue[key];
  if (text === undefined) throw new Error(`There is no sentence ${key} in the catalogue.`);
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ''));
}

/** Whether the catalogue has it; for words that a server may add to. */
export const has = (key) => key in catalogue;

/** The sentence of a reason that the server gave: its code is the key, its facts fill the places. */
export function sayReason({ reason, facts = {} }) {
  const key = `reason.${reason}`;
  if (!(key in catalogue)) return say('reason.error', { text: reason ?? '' });
  return say(`reason.${reason}`, Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, Array.isArray(fact) ? listed(fact) : fact])));
}

const listing = new Intl.ListFormat(language, { type: 'conjunction' });

/** Ada, Ben and Cy. */
export const listed = (names) => listing.format(names);

/** 2:05 */
export function clockTime(seconds) {
  const whole = Math.max(0, Math.ceil(seconds - 1e-6));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

/** A day, in the reader's own way. */
export const day = (iso) => new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(iso));
