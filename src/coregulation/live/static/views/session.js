/** One kept session: its report, and each person's own half to take along or to erase. */

import { blob, get, send } from '../lib/api.js';
import { el, put, save } from '../lib/dom.js';
import { nameOf } from '../lib/prefs.js';
import { day, has, listed, say, sayReason } from '../lib/words.js';
import { asked, button, heading, link, practiceTitles, refusal, simulatedMark } from './frame.js';
import { addressOf, minutesInto } from './minutes.js';

const protocolName = (id) => (has(`protocol.${id}`) ? say(`protocol.${id}`) : id);
const WAIT = 1500; // ms between two looks at a report that is being made

/** The report's own page in a frame without scripts; as tall as what is in it. */
export function reportFrame(address) {
  const frame = el('iframe', { src: address, title: say('report.title'), class: 'report', sandbox: 'allow-same-origin allow-popups' });
  const fit = () => { frame.height = frame.contentDocument?.documentElement.scrollHeight ?? 1200; };
  frame.addEventListener('load', () => {
    fit();
    frame.contentDocument?.addEventListener('change', fit);
    frame.contentDocument?.addEventListener('toggle', fit, true);
  });
  addEventListener('resize', fit);
  return frame;
}

/** Put the report into `place` as soon as it is made, or the reason why there is none. */
export async function reportInto(place, session, alive = () => true) {
  const address = `${addressOf(session)}/report`;
  const response = await fetch(address);
  if (!alive()) return;
  if (response.status === 202) {
    put(place, el('p', { class: 'working', role: 'status' }, say('report.working')));
    setTimeout(() => reportInto(place, session, alive), WAIT);
  } else if (response.ok) {
    put(place, el('p', { class: 'row' }, link(say('report.alone'), address, { target: '_blank', rel: 'noopener' })), reportFrame(address));
  } else {
    const refused = await response.json().catch(() => ({}));
    put(place, el('p', { class: 'note' }, refused.reason ? sayReason(refused) : say('report.none')));
  }
}

function half(session, person, told, mine) {
  const take = async () => save(await blob(`/api/sessions/${session}/export?person=${person}`), `${session}-${person}.zip`);
  const erase = () => asked(say('session.erase-ask', { name: nameOf(person) }), say('session.erase-yes'), async () => {
    const done = await send(`/api/sessions/${session}/erase`, { person });
    put(told, say(done.left === 0 ? 'session.erased' : 'session.erase-left', { name: nameOf(person) }));
  });
  const guarded = (act) => () => Promise.resolve(act()).catch((error) => put(told, refusal(error)));
  return el('li', {}, el('b', {}, nameOf(person)), el('span', { class: 'row' }, mine && button(say('session.export'), guarded(take)), mine && link(say('session.beats'), `#/beats/${session}/${encodeURIComponent(person)}`, { class: 'button quiet' }), button(say('session.erase'), guarded(erase))));
}

export async function view(session) {
  const [one, titles] = await Promise.all([get(`/api/sessions/${session}`), practiceTitles()]);
  const people = (one.people ?? []).map((person) => person.person ?? person.id ?? person);
  const report = el('section', { class: 'report-place' });
  const told = el('p', { role: 'status' });
  let here = true;
  const minutes = el('div', {});
  if (!one.imported) minutesInto(minutes, session, { shared: (one.halves ?? people).length > 1, alive: () => here });
  reportInto(report, session, () => here);
  const node = el('div', {},
    one.simulated && simulatedMark(),
    heading(listed(people.map(nameOf)), [one.date && day(one.date), titles.get(one.practice) ?? protocolName(one.practice)].filter(Boolean).join(' · ')),
    one.readable?.length > 0 && one.readable.length < people.length && el('p', { class: 'note' }, say('report.some', { names: listed(one.readable.map(nameOf)) })),
    minutes,
    !one.imported && el('h2', {}, say('minutes.how')),
    report,
    el('section', { class: 'card' }, el('h2', {}, say('session.halves')), el('p', {}, say('session.halves-about')),
      el('ul', { class: 'plain halves' }, people.map((person) => half(session, person, told, one.halves?.includes(person) ?? true))), told));
  return { node, title: listed(people.map(nameOf)), leave: () => { here = false; } };
}
