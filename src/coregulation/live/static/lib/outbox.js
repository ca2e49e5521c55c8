/** What was measured and not yet acknowledged: kept in the page and in IndexedDB, so that a lost tab or network loses nothing. */

const STORE = 'unacknowledged';
const LONGEST = 20_000; // messages of one stream; more than an hour of a strap

function opened() {
  return new Promise((resolve) => {
    if (!globalThis.indexedDB) return resolve(null);
    const asked = indexedDB.open('coregulation', 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: ['room', 'stream', 'seq'] });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => resolve(null); // private windows: the page itself still keeps them
  });
}

/** The streams of one room; `seq` −1 is the message that opens a stream. */
export class Outbox {
  #streams = new Map();
  #base = null;

  constructor(room) {
    this.room = room;
    this.ready = this.#load();
  }

  async #load() {
    this.#base = await opened();
    if (!this.#base) return;
    this.#base.onversionchange = () => { // another tab forgets everything: an open line would hold that up
      this.#base.close();
      this.#base = null;
    };
    const range = IDBKeyRange.bound([this.room], [this.room, []]);
    const rows = await new Promise((resolve) => {
      const asked = this.#base.transaction(STORE).objectStore(STORE).getAll(range);
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => resolve([]);
    });
    for (const { stream, seq, message } of rows) this.#of(stream).messages.set(seq, message);
    for (const one of this.#streams.values()) one.old = true;
  }

  #of(stream) {
    if (!this.#streams.has(stream)) this.#streams.set(stream, { next: 0, safe: -1, messages: new Map(), old: false });
    return this.#streams.get(stream);
  }

  #write(act) {
    if (!this.#base) return;
    act(this.#base.transaction(STORE, 'readwrite', { durability: 'strict' }).objectStore(STORE));
  }

  #keep(stream, seq, message) {
    this.#of(stream).messages.set(seq, message);
    this.#write((store) => store.put({ room: this.room, stream, seq, message }));
    return message;
  }

  open(message) {
    return this.#keep(message.stream, -1, message);
  }

  add(stream, at, data) {
    const one = this.#of(stream);
    const seq = one.next;
    one.next += 1;
    if (one.messages.size > LONGEST) return null;
    return this.#keep(stream, seq, { type: 'samples', stream, seq, at, data });
  }

  /** Everything of a stream up to `seq` is safe elsewhere. */
  acknowledge(stream, seq) {
    const one = this.#streams.get(stream);
    if (!one) return;
    one.safe = Math.max(one.safe, seq);
    for (const key of one.messages.keys()) if (key >= 0 && key <= seq) one.messages.delete(key);
    this.#write((store) => store.delete(IDBKeyRange.bound([this.room, stream, 0], [this.room, stream, seq])));
  }

  /** The last message of a stream that is safe elsewhere; −1 before the first. */
  acknowledged(stream) {
    return this.#streams.get(stream)?.safe ?? -1;
  }

  get names() {
    return [...this.#streams.keys()];
  }

  /** The messages that open streams which the other side does not know, after it told what it has `kept` of each. */
  openings(kept) {
    return [...this.#streams].flatMap(([stream, one]) => {
      const opening = one.messages.get(-1);
      return !(stream in kept) && opening && (one.messages.size > 1 || !one.old) ? [opening] : [];
    });
  }

  /** What is to be sent of a stream from a `seq` on, in order. */
  * from(stream, seq) {
    const one = this.#streams.get(stream);
    const first = Math.max(seq, (one?.safe ?? -1) + 1);
    for (let k = first; one?.messages.has(k); k += 1) yield one.messages.get(k);
  }

  /** The session is over: nothing of it stays in this browser. */
  forget() {
    this.#streams.clear();
    this.#write((store) => store.delete(IDBKeyRange.bound([this.room], [this.room, []])));
  }

  get size() {
    return [...this.#streams.values()].reduce((sum, one) => sum + [...one.messages.keys()].filter((key) => key >= 0).length, 0);
  }
}
