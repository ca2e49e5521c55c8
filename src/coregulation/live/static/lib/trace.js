/** A long signal on a canvas: minima and maxima of ever larger pieces, so that an hour is drawn as quickly as a second. */

const FEWEST = 4; // pieces of the coarsest level
const FACTOR = 4; // samples (or pieces) in a piece of the next level

/** Levels of a signal: `[size, lows, highs]`, the finest first; missing samples are NaN. */
export function pyramid(samples) {
  const levels = [];
  let [lows, highs, size] = [samples, samples, 1];
  while (lows.length > FEWEST * FACTOR) {
    const count = Math.ceil(lows.length / FACTOR);
    const [nextLows, nextHighs] = [new Float32Array(count).fill(NaN), new Float32Array(count).fill(NaN)];
    for (let k = 0; k < lows.length; k += 1) {
      const at = Math.floor(k / FACTOR);
      if (!(nextLows[at] <= lows[k])) nextLows[at] = Number.isNaN(lows[k]) ? nextLows[at] : lows[k];
      if (!(nextHighs[at] >= highs[k])) nextHighs[at] = Number.isNaN(highs[k]) ? nextHighs[at] : highs[k];
    }
    size *= FACTOR;
    levels.push([size, nextLows, nextHighs]);
    [lows, highs] = [nextLows, nextHighs];
  }
  return levels;
}

/** 16-bit steps in base 64 as samples; what was missing is NaN. */
export function samplesOf({ steps, missing }) {
  const bytes = Uint8Array.from(atob(steps), (one) => one.charCodeAt(0));
  return Float32Array.from(new Int16Array(bytes.buffer), (one) => (one === missing ? NaN : one));
}

export class Trace {
  constructor({ rate, start, ...coded }) {
    Object.assign(this, { rate, start, samples: samplesOf(coded) });
    this.levels = pyramid(this.samples);
  }

  /** Draw what lies between two times into a box of a canvas' context; `y` places a sample. */
  draw(context, x, y, from, to, width) {
    const perPixel = ((to - from) * this.rate) / width;
    const level = this.levels.findLast(([size]) => size <= perPixel / 2);
    context.beginPath();
    if (level) this.#spans(context, x, y, from, to, level);
    else this.#line(context, x, y, from, to);
    context.stroke();
  }

  #range(from, to, size, length) {
    const at = (t) => Math.floor(((t - this.start) * this.rate) / size);
    return [Math.max(0, at(from)), Math.min(length - 1, at(to) + 1)];
  }

  #line(context, x, y, from, to) {
    const [first, last] = this.#range(from, to, 1, this.samples.length);
    let pen = false;
    for (let k = first; k <= last; k += 1) {
      const value = this.samples[k];
      if (Number.isNaN(value)) { pen = false; continue; }
      context[pen ? 'lineTo' : 'moveTo'](x(this.start + k / this.rate), y(value));
      pen = true;
    }
  }

  #spans(context, x, y, from, to, [size, lows, highs]) {
    const [first, last] = this.#range(from, to, size, lows.length);
    for (let k = first; k <= last; k += 1) {
      if (Number.isNaN(lows[k])) continue;
      const at = x(this.start + ((k + 0.5) * size) / this.rate);
      context.moveTo(at, y(lows[k]));
      context.lineTo(at, y(highs[k]) - 1);
    }
  }
}
