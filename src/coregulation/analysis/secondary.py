"""Secondary measures: numbers without a test of the pairs that stand out, and tests that were asked for, apart from the primary one."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np

from coregulation.analysis.channel_data import ChannelData
from coregulation.analysis.pair import NullSettings, PairResult, draws_per_pair
from coregulation.analysis.preprocessing import align_pair
from coregulation.analysis.results import SecondaryMeasure
from coregulation.coupling.description import AbstractDescription, ComparedPair
from coregulation.coupling.series_measure import AbstractSeriesMeasure, SeriesScale
from coregulation.coupling.settings import LINKAGE
from coregulation.errors import DataError
from coregulation.signals import Signal

if TYPE_CHECKING:
    from coregulation.coupling.series_comparison import SeriesResult


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


def compare_measures(
    channels: Sequence[ChannelData],
    answers: Sequence[PairResult],
    measures: Sequence[AbstractSeriesMeasure],
    settings: NullSettings,
    report: Callable[[str, int, int], None],
) -> list[SeriesResult]:
    """Test each pair of each channel by each secondary measure; the primary answers are read, never changed.

    All measures of a pair meet the same surrogates, and a person is redrawn alike for every signal and pair, so that their
    p-values can be adjusted by one joint randomisation.

    Parameters
    ----------
    channels
        With their plans.
    answers
        The pairs as they were compared.
    measures
        What was asked for.
    settings
        Of surrogates.
    report
        Is called with what is done, how many of it are done, and of how many.

    Returns
    -------
    list of SeriesResult
        One for each statistic; a pair without a primary answer is refused for the same reason.
    """
    if not measures:
        return []
    results: list[SeriesResult] = []
    plans = {channel.name: channel for channel in channels}
    for done, answer in enumerate(answers):
        report("other measures", done, len(answers))
        fitted = tuple(measure.fitted_to(_scale(plans[answer.channel])) for measure in measures)
        results += _compare(answer, fitted, settings, len(answers) // max(1, len(channels)))
    report("other measures", len(answers), len(answers))
    return results


def _scale(channel: ChannelData) -> SeriesScale:
    band, measure = channel.plan.band, channel.plan.measure
    return SeriesScale(measure.window, measure.max_lag, (band.low, band.high) if band else None)


def _compare(
    answer: PairResult, measures: tuple[AbstractSeriesMeasure, ...], settings: NullSettings, pairs: int
) -> list[SeriesResult]:
    from coregulation.coupling.series_comparison import SeriesResult, SeriesTest

    if answer.comparison is None:
        why, empty = answer.primary.refused, np.empty(0)
        return [
            SeriesResult(answer.pair, answer.channel, m, statistic, math.nan, empty, None, settings.seed, why)
            for m in measures
            for statistic in m.statistics
        ]
    count = min(LINKAGE.max_secondary_draws, draws_per_pair(settings.surrogates, pairs))
    test = SeriesTest(measures, count, settings.seed, settings.jobs)
    return test(answer.comparison, answer.pair, answer.channel, lambda: settings.source(answer.pair[1]))
