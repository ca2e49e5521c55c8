"""Synthetic ECG and PPG with known beats, and the ways in which recordings go bad, at known levels."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

import numpy as np

from coregulation.signals import Signal, Unit

# centre and width (s) and height (mV) of P, Q, R, S and T, the R apex at 0
NORMAL = ((-0.16, 0.022, 0.12), (-0.028, 0.008, -0.12), (0.0, 0.011, 1.0), (0.030, 0.010, -0.22), (0.26, 0.045, 0.28))
SMALL_P = ((-0.16, 0.022, 0.03), *NORMAL[1:])
TALL_T = (*NORMAL[:4], (0.26, 0.04, 1.1))
WIDE = ((0.0, 0.035, 1.0), (0.09, 0.04, -0.45), (0.30, 0.06, -0.4))  # a ventricular or a paced beat
P_ONLY = (NORMAL[0],)


@dataclass(frozen=True)
class Heart:
    """When a heart beats, and what each beat looks like: index into `shapes`."""

    times: np.ndarray
    which: np.ndarray
    shapes: tuple = (NORMAL,)
    silent: np.ndarray = field(default_factory=lambda: np.empty(0))

    def ecg(self, seconds: float, rate: float, start: float = 0.0) -> np.ndarray:
        t = start + np.arange(round(seconds * rate)) / rate
        values = np.zeros(len(t))
        for beat, which in zip(self.times, self.which, strict=True):
            add(values, t, beat, self.shapes[which])
        for lone in self.silent:
            add(values, t, lone, P_ONLY)
        return values


def add(values: np.ndarray, t: np.ndarray, beat: float, shape: tuple, gain: float = 1.0) -> None:
    near = slice(*np.searchsorted(t, [beat - 0.5, beat + 0.8]))
    for centre, width, height in shape:
        values[near] += gain * height * np.exp(-((t[near] - beat - centre) ** 2) / (2 * width**2))


def times_of(rr: np.ndarray, seconds: float, first: float = 0.4) -> np.ndarray:
    times = first + np.concatenate([[0.0], np.cumsum(rr)])
    return times[times < seconds - 0.3]


def sinus(seconds: float, rng: np.random.Generator, bpm: float = 70.0, shape: tuple = NORMAL) -> Heart:
    n = int(seconds * bpm / 60 * 1.5) + 5
    k = np.arange(n)
    rr = 60 / bpm * (1 + 0.05 * np.sin(2 * np.pi * 0.25 * k * 60 / bpm) + 0.015 * rng.standard_normal(n))
    times = times_of(rr, seconds)
    return Heart(times, np.zeros(len(times), int), (shape,))


def fibrillation(seconds: float, rng: np.random.Generator) -> Heart:
    rr = np.clip(0.75 * np.exp(0.24 * rng.standard_normal(int(seconds * 3))), 0.33, 1.8)
    times = times_of(rr, seconds)
    return Heart(times, np.zeros(len(times), int), ((NORMAL[1:]),))


def with_ventricular(seconds: float, rng: np.random.Generator, share: float, gain: float) -> Heart:
    """Every beat is, with a probability, a premature ventricular one with a compensatory pause; 0.5 is bigeminy."""
    rr, which = [], [0]
    while sum(rr) < seconds:
        ectopic = len(rr) % 2 == 1 if share == 0.5 else bool(rng.random() < share)
        if ectopic and which[-1] == 0:
            early = rng.uniform(0.55, 0.7)
            rr += [early * 0.85, (2 - early) * 0.85]
            which += [1, 0]
        else:
            rr.append(0.85 * (1 + 0.02 * rng.standard_normal()))
            which.append(0)
    times = times_of(np.array(rr), seconds)
    wide = tuple((c, w, gain * h) for c, w, h in WIDE)
    return Heart(times, np.array(which[: len(times)]), (NORMAL, wide))


def with_pauses(seconds: float, rng: np.random.Generator, conducted: float = 0.9) -> Heart:
    """A pause of 2 to 5 s now and then, in which P waves go on."""
    rr = np.where(rng.random(int(2 * seconds)) < conducted, 0.9, rng.uniform(2.0, 5.0, int(2 * seconds)))
    times = times_of(rr, seconds)
    lone = [np.arange(a + 0.74, b - 0.4, 0.9) for a, b in itertools.pairwise(times) if b - a > 1.5]
    return Heart(times, np.zeros(len(times), int), silent=np.concatenate([np.empty(0), *lone]))


def power(values: np.ndarray) -> float:
    return float(np.var(values))


def muscle(values: np.ndarray, rate: float, rng: np.random.Generator, snr_db: float) -> np.ndarray:
    """Add broadband noise from 5 Hz up, bursting, at a signal-to-noise ratio."""
    noise = rng.standard_normal(len(values))
    spectrum = np.fft.rfft(noise)
    f = np.fft.rfftfreq(len(values), 1 / rate)
    spectrum *= (f / 40) / np.sqrt(1 + (f / 40) ** 2) * (f < 150) * (f > 5)
    noise = np.fft.irfft(spectrum, len(values))
    burst = 0.6 + 0.8 * (np.sin(2 * np.pi * np.arange(len(values)) / rate / 7.0) > 0)
    return values + scaled(noise * burst, values, snr_db)


def movement(values: np.ndarray, rate: float, rng: np.random.Generator, snr_db: float) -> np.ndarray:
    """Add electrode movement: a random walk held to 0.5 to 10 Hz, whose bumps look like beats."""
    spectrum = np.fft.rfft(rng.standard_normal(len(values)))
    f = np.fft.rfftfreq(len(values), 1 / rate)
    spectrum *= (f > 0.5) / np.maximum(f, 0.5) / (1 + (f / 10) ** 4)
    return values + scaled(np.fft.irfft(spectrum, len(values)), values, snr_db)


def wander(values: np.ndarray, rate: float, rng: np.random.Generator, millivolts: float) -> np.ndarray:
    t = np.arange(len(values)) / rate
    return values + millivolts * sum(
        np.sin(2 * np.pi * f * t + p) for f, p in zip((0.05, 0.21, 0.4), rng.uniform(0, 6, 3), strict=True)
    )


def hum(values: np.ndarray, rate: float, millivolts: float, frequency: float = 50.0) -> np.ndarray:
    return values + millivolts * np.sin(2 * np.pi * frequency * np.arange(len(values)) / rate)


def pops(values: np.ndarray, rate: float, rng: np.random.Generator, per_minute: float) -> np.ndarray:
    """Add steps of the electrode's potential that decay in half a second."""
    out, t = values.copy(), np.arange(len(values)) / rate
    for at in rng.uniform(0, t[-1], rng.poisson(per_minute * t[-1] / 60)):
        out += np.where(t >= at, rng.normal(0, 3) * np.exp(-np.maximum(t - at, 0) / 0.5), 0.0)
    return out


