/** Recordings made elsewhere, dropped on the page: one file, a zipped session folder, or one file for each person. */

import { upload } from '../lib/api.js';
import { el, put } from '../lib/dom.js';
import { pseudonym } from '../lib/prefs.js';
import { say } from '../lib/words.js';
import { zip } from '../lib/zip.js';
import { button, field, heading, link, refusal } from './frame.js';

const CHANNELS = ['rr', 'ecg', 'heart_rate', 'resp', 'eda', 'ppg'];
const UNITS = { rr: ['ms', 's'], ecg: ['uV', 'mV'], heart_rate: ['bpm'], resp: ['a.u.'], eda: ['uS'], ppg: ['a.u.'] };

const bytesOf = async (file) => new Uint8Array(await file.arrayBuffer());
const toml = (text) => JSON.stringify(String(text));

/** The manifest of several single-channel files, one for each person. */
export function manifest(rows, day) {
  const people = rows.map(({ person, file, channel, unit, rate }) => [
    '[[person]]', `id = ${toml(person)}`, '', '  [[person.file]]', `  path = ${toml(file.name)}`, `  channel = ${toml(channel)}`, `  unit = ${toml(unit)}`,
    ...(rate ? [`  rate = ${Number(rate).toFixed(6)}`] : []), '',
  ]);
  return ['schema = "coregulation.session/1"', 'id = "dropped"', `date = ${day}`, '', ...people.flat()].join('\n');
}

function row(file, k) {
  const person = el('input', { type: 'text', maxlength: 32, value: pseudonym(file.name.split(/[._\s]/)[0]) });
  const channel = el('select', {}, CHANNELS.map((one) => el('option', { value: one }, say(`channel.${one}`))));
  const unit = el('select', {});
  const rate = el('input', { type: 'number', min: 0, step: 'any', inputmode: 'decimal' });
  const rateField = field(say('import.rate'), rate);
  const draw = () => {
    put(unit, UNITS[channel.value].map((one) => el('option', { value: one }, one)));
    rateField.hidden = channel.value === 'rr';
  };
  channel.addEventListener('change', draw);
  draw();
  const node = el('fieldset', { class: 'card' }, el('legend', {}, file.name), field(say('import.person'), person), field(say('import.channel'), channel), field(say('import.unit'), unit), rateField);
  return { node, value: () => ({ person: pseudonym(person.value || `person-${k + 1}`), file, channel: channel.value, unit: unit.value, rate: rateField.hidden ? '' : rate.value }) };
}

async function together(rows) {
  const wanted = rows.map((one) => one.value());
  const files = await Promise.all(wanted.map(async ({ file }) => [file.name, await bytesOf(file)]));
  const text = new TextEncoder().encode(manifest(wanted, new Date().toISOString().slice(0, 10)));
  return upload('/api/import?name=dropped.zip', zip([['session.toml', text], ...files]));
}

export async function view() {
  const told = el('div', { role: 'status' });
  const place = el('div', {});
  const finish = async (made) => {
    put(told, el('p', { class: 'working' }, say('import.working')));
    try {
      const { session } = await made();
      put(place, '');
      put(told, el('p', { class: 'answered' }, say('import.done')), el('p', { class: 'row' }, link(say('import.open'), `#/session/${session}`, { class: 'button strong' })));
    } catch (error) {
      put(told, refusal(error));
    }
  };
  const take = (list) => {
    const files = [...list];
    put(told, '');
    if (files.length === 0) return;
    if (files.length === 1) {
      finish(async () => upload(`/api/import?name=${encodeURIComponent(files[0].name)}`, await bytesOf(files[0])));
      return;
    }
    const rows = files.map(row);
    put(place, el('p', {}, say('import.several')), rows.map((one) => one.node), button(say('import.send'), () => finish(() => together(rows)), { class: 'strong' }));
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
