/** Looks, sound and motion of this browser; export, erase and backup of what is kept; who did what. */

import { blob, get, send } from '../lib/api.js';
import { el, put, save } from '../lib/dom.js';
import { forgetAll, nameOf, prefs, remember, wear } from '../lib/prefs.js';
import { chooseLanguage, day, languageChosen, LANGUAGES, say } from '../lib/words.js';
import { asked, button, field, heading, oneOf, refusal, tick } from './frame.js';

function looks() {
  const level = el('input', { type: 'range', min: 0, max: 1, step: 0.05, value: prefs.level });
  level.addEventListener('input', () => remember({ level: Number(level.value) }));
  const of = (key, values) => values.map((one) => [one, say(`settings.${key}-${one}`)]);
  return el('section', { class: 'card' }, el('h2', {}, say('settings.looks')),
    oneOf(say('settings.theme'), of('theme', ['auto', 'light', 'dark']), prefs.theme, (theme) => { remember({ theme }); wear(theme); }),
    oneOf(say('settings.motion'), of('motion', ['auto', 'moving', 'still']), prefs.motion, (motion) => remember({ motion })),
    oneOf(say('settings.language'), [['', say('settings.language-auto')], ...Object.entries(LANGUAGES)], languageChosen, chooseLanguage),
    el('p', { class: 'small' }, say('settings.language-about')),
    field(say('settings.level'), level),
    tick(say('settings.ambient'), prefs.ambient, (ambient) => remember({ ambient })),
    tick(say('settings.vibrate'), prefs.vibrate, (vibrate) => remember({ vibrate }), say('settings.vibrate-about')));
}

function person(name, sessions, told) {
  const mine = sessions.filter((one) => one.people.includes(name));
  const take = async () => {
    for (const one of mine) save(await blob(`/api/sessions/${one.session}/export?person=${name}`), `${one.session}-${name}.zip`);
  };
  const erase = () => asked(say('settings.erase-ask', { name: nameOf(name), count: mine.length }), say('session.erase-yes'), async () => {
    for (const one of mine) await send(`/api/sessions/${one.session}/erase`, { person: name });
    put(told, say('session.erased', { name: nameOf(name) }));
  });
  const guarded = (act) => () => Promise.resolve(act()).catch((error) => put(told, refusal(error)));
  return el('li', {}, el('b', {}, nameOf(name)), ' ', el('span', { class: 'small' }, say('settings.sessions', { count: mine.length })), el('span', { class: 'row' }, button(say('session.export'), guarded(take)), button(say('session.erase'), guarded(erase))));
}

function kept(sessions) {
  const told = el('p', { role: 'status' });
  const people = [...new Set(sessions.flatMap((one) => one.people))].sort();
  const back = async (keys) => {
    const { path } = await send('/api/backup', { keys });
    put(told, say('settings.backup-done', { path }));
  };
  const withKeys = () => asked(say('settings.backup-keys-ask'), say('settings.backup-keys'), () => back(true).catch((error) => put(told, refusal(error))));
  return el('section', { class: 'card' }, el('h2', {}, say('settings.kept')), el('p', {}, say(people.length ? 'settings.kept-about' : 'settings.kept-none')),
    el('ul', { class: 'plain halves' }, people.map((one) => person(one, sessions, told))), told,
    el('div', { class: 'row' }, button(say('settings.backup'), () => back(false).catch((error) => put(told, refusal(error)))), button(say('settings.backup-keys'), withKeys, { class: 'quiet' }), button(say('settings.forget'), () => forgetAll().then(() => location.reload()), { class: 'quiet' })),
    el('p', { class: 'small' }, say('settings.forget-about')));
}

function device(one, told) {
  const kind = say(one.host ? 'settings.device-host' : 'settings.device-guest');
  const end = () => send(`/api/devices/${one.device}/end`, {}).then(() => put(told, say('settings.devices-ended')), (error) => put(told, refusal(error)));
  return el('li', {}, el('b', {}, kind), ' ', el('span', { class: 'small' }, one.own ? say('settings.device-own') : say('settings.device-used', { when: day(one.used) })),
    !one.own && button(say('settings.device-end'), end, { class: 'quiet' }));
}

/** Who was let in, and the ways out. */
function devices(every) {
  const told = el('p', { role: 'status' });
  const out = () => send('/api/leave', {}).then(() => { sessionStorage.clear(); return forgetAll(); }).then(() => location.replace('/'), (error) => put(told, refusal(error)));
  const others = () => send('/api/devices/others/end', {}).then(() => put(told, say('settings.devices-ended')), (error) => put(told, refusal(error)));
  return el('section', { class: 'card' }, el('h2', {}, say('settings.devices')), el('p', {}, say('settings.devices-about')),
    el('ul', { class: 'plain' }, every.map((one) => device(one, told))), told,
    el('div', { class: 'row' }, every.length > 1 && button(say('settings.devices-end-others'), others, { class: 'quiet' }), button(say('settings.leave'), out, { class: 'quiet' })));
}

const history = (events) => el('section', { class: 'card' }, el('h2', {}, say('settings.events')),
  el('ul', { class: 'plain small' }, events.slice(-30).reverse().map((one) => el('li', {}, `${day(one.at)} · ${one.what}${one.session ? ` · ${one.session}` : ''}${one.person ? ` · ${nameOf(one.person)}` : ''}`))));

export async function view() {
  const [about, sessions, events, known] = await Promise.all(['/api/about', '/api/sessions', '/api/events', '/api/devices'].map((path) => get(path).catch(() => null)));
  const node = el('div', { class: 'narrow' },
    heading(say('settings.title')),
    looks(),
    sessions && kept(sessions),
    known && devices(known),
    events && history(events),
    el('section', { class: 'card' }, el('h2', {}, say('settings.about')), el('p', {}, say('home.intent')), el('p', {}, say('home.privacy')), about && el('p', { class: 'small' }, say('settings.version', about))));
  return { node, title: say('settings.title') };
}
