/** What this browser remembers for itself: looks, sound, names to be shown. Nothing of it is sent. */

const KEY = 'coregulation.prefs';
const USUAL = { theme: 'auto', motion: 'auto', level: 0.5, aloud: {}, vibrate: false, ambient: false, slow: null, names: {}, rooms: {} };

function stored() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {}; // storage that is not allowed, or not ours: begin anew
  }
}

export const prefs = { ...USUAL, ...stored() };

export function remember(changes) {
  Object.assign(prefs, changes);
  try {
    localStorage.setItem(KEY, JSON.stringify(prefs));
  } catch {
    return; // without storage the choice lasts as long as the page
  }
}

/** Forget names, looks and what was not sent yet; answers once it is gone. */
export function forgetAll() {
  Object.assign(prefs, structuredClone(USUAL));
  localStorage.removeItem(KEY);
  return new Promise((resolve) => {
    const asked = globalThis.indexedDB?.deleteDatabase('coregulation');
    if (asked) asked.onsuccess = asked.onerror = resolve;
    else resolve();
  });
}

const less = matchMedia('(prefers-reduced-motion: reduce)');

/** Whether pictures stand still and a pacer is a bar that fills. */
export const stillness = () => (prefs.motion === 'auto' ? less.matches : prefs.motion === 'still');

export function wear(theme = prefs.theme) {
  document.documentElement.dataset.theme = theme;
}

/** The name to show for a pseudonym: real names stay in this browser. */
export const nameOf = (person) => prefs.names[person] ?? person;

/** A pseudonym made of a name, different from those taken. */
export function pseudonym(name, taken = []) {
  const plain = name.normalize('NFKD').trim().replace(/\s+/g, '-').replace(/[^\w-]/g, '').slice(0, 24);
  const base = plain || 'person';
  let [found, k] = [base, 2];
  while (taken.some((one) => one.toLowerCase() === found.toLowerCase())) { // files are named after them, and some systems know no capitals
    found = `${base}-${k}`;
    k += 1;
  }
  return found;
}
