/** The manifest of a session that somebody described on the page: columns, parts, and what was shared. */

const toml = (value) => (typeof value === 'number' ? value.toFixed(3) : JSON.stringify(String(value)));
const line = (key, value) => (value === '' || value === null || value === undefined ? [] : [`${key} = ${value}`]);

/** A file's name as every system and a zip take it. */
export const plainName = (name) => [...name].map((one) => (/[<>:"/\\|?*\p{C}]/u.test(one) ? '_' : one)).join('');

function fileOf({ path, channel, unit, column, sheet, time, rate }) {
  const times = time && `{ column = ${time.column}${time.unit ? `, unit = ${toml(time.unit)}` : ''} }`;
  return [
    '', '  [[person.file]]', `  path = ${toml(path)}`, `  channel = ${toml(channel)}`, `  column = ${column}`,
    ...line('  unit', unit && toml(unit)), ...line('  sheet', sheet && toml(sheet)), ...line('  time', times), ...line('  rate', rate && Number(rate).toFixed(6)),
  ];
}

/** A hard moment is the task and the way back: until the next part begins, or as long as is watched for. */
const WATCHED = 300;
function blocksOf(part, later, end) {
  const { what, start, end: until, who } = part;
  const side = what.endsWith('together') ? 'together' : 'alone';
  if (!what.startsWith('hard')) return [[{ apart: 'alone-rest', together: 'together-rest' }[what] ?? what, start, until, null]];
  const back = Math.min(end, until + WATCHED, ...later.map((one) => one.start));
  const task = [`perturb-${side}`, start, until, who];
  return back - until >= 1 ? [task, [`recover-${side}`, until, back, who]] : [task];
}

const blockText = ([kind, start, end, who]) => ['', '[[block]]', `kind = ${toml(kind)}`, `start = ${toml(start)}`, `end = ${toml(end)}`, ...(who ? [`perturbed = [${toml(who)}]`] : [])];

/** `columns` are of people; `parts` have what, start, end and who; `about` has date, start and shared. */
export function manifestOf(columns, parts = [], about = {}) {
  const people = [...new Set(columns.map((one) => one.who))];
  const known = parts.filter((one) => one.what !== 'leave-out');
  const end = about.end ?? Infinity;
  return [
    'schema = "coregulation.session/2"', 'id = "dropped"', ...line('date', about.date), ...line('start', about.start),
    ...line('setting', about.setting && toml(about.setting)), ...(about.shared ? [`shared = ${about.shared === 'nothing' ? '[]' : `[${toml(about.shared)}]`}`] : []),
    ...people.flatMap((who) => ['', '[[person]]', `id = ${toml(who)}`, ...columns.filter((one) => one.who === who).flatMap(fileOf)]),
    ...known.flatMap((one) => blocksOf(one, known.filter((other) => other.start >= one.end), end)).flatMap(blockText),
    ...parts.filter((one) => one.what === 'leave-out').flatMap(({ start, end: until }) => ['', '[[exclude]]', `start = ${toml(start)}`, `end = ${toml(until)}`, 'why = "left out on the page"']),
    '',
  ].join('\n');
}
