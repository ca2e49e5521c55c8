"""A session goes in, a finding comes out.

`Analysis` is a value that holds every setting, all of them fixed before data are seen; calling it analyses a session.
"""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from coregulation.analysis.beat_source import BeatSeries
from coregulation.analysis.blocks import block_contrasts, block_linkages, shifting_spans
from coregulation.analysis.channel_data import ChannelData, prepare_traces
from coregulation.analysis.decisions import decide_group, decide_pairs, with_pairs
from coregulation.analysis.finding import Finding, strongest_first
from coregulation.analysis.group import circular_shift_test, permutation_test
from coregulation.analysis.guides import without_guided
from coregulation.analysis.multiverse import Multiverse, Progress, vary_ways
from coregulation.analysis.natural import NaturalAnalysis, NaturalFinding
from coregulation.analysis.pair import NullSettings, PairResult, analyze_pair, draws_per_pair
from coregulation.analysis.person import PersonFinding, analyze_person
from coregulation.analysis.preprocessing import SignalPlan, common_rate, comparable_channels, plan_for, registered_plans
from coregulation.analysis.pseudo_comparison import compare_with_pseudo_dyads
from coregulation.analysis.regulation import RegulationAnalysis
from coregulation.analysis.requirements import need_common_time, need_somebody, need_two
from coregulation.analysis.results import GroupFinding, Provenance, titled_settings
from coregulation.analysis.secondary import compare_measures, describe_pairs
from coregulation.analysis.session_facts import (
    about_session,
    measured_breaths,
    qualities_of,
    roles_of,
    strength,
    with_surface,
)
from coregulation.coupling.bootstrap import BlockBootstrap
from coregulation.coupling.description import AbstractDescription
from coregulation.coupling.inference import Coupling
from coregulation.coupling.measure import AbstractMeasure
from coregulation.coupling.measures.concordance import Concordance
from coregulation.coupling.measures.peak_picking import PeakPicking
from coregulation.coupling.nulls.surrogates import AbstractSurrogate, SegmentShuffle
from coregulation.coupling.series_measure import AbstractSeriesMeasure
from coregulation.coupling.settings import LINKAGE
from coregulation.coupling.threads import in_threads
from coregulation.errors import DataError, UsageError
from coregulation.regulation.natural.answer import NaturalState
from coregulation.session import Session
from coregulation.signals import rebuilt


