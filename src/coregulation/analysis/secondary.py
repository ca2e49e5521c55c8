"""Descriptive measures of the pairs that stand out: secondary, without a test, and marked so."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict

from coregulation.analysis.pair import PairResult
from coregulation.analysis.preprocessing import align_pair
from coregulation.analysis.results import SecondaryMeasure
from coregulation.coupling.description import AbstractDescription, ComparedPair
from coregulation.errors import DataError
from coregulation.signals import Signal


def describe_pairs(
    answers: Sequence[PairResult],
    traces: Mapping[str, Mapping[str, Signal]],
    descriptions: Sequence[AbstractDescription],
) -> Iterator[SecondaryMeasure]:
    """Describe each pair by each descriptive measure.

    Parameters
    ----------
    answers
        Pairs with their surface; those without are left out.
    traces
        By channel and person, the signals as they are compared.
    descriptions
        The descriptive measures.

    Yields
    ------
    SecondaryMeasure
        Each number; NaN where the measure cannot be had of these signals.

    References
    ----------
    Boker SM et al. (2002), Psychological Methods 7:338, doi:10.1037/1082-989X.7.3.338
    """
    for answer in answers:
        if answer.surface is None:
            continue
        x, y = align_pair(*(traces[answer.channel][who] for who in answer.pair))
        pair = ComparedPair(x, y, answer.surface)
        for description in descriptions:
            for quantity, value in zip(description.quantities, _describe(description, pair), strict=True):
                settings = asdict(description)  # type: ignore[call-overload]  # every description is a dataclass
                name = type(description).__name__
                yield SecondaryMeasure(answer.pair, answer.channel, name, settings, quantity, value)


def _describe(description: AbstractDescription, pair: ComparedPair) -> tuple[float, ...]:
    try:
        return description.describe(pair)
    except DataError:
        return (math.nan,) * len(description.quantities)
