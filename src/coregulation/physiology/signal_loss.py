"""Where a signal was lost: missing samples, a flat line, or a rail. Compiled, over explicit arrays.

Loaded by the stages when they first run, since numba takes its time.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from coregulation.signals import Floats

SPANS = 128  # lost spans remembered, the latest ones: more than a block and a look ahead can hold
SPAN = np.dtype([("start", "f8"), ("end", "f8"), ("told", "f8")])  # s from the first sample; when it became known
WATCH = np.dtype(
    [
        ("held", "f8"),
        ("low", "f8"),
        ("high", "f8"),
        ("same", "i8"),
        ("missing", "i8"),
        ("count", "i8"),
        ("begun", "?"),
        ("open", "?"),
        ("spans", SPAN, (SPANS,)),
    ]
)
MISSING = 0.05  # s of missing samples that are a lost span; fewer are bridged
RAIL = 0.12  # s at one value never met before: a rail
OUTSIDE = 0.15  # share of the range that was met, by which a rail lies outside
FLAT = 1.0  # s at one value, anywhere: no electrode on a skin does that
RARELY = 64  # samples between two moments of forgetting
MEMORY = 20.0  # s in which the range that was met is forgotten


def signal_watch() -> npt.NDArray[Any]:
    """Make the memory of lost spans as it is before any sample has come.

    Returns
    -------
    ndarray
        Shape (1,), of the structured type `WATCH`; `fill_lost` changes it in place.
    """
    empty = np.zeros(1, WATCH)
    empty["low"], empty["high"] = np.inf, -np.inf
    return empty


@njit(cache=True)
def fill_lost(values: Floats, first: int, rate: float, memory: Any) -> Floats:
    """Hold the last value where samples are missing, and write lost spans into the memory.

    Parameters
    ----------
    values
        New samples in any unit, shape (n,); NaN where missing.
    first
        Number of samples that came before them.
    rate
        Sampling rate, in Hz.
    memory
        Shape (1,), of `WATCH`; changed.

    Returns
    -------
    ndarray
        The samples without NaN, shape (n,).
    """
    w, out = memory[0], values.copy()
    last, patience = w.held, int(MISSING * rate)
    for i in range(values.size):
        value = values[i]
        if (first + i) % RARELY == 0:
            _forget(w, RARELY / (MEMORY * rate))
        if value == last or np.isnan(value):
            w.held, w.same, w.missing = last, w.same + 1, w.missing + 1 if np.isnan(value) else 0
            out[i] = last
            if w.same > patience:
                _look(w, first + i, rate)
        else:
            if w.same > 0 or not w.low <= last <= w.high:
                _leave(w, last, rate)
            last, w.begun = value, True
    w.held = last
    return out


@njit(cache=True)
def _forget(w: Any, share: float) -> None:
    """Let the range that was met shrink."""
    if w.low < w.high:
        shrunk = share * (w.high - w.low)
        w.low, w.high = w.low + shrunk, w.high - shrunk


@njit(cache=True)
def _leave(w: Any, last: float, rate: float) -> None:
    """Leave a value; it belongs to the range that was met unless the signal stood still there."""
    if w.begun and w.same <= RAIL * rate:
        w.low, w.high = min(last, w.low), max(last, w.high)
    w.same, w.missing, w.open = 0, 0, False


@njit(cache=True)
def _look(w: Any, at: int, rate: float) -> None:
    """Open, lengthen or close a lost span."""
    run = w.missing if w.missing > MISSING * rate else 0
    beyond = OUTSIDE * (w.high - w.low)
    if w.same > FLAT * rate or (w.same > RAIL * rate and not w.low - beyond <= w.held <= w.high + beyond):
        run = w.same
    if run == 0:
        w.open = False
        return
    if not w.open:
        _begin(w, (at - run + 1) / rate, at / rate)
    w.spans[w.count - 1].end = (at + 1) / rate


@njit(cache=True)
def _begin(w: Any, start: float, now: float) -> None:
    """Begin a span; the oldest one is forgotten."""
    w.open = True
    if w.count == SPANS:
        for i in range(SPANS - 1):
            w.spans[i] = w.spans[i + 1]
        w.count -= 1
    w.spans[w.count].start, w.spans[w.count].told = start, now
    w.count += 1
