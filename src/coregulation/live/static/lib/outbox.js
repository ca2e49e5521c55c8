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
    if (!this.#streams.has(stream)) this.#streams.set(stream, { next: 0, messages: new Map(), old: false });
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
    for (const key of one.messages.keys()) if (key >= 0 && key <= seq) one.messages.delete(key);
    this.#write((store) => store.delete(IDBKeyRange.bound([this.room, stream, 0], [this.room, stream, seq])));
  }

  /** What has to be sent (again) after a welcome that told which `seq` of each stream are kept. */
  pending(kept) {
    const found = [];
    for (const [stream, one] of this.#streams) {
      const last = kept[stream] ?? -1;
      const rest = [...one.messages].filter(([seq]) => seq > last).sort((a, b) => a[0] - b[0]);
      const opening = one.messages.get(-1);
      if (!(stream in kept) && opening && (rest.length > 0 || !one.old)) found.push(opening);
      found.push(...rest.filter(([seq]) => seq >= 0).map(([, message]) => message));
    }
    return found;
  }

  /** Send again from a `seq`, because the other side misses it. */
  from(stream, seq) {
    const messages = [...(this.#streams.get(stream)?.messages ?? [])].filter(([key]) => key >= seq && key >= 0);
    return messages.sort((a, b) => a[0] - b[0]).map(([, message]) => message);
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
