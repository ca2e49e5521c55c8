"""Arousal: how far a person is from their own resting baseline, with the inputs disclosed and an interval.

Zero is this person's own alone-rest, not the last minute and not other people. With a pacer, breathing rate and RSA leave the
index: the pacer alone would look like settling.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from coregulation.channels import HEART_RATE
from coregulation.errors import DataError, UsageError, nearest_names
from coregulation.physiology.estimate import Estimate, unknown_estimate
from coregulation.physiology.mean_interval import binned, half_width, stretches
from coregulation.physiology.memory import mean_uncertainty, surrounding_half_width
from coregulation.physiology.reason_codes import PhysiologyReason
from coregulation.reasons import Reason, because
from coregulation.settings import MIN_BASELINE_REST, TAIL, Z_LEVEL, is_long_enough
from coregulation.signals import Floats, Signal, Unit, Window

FLOORS = {
    HEART_RATE: 2.0,
    "rsa": 0.25,
    "scr_rate": 0.5,
    "breathing_rate": 1.0,
}  # smallest resting spread that counts, 1/min, ln ms², 1/min, 1/min (our choice)
SIGNS = {HEART_RATE: 1.0, "rsa": -1.0, "scr_rate": 1.0, "breathing_rate": 1.0}
PACED = frozenset({"rsa", "breathing_rate"})
_KNOWN = 120.0  # s of a rest in which an input must be known
_BLOCK, _DRAWS = 20.0, 200  # s, bootstrap samples
_BIN = 2.5  # s, over which values are averaged before their memory is estimated
_OF_MEDIAN = math.sqrt(
    math.pi / 2 * math.log(2)
)  # error of a median over that of a mean, of an Ornstein–Uhlenbeck process
_FURTHEST = 5.0  # z
_ROBUST = 1.4826  # of a median absolute deviation, to the standard deviation of a normal


@dataclass(frozen=True, slots=True, eq=False)
class RestLevel:
    """One input of arousal at rest, with its bootstrap draws.

    Parameters
    ----------
    middle
        Median over the rest, in the input's unit.
    spread
        Robust standard deviation (1.4826 median absolute deviations), in the input's unit, at least the input's
        value in `FLOORS`.
    draws
        Middle and spread of each bootstrap draw, shape (draws, 2), in the input's unit.
    error
        Standard error of the middle, in the input's unit; 0 where too few values are known to estimate it.
    """

    middle: float
    spread: float
    draws: Floats
    error: float = 0.0


@dataclass(frozen=True, slots=True)
class Baseline:
    """A person's own rest.

    Parameters
    ----------
    rests
        By input.
    window
        The rest it comes from.
    """

    rests: Mapping[str, RestLevel]
    window: Window

    def __post_init__(self) -> None:
        object.__setattr__(self, "rests", MappingProxyType(dict(self.rests)))


@dataclass(frozen=True, slots=True)
class Arousal:
    """Arousal in units of the person's own resting spread, on a grid.

    Parameters
    ----------
    value
        Mean of the inputs' z; NaN where none is known.
    low, high
        95 % bounds from the uncertainty of the baseline (block bootstrap over 20 s).
    inputs
        What it is made of.
    notes
        What to keep in mind.
    baseline_error
        Standard error of the index from that of the resting levels, in z.
    """

    value: Signal
    low: Signal
    high: Signal
    inputs: tuple[str, ...]
    notes: tuple[Reason, ...] = ()
    baseline_error: float = 0.0

    def mean(self, window: Window) -> Estimate:
        """Return the mean over a window; its interval adds the baseline's error and what changes within the window.

        The interval is for the mean of the process behind the window. The memory is taken from the window and from the rest
        of the recording; without an interval where too few effective values are likely (see `half_width`).
        """
        parts = [signal.within(window) for signal in (self.value, self.low, self.high)]
        x = parts[0].values
        known = np.isfinite(x)
        if known.sum() < max(1, 0.5 * len(x)):
            share = float(known.mean()) if len(x) else 0.0
            return unknown_estimate("z", because(PhysiologyReason.AROUSAL_WINDOW_UNKNOWN, share=share, needed=0.5))
        value, half = float(x[known].mean()), float(np.nanmean(parts[2].values - parts[1].values)) / 2
        size, level = round(_BIN * self.value.rate), max(half, Z_LEVEL * self.baseline_error)
        others = [self.value.within(span).values for span in stretches(window, self.value.window)]
        within = half_width(binned(x, size), [binned(other, size) for other in others])
        around = surrounding_half_width(binned(x, size))
        return Estimate(value, "z", _interval(value, within, level), surrounding=_interval(value, around, level))


def _interval(value: float, within: float | None, level: float) -> tuple[float, float] | None:
    """Lay half widths of what changes within a window and of the baseline around a mean; None without the first."""
    if within is None or math.isnan(within):
        return None
    half = math.hypot(within, level)
    return value - half, value + half


def baseline(inputs: Mapping[str, Signal], rest: Window, seed: int = 0) -> Baseline:
    """Return a person's own rest from at least three minutes of it, before anything else.

    Parameters
    ----------
    inputs
        By the names in `FLOORS`; an input known for less than two minutes of the rest is left out.
    rest
        An alone-rest.
    seed
        Of the block bootstrap.

    Returns
    -------
    Baseline
        Middle and spread of each input that is known for long enough, with 200 draws of a circular bootstrap over
        blocks of 20 s.

    Raises
    ------
    DataError
        If the rest is shorter than three minutes, or no input is known for two of them.
    UsageError
        If an input has a name that is not in `FLOORS`.
    """
    rng = np.random.default_rng(seed)
    rests = {}
    for name, signal in inputs.items():
        if name not in FLOORS:
            raise UsageError(
                "Arousal has no input {name!r}. Did you mean {near:or}?", name=name, near=nearest_names(name, FLOORS)
            )
        part = signal.within(rest)
        others = [signal.within(span).values for span in stretches(rest, signal.window)]
        long = is_long_enough(rest.length, MIN_BASELINE_REST)
        if long and np.isfinite(part.values).sum() >= _KNOWN * part.rate:
            rests[name] = _rest(part, others, FLOORS[name], rng)
    if not rests:
        raise DataError(
            "A baseline needs {needed:.0f} s of rest, and heart, breath or skin known for {known:.0f} s of them; "
            "{length:.0f} s came.",
            needed=MIN_BASELINE_REST,
            known=_KNOWN,
            length=rest.length,
        )
    return Baseline(rests, rest)


def arousal(inputs: Mapping[str, Signal], own: Baseline, paced: bool = False) -> Arousal:
    """Return arousal against a person's own baseline: the mean of robust z over the inputs there, cut at ±5.

    Parameters
    ----------
    inputs
        Signals on one grid, by the names in `FLOORS`.
    own
        From `baseline`.
    paced
        True while a pacer guides the breath: breathing rate and RSA leave the index.

    Returns
    -------
    Arousal
        The index in units of the person's resting spread, with 95 % bounds, on the grid of the first input that is
        used.

    Raises
    ------
    DataError
        If no input has a baseline.
    """
    used = tuple(name for name in inputs if name in own.rests and not (paced and name in PACED))
    if not used:
        raise DataError("None of the inputs of arousal has a baseline (or a pacer leaves none).")
    grid = inputs[used[0]]
    values = np.stack([inputs[name].values for name in used])
    point, draws = _indices(values, [own.rests[name] for name in used], [SIGNS[name] for name in used])
    low, high = _bounds(draws)
    low, high = np.minimum(low, point), np.maximum(high, point)
    value, below, above = (Signal(row, grid.rate, grid.start, Unit.ARBITRARY) for row in (point, low, high))
    return Arousal(value, below, above, used, _notes(used, paced), _baseline_error([own.rests[name] for name in used]))


def _rest(part: Signal, others: Sequence[Floats], floor: float, rng: np.random.Generator) -> RestLevel:
    middle = float(np.nanmedian(part.values))
    error = _error_of_median(part, others)
    draws = _block_draws(part.values, part.rate, rng)
    middles = _medians(draws)
    spreads = np.maximum(floor, _ROBUST * _medians(np.abs(draws - middles[:, None])))
    narrow = float(middles.std())
    if error > narrow > 0:  # blocks of 20 s forget what lasts longer
        middles = middle + (middles - middle) * error / narrow
    spread = max(floor, _ROBUST * float(np.nanmedian(np.abs(part.values - middle))))
    return RestLevel(middle, spread, np.stack([middles, spreads], axis=1), error)


def _error_of_median(part: Signal, others: Sequence[Floats]) -> float:
    """Return the standard error of the median of a rest, in its unit; 0 where it is not known."""
    size = round(_BIN * part.rate)
    error = mean_uncertainty(binned(part.values, size), [binned(other, size) for other in others]).error
    return _OF_MEDIAN * error if math.isfinite(error) else 0.0


def _medians(rows: Floats) -> Floats:
    """Return each row's median over what is known (as `np.nanmedian`, in one sort)."""
    ordered = np.sort(rows, axis=1)
    count = np.isfinite(ordered).sum(axis=1)
    each = np.arange(len(rows))
    middle: Floats = (ordered[each, (count - 1) // 2] + ordered[each, count // 2]) / 2
    return middle


def _block_draws(values: Floats, rate: float, rng: np.random.Generator) -> Floats:
    """Draw circular blocks of 20 s with replacement, shape (draws, n)."""
    n, block = len(values), min(len(values), max(1, round(_BLOCK * rate)))
    first = rng.integers(0, n, (_DRAWS, -(-n // block)))
    index = (first[:, :, None] + np.arange(block)) % n
    drawn: Floats = values[index.reshape(_DRAWS, -1)[:, :n]]
    return drawn


def _indices(values: Floats, rests: list[RestLevel], signs: list[float]) -> tuple[Floats, Floats]:
    """Return the index (n,) and its bootstrap draws (draws, n)."""
    known = np.isfinite(values)
    count = known.sum(axis=0)
    points = np.zeros(values.shape[1])
    draws = np.zeros((_DRAWS, values.shape[1]))
    for value, is_known, rest, sign in zip(values, known, rests, signs, strict=True):
        here = np.where(is_known, value, rest.middle)
        points += np.where(is_known, _z(here, rest.middle, rest.spread, sign), 0.0)
        draws += np.where(is_known, _z(here, rest.draws[:, :1], rest.draws[:, 1:], sign), 0.0)
    total = np.where(count > 0, count, np.nan)
    return points / total, draws / total


def _z(value: Floats, middle: float | Floats, spread: float | Floats, sign: float) -> Floats:
    z: Floats = np.clip(sign * (value - middle) / spread, -_FURTHEST, _FURTHEST)
    return z


def _bounds(draws: Floats) -> tuple[Floats, Floats]:
    """Return the 2.5 and 97.5 % points; a column without an index has none."""
    ordered = np.sort(draws, axis=0)
    edge = round(TAIL * (len(draws) - 1))
    return ordered[edge], ordered[-1 - edge]


def _baseline_error(rests: list[RestLevel]) -> float:
    return math.sqrt(sum((rest.error / rest.spread) ** 2 for rest in rests)) / len(rests)


def _notes(used: tuple[str, ...], paced: bool) -> tuple[Reason, ...]:
    alone = (because(PhysiologyReason.AROUSAL_ONE_INPUT, input=used[0]),) if len(used) == 1 else ()
    return (*alone, because(PhysiologyReason.AROUSAL_PACED)) if paced else alone
