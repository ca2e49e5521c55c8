"""Clocks without a common zero, set by knocks that two recordings share: a tap on both straps, or a jump together.

A knock is a jolt that stands out from the movement around it. The knocks of two recordings are matched by the times between them,
with a drift of the clocks allowed, and an alignment is given only if so many matches are unlikely to come about by accident and no
other offset does as well.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from coregulation.errors import DataError
from coregulation.signals import Floats, Ints, Signal

_BIN = 0.3  # s; a jolt is the largest of its bin
_BASE = 0.02  # s over which a jolt is measured where the rate allows it: about as long as a tap
_AROUND = 0.1  # s before the peak of a jolt in which it sets in
_SERIES = 5.0  # s between knocks of one series at most
_PER_SECOND = 1.0  # knocks that people make within a series
_DRIFTS = 12  # drifts that are tried at an offset: those that the jolts furthest apart give
_MEMBERSHIP = "acceleration"  # a channel with this in its name is an axis of acceleration


@dataclass(frozen=True, slots=True)
class KnockAlignment:
    """How shared knocks are looked for; the defaults are our choice.

    Parameters
    ----------
    surroundings
        To either side of a jolt, in s, which it must stand out from.
    stands_out
        How many times larger than the 80th percentile of its surroundings a jolt must be.
    stands_alone
        The same for a knock that is the only one; each other jolt must be half as large at most.
    tolerance
        By which matched knocks may lie beside each other, in s, beside half a step between samples of each recording.
    max_drift_ppm
        Largest difference between the speeds of two clocks, in parts per million.
    drift_sd_ppm
        What is known of it beforehand: its standard uncertainty.
    timing_sd
        Standard uncertainty of one knock, in s: straps at other places ring differently.
    max_accidents
        Largest expected number of alignments that would match as well by accident.
    max_single_offset
        Where there is only one knock, the largest offset in s between what the two files say of its time.
    most
        Jolts of each recording that are compared: those that stand out most.
    """

    surroundings: float = 10.0
    stands_out: float = 3.0
    stands_alone: float = 6.0
    tolerance: float = 0.06
    max_drift_ppm: float = 300.0
    drift_sd_ppm: float = 100.0
    timing_sd: float = 0.01
    max_accidents: float = 0.01
    max_single_offset: float = 120.0
    most: int = 30


@dataclass(frozen=True, slots=True)
class AlignedClock:
    """How one recording's time maps to another's: time = at + shift + (1 + drift) · (own time - at).

    Parameters
    ----------
    at
        Centre of the matched knocks in the recording's own time, in s.
    shift
        Added there, in s.
    shift_sd
        Its standard uncertainty, in s.
    drift_ppm
        How much faster the other's time runs, in parts per million.
    drift_sd_ppm
        Its standard uncertainty.
    knocks
        How many were matched.
    """

    at: float
    shift: float
    shift_sd: float
    drift_ppm: float
    drift_sd_ppm: float
    knocks: int

    def map(self, times: Floats) -> Floats:
        """Turn the recording's own times (s) into the other's."""
        return self.at + self.shift + (1 + self.drift_ppm * 1e-6) * (np.asarray(times, np.float64) - self.at)


@dataclass(frozen=True, slots=True, eq=False)
class Jolts:
    """Jolts of one recording that stand out from their surroundings.

    Parameters
    ----------
    times
        Shape (n,), in s, increasing.
    heights
        Shape (n,), in units of their surroundings.
    step
        Between samples, in s.
    length
        Of the recording, in s.
    """

    times: Floats
    heights: Floats
    step: float
    length: float


@dataclass(frozen=True, slots=True, eq=False)
class _Match:
    """Which jolt of the reference each jolt matches (-1 for none), and by how much they miss on the mean, in s."""

    partners: Ints
    miss: float

    @property
    def count(self) -> int:
        return int((self.partners >= 0).sum())


def knock_signals(signals: Mapping[str, Signal]) -> tuple[Signal, ...]:
    """Return the signals of a person in which a knock is seen: all axes of acceleration, else motion, else the ECG.

    Parameters
    ----------
    signals
        By the channel's name.

    Returns
    -------
    tuple of Signal
        Empty where there are none.
    """
    axes = tuple(signal for name, signal in signals.items() if _MEMBERSHIP in name)
    return axes or tuple(signals[name] for name in ("motion", "ecg") if name in signals)[:1]


def find_jolts(signals: Sequence[Signal], settings: KnockAlignment) -> Jolts:
    """Find the jolts that stand out from the movement around them.

    Parameters
    ----------
    signals
        Axes of one acceleration, or an ECG; of one rate. Gravity in any axis does no harm, since only changes count.
    settings
        What stands out.

    Returns
    -------
    Jolts
        In the order of time; those that stand out most where there are many.
    """
    times, size = _changes(signals)
    step = 1 / signals[0].rate
    width = max(1, round(_BIN / step))
    peaks = _peaks(size, width)
    reference = _surroundings(size, width, settings)[np.minimum(peaks // width, len(size) // width - 1)]
    with np.errstate(divide="ignore", invalid="ignore"):
        heights = np.where(reference > 0, size[peaks] / reference, 0.0)
    order = np.argsort(-heights)[: settings.most]
    kept = np.sort(order[heights[order] >= settings.stands_out])
    own = np.array([_onset(times, size, int(peak), step) for peak in peaks[kept]], np.float64)
    return Jolts(own, heights[kept], step, len(size) * step)


def align(jolts: Jolts, reference: Jolts, settings: KnockAlignment, origin: str = "") -> AlignedClock:
    """Align a recording to another one by the knocks that both have.

    Parameters
    ----------
    jolts
        Of the recording.
    reference
        Of the other one.
    settings
        How well and how surely knocks must match.
    origin
        Whose recordings they are, for the error.

    Returns
    -------
    AlignedClock
        From the recording's time to the other's.

    Raises
    ------
    DataError
        If no shared knock was found, or more than one alignment would do.
    """
    matches = [
        _match(jolts, reference, float(other - first), float(first), settings)
        for first in jolts.times
        for other in reference.times
    ]
    best = max(matches, key=lambda match: (match.count, -match.miss), default=None)
    if best is not None and best.count >= 2:
        rivals = max((match.count for match in matches if not _is_alike(match, best)), default=0)
        if rivals < best.count and _accidents(jolts, reference, best, settings) <= settings.max_accidents:
            return _fitted(jolts, reference, best.partners, settings)
    if _is_single(jolts, settings) and _is_single(reference, settings):
        partners = np.full(len(jolts.times), -1)
        strongest = int(np.argmax(jolts.heights))
        partners[strongest] = np.argmax(reference.heights)
        if abs(reference.times[partners[strongest]] - jolts.times[strongest]) <= settings.max_single_offset:
            return _fitted(jolts, reference, partners, settings)
    raise DataError(
        "{origin}: no shared knock was found. Looked for: jolts at least {least:g} times as large as the movement within "
        "{around:g} s around them ({count:n jolt|jolts} here, {count2} in the other recording), at equal times from each other in "
        "both. Leave out --align (align = … in the manifest) and state each file's start in a manifest. In the next recording, "
        "tap both straps together three times, unevenly, at the beginning and at the end.",
        origin=origin,
        least=settings.stands_out,
        around=settings.surroundings,
        count=len(jolts.times),
        count2=len(reference.times),
    )


def _changes(signals: Sequence[Signal]) -> tuple[Floats, Floats]:
    """Return times (s) and how much all axes together change over `_BASE`; a lost sample is bridged."""
    rate, start = signals[0].rate, max(signal.start for signal in signals)
    parts = [signal.values[round((start - signal.start) * rate) :] for signal in signals]
    count = min(map(len, parts))
    width = max(1, round(_BASE * rate))
    total = np.zeros(max(0, count - 2 * width + 1))
    for part in parts:
        mean = np.convolve(_bridged(part[:count]), np.full(width, 1 / width), "valid")
        total += (mean[width:] - mean[:-width])[: len(total)] ** 2
    times = start + (np.arange(len(total)) + width - 0.5) / rate
    return np.asarray(times, np.float64), np.asarray(np.sqrt(total), np.float64)


def _bridged(values: Floats) -> Floats:
    valid = np.isfinite(values)
    if valid.all() or not valid.any():
        return np.nan_to_num(values)
    at = np.arange(len(values))
    return np.interp(at, at[valid], values[valid])


def _peaks(size: Floats, width: int) -> Ints:
    """Return where each jolt is that is the largest within a bin to either side."""
    count = len(size) // width
    if not count:
        return np.empty(0, np.int64)
    rows = size[: count * width].reshape(count, width)
    peaks = rows.argmax(axis=1) + width * np.arange(count)
    heights = size[peaks]
    near = np.diff(peaks) < width
    larger = np.diff(heights) > 0
    beaten = np.concatenate(([False], near & ~larger)) | np.concatenate((near & larger, [False]))
    return np.asarray(peaks[~beaten], np.int64)


def _surroundings(size: Floats, width: int, settings: KnockAlignment) -> Floats:
    """Return, for each bin, the 80th percentile of the largest changes of the bins around it."""
    count = len(size) // width
    largest = size[: count * width].reshape(count, width).max(axis=1)
    if not count:
        return np.empty(0)
    reach = round(settings.surroundings / _BIN)
    padded = np.concatenate([np.full(reach, np.nan), largest, np.full(reach, np.nan)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1)[:count]
    return np.asarray(np.nanpercentile(windows, 80, axis=1), np.float64)


def _onset(times: Floats, size: Floats, peak: int, step: float) -> float:
    """Return when a jolt sets in (s): where it first reaches half of its peak, which no ringing afterwards delays."""
    reach = max(2, round(_AROUND / step))
    begin = max(0, peak - reach)
    first = begin + int(np.argmax(size[begin : peak + 1] >= size[peak] / 2))
    own = slice(first, max(first + 1, min(peak + 1, first + round(_BASE / step))))
    energy = size[own] ** 2
    return float(times[own] @ energy / energy.sum())


def _tolerance(jolts: Jolts, reference: Jolts, settings: KnockAlignment) -> float:
    """Return by how much matched knocks may lie beside each other (s): a coarse step moves each by up to half of it."""
    return settings.tolerance + (jolts.step + reference.step) / 2


def _match(jolts: Jolts, reference: Jolts, shift: float, at: float, settings: KnockAlignment) -> _Match:
    """Match jolts at an offset (s) that holds at one time (s), with the drift that matches most of them."""
    tolerance = _tolerance(jolts, reference, settings)
    apart = jolts.times - at
    misses = reference.times[None, :] - shift - jolts.times[:, None]
    allowed = settings.max_drift_ppm * 1e-6 * np.abs(apart)[:, None]
    far = np.abs(apart) > 2 * tolerance
    near = (np.abs(misses) <= tolerance + allowed) & far[:, None]
    row, column = np.nonzero(near)
    furthest = np.argsort(-np.abs(apart[row]), kind="stable")[:_DRIFTS]
    most = settings.max_drift_ppm * 1e-6
    drifts = np.clip(misses[row, column][furthest] / apart[row][furthest], -most, most)
    best = _Match(np.full(len(apart), -1), math.inf)
    for drift in [0.0, *drifts.tolist()]:
        beside = np.abs(misses - drift * apart[:, None])
        matched = beside.min(axis=1) <= tolerance
        match = _Match(np.where(matched, beside.argmin(axis=1), -1), float(beside.min(axis=1)[matched].mean()))
        if (match.count, -match.miss) > (best.count, -best.miss):
            best = match
    return best


def _is_alike(match: _Match, best: _Match) -> bool:
    """Return whether two matches agree wherever both match a jolt, and so are one alignment."""
    both = (match.partners >= 0) & (best.partners >= 0)
    return bool(both.any() and (match.partners[both] == best.partners[both]).all())


def _accidents(jolts: Jolts, reference: Jolts, match: _Match, settings: KnockAlignment) -> float:
    """Return how many alignments with so many matches are expected by accident.

    People tap about once a second, so of a series the first knock says most, and each further one only how well it fits.
    """
    matched = match.partners >= 0
    own, other = jolts.times[matched], reference.times[match.partners[matched]]
    slope, level = np.polyfit(own - own[0], other - own, 1) if len(own) > 2 else (0.0, float((other - own).mean()))
    beside = float(np.abs(other - own - level - slope * (own - own[0])).max())
    reach = 2 * (1.5 * beside + settings.timing_sd)
    gaps = np.diff(own)
    length = min(jolts.length, reference.length)
    alone = len(reference.times) * (reach + 2 * settings.max_drift_ppm * 1e-6 * gaps) / length
    chances = np.minimum(1.0, np.where(gaps <= _SERIES, reach * _PER_SECOND, alone))
    series, all_series = (1 + int((np.diff(times) > _SERIES).sum()) for times in (own, jolts.times))
    ways = len(jolts.times) * len(reference.times) / len(own) * math.comb(all_series - 1, series - 1)
    return float(ways * chances.prod())


def _is_single(jolts: Jolts, settings: KnockAlignment) -> bool:
    heights = np.sort(jolts.heights)[::-1]
    return len(heights) > 0 and heights[0] >= settings.stands_alone and bool((heights[1:] <= heights[0] / 2).all())


def _fitted(jolts: Jolts, reference: Jolts, partners: Ints, settings: KnockAlignment) -> AlignedClock:
    """Fit shift and drift to the matched knocks, given what is known of drifts beforehand."""
    own, other = jolts.times[partners >= 0], reference.times[partners[partners >= 0]]
    steps = (jolts.step**2 + reference.step**2) / 12  # s², which also stays alike from knock to knock
    variance = settings.timing_sd**2 + steps
    at = float(own.mean())
    miss = other - own
    information = float(((own - at) ** 2).sum()) / variance + (settings.drift_sd_ppm * 1e-6) ** -2
    drift = float((own - at) @ (miss - miss.mean())) / variance / information
    residual = miss - miss.mean() - drift * (own - at)
    inflated = max(variance, float(residual @ residual) / max(1, len(own) - 1))
    return AlignedClock(
        at=at,
        shift=float(miss.mean()),
        shift_sd=math.sqrt(inflated / len(own) + steps),
        drift_ppm=drift * 1e6,
        drift_sd_ppm=1e6 * math.sqrt(inflated / variance / information),
        knocks=len(own),
    )


def aligned_pairs(
    people: Mapping[str, Mapping[str, Signal]], settings: KnockAlignment
) -> Iterator[tuple[str, AlignedClock]]:
    """Yield how each person's time maps to the first person's.

    Parameters
    ----------
    people
        Signals by channel, by person, each in the person's own time; the first is the reference.
    settings
        How knocks are looked for.

    Yields
    ------
    tuple of str and AlignedClock
        For every person but the first.

    Raises
    ------
    DataError
        If a person has neither acceleration nor ECG, or no shared knock was found.
    """
    jolts = {}
    for person, signals in people.items():
        chosen = knock_signals(signals)
        if not chosen:
            raise DataError(
                "{person} has neither an acceleration nor an ECG, so no knock can be seen. Name one in a manifest (channel = "
                '"chest_acceleration_x", or "ecg"), or leave out --align (align = … in the manifest).',
                person=person,
            )
        jolts[person] = find_jolts(chosen, settings)
    reference, *others = people
    for person in others:
        yield person, align(jolts[person], jolts[reference], settings, f"{reference} and {person}")
