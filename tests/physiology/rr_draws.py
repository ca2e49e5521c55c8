"""Random hearts and random faults, from numbers: `python -m tests.physiology.rr_draws FIRST COUNT` counts the heart rates that are wrong."""

import sys
from typing import NamedTuple

import numpy as np

from coregulation.physiology.cleaned_beats import clean_beats
from coregulation.physiology.heart_rate import compute_heart_rate
from coregulation.physiology.level_beats import level_beats
from coregulation.signals import Beats

CHANGES = ("still", "speeding up", "standing up", "exercise")


def random_heart(rng, seconds=240.0):
    """Return a heart's true beats: 45 to 110 per minute, RSA up to a fifth, slow waves, a jitter, and a change of rate in the middle."""
    kind, rate = CHANGES[rng.integers(len(CHANGES))], rng.uniform(45, 110)
    depth, breaths = rng.choice([0.02, 0.05, 0.1, 0.15, 0.2]), rng.uniform(0.1, 0.35)
    jitter, slow_depth = rng.uniform(0.005, 0.03), rng.uniform(0.0, 0.04)
    phase, slow_phase, at = *rng.uniform(0, 2 * np.pi, 2), seconds / 2 + rng.uniform(-5, 5)
    drop = rng.uniform(0.1, 0.35)
    times, t = [1.0], 1.0
    while t < seconds:
        rr = 60 / rate * (1 + depth * np.sin(2 * np.pi * breaths * t + phase) + jitter * rng.standard_normal())
        rr *= 1 + slow_depth * np.sin(2 * np.pi * 0.1 * t + slow_phase) * (1 + 0.3 * np.sin(0.02 * t))
        t += rr * _change(kind, t - at, drop)
        times.append(t)
    return np.array(times), kind, at


def _change(kind, since, drop):
    if kind == "still" or since < 0:
        return 1.0
    if kind == "speeding up":
        return 1 - drop * min(1.0, since / 20)
    if kind == "standing up":
        return 1 - drop * np.exp(-since / 20) * (1 - np.exp(-since / 3))
    return 1 - drop * (0.4 * (1 - np.exp(-since / 1.5)) + 0.6 * (1 - np.exp(-since / 40)))  # exercise


def random_faults(rng, truth, at):
    """Return the beats with up to five missed or extra ones among ten, near the change of rate."""
    start = int(np.searchsorted(truth, at)) + int(rng.integers(-25, 25))
    faults = int(rng.integers(1, 6))
    lost = int(rng.integers(0, faults + 1))
    missed = rng.choice(10, lost, replace=False)
    extra = rng.choice(10, faults - lost, replace=False)
    more = [truth[start + k] + rng.uniform(0.2, 0.8) * (truth[start + k + 1] - truth[start + k]) for k in extra]
    return np.sort(np.concatenate([np.delete(truth, start + missed), more]))


def four_seconds(beats):
    """Return the heart rate of beats in bins of 4 s that are known in full, by their number."""
    return bins_of(compute_heart_rate(beats))


def bins_of(rate):
    """Return a heart rate in bins of 4 s that are known in full, by their number."""
    number = (rate.times // 4).astype(int)
    bins = {k: rate.values[number == k] for k in np.unique(number).tolist()}
    return {k: values.mean() for k, values in bins.items() if len(values) == 8 and np.isfinite(values).all()}


def furthest(truth, damaged):
    """Return how far (1/min) the heart rate that is told is from the true one, in any 4 s."""
    told, true = four_seconds(level_beats(clean_beats(Beats(damaged)))), four_seconds(Beats(truth))
    return max((abs(told[k] - true[k]) for k in told if k in true), default=0.0)


def is_told_wrong(truth, damaged):
    """Return whether an interval that was none is told as one that differs by over 45 % from the true ones there."""
    beats = clean_beats(Beats(damaged)).beats
    ends = np.isfinite(beats.nn)
    begins = np.roll(beats.times, 1)[ends]
    at, before = np.searchsorted(truth, beats.times[ends]), np.searchsorted(truth, begins)
    real = np.isin(beats.times[ends], truth) & np.isin(begins, truth) & (at - before == 1)
    usual = np.diff(truth)[np.clip(before, 0, len(truth) - 2)]
    return bool((~real & (np.abs(beats.nn[ends] / usual - 1) > 0.45)).any())


def set_aside(times):
    """Return the share of beats with a fault or a doubtful interval, and the share of bins of 4 s without a heart rate."""
    found = clean_beats(Beats(times))
    told, true = four_seconds(level_beats(found)), four_seconds(Beats(times))
    lost = np.isnan(found.beats.nn[1:]).mean()
    return float(lost), 1 - len(told.keys() & true.keys()) / max(1, len(true))


class Drawn(NamedTuple):
    """A heart, what was found of its beats, and what its rate does."""

    truth: np.ndarray
    damaged: np.ndarray
    kind: str


def draw_heart(seed, task):
    """Draw a heart and its faults: a `pattern` in four minutes, or two per cent `missed` in ten."""
    rng = np.random.default_rng(seed)
    truth, kind, at = random_heart(rng, 240.0 if task == "pattern" else 600.0)
    if task == "pattern":
        return Drawn(truth, random_faults(rng, truth, at), kind)
    return Drawn(truth, truth[~((rng.random(len(truth)) < 0.02) & (np.arange(len(truth)) > 5))], kind)


def main(task, first, count):
    """Print how many of some draws tell a wrong heart rate or interval, and what is set aside of the same hearts undamaged."""
    drawn = [draw_heart(seed, task) for seed in range(first, first + count)]
    off = np.array([furthest(d.truth, d.damaged) for d in drawn])
    wrong = np.array([is_told_wrong(d.truth, d.damaged) for d in drawn])
    aside = 100 * np.mean([set_aside(d.truth) for d in drawn], axis=0)
    print(
        f"{task}s {first} to {first + count - 1}: 2/min or more off {(off >= 2).sum()}, intervals that were none {wrong.sum()}"
    )
    print(
        f"either {((off >= 2) | wrong).sum()}, furthest {off.max():.1f}/min; first seeds {[first + int(k) for k in np.flatnonzero((off >= 2) | wrong)[:20]]}"
    )
    print(f"undamaged, set aside: intervals {aside[0]:.3f} %, bins of 4 s {aside[1]:.3f} %")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