@dataclass(frozen=True, slots=True)
class Analysis:
    """Every setting of an analysis.

    Parameters
    ----------
    plans
        How each kind of signal is compared, by channel.
    null
        The primary null beyond own dynamics; None: chosen by length and gaps (`choose_null`).
    sensitivity
        Other nulls, for up to six pairs; secondary.
    surrogates
        Number of surrogates of the primary null, at most.
    secondary
        Number of surrogates of each other null.
    bootstrap
        For intervals.
    signals
        Which channels; None for all that two people share.
    seed
        Of everything random.
    jobs
        Threads.
    pictures
        Number of pairs per channel that keep their map.
    bodies
        Also describe each person alone; somebody who is alone in the session is described in any case.
    regulation
        How regulation is analysed: who settles sooner with whom.
    natural
        How natural mode is answered: whether rises pass sooner when the other was settled.
    measure
        The kind of measure, made with the window and lags of each plan; None for each plan's own.
    window, max_lag
        Length of a window and longest lag either way, s, for every signal; None for each plan's own.
    descriptions
        Descriptive measures of the pairs that keep their map, without a test.
    measures
        Secondary measures that are tested, a family of their own; they change no other answer.
    multiverse
        Other ways to compare each pair, as a description; None: none. They change no other answer.

    Raises
    ------
    UsageError
        If the seed is negative, or fewer surrogates are asked for than a p-value needs.
    """

    plans: Mapping[str, SignalPlan] = field(default_factory=registered_plans)
    null: AbstractSurrogate | None = None
    sensitivity: tuple[AbstractSurrogate, ...] = (SegmentShuffle(),)
    surrogates: int = 1999
    secondary: int = 199
    bootstrap: BlockBootstrap = field(default_factory=BlockBootstrap)
    signals: tuple[str, ...] | None = None
    seed: int = 0
    jobs: int = 2
    pictures: int = 3
    bodies: bool = True
    regulation: RegulationAnalysis = field(default_factory=RegulationAnalysis)
    natural: NaturalAnalysis = field(default_factory=NaturalAnalysis)
    measure: type[AbstractMeasure] | None = None
    window: float | None = None
    max_lag: float | None = None
    descriptions: tuple[AbstractDescription, ...] = (PeakPicking(), Concordance())
    measures: tuple[AbstractSeriesMeasure, ...] = ()
    multiverse: Multiverse | None = None

    __reduce__ = rebuilt

    def __post_init__(self) -> None:
        object.__setattr__(self, "plans", MappingProxyType(dict(self.plans)))
        if self.seed < 0:
            raise UsageError("A seed is a whole number from 0 up; {seed} came.", seed=self.seed)
        if min(self.surrogates, self.secondary) < LINKAGE.min_nulls:
            raise UsageError(
                "At least {needed:n surrogate|surrogates} are needed for a p worth printing; {surrogates} and, of each other null, "
                "{secondary} came.",
                needed=LINKAGE.min_nulls, surrogates=self.surrogates, secondary=self.secondary,
            )  # fmt: skip

    def __call__(self, session: Session, pseudo: Sequence[Session] = (), progress: Progress | None = None) -> Finding:
        """Analyse a session.

        Parameters
        ----------
        session
            One or more people.
        pseudo
            Other sessions of the same script, for pseudo-dyads.
        progress
            Is called with what is done, how many of it are done, and of how many.

        Returns
        -------
        Finding
            Everything that can be answered, and why not the rest.

        Raises
        ------
        DataError
            If nobody was recorded; if fewer than two people have a usable signal in common and no body can be analysed; if no
            signal of any two shares any time; of one person, if the body cannot be analysed.
        UsageError
            If a signal is asked for that nobody has, or the null answers nothing for the measure.
        """
        need_somebody(session)
        report = progress or (lambda _what, _done, _of: None)
        bodies = self._bodies(session, report)
        if len(session.recordings) == 1:
            return self._alone(session, bodies)
        hearts = {body.person: body.heart for body in bodies}
        compared, guides = without_guided(session)
        channels = [self._channel(compared, pseudo, name, hearts) for name in self._names(session)]
        if not any(body.body for body in bodies):
            need_two(channels)
        answers = [answer for channel in channels for answer in self._pairs(session, channel, report)]
        need_common_time(channels, answers)
        couplings, against = [c for answer in answers for c in answer.couplings], self._against(self.surrogates)
        scripts = self._scripts(session, channels, answers, pseudo)
        groups = self._groups(session, channels, answers, pseudo)
        strongest = sorted(answers, key=strength)[: self.pictures * len(channels)]
        kept = [with_surface(session, channels, answer) for answer in strongest]
        finding = Finding(
            about=replace(about_session(compared), guides=guides),
            qualities=tuple(q for channel in channels for q in qualities_of(channel, session)),
            couplings=(*couplings, *scripts),
            blocks=tuple(b for answer in answers for b in block_linkages(answer, session, self.bootstrap, self.seed)),
            contrasts=tuple(c for a in answers for c in block_contrasts(a, session, self.bootstrap, self.seed)),
            groups=tuple(groups),
            verdicts=(),
            provenance=self._provenance(len(pseudo)),
            traces={(who, c.name): signal for c in channels for who, signal in c.traces.items()},
            surfaces={(*a.pair, a.channel): a.surface for a in kept if a.surface is not None},
            map_threshold={(*a.pair, a.channel): a.map_threshold for a in kept if a.surface is not None},
            descriptions=tuple(describe_pairs(kept, {c.name: c.traces for c in channels}, self.descriptions)),
            bodies=bodies,
            regulation=self.regulation(session, self._rng("exchange of regulation"), hearts, measured_breaths(bodies)),
            natural=self._natural(session, hearts),
            measures=tuple(compare_measures(channels, answers, self.measures, against, report)),
            multiverse=vary_ways(self.multiverse, compared, channels, answers, hearts, against, report),
        )
        named = {recording.person.id: comparable_channels(recording) for recording in session.recordings}
        finding = replace(finding, verdicts=tuple(decide_pairs(finding, named)))
        return replace(finding, group_verdict=with_pairs(decide_group(finding), strongest_first(finding)))

    def _natural(self, session: Session, hearts: Mapping[str, BeatSeries | None]) -> NaturalFinding | None:
        """Return natural mode's answer; None where no signal stands for arousal or the two share less than half an hour."""
        answer = self.natural((session,), self._rng("natural"), hearts)
        short = answer is None or all(direction.state is NaturalState.TOO_SHORT for direction in answer.directions)
        return None if short else answer

    def _bodies(self, session: Session, report: Progress) -> tuple[PersonFinding, ...]:
        if not self.bodies and len(session.recordings) > 1:
            return ()
        bodies = []
        for done, recording in enumerate(session.recordings):
            report("each body", done, len(session.recordings))
            bodies.append(analyze_person(recording, session, self.seed))
        report("each body", len(bodies), len(bodies))
        return tuple(bodies)

    def _alone(self, session: Session, bodies: tuple[PersonFinding, ...]) -> Finding:
        """Return the finding of a session of one person: nothing in it is about two."""
        if bodies[0].body is None:
            raise DataError("This person cannot be analysed: {why}", why=bodies[0].unknown["body"])
        (recording,) = session.recordings
        names = [name for name in comparable_channels(recording) if self.signals is None or name in self.signals]
        channels = [self._channel(session, (), name, {recording.person.id: bodies[0].heart}) for name in names]
        return Finding(
            about=about_session(session), qualities=tuple(q for channel in channels for q in channel.qualities), couplings=(),
            blocks=(), contrasts=(), groups=(), verdicts=(), provenance=self._provenance(0),
            traces={(who, c.name): signal for c in channels for who, signal in c.traces.items()}, bodies=bodies,
        )  # fmt: skip

    def _names(self, session: Session) -> tuple[str, ...]:
        counted: dict[str, int] = {}
        for recording in session.recordings:
            for name in comparable_channels(recording):
                counted[name] = counted.get(name, 0) + 1
        if self.signals is not None:
            unknown = [name for name in self.signals if name not in counted]
            if unknown:
                raise UsageError(
                    "Nobody has {unknown:and}; the recordings have {known:and}.",
                    unknown=unknown,
                    known=[*counted] or ["nothing"],
                )
            return self.signals
        return tuple(name for name, people in counted.items() if people > 1)

    def _channel(
        self, session: Session, pseudo: Sequence[Session], name: str, hearts: Mapping[str, BeatSeries | None]
    ) -> ChannelData:
        plan = self.plan(name)
        rate = min(common_rate(each, name, plan) for each in (session, *pseudo))
        traces, qualities = prepare_traces(session, name, plan, rate, hearts)
        others = tuple(prepare_traces(each, name, plan, rate, {})[0] for each in pseudo)
        return ChannelData(name, plan, rate, traces, qualities, others)

    def _pairs(self, session: Session, channel: ChannelData, report: Progress) -> Iterator[PairResult]:
        pairs = list(itertools.combinations(channel.traces, 2))
        spans = shifting_spans(session, channel.plan.measure)
        draws = draws_per_pair(self.surrogates, len(pairs))
        against = self._against(draws)
        for done, pair in enumerate(pairs):
            report(channel.name, done, len(pairs))
            rng = self._rng(channel.name, *sorted(pair))
            answer = analyze_pair(session, channel, pair, spans, against, rng)
            if len(pairs) <= LINKAGE.max_sensitivity_pairs:
                answer = answer.with_sensitivity(self.sensitivity, self.secondary, rng)
            yield replace(answer, surface=answer.surface if len(pairs) <= LINKAGE.max_surfaces else None)
        report(channel.name, len(pairs), len(pairs))

    def _against(self, surrogates: int) -> NullSettings:
        return NullSettings(self.null, surrogates, self.bootstrap, self.seed, self.jobs)

    def _scripts(
        self,
        session: Session,
        channels: Sequence[ChannelData],
        answers: Sequence[PairResult],
        pseudo: Sequence[Session],
    ) -> list[Coupling]:
        by_name = {channel.name: channel for channel in channels}
        roles = roles_of(session, pseudo)

        def compare(answer: PairResult) -> Coupling:
            spans = shifting_spans(session, by_name[answer.channel].plan.measure)
            rng = self._rng("script", answer.channel, *sorted(answer.pair))
            return compare_with_pseudo_dyads(by_name[answer.channel], answer, roles, spans, self.surrogates, rng)

        return in_threads(compare, list(answers), self.jobs) if pseudo else []

    def _groups(
        self,
        session: Session,
        channels: Sequence[ChannelData],
        answers: Sequence[PairResult],
        pseudo: Sequence[Session],
    ) -> Iterator[GroupFinding]:
        for channel in channels:
            own = [a for a in answers if a.channel == channel.name]
            if len(channel.traces) < 3:
                continue
            yield circular_shift_test(channel, own, self.surrogates, self._rng("group", channel.name))
            if pseudo:
                spans = shifting_spans(session, channel.plan.measure)
                rng = self._rng("exchange", channel.name)
                yield permutation_test(channel, roles_of(session, pseudo), spans, self.surrogates, rng, self.jobs)

    def _provenance(self, pseudo: int) -> Provenance:
        from importlib.metadata import version

        from coregulation._version import __version__

        names = ("numpy", "scipy", "numba")
        return Provenance(__version__, self.seed, self.settings(), {name: version(name) for name in names}, pseudo)

    def settings(self) -> dict[str, Any]:
        """List every setting that decides a number.

        Returns
        -------
        dict
            Plain values that JSON can hold.
        """
        plans = {name: self.plan(name) for name in self.plans}
        return {
            "plans": {name: asdict(plan) for name, plan in (*plans.items(), ("any other", self.plan("")))},
            "null": {"name": "by length and gaps"}
            if self.null is None
            else {"name": self.null.title, **asdict(self.null)},
            "sensitivity": titled_settings(self.sensitivity),
            "surrogates": self.surrogates,
            "secondary": self.secondary,
            "bootstrap": asdict(self.bootstrap),
            "signals": list(self.signals) if self.signals else None,
            "regulation": asdict(self.regulation),
            "natural": asdict(self.natural),
            "seed": self.seed,
            "bodies": self.bodies,
            "measure": self.measure.title if self.measure else None,
            "window": self.window,
            "max_lag": self.max_lag,
            "descriptions": titled_settings(self.descriptions),
            "measures": titled_settings(self.measures),
            "multiverse": None if self.multiverse is None else asdict(self.multiverse),
        }

    def plan(self, channel: str) -> SignalPlan:
        """Return how a channel is compared.

        Parameters
        ----------
        channel
            Its name; one without a plan of its own is compared as it is.

        Returns
        -------
        SignalPlan
            With the measure of this analysis.
        """
        plan = plan_for(channel, self.plans)
        measure = plan.measure if self.measure is None else self.measure.like(plan.measure)
        return replace(plan, measure=measure.with_lengths(self.window, self.max_lag))

    def _rng(self, *names: str) -> np.random.Generator:
        # a generator of its own for each question, so that one answer does not depend on which others were asked
        return np.random.default_rng([self.seed, *(zlib.crc32(name.encode()) for name in names)])


def analyze(
    session: Session, pseudo: Sequence[Session] = (), *, progress: Progress | None = None, **settings: Any
) -> Finding:
    """Analyse a session with the settings fixed in advance.

    Parameters
    ----------
    session
        One or more people.
    pseudo
        Other sessions of the same script, for pseudo-dyads.
    progress
        Is called with what is done, how many of it are done, and of how many.
    **settings
        Any field of `Analysis`.

    Returns
    -------
    Finding
        Everything that can be answered, and why not the rest.

    Raises
    ------
    DataError
        If nothing can be answered at all.
    UsageError
        If the settings cannot be used.
    """
    return Analysis(**settings)(session, pseudo, progress)
