/** The first rows of what was dropped, as tables: a click on a column says whose it is, what it is, and in which unit. */

import { el, put, set } from '../lib/dom.js';
import { pseudonym } from '../lib/prefs.js';
import { say } from '../lib/words.js';
import { field } from './frame.js';

const UNITS = { time: ['s', 'ms', 'min'], rr: ['ms', 's'], beats: ['s', 'ms'], ecg: ['mV', 'uV'], heart_rate: ['1/min'], resp: ['a.u.'], eda: ['uS', 'a.u.'], ppg: ['a.u.'], motion: ['a.u.'] };
const [UNUSED, TIME] = ['unused', 'time'];
const WHAT = [UNUSED, TIME, 'rr', 'beats', 'heart_rate', 'ecg', 'resp', 'eda', 'ppg', 'motion'];
const SUMMED = new Set(['rr', 'beats']); // these bring their own times
const STATED = new Set(['heart_rate', 'resp', 'ppg', 'motion', 'eda']); // have a usual unit

const nameOfFile = (path) => path.split(/[._\s]/)[0];
const called = (what) => (what === UNUSED ? say('import.unused') : what === TIME ? say('import.time') : say(`channel.${what}`));

function guessed(file, several, { number, guess }) {
  if (file.time?.column === number) return { what: TIME, who: '', unit: file.time.unit ?? '' };
  if (!guess) return { what: UNUSED, who: '', unit: '' };
  const name = several ? nameOfFile(file.path) : guess.name || `person-${guess.who + 1}`;
  return { what: guess.channel in UNITS ? guess.channel : UNUSED, who: pseudonym(name), unit: guess.unit ?? '' };
}

/** One file's card. `used()` lists its columns as a manifest needs them. */
export function fileCard(file, several, changed) {
  const said = file.columns.map((column) => guessed(file, several, column));
  const heads = file.columns.map((column, at) => el('button', { type: 'button', class: 'column', onclick: () => open(at) }));
  const rate = el('input', { type: 'number', min: 0, step: 'any', inputmode: 'decimal', value: file.rate ?? '', oninput: () => changed() });
  const rateField = field(say('import.rate'), rate, say('import.rate-why'));
  const asks = el('div', { class: 'asks' });
  const timed = () => file.timed || said.some((one) => one.what === TIME);
  const draw = () => {
    heads.forEach((head, at) => {
      const { what, who, unit } = said[at];
      put(head, el('b', {}, file.columns[at].name || say('import.column', { number: file.columns[at].number + 1 })), el('small', {}, [called(what), who && what !== TIME && what !== UNUSED ? who : '', unit].filter(Boolean).join(' · ')));
      head.classList.toggle('used', what !== UNUSED);
    });
    rateField.hidden = timed() || !said.some(({ what }) => what !== UNUSED && what !== TIME && !SUMMED.has(what));
  };
  const open = (at) => {
    heads.forEach((head, other) => set(head, { 'aria-pressed': String(other === at) }));
    const one = said[at];
    const what = el('select', {}, WHAT.map((value) => el('option', { value, selected: value === one.what }, called(value))));
    const who = el('input', { type: 'text', maxlength: 32, value: one.who });
    const units = el('datalist', { id: `units-${file.path}-${at}` });
    const unit = el('input', { type: 'text', maxlength: 12, value: one.unit, list: null });
    unit.setAttribute('list', units.id);
    const [whoField, unitField] = [field(say('import.person'), who), field(say('import.unit'), unit)];
    const take = () => {
      Object.assign(one, { what: what.value, who: pseudonym(who.value || nameOfFile(file.path)), unit: unit.value.trim() });
      put(units, (UNITS[one.what] ?? []).map((value) => el('option', { value })));
      whoField.hidden = [UNUSED, TIME].includes(one.what);
      unitField.hidden = one.what === UNUSED || (one.what === TIME && file.time?.stamps === true && file.time.column === file.columns[at].number);
      draw();
      changed();
    };
    what.addEventListener('change', () => { unit.value = STATED.has(what.value) ? UNITS[what.value][0] : ''; take(); });
    for (const input of [who, unit]) input.addEventListener('change', take);
    put(asks, field(say('import.channel'), what), whoField, unitField, units);
    take();
  };
  draw();
  const rows = file.rows.map((row) => el('tr', {}, row.map((cell) => el('td', {}, cell))));
  const table = el('table', { class: 'rows' }, el('thead', {}, el('tr', {}, heads.map((head) => el('th', { scope: 'col' }, head)))), el('tbody', {}, rows));
  const node = el('fieldset', { class: 'card columns' }, el('legend', {}, file.sheet ? `${file.path} · ${file.sheet}` : file.path),
    el('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': file.path }, table),
    file.left > 0 && el('p', { class: 'small' }, say('import.more-columns', { count: file.left })), asks, rateField);
  const used = () => {
    const clock = said.findIndex((one) => one.what === TIME);
    const time = clock < 0 ? null : { column: file.columns[clock].number, unit: said[clock].unit };
    return said.flatMap(({ what, who, unit }, at) => (what === UNUSED || what === TIME ? [] : [{
      who, path: file.path, channel: what, unit, column: file.columns[at].number, sheet: file.sheet, time, rate: rateField.hidden ? '' : rate.value,
    }]));
  };
  return { node, used };
}
