/** Recordings made elsewhere, dropped on the page: looked at, said what they are, seen over time, and kept as a session. */

import { upload } from '../lib/api.js';
import { el, put } from '../lib/dom.js';
import { manifestOf, plainName } from '../lib/manifest.js';
import { say } from '../lib/words.js';
import { zip } from '../lib/zip.js';
import { button, field, heading, link, refusal } from './frame.js';
import { fileCard } from './import-columns.js';
import { timeline } from './import-parts.js';

const SHARED = ['', 'nothing', 'music', 'film', 'script', 'pacer'];
const SETTING = ['', 'one room', 'remote', 'apart'];
const ZIP = /\.zip$/i;
const TIMES = /^([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/;

const bytesOf = async (file) => new Uint8Array(await file.arrayBuffer());
const select = (values, key) => el('select', {}, values.map((value) => el('option', { value }, say(`${key}-${value.replace(' ', '-') || 'unsaid'}`))));

/** What was dropped: one file as it is, or several as one zip. */
async function parcelOf(files) {
  const named = await Promise.all(files.map(async (file) => [plainName(file.name), await bytesOf(file)]));
  return named.length === 1 ? { name: files[0].name, body: named[0][1], files: named } : { name: 'dropped.zip', body: zip(named), files: named };
}

/** What holds for the whole session. */
function aboutFields() {
  const [date, start] = [el('input', { type: 'date' }), el('input', { type: 'time', step: 1 })];
  const [shared, setting] = [select(SHARED, 'import.shared'), select(SETTING, 'import.setting')];
  const node = el('div', { class: 'asks' }, field(say('import.date'), date), field(say('import.start'), start), field(say('import.shared'), shared, say('import.shared-why')), field(say('import.setting'), setting));
  const values = (end) => ({
    date: date.value, start: date.value && TIMES.test(start.value) ? (start.value.length === 5 ? `${start.value}:00` : start.value) : '', shared: shared.value, setting: setting.value, end,
  });
  return { node, values };
}

export async function view() {
  const told = el('div', { role: 'status' });
  const place = el('div', {});
  const during = async (work) => {
    put(told, el('p', { class: 'working' }, say('import.working')));
    try {
      const found = await work();
      put(told, '');
      return found;
    } catch (error) {
      put(told, refusal(error));
      return null;
    }
  };
  const keep = async (name, body) => {
    const made = await during(() => upload(`/api/import?name=${encodeURIComponent(name)}`, body));
    if (made === null) return;
    put(place, '');
    put(told, el('p', { class: 'answered' }, say('import.done')), el('p', { class: 'row' }, link(say('import.open'), `#/session/${made.session}`, { class: 'button strong' })));
  };
  const overTime = (seen, columns, files, below) => {
    const about = aboutFields();
    const wrong = el('p', { class: 'refusal', role: 'alert', hidden: true });
    const send = button(say('import.send'), () => {
      const text = manifestOf(columns(), times.parts(), about.values(seen.end));
      keep('dropped.zip', zip([['session.toml', new TextEncoder().encode(text)], ...files]));
    }, { class: 'strong' });
    const times = timeline(seen, () => {
      const why = times?.wrong() ?? null;
      put(wrong, why ?? '');
      wrong.hidden = why === null;
      send.disabled = why !== null;
    });
    put(below, seen.remarks.length > 0 && el('ul', { class: 'small' }, seen.remarks.map((one) => el('li', {}, one))), times.node, about.node, wrong, el('p', { class: 'row' }, send));
    below.scrollIntoView({ block: 'nearest' });
  };
  const described = (looked, parcel) => {
    const below = el('div', {});
    const several = new Set(looked.files.map((one) => one.path)).size > 1;
    const inZip = several || looked.files[0].path !== parcel.files[0][0];
    const given = inZip && !ZIP.test(parcel.files[0][0]) ? parcel.files[0][0] : null; // a name that the server had to change
    const cards = looked.files.map((file) => fileCard(file, several, () => put(below, '')));
    const columns = () => cards.flatMap((card) => card.used()).map((one) => ({ ...one, path: several ? one.path : given ?? one.path }));
    const show = button(say('import.show'), async () => {
      const text = new TextEncoder().encode(manifestOf(columns()));
      const seen = await during(() => upload('/api/import/preview?name=dropped.zip', zip([['session.toml', text], ...parcel.files])));
      if (seen !== null) overTime(seen, columns, parcel.files, below);
    }, { class: 'strong' });
    put(place, el('p', {}, say('import.several')), looked.left_out.length > 0 && el('ul', { class: 'small' }, looked.left_out.map((one) => el('li', {}, one))), cards.map((card) => card.node), el('p', { class: 'row' }, show), below);
  };
  const take = async (list) => {
    const files = [...list];
    put(place, '');
    if (files.length === 0) return;
    const parcel = await parcelOf(files);
    const looked = await during(() => upload(`/api/import/look?name=${encodeURIComponent(parcel.name)}`, parcel.body));
    if (looked?.complete) await keep(parcel.name, parcel.body);
    else if (looked !== null) described(looked, parcel);
  };
  const input = el('input', { type: 'file', multiple: true, id: 'recordings', onchange: () => take(input.files) });
  const zone = el('label', { class: 'drop', for: 'recordings' }, el('b', {}, say('import.drop')), el('span', {}, say('import.or')), input);
  for (const kind of ['dragover', 'dragleave', 'drop']) {
    zone.addEventListener(kind, (event) => {
      event.preventDefault();
      zone.classList.toggle('over', kind === 'dragover');
      if (kind === 'drop') take(event.dataTransfer.files);
    });
  }
  const node = el('div', { class: 'narrow' }, heading(say('import.title'), say('import.lead')), zone, place, told, el('p', { class: 'small' }, say('import.stays')));
  return { node, title: say('import.title') };
}
