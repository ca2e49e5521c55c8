"""Conditional linkage: what two people still share when breath, movement or speech is taken out of both, as a description.

The plain answer stays as it is. What disappears may have come by the covariate, or there may be too little left to show it; and
breath may be the way by which two people reach each other, not only a disturbance.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from coregulation.analysis.beat_source import BeatSeries
from coregulation.analysis.blocks import shifting_spans
from coregulation.analysis.channel_data import ChannelData, prepare_traces
from coregulation.analysis.pair import NullSettings, PairResult, analyze_pair, draws_per_pair
from coregulation.analysis.preprocessing import align_pair, comparable_channels, plan_for
from coregulation.analysis.secondary import compare_measures
from coregulation.analysis.speech import find_speech
from coregulation.coupling.adjustment import LaggedRegression
from coregulation.coupling.family import adjust_family
from coregulation.coupling.inference import Coupling
from coregulation.coupling.reasons import LinkageRefusal
from coregulation.coupling.series_measure import AbstractSeriesMeasure
from coregulation.coupling.settings import LINKAGE
from coregulation.errors import UsageError, nearest_names
from coregulation.filters import Resample
from coregulation.reasons import Reason, because
from coregulation.session import Session
from coregulation.signals import Floats, Signal, Unit, Window
from coregulation.stage import apply_stage

if TYPE_CHECKING:
    from coregulation.coupling.series_comparison import SeriesResult

SPEECH = "speech"  # a covariate that is no channel: 1 while the person speaks, else 0
_FINER = 8  # samples of speech for each of the grid, so that a turn begins when it began

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, eq=False)
class ConditionalLinkage:
    """What a pair's signal says when covariates of both are taken out.

    Parameters
    ----------
    plain
        The primary answer of the pair, unchanged.
    covariates
        What was taken out, of both people.
    explained
        Share of each person's signal that was taken out, 0 to 1; None where nothing was.
    coupling
        What is left between them; None where it is refused.
    refused
        Why nothing was taken out.
    measures
        The secondary measures of what is left, where they were asked for.
    """

    plain: Coupling
    covariates: tuple[str, ...]
    explained: tuple[float, float] | None = None
    coupling: Coupling | None = None
    refused: Reason | None = None
    measures: tuple[SeriesResult, ...] = ()

    @property
    def p(self) -> float | None:
        """The p of what is left, not adjusted for other pairs and signals; None where refused."""
        return None if self.coupling is None else self.coupling.p

    @property
    def why_refused(self) -> Reason | None:
        """Why there is no p; None where there is one."""
        return self.coupling.refused if self.coupling is not None else self.refused


@dataclass(frozen=True, slots=True)
class Conditioning:
    """Take covariates of both people out of every signal of a pair, and compare what is left as the plain signals were.

    Parameters
    ----------
    covariates
        Names of channels, and "speech".
    regression
        How they are taken out.
    """

    covariates: tuple[str, ...]
    regression: LaggedRegression = field(default_factory=LaggedRegression)

    def check(self, session: Session) -> None:
        """Require that somebody has each covariate.

        Parameters
        ----------
        session
            That is to be analysed.

        Raises
        ------
        UsageError
            If nobody has one of them; it names what there is.
        """
        speech = (SPEECH,) if find_speech(session) else ()
        known = [*(name for recording in session.recordings for name in comparable_channels(recording)), *speech]
        for name in self.covariates:
            if name not in known:
                raise UsageError(
                    "Nobody has {name!r}, so it cannot be taken out. Did you mean {near:or}?",
                    name=name, near=nearest_names(name, known),
                )  # fmt: skip


def condition_pairs(
    conditioning: Conditioning | None,
    session: Session,
    channels: Sequence[ChannelData],
    answers: Sequence[PairResult],
    hearts: Mapping[str, BeatSeries | None],
    measures: Sequence[AbstractSeriesMeasure],
    against: NullSettings,
    progress: Progress,
) -> tuple[ConditionalLinkage, ...]:
    """Compare the pairs of a session again, without what covariates explain.

    Parameters
    ----------
    conditioning
        What is taken out; None: nothing is compared.
    session
        As it is compared.
    channels
        With their plans and traces; one that is a covariate itself is compared without the others only.
    answers
        The pairs as they were compared; those without a p are left out.
    hearts
        Each person's beats.
    measures
        Secondary measures to compute too.
    against
        How a pair is tested.
    progress
        Is called with what is done, how many of it are done, and of how many.

    Returns
    -------
    tuple of ConditionalLinkage
        One for each pair and channel.

    Raises
    ------
    UsageError
        If nobody has a covariate, or nothing else is compared.
    """
    if conditioning is None:
        return ()
    conditioning.check(session)
    _need_another(conditioning, channels)
    by_name = {channel.name: channel for channel in channels}
    sources = {channel.name: _covariates(conditioning, session, channel, hearts) for channel in channels}
    against = replace(against, surrogates=draws_per_pair(against.surrogates, len(answers) // max(1, len(channels))))
    usable = [a for a in answers if a.primary.p is not None and set(conditioning.covariates) - {a.channel}]
    results = []
    for done, answer in enumerate(usable):
        progress("without covariates", done, len(usable))
        channel = by_name[answer.channel]
        own = sources[channel.name]
        results.append(_condition(conditioning.regression, session, channel, answer, own, measures, against))
    progress("without covariates", len(usable), len(usable))
    return tuple(results)


def adjusted_conditional(results: Sequence[ConditionalLinkage]) -> list[float | None]:
    """Return p of what is left of each pair and signal, adjusted over all of them (`adjust_family`).

    Parameters
    ----------
    results
        Of one session.

    Returns
    -------
    list
        One for each; None where it is refused.
    """
    tested = [result.coupling for result in results if result.coupling is not None and result.p is not None]
    adjusted = iter(adjust_family([c.statistic for c in tested], [c.nulls for c in tested]))
    return [None if result.p is None else next(adjusted) for result in results]


def is_beyond(p: float | None) -> bool:
    """Say whether an adjusted p counts as beyond coincidence.

    Parameters
    ----------
    p
        0 to 1, or None where there is none.

    Returns
    -------
    bool
        Whether it is at most `LINKAGE.alpha`.
    """
    return p is not None and p <= LINKAGE.alpha


def _need_another(conditioning: Conditioning, channels: Sequence[ChannelData]) -> None:
    """Require a channel that is not all that is to be taken out."""
    names = [channel.name for channel in channels]
    if names and not any(set(conditioning.covariates) - {name} for name in names):
        raise UsageError(
            "Only {names:and} is compared, and a signal cannot be taken out of itself. Name another covariate.",
            names=names,
        )


def _covariates(
    conditioning: Conditioning, session: Session, channel: ChannelData, hearts: Mapping[str, BeatSeries | None]
) -> dict[str, Mapping[str, Signal]]:
    """Return each covariate of each person who has it, at the channel's rate."""
    names = [name for name in conditioning.covariates if name != channel.name]
    return {name: _of_people(name, session, channel, hearts) for name in names}


