/** Where a pacer is at a moment, in closed form: the rate goes in a straight line over the ramp and then stays. */

/** Breaths since `phase0`, `tau` seconds after it. */
export function breaths({ from_rate, to_rate, ramp }, tau) {
  if (tau <= 0) return (from_rate * tau) / 60;
  const part = Math.min(tau, ramp);
  const ramped = ramp > 0 ? from_rate * part + ((to_rate - from_rate) * part * part) / (2 * ramp) : 0;
  return (ramped + to_rate * Math.max(0, tau - ramp)) / 60;
}

/** Breaths a minute at `tau`. */
export function rateAt({ from_rate, to_rate, ramp }, tau) {
  if (ramp <= 0 || tau >= ramp) return to_rate;
  return from_rate + ((to_rate - from_rate) * Math.max(0, tau)) / ramp;
}

/** Seconds after `phase0` at which `count` breaths are over. */
export function when(pace, count) {
  const { from_rate, to_rate, ramp } = pace;
  const inRamp = ramp > 0 ? breaths(pace, ramp) : 0;
  if (count >= inRamp || from_rate === to_rate) {
    return from_rate === to_rate ? (60 * count) / to_rate : ramp + (60 * (count - inRamp)) / to_rate;
  }
  const slope = (to_rate - from_rate) / ramp;
  return (-from_rate + Math.sqrt(Math.max(0, from_rate * from_rate + 120 * slope * count))) / slope;
}

const eased = (x) => (1 - Math.cos(Math.PI * x)) / 2;

/**
 * What a pacer shows at session time `t`: in or out, how full (0 to 1), how far within this half, seconds left of it.
 */
export function paceAt(pace, t) {
  const tau = t - pace.phase0;
  const total = breaths(pace, tau);
  const number = Math.floor(total);
  const share = total - number;
  const turn = pace.in_share;
  const inward = share < turn;
  const part = inward ? share / turn : (share - turn) / (1 - turn);
  const left = when(pace, number + (inward ? turn : 1)) - tau;
  return { number, inward, part, fill: inward ? eased(part) : 1 - eased(part), left, rate: rateAt(pace, tau) };
}

/** The next turns (an in- or out-breath beginning) from session time `t` on: `{t, inward, length}`. */
export function* turns(pace, t) {
  const { in_share } = pace;
  const at = (count) => pace.phase0 + when(pace, count);
  for (let k = Math.floor(breaths(pace, t - pace.phase0)); ; k += 1) {
    const [start, middle, end] = [at(k), at(k + in_share), at(k + 1)];
    if (start >= t) yield { t: start, inward: true, length: middle - start };
    if (middle >= t) yield { t: middle, inward: false, length: end - middle };
  }
}
