/** What all parts of a room share: the line, the last messages, sound and sensors. */

import { get } from '../lib/api.js';
import { Link } from '../lib/link.js';
import { FORMS } from '../lib/pair-view.js';
import { prefs } from '../lib/prefs.js';
import { Sound } from '../lib/sound.js';
import { Voice } from '../lib/voice.js';
import { Sensors } from './sensors.js';

/** Everything of a room that its parts share. */
export class Hall {
  room = null; // the last `room` message
  step = null;
  state = null;
  cards = new Map();
  revealed = new Map();

  constructor(id, mine) {
    Object.assign(this, { id, role: mine.role, people: mine.people, opened: mine.opened ?? false });
    this.link = new Link(id, { role: mine.role, people: mine.people });
    this.sound = new Sound();
    this.sound.level = prefs.level;
    Object.assign(this.sound, { ambient: prefs.ambient, vibrates: prefs.vibrate });
    this.voice = new Voice();
    this.sensors = new Sensors(this);
    this.practices = get('/api/practices').catch(() => []);
    this.about = get('/api/about').catch(() => ({}));
  }

  send(message) {
    this.link.send(message);
  }

  may(type) {
    return this.room?.may.includes(type) ?? false;
  }

  /** Leave out the rest of this phase or step, for those whom this screen speaks for. */
  skip() {
    this.send({ type: 'skip', person: this.shared || this.role !== 'participant' ? null : this.people[0] });
  }

  get t() {
    return this.link.clock.t;
  }

  seat(person) {
    return this.room?.seats.find((one) => one.person === person);
  }

  /** Which form stands for a person: the same wherever they are seen. */
  form(person) {
    return FORMS[this.everybody.indexOf(person) % 2] ?? FORMS[0];
  }

  get everybody() {
    return this.room?.seats.map((one) => one.person) ?? this.people;
  }

  get group() {
    return this.everybody.length > 2;
  }

  /** Whether this one screen speaks for several people. */
  get shared() {
    return this.people.length > 1;
  }
}