def _of_people(
    name: str, session: Session, channel: ChannelData, hearts: Mapping[str, BeatSeries | None]
) -> Mapping[str, Signal]:
    if name == SPEECH:
        spoken = find_speech(session)
        return {who: _speech(spoken[who], trace) for who, trace in channel.traces.items() if who in spoken}
    plan = replace(plan_for(name), rate=channel.rate, band=None)  # a band's edges would leave a part of it behind
    return prepare_traces(session, name, plan, channel.rate, hearts)[0]


def _speech(turns: Sequence[Window], trace: Signal) -> Signal:
    """Return 1 where a person speaks, else 0, on a signal's grid, smoothed as any signal is that comes onto it."""
    rate = _FINER * trace.rate
    times = trace.start + np.arange(len(trace) * _FINER) / rate
    speaks = np.zeros(len(times))
    for turn in turns:
        speaks[(times >= turn.start) & (times < turn.end)] = 1.0
    return apply_stage(Resample(trace.rate), Signal(speaks, rate, trace.start, Unit.ARBITRARY))


def _condition(
    regression: LaggedRegression,
    session: Session,
    channel: ChannelData,
    answer: PairResult,
    sources: Mapping[str, Mapping[str, Signal]],
    measures: Sequence[AbstractSeriesMeasure],
    against: NullSettings,
) -> ConditionalLinkage:
    names, refused = tuple(sources), _lacking(answer.pair, sources)
    if refused is not None:
        return ConditionalLinkage(answer.primary, names, refused=refused)
    signals = align_pair(*(channel.traces[who] for who in answer.pair))
    covariates = [_on_grid(people[who], signals[0]) for people in sources.values() for who in answer.pair]
    refused = _too_little(regression, signals, covariates)
    if refused is not None:
        return ConditionalLinkage(answer.primary, names, refused=refused)
    first, second = (regression(signal, covariates) for signal in signals)
    left = replace(channel, traces=dict(zip(answer.pair, (first.signal, second.signal), strict=True)))
    spans = shifting_spans(session, channel.plan.measure)
    again = analyze_pair(session, left, answer.pair, spans, against, np.random.default_rng(against.seed))
    more = compare_measures([left], [again], measures, against, lambda *_: None)
    return ConditionalLinkage(
        answer.primary, names, (first.explained, second.explained), again.primary, None, tuple(more)
    )


def _lacking(pair: tuple[str, str], sources: Mapping[str, Mapping[str, Signal]]) -> Reason | None:
    """Say of which covariate one of a pair has no usable recording; None where both have all."""
    for name, people in sources.items():
        without = tuple(who for who in pair if who not in people)
        if without:
            return because(LinkageRefusal.NO_COVARIATE, covariate=name, people=without)
    return None


def _too_little(regression: LaggedRegression, signals: Sequence[Signal], covariates: Sequence[Signal]) -> Reason | None:
    rate = signals[0].rate
    needed = regression.seconds_needed(len(covariates), rate)
    values = [signal.values for signal in (*signals, *covariates)]
    valid = float(np.isfinite(values).all(axis=0).sum()) / rate
    return None if valid >= needed else because(LinkageRefusal.FEW_FOR_COVARIATES, valid=valid, needed=needed)


def _on_grid(signal: Signal, grid: Signal) -> Signal:
    """Return a signal at the samples of another of its rate; NaN where it was not recorded."""
    at = round((grid.start - signal.start) * grid.rate) + np.arange(len(grid))
    inside = (at >= 0) & (at < len(signal))
    values: Floats = np.full(len(grid), np.nan)
    values[inside] = signal.values[at[inside]]
    return replace(signal, values=values, start=grid.start)
