/** Where everything begins: the way in, the menu, and which page stands in the middle. */

import { Refusal, send } from './lib/api.js';
import { el, put } from './lib/dom.js';
import { wear } from './lib/prefs.js';
import { say } from './lib/words.js';

const PAGES = {
  '': () => import('./views/home.js'),
  new: () => import('./views/new.js'),
  room: () => import('./views/room.js'),
  sessions: () => import('./views/sessions.js'),
  session: () => import('./views/session.js'),
  journey: () => import('./views/journey.js'),
  practices: () => import('./views/practices.js'),
  alone: () => import('./views/alone.js'),
  beats: () => import('./views/beats.js'),
  breathe: () => import('./views/breathe.js'),
  import: () => import('./views/import.js'),
  settings: () => import('./views/settings.js'),
  help: () => import('./views/help.js'),
  example: () => import('./views/example.js'),
};
const MENU = ['', 'practices', 'sessions', 'journey', 'settings', 'help'];

const main = document.getElementById('main');
const top_ = document.getElementById('top');
let page = null;
let turn = 0;

const address = () => location.hash.replace(/^#\/?/, '').split('/').map(decodeURIComponent);

/** A token of the start, or an invitation: used once and taken out of the address. */
async function enter() {
  const [, kind, code] = /^#(token|invite)=(.+)$/.exec(location.hash) ?? [];
  if (!kind) return;
  history.replaceState(null, '', '/#/');
  if (kind === 'token') await send('/api/enter', { token: code });
  else {
    const { room, role, people } = await send('/api/join', { code });
    const { remember, prefs } = await import('./lib/prefs.js');
    remember({ rooms: { ...prefs.rooms, [room]: { role, people } } });
    location.replace(`#/room/${room}`);
  }
}

function menu(name) {
  const item = (one) => el('a', { href: `#/${one}`, 'aria-current': one === name ? 'page' : null, class: one === 'help' ? 'help' : null }, say(`menu.${one || 'home'}`));
  return el('nav', { 'aria-label': say('menu.label') }, MENU.map(item));
}

async function show() {
  const mine = ++turn;
  const [name, ...rest] = address();
  const load = PAGES[name] ?? PAGES[''];
  page?.leave?.();
  page = null;
  document.body.className = name ? `page-${name}` : 'page-home';
  put(top_, el('a', { href: '#/', class: 'mark', 'aria-label': say('menu.home') }, 'coregulation'), menu(name));
  try {
    const { view } = await load();
    const made = await view(...rest);
    if (mine !== turn) return made.leave?.();
    page = made;
    put(main, made.node);
    document.title = made.title ? `${made.title} · coregulation` : 'coregulation';
  } catch (error) {
    if (mine === turn) put(main, trouble(error));
    if (!(error instanceof Refusal)) throw error;
  }
  if (mine > 1) main.focus({ preventScroll: true });
  scrollTo(0, 0);
}

const trouble = (error) => el('section', { class: 'card narrow', role: 'alert' },
  el('h1', {}, say(error.status === 401 ? 'trouble.door' : error.status ? 'trouble.title' : 'trouble.away')),
  el('p', {}, error.status === 401 ? say('trouble.door-how') : error.status ? error.message : say('trouble.away-how')),
  el('p', {}, el('a', { href: '#/breathe', class: 'button' }, say('home.breathe'))));

const skip = document.getElementById('skip');
skip.textContent = say('menu.skip');
skip.addEventListener('click', (event) => {
  event.preventDefault();
  main.focus();
});

wear();
navigator.serviceWorker?.register('/sw.js').catch(() => undefined);
try {
  await enter();
} catch (error) {
  put(main, trouble(error));
}
addEventListener('hashchange', show);
if (!main.hasChildNodes()) await show();
