"""Secondary measures of the pairs that stand out: told, never tested, and marked so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict

from coregulation.analysis.pair import PairResult
from coregulation.analysis.preprocessing import align_pair
from coregulation.analysis.results import SecondaryMeasure
from coregulation.coupling.concordance import Concordance
from coregulation.coupling.peaks import PeakPicking
from coregulation.signals import Signal


def describe_pairs(
    answers: Sequence[PairResult], traces: Mapping[str, Mapping[str, Signal]]
) -> Iterator[SecondaryMeasure]:
    """Yield the peaks of each pair's map (Boker et al. 2002) and how often its signals change alike (Marci et al. 2007)."""
    for answer in answers:
        if answer.surface is None:
            continue
        picking, alike = PeakPicking(), Concordance()
        peaks = picking(answer.surface)
        mean_r, sd_r, mean_lag, sd_lag = peaks.summary
        told = {
            "mean r at the peak": mean_r,
            "sd of r at the peak": sd_r,
            "mean lag of the peak, s": mean_lag,
            "sd of the lag, s": sd_lag,
            "share of windows with a peak": peaks.share,
        }
        yield from _each(answer, picking, told)
        found = alike(*align_pair(*(traces[answer.channel][who] for who in answer.pair)))
        yield from _each(answer, alike, {"concordance index": found.index, "share of windows alike": found.share})


def _each(
    answer: PairResult, measure: PeakPicking | Concordance, told: Mapping[str, float]
) -> Iterator[SecondaryMeasure]:
    for quantity, value in told.items():
        yield SecondaryMeasure(answer.pair, answer.channel, type(measure).__name__, asdict(measure), quantity, value)
