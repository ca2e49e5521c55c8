"""Faults that stand so close together that several explanations fit: their beats become a gap."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from coregulation.physiology.judged_beats import Artefact
from coregulation.signals import Bools, Floats, Ints

AROUND = 10  # beats in which the faults are counted
FEWEST = 2  # faults among them from which their explanation is not trusted, and the rate becomes a gap
BESIDE = 3  # beats beside a fault within which an interval must be usual
UNUSUAL = 0.2  # share of the usual interval by which it may differ there
SUDDEN = 0.4  # share of the usual interval by which none differs for a few beats alone (with RSA of a fifth and slow waves 0.35 does)
LATE = 1.25  # usual intervals after which a displaced beat is late
EARLY = (
    0.4  # usual intervals before which no heart beats again: a displaced beat there is a missed one and an extra one
)
MARGIN = 2  # beats beside a cluster that may belong to it


def clustered_faults(artefacts: Sequence[Artefact | None], times: Floats, usual: Floats) -> Bools:
    """Find the beats of a cluster of faults: those from which one fault to another within `AROUND` beats.

    Parameters
    ----------
    artefacts
        What is wrong with each beat, n of them.
    times
        Of the beats, shape (n,), in s.
    usual
        The usual interval at each, shape (n,), in s; NaN where it is not known.

    Returns
    -------
    ndarray
        Shape (n,), True within a cluster.
    """
    inside = np.zeros(len(artefacts), bool)
    faults = _faults(artefacts)
    if not faults:
        return inside
    shares = np.diff(times, prepend=np.nan) / usual
    is_odd = (shares > LATE) | (shares < EARLY)
    at = [i for i in faults for _ in range(_count(artefacts, i, bool(is_odd[i])))]
    for first, last in zip(at, at[FEWEST - 1 :], strict=False):
        if last - first < AROUND:
            inside[max(0, first - MARGIN) : last + 1 + MARGIN] = True
    return inside


def doubtful_intervals(
    rr: Floats, artefacts: Sequence[Artefact | None], usual: Floats, nn: Floats | None = None
) -> Bools:
    """Find intervals that a fault close by may have made: unusual ones, within `BESIDE` beats of one.

    A few intervals that agree with each other and with nothing on either side of them are beats that were missed and put in,
    and no change of the heart, which lasts.

    Parameters
    ----------
    rr
        The interval that ends at each beat, shape (n,), in s; NaN where it is not known.
    artefacts
        What is wrong with each beat, n of them.
    usual
        The usual interval at each, shape (n,), in s; NaN where it is not known.
    nn
        As `rr`, between trusted beats alone, where sudden ones are looked for; None where they are not.

    Returns
    -------
    ndarray
        Shape (n,), True where the interval that ends at a beat is doubtful.
    """
    near = np.zeros(len(rr), bool)
    returning = [] if nn is None else _returning(nn, artefacts, usual)
    for i in [*_faults(artefacts), *returning]:
        near[max(0, i - BESIDE) : i + BESIDE + 1] = True
    displaced = np.array([artefact is Artefact.ECTOPIC for artefact in artefacts], bool)
    near[displaced] = near[1:][displaced[:-1]] = False  # its own two intervals are unusual by their nature
    if not near.any():
        return near
    at = np.flatnonzero(near)
    with np.errstate(invalid="ignore"):
        near[at] = np.abs(rr[at] / _steadied(usual, at) - 1.0) > UNUSUAL
    return near


def sudden_intervals(nn: Floats, artefacts: Sequence[Artefact | None], usual: Floats) -> Ints:
    """Find the intervals in which nothing was found, and which differ from the usual one further than a heart changes at once.

    Parameters
    ----------
    nn
        The interval between trusted beats that ends at each, shape (n,), in s; NaN where it is not known.
    artefacts
        What is wrong with each beat, n of them.
    usual
        The usual interval at each, shape (n,), in s; NaN where it is not known.

    Returns
    -------
    ndarray
        Their numbers, in order.
    """
    with np.errstate(invalid="ignore"):
        off = np.flatnonzero(np.abs(nn / usual - 1.0) > SUDDEN)
    return np.array([i for i in off.tolist() if artefacts[i] is None], int)


def _returning(nn: Floats, artefacts: Sequence[Artefact | None], usual: Floats) -> list[int]:
    """Return the sudden intervals that are unlike those around them on both sides: the heart has not changed."""
    sudden = sudden_intervals(nn, artefacts, usual)
    if not len(sudden):
        return []
    away = np.abs(nn[sudden] / _steadied(nn, sudden) - 1.0)
    return [int(i) for i in sudden[away > SUDDEN]]


def _faults(artefacts: Sequence[Artefact | None]) -> list[int]:
    return [i for i, artefact in enumerate(artefacts) if artefact is not None]


def _steadied(values: Floats, where: Ints) -> Floats:
    """Return the median of values `AROUND` beats to both sides: extra beats in a row make what is usual short for a few beats."""
    padded = np.pad(values, AROUND, constant_values=np.nan)
    rows = np.sort(padded[where[:, None] + np.arange(2 * AROUND + 1)], axis=1)
    most = np.maximum(np.isfinite(rows).sum(axis=1) - 1, 0)
    at = np.arange(len(rows))
    middle: Floats = (rows[at, most // 2] + rows[at, most - most // 2]) / 2
    return middle


def _count(artefacts: Sequence[Artefact | None], i: int, is_odd: bool) -> int:
    """Return how many faults a beat may hide: a displaced one between two sound ones none, unless it came late or far too early.

    Ectopic beats come early, but no heart beats twice in a third of its usual interval. What looks like a late one may be a missed beat and an extra one. Where a missed or an extra beat is the
    next but one, no interval between the two is sound; of ectopic beats every other one may be (bigeminy).
    """
    if artefacts[i] is not Artefact.ECTOPIC:
        return int(artefacts[i] is not None)
    beside = (*artefacts[max(0, i - 1) : i], *artefacts[i + 1 : i + 2])
    next_but_one = (*artefacts[max(0, i - 2) : max(0, i - 1)], *artefacts[i + 2 : i + 3])
    others = (*beside, *(artefact for artefact in next_but_one if artefact is not Artefact.ECTOPIC))
    return 2 if is_odd else int(any(artefact is not None for artefact in others))
