"""Which null answers beyond own dynamics: chosen by length and gaps alone, before any answer is seen."""

from __future__ import annotations

import math

import numpy as np

from coregulation.coupling.comparison import PairComparison
from coregulation.coupling.nulls.spectrum_model import SpectrumModel
from coregulation.coupling.nulls.surrogates import AbstractSurrogate, CircularShift, PhaseRandomised
from coregulation.coupling.settings import LINKAGE


def choose_null(comparison: PairComparison) -> AbstractSurrogate:
    """Choose the null of a pair by the length of its recording and by its gaps.

    Circular shifts keep everything of a series, but a recording has only as many as its length over twice the longest lag. So
    they are taken where they can reach p = .001. Below that, phases are randomised where nearly nothing is missing, since such
    surrogates can be drawn without end. Where samples are missing, surrogates are drawn from a model and have the same gaps.

    Parameters
    ----------
    comparison
        The pair; only its length and what is missing count.

    Returns
    -------
    AbstractSurrogate
        Circular shifts, phase randomisation or the Gaussian model.
    """
    if count_places(comparison) >= LINKAGE.many_shifts:
        return CircularShift()
    return PhaseRandomised() if largest_missing(comparison) <= LINKAGE.max_bridged else SpectrumModel()


def count_places(comparison: PairComparison) -> int:
    """Count the circular shifts whose ranges of lags do not overlap, from lengths alone.

    Parameters
    ----------
    comparison
        The pair.

    Returns
    -------
    int
        Of all segments together, as combinations; 0 where one is too short.
    """
    step = 2 * comparison.measure.hop
    apart = step * math.ceil((2 * comparison.measure.max_lag + 1 / comparison.rate) / step)
    least = max(CircularShift().least, apart)
    lengths = [len(segment.x) / comparison.rate for segment in comparison.segments]
    places = [max(0, math.floor((length - 2 * least) / apart) + 1) for length in lengths]
    return min(LINKAGE.many_shifts, math.prod(places)) if places else 0


def largest_missing(comparison: PairComparison) -> float:
    """Return the largest share of samples that either person misses in any segment.

    Parameters
    ----------
    comparison
        The pair.

    Returns
    -------
    float
        0 to 1; 0 without segments.
    """
    signals = [signal for segment in comparison.segments for signal in (segment.x, segment.y)]
    return max((float((~np.isfinite(signal.values)).mean()) for signal in signals), default=0.0)
