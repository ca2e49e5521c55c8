"""The p-values of a family of answers from one joint randomisation."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from coregulation.coupling.inference import p_value
from coregulation.signals import Floats

_LEAST_SPREAD = 1e-9  # of a null: below it every surrogate is alike, and nothing can be studentised


def adjust_family(statistics: Sequence[float], nulls: Sequence[Floats]) -> list[float]:
    """Adjust the p-values of a family by the largest studentised statistic.

    Surrogate k of one member belongs to surrogate k of every other: the members share people, and people are redrawn or moved
    once for all of them. Members with another number of surrogates are families of their own, and their p-values are multiplied
    by the number of such families.

    Parameters
    ----------
    statistics
        Of each member.
    nulls
        The same of each surrogate, shape (k,) of each member, k > 0.

    Returns
    -------
    list of float
        Probability that the largest of the family is at least as large, where every null is true; in the same order.

    References
    ----------
    Westfall PH, Young SS (1993), Resampling-Based Multiple Testing (single-step maxT)
    """
    sizes = [len(null) for null in nulls]
    adjusted = [1.0] * len(sizes)
    families = dict.fromkeys(sizes)
    for size in families:
        members = [at for at, count in enumerate(sizes) if count == size]
        scores, peaks = _studentised([statistics[at] for at in members], np.array([nulls[at] for at in members]))
        for at, score in zip(members, scores, strict=True):
            adjusted[at] = min(1.0, len(families) * p_value(score, peaks))
    return adjusted


def _studentised(statistics: Sequence[float], nulls: Floats) -> tuple[list[float], Floats]:
    """Return each member's score and the largest score of each surrogate; mean and spread are those of all surrogates."""
    if len(nulls) == 1:  # as its own p-value, digit by digit
        return list(statistics), nulls[0]
    spread = np.maximum(nulls.std(axis=1), _LEAST_SPREAD)
    mean = nulls.mean(axis=1)
    scores = [float(score) for score in (np.asarray(statistics) - mean) / spread]
    return scores, ((nulls - mean[:, None]) / spread[:, None]).max(axis=0)
