/** Beats with corrections applied in their order, as the server does it; nothing is drawn here. */

export const REACH = 0.05; // s within which a correction must meet the beat that it speaks of
export const CLOSEST = 0.2; // s: no two beats of a person are nearer

/** The index of the beat nearest to a time; -1 without beats. `beats` rise. */
export function nearest(beats, t) {
  let [low, high] = [0, beats.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (beats[middle] < t) low = middle + 1;
    else high = middle;
  }
  if (low > 0 && (low === beats.length || t - beats[low - 1] <= beats[low] - t)) return low - 1;
  return low < beats.length ? low : -1;
}

/** Whether a beat may stand at a time, beside all others but one. */
export const fits = (beats, t, but = -1) => beats.every((one, k) => k === but || Math.abs(one - t) >= CLOSEST);

export function corrected(recorded, corrections) {
  const beats = [...recorded];
  for (const { kind, time, to } of corrections) {
    if (kind === 'add') beats.splice(nearest(beats, time) + (beats[nearest(beats, time)] < time ? 1 : 0), 0, time);
    if (kind === 'remove') beats.splice(nearest(beats, time), 1);
    if (kind === 'move') beats[nearest(beats, time)] = to;
  }
  return beats;
}