def dropout(values: np.ndarray, rate: float, rng: np.random.Generator, share: float) -> np.ndarray:
    """Lose spans of half a second to four, up to a share of the time."""
    out, lost = values.copy(), 0.0
    while lost < share * len(values) / rate:
        span = rng.uniform(0.5, 4.0)
        at = int(rng.uniform(0, len(values) - span * rate))
        out[at : at + int(span * rate)] = np.nan
        lost += span
    return out


def scaled(noise: np.ndarray, values: np.ndarray, snr_db: float) -> np.ndarray:
    return noise * np.sqrt(power(values) / power(noise) / 10 ** (snr_db / 10))


def signal(values: np.ndarray, rate: float, start: float = 0.0, unit: Unit = Unit.MILLIVOLT) -> Signal:
    return Signal(values, rate, start, unit)


def matched(truth: np.ndarray, found: np.ndarray, within: float = 0.05) -> tuple[np.ndarray, np.ndarray]:
    """Pair beats one to one, nearest first, within a tolerance (s); return the indices on both sides."""
    if not (len(truth) and len(found)):
        return np.empty(0, int), np.empty(0, int)
    near = np.searchsorted(found, truth)
    pairs = [
        (abs(found[j] - truth[i]), i, j)
        for i, j0 in enumerate(near)
        for j in range(max(0, j0 - 2), min(len(found), j0 + 2))
        if abs(found[j] - truth[i]) <= within
    ]
    taken: dict[int, int] = {}
    used: set[int] = set()
    for _, i, j in sorted(pairs):
        if i not in taken and j not in used:
            taken[i] = j
            used.add(j)
    one = np.array(sorted(taken), int)
    return one, np.array([taken[i] for i in one], int)
