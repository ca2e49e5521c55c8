"""Would the answer survive other choices: the same pair by other windows, lags, trends and signals, as a description.

The way that was fixed beforehand keeps its answer whatever the others give: nothing is chosen among them.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from coregulation.analysis.beat_source import BeatSeries
from coregulation.analysis.blocks import shifting_spans
from coregulation.analysis.channel_data import ChannelData, prepare_traces
from coregulation.analysis.pair import NullSettings, PairResult, analyze_pair
from coregulation.analysis.preprocessing import SignalPlan
from coregulation.coupling.inference import Coupling
from coregulation.coupling.measure import AbstractMeasure
from coregulation.coupling.settings import LINKAGE
from coregulation.errors import UsageError
from coregulation.session import Session

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, eq=False)
class ComparisonWay:
    """One way in which a pair can be compared, and what it gives.

    Parameters
    ----------
    plan
        How the signal is compared.
    is_declared
        Whether it is the way that was fixed beforehand.
    coupling
        What it gives; its p is not adjusted for the other ways.
    """

    plan: SignalPlan
    is_declared: bool
    coupling: Coupling

    @property
    def detrend(self) -> bool | None:
        """Whether a straight line is taken out of each window; None where the measure has no such choice."""
        return getattr(self.plan.measure, "detrend", None)

    @property
    def is_beyond(self) -> bool:
        """Whether its p is at most `LINKAGE.alpha`; False where it is refused."""
        return self.coupling.p is not None and self.coupling.p <= LINKAGE.alpha


@dataclass(frozen=True, slots=True, eq=False)
class PairMultiverse:
    """One pair and signal, compared in many ways.

    Parameters
    ----------
    pair
        The two people, in order.
    channel
        Name of the channel.
    ways
        The declared one among them.
    """

    pair: tuple[str, str]
    channel: str
    ways: tuple[ComparisonWay, ...]

    @property
    def tested(self) -> tuple[ComparisonWay, ...]:
        """The ways that have a p."""
        return tuple(way for way in self.ways if way.coupling.p is not None)


@dataclass(frozen=True, slots=True)
class Multiverse:
    """Compare pairs in every combination of choices that a reader could have made as well.

    Parameters
    ----------
    factors
        Of the declared window, and of the declared longest lag; 1 is the declared one.
    surrogates
        Of each way but the declared one, which keeps its answer.
    max_pairs
        Of a channel; of more pairs, those that stand out most.

    References
    ----------
    Steegen S, Tuerlinckx F, Gelman A, Vanpaemel W (2016), Perspectives on Psychological Science 11:702,
    doi:10.1177/1745691616658637
    """

    factors: tuple[float, ...] = (0.5, 1.0, 2.0)
    surrogates: int = 199
    max_pairs: int = 6

    def __post_init__(self) -> None:
        if 1.0 not in self.factors or min(self.factors) <= 0:
            raise UsageError(
                "The factors of a multiverse must be above 0 and have 1 among them; {factors} came.",
                factors=", ".join(f"{factor:g}" for factor in self.factors),
            )

    def plans(self, declared: SignalPlan, rate: float) -> Iterator[SignalPlan]:
        """Yield the declared plan and each variation of it.

        Windows and longest lags are multiplied by each factor; a straight line is taken out of each window, or not; levels
        are compared, or changes, unless a band is kept, which has no level. What the measure cannot do is left out, such as
        lags longer than the window.

        Parameters
        ----------
        declared
            How the channel is compared.
        rate
            Of its traces, in Hz.

        Yields
        ------
        SignalPlan
            Each once.
        """
        changes = (declared.difference,) if declared.band else (False, True)
        for difference, window, lag in itertools.product(changes, self.factors, self.factors):
            for measure in _measures(declared.measure, window, lag, rate):
                yield replace(declared, measure=measure, difference=difference)

    def chosen(self, channel: ChannelData, answers: Sequence[PairResult]) -> list[PairResult]:
        """Return the pairs of a channel that are compared in every way, in their order.

        Parameters
        ----------
        channel
            The channel.
        answers
            The pairs as they were compared; those without a p are left out.

        Returns
        -------
        list of PairResult
            At most `max_pairs`.
        """
        usable = [a for a in answers if a.channel == channel.name and a.primary.p is not None]
        strongest = sorted(usable, key=lambda answer: answer.primary.p or 0.0)[: self.max_pairs]
        return [answer for answer in usable if answer in strongest]


def vary_ways(
    multiverse: Multiverse | None,
    session: Session,
    channels: Sequence[ChannelData],
    answers: Sequence[PairResult],
    hearts: Mapping[str, BeatSeries | None],
    against: NullSettings,
    progress: Progress,
) -> tuple[PairMultiverse, ...]:
    """Compare the pairs of a session in every way.

    Parameters
    ----------
    multiverse
        The ways; None: nothing is compared.
    session
        As it is compared.
    channels
        With their declared plans.
    answers
        The pairs as they were compared; those that were refused are left out.
    hearts
        Each person's beats.
    against
        How a pair is tested; the number of surrogates is that of the multiverse.
    progress
        Is called with what is done, how many of it are done, and of how many.

    Returns
    -------
    tuple of PairMultiverse
        One for each pair and channel.
    """
    if multiverse is None:
        return ()
    against = replace(against, surrogates=multiverse.surrogates)
    results: list[PairMultiverse] = []
    for channel in channels:
        chosen = multiverse.chosen(channel, answers)
        plans = list(multiverse.plans(channel.plan, channel.rate)) if chosen else []
        varied = [_prepared(session, channel, plan, hearts) for plan in plans]
        ways: dict[tuple[str, str], list[ComparisonWay]] = {answer.pair: [] for answer in chosen}
        for done, (answer, each) in enumerate(itertools.product(chosen, varied)):
            progress("other ways to compare", done, len(chosen) * len(varied))
            ways[answer.pair].append(_way(session, each, channel, answer, against))
        progress("other ways to compare", len(chosen) * len(varied), len(chosen) * len(varied))
        results += [PairMultiverse(pair, channel.name, tuple(taken)) for pair, taken in ways.items()]
    return tuple(results)


def _measures(declared: AbstractMeasure, window: float, lag: float, rate: float) -> Iterator[AbstractMeasure]:
    """Yield a measure with other lengths, with and without a straight line taken out; nothing where it cannot be."""
    try:
        measure = declared.with_lengths(declared.window * window, declared.max_lag * lag)
        measure.lags(rate)
    except UsageError:
        return
    if not hasattr(measure, "detrend"):
        yield measure
        return
    for detrend in (True, False):
        yield dataclasses.replace(measure, detrend=detrend)  # type: ignore[type-var]  # every measure is a dataclass


def _prepared(
    session: Session, channel: ChannelData, plan: SignalPlan, hearts: Mapping[str, BeatSeries | None]
) -> ChannelData:
    """Return a channel with another plan; its traces are made anew only where the signal itself is another."""
    if plan.difference == channel.plan.difference:
        return replace(channel, plan=plan)
    traces, _ = prepare_traces(session, channel.name, plan, channel.rate, hearts)
    return replace(channel, plan=plan, traces={who: trace for who, trace in traces.items() if who in channel.traces})


def _way(
    session: Session, varied: ChannelData, declared: ChannelData, answer: PairResult, against: NullSettings
) -> ComparisonWay:
    """Compare a pair in one way; the declared way has its answer already."""
    if varied.plan == declared.plan:
        return ComparisonWay(varied.plan, True, answer.primary)
    spans = shifting_spans(session, varied.plan.measure)
    varying = analyze_pair(session, varied, answer.pair, spans, against, np.random.default_rng(against.seed))
    return ComparisonWay(varied.plan, False, varying.primary)
