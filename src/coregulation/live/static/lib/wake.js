/** Keeps the screen on during a session and says when the page is out of sight. */

export class Wake {
  #lock = null;
  #wanted = false;

  constructor(onHidden) {
    this.onHidden = onHidden;
    this.changed = this.changed.bind(this);
  }

  start() {
    this.#wanted = true;
    document.addEventListener('visibilitychange', this.changed);
    return this.#ask();
  }

  async #ask() {
    if (!this.#wanted || !navigator.wakeLock || document.hidden) return;
    try {
      this.#lock = await navigator.wakeLock.request('screen');
    } catch {
      this.#lock = null; // a low battery may refuse it; the session goes on
    }
  }

  changed() {
    if (!document.hidden) this.#ask();
    this.onHidden(document.hidden);
  }

  stop() {
    this.#wanted = false;
    document.removeEventListener('visibilitychange', this.changed);
    this.#lock?.release();
    this.#lock = null;
  }
}
