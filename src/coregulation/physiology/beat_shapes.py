"""Shapes of beats: how alike two are, which are remembered, which extremum is the apex of each, which is the usual one.

Loaded by the stages when they first run, since numba takes its time.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from coregulation._kernel_cache import njit

ALIKE = 0.8  # correlation from which two beats have the same shape
SAME_SIZE = 0.5  # concordance below which it is a shape of its own: about four times as large or small
_FORGETS = 0.98  # share of a shape's uses that is left after each beat
_REMEMBERS = (
    0.998  # share of its votes for the usual shape that is left, so that minutes of ectopic beats are not the usual
)
_BLEND = 8.0  # beats over which a shape, and what is known of it, is averaged
_LARGER = 1.25  # times the gain of its apex that the other extremum needs to become the apex of a shape
_CLEAR = 1.5  # ratio of both gains from which a new shape's apex is the larger extremum, whatever is usual
_OFTEN, _LATER = 0.3, 1.25  # a shape used this often beside the most used is the usual one if it comes so much later
_SETTLED = 8  # beats after which the usual shape is known


@njit(cache=True)
def likeness_of(m: Any, shape: Any) -> float:
    """Compute the correlation with the remembered shape that is most alike.

    Parameters
    ----------
    m
        One row of `MEMORY`.
    shape
        Points of a candidate, shape (SHAPE,).

    Returns
    -------
    float
        -1 to 1; -1 if no shape is known.
    """
    best = -1.0
    for k in range(m.uses.size):
        if m.uses[k] > 0:
            best = max(best, correlation(m.shapes[k], shape, False))
    return best


@njit(cache=True)
def concordance_of(m: Any, shape: Any) -> float:
    """Compute the concordance with the remembered shape that is most alike, in size too.

    Parameters
    ----------
    m
        One row of `MEMORY`.
    shape
        Points of a candidate, shape (SHAPE,).

    Returns
    -------
    float
        -1 to 1; 0 if no shape is known.
    """
    best = 0.0
    for k in range(m.uses.size):
        if m.uses[k] > 0:
            best = max(best, correlation(m.shapes[k], shape, True))
    return best


@njit(cache=True)
def correlation(known: Any, shape: Any, size_too: bool) -> float:
    """Compute the largest correlation of two shapes over shifts of one point to either side.

    Parameters
    ----------
    known, shape
        Points of both, shape (SHAPE,).
    size_too
        Concordance (Lin 1989, its scale shift alone): the covariance over the mean of both variances.

    Returns
    -------
    float
        -1 to 1; -1 where one of them is flat.

    References
    ----------
    Lin, L. I. (1989), Biometrics 45:255, doi:10.2307/2532051
    """
    size = known.size - 2
    a = aa = 0.0
    b0 = ab0 = bb0 = b1 = ab1 = bb1 = b2 = ab2 = bb2 = 0.0
    for i in range(size):  # all three shifts at once, as their sums do not wait for each other
        x, y0, y1, y2 = known[i + 1], shape[i], shape[i + 1], shape[i + 2]
        a, aa = a + x, aa + x * x
        b0, ab0, bb0 = b0 + y0, ab0 + x * y0, bb0 + y0 * y0
        b1, ab1, bb1 = b1 + y1, ab1 + x * y1, bb1 + y1 * y1
        b2, ab2, bb2 = b2 + y2, ab2 + x * y2, bb2 + y2 * y2
    power = aa - a * a / size
    best = _agreement(power, ab0 - a * b0 / size, bb0 - b0 * b0 / size, size_too)
    best = max(best, _agreement(power, ab1 - a * b1 / size, bb1 - b1 * b1 / size, size_too))
    return max(best, _agreement(power, ab2 - a * b2 / size, bb2 - b2 * b2 / size, size_too))


@njit(cache=True)
def _agreement(power: float, both: float, other: float, size_too: bool) -> float:
    """Return a covariance over the mean of both powers, geometric or, with the size, arithmetic; -1 where one is zero."""
    if not (power > 0 and other > 0):
        return -1.0
    return float(max(-1.0, both / (0.5 * (power + other) if size_too else np.sqrt(power * other))))


@njit(cache=True)
def remember_shape(m: Any, shape: Any) -> int:
    """Blend a shape into the one most alike, or put it in the place of the least used.

    Parameters
    ----------
    m
        One row of `MEMORY`; changed.
    shape
        Points of a beat, shape (SHAPE,).

    Returns
    -------
    int
        Number of the shape that it is now part of.
    """
    best, alike = 0, -1.0
    for k in range(m.uses.size):
        m.uses[k] *= _FORGETS
        m.votes[k] *= _REMEMBERS
        likeness = correlation(m.shapes[k], shape, False) if m.uses[k] > 0 else -1.0
        if likeness > alike:
            best, alike = k, likeness
    if alike < ALIKE or correlation(m.shapes[best], shape, True) < SAME_SIZE:
        best = int(np.argmin(m.uses))
        m.shapes[best], m.uses[best], m.votes[best], m.sides[best] = shape, 0.0, 0.0, 0
        m.ups[best] = m.downs[best] = m.gaps[best] = m.spikes[best] = 0.0
    m.uses[best] += 1.0
    m.votes[best] += 1.0
    m.shapes[best] += (shape - m.shapes[best]) / min(m.uses[best], _BLEND)
    return best


@njit(cache=True)
def apex_time(m: Any, candidate: Any, number: int) -> float:
    """Locate the apex of a beat: the extremum that stands out more, on the same side for all beats of one shape.

    Parameters
    ----------
    m
        One row of `MEMORY`; changed.
    candidate
        The beat, of `CANDIDATE`.
    number
        Its shape, from `remember_shape`.

    Returns
    -------
    float
        Seconds from the first sample.
    """
    share = 1.0 / min(m.uses[number], _BLEND)
    m.ups[number] += (candidate.up_gain - m.ups[number]) * share
    m.downs[number] += (candidate.down_gain - m.downs[number]) * share
    up, down = m.ups[number], max(m.downs[number], 1e-300)
    if m.sides[number] == 0:
        ratio = up / down
        upright = ratio > 1.0 if not 1 / _CLEAR < ratio < _CLEAR else m.up_gain >= m.down_gain
        m.sides[number] = 1 if upright else -1
    elif m.sides[number] > 0 and down > _LARGER * up:
        m.sides[number] = -1
    elif m.sides[number] < 0 and up > _LARGER * down:
        m.sides[number] = 1
    m.up_gain += (candidate.up_gain - m.up_gain) / min(m.beats + 1, 16)
    m.down_gain += (candidate.down_gain - m.down_gain) / min(m.beats + 1, 16)
    return float(candidate.up if m.sides[number] > 0 else candidate.down)


@njit(cache=True)
def usual_shape(m: Any) -> int:
    """Choose the shape that beats usually have: the most used, or a frequent one that comes clearly later.

    Where every other beat is ectopic, those are used as often as the normal ones, and the normal ones follow the pause.

    Parameters
    ----------
    m
        One row of `MEMORY`.

    Returns
    -------
    int
        Its number; -1 while too few beats are known.
    """
    if m.beats < _SETTLED:
        return -1
    best = int(np.argmax(m.votes))
    most, usual = m.votes[best], best
    for k in range(m.votes.size):
        if m.votes[k] >= _OFTEN * most and m.gaps[k] > _LATER * m.gaps[usual]:
            best = k if m.gaps[k] > m.gaps[best] else best
    return best


@njit(cache=True)
def remember_timing(m: Any, number: int, gap: float, spike: float) -> None:
    """Average the interval before the beats of a shape, and the share of them that a pacemaker's spike precedes.

    Parameters
    ----------
    m
        One row of `MEMORY`; changed.
    number
        Of the shape.
    gap
        Interval before the beat, in s; NaN where it is not known.
    spike
        Height of an impulse just before the beat, as a share of the beat's deflection.
    """
    share = 1.0 / min(m.uses[number], _BLEND)
    m.spikes[number] += ((1.0 if spike > SPIKE else 0.0) - m.spikes[number]) * share
    if not np.isnan(gap):
        m.gaps[number] += (gap - m.gaps[number]) * (share if m.gaps[number] > 0 else 1.0)


SPIKE = 0.25  # share of a beat's deflection from which an impulse before it is a pacemaker's spike
