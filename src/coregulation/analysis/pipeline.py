"""The narrow waist: a session goes in, a finding comes out, in pieces.

`Analysis` is itself a value: it holds every setting, all of them fixed before data are seen, and prints, saves and runs.
"""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from coregulation.analysis.beat_source import BeatSeries
from coregulation.analysis.blocks import block_contrasts, block_linkages, excluded_spans, shifting_spans
from coregulation.analysis.decisions import decide_group, decide_pairs
from coregulation.analysis.group import circular_shift_test, permutation_test
from coregulation.analysis.pair import (
    ChannelData,
    NullSettings,
    PairResult,
    analyze_pair,
    compare_with_pseudo_dyads,
    pair_surface,
)
from coregulation.analysis.person import PersonFinding, analyze_person
from coregulation.analysis.person_reasons import QualityReason
from coregulation.analysis.preprocessing import (
    SignalPlan,
    assess_quality,
    beats_behind,
    common_rate,
    comparable_channels,
    extract_signal,
    plan_for,
    prepare_signal,
    registered_plans,
)
from coregulation.analysis.regulation import Breaths, RegulationAnalysis, scripted_input
from coregulation.analysis.results import About, Finding, GroupFinding, Provenance, Quality
from coregulation.analysis.secondary import describe_pairs
from coregulation.coupling.bootstrap import BlockBootstrap
from coregulation.coupling.description import AbstractDescription
from coregulation.coupling.inference import Coupling
from coregulation.coupling.measure import AbstractMeasure
from coregulation.coupling.measures.concordance import Concordance
from coregulation.coupling.measures.peak_picking import PeakPicking
from coregulation.coupling.nulls.surrogates import AbstractSurrogate, CircularShift, SegmentShuffle
from coregulation.coupling.settings import LINKAGE
from coregulation.coupling.threads import in_threads
from coregulation.errors import DataError, UsageError
from coregulation.reasons import because
from coregulation.session import Session
from coregulation.signals import Signal, rebuilt

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Analysis:
    """Every setting of an analysis.

    Parameters
    ----------
    plans
        How each kind of signal is compared, by channel.
    null
        The primary null beyond own dynamics.
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
    measure
        The kind of measure, made with the window and lags of each plan; None for each plan's own.
    descriptions
        Descriptive measures of the pairs that keep their map, without a test.

    Raises
    ------
    UsageError
        If the seed is negative, or fewer surrogates are asked for than a p-value needs.
    """

    plans: Mapping[str, SignalPlan] = field(default_factory=registered_plans)
    null: AbstractSurrogate = field(default_factory=CircularShift)
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
    measure: type[AbstractMeasure] | None = None
    descriptions: tuple[AbstractDescription, ...] = (PeakPicking(), Concordance())

    __reduce__ = rebuilt

    def __post_init__(self) -> None:
        object.__setattr__(self, "plans", MappingProxyType(dict(self.plans)))
        if self.seed < 0:
            raise UsageError("A seed is a whole number from 0 up; {seed} came.", seed=self.seed)
        if min(self.surrogates, self.secondary) < LINKAGE.min_nulls:
            raise UsageError(
                "At least {needed} surrogates are needed for a p worth printing; {surrogates} and, of each other null, "
                "{secondary} came.",
                needed=LINKAGE.min_nulls, surrogates=self.surrogates, secondary=self.secondary,
            )  # fmt: skip

    def __call__(self, session: Session, pseudo: Sequence[Session] = (), progress: Progress | None = None) -> Finding:
        """Analyse a session, with other sessions of the same script as pseudo-dyads.

        Raises:
            DataError: if fewer than two people have a usable signal in common and nothing can be told of any body; if no
                signal of any two shares any time; of one person, if nothing can be told of the body.
            UsageError: if a signal is asked for that nobody has.
        """
        _need_somebody(session)
        tell = progress or (lambda _what, _done, _of: None)
        bodies = self._bodies(session, tell)
        if len(session.recordings) == 1:
            return self._alone(session, bodies)
        hearts = {found.person: found.heart for found in bodies}
        channels = [self._channel(session, pseudo, name, hearts) for name in self._names(session)]
        if not any(found.body for found in bodies):
            _need_two(channels)
        answers = [answer for channel in channels for answer in self._pairs(session, channel, tell)]
        _need_common_time(answers)
        couplings = [c for answer in answers for c in answer.couplings]
        scripts = self._scripts(session, channels, answers, pseudo)
        groups = self._groups(session, channels, answers, pseudo)
        strongest = sorted(answers, key=_evidence)[: self.pictures * len(channels)]
        kept = [_with_map(session, channels, answer) for answer in strongest]
        finding = Finding(
            about=_about(session),
            qualities=tuple(q for channel in channels for q in _told(channel, session)),
            couplings=(*couplings, *scripts),
            blocks=tuple(b for answer in answers for b in block_linkages(answer, session, self.bootstrap, self.seed)),
            contrasts=tuple(
                c for answer in answers for c in block_contrasts(answer, session, self.bootstrap, self.seed)
            ),
            groups=tuple(groups),
            verdicts=(),
            provenance=self._provenance(len(pseudo)),
            traces={(who, c.name): signal for c in channels for who, signal in c.traces.items()},
            surfaces={(*a.pair, a.channel): a.surface for a in kept if a.surface is not None},
            map_threshold={(*a.pair, a.channel): a.map_threshold for a in kept if a.surface is not None},
            descriptions=tuple(describe_pairs(kept, {c.name: c.traces for c in channels}, self.descriptions)),
            bodies=bodies,
            regulation=self.regulation(session, self._rng("exchange of regulation"), hearts, _breaths(bodies)),
        )
        named = {recording.person.id: comparable_channels(recording) for recording in session.recordings}
        return replace(finding, verdicts=tuple(decide_pairs(finding, named)), group_verdict=decide_group(finding))

    def _bodies(self, session: Session, tell: Progress) -> tuple[PersonFinding, ...]:
        if not self.bodies and len(session.recordings) > 1:
            return ()
        found = []
        for done, recording in enumerate(session.recordings):
            tell("each body", done, len(session.recordings))
            found.append(analyze_person(recording, session, self.seed))
        tell("each body", len(found), len(found))
        return tuple(found)

    def _alone(self, session: Session, bodies: tuple[PersonFinding, ...]) -> Finding:
        """Return the finding of a session of one person: nothing in it is about two."""
        if bodies[0].body is None:
            raise DataError("This person cannot be analysed: {why}", why=bodies[0].unknown["body"])
        (recording,) = session.recordings
        names = [name for name in comparable_channels(recording) if self.signals is None or name in self.signals]
        channels = [self._channel(session, (), name, {recording.person.id: bodies[0].heart}) for name in names]
        return Finding(
            about=_about(session), qualities=tuple(q for channel in channels for q in channel.qualities), couplings=(),
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
                raise UsageError(f"Nobody has {', '.join(unknown)}; there is {', '.join(counted) or 'nothing'}.")
            return self.signals
        return tuple(name for name, people in counted.items() if people > 1)

    def _channel(
        self, session: Session, pseudo: Sequence[Session], name: str, hearts: Mapping[str, BeatSeries | None]
    ) -> ChannelData:
        plan = self.plan(name)
        rate = min(common_rate(one, name, plan) for one in (session, *pseudo))
        traces, qualities = _traces(session, name, plan, rate, hearts)
        others = tuple(_traces(one, name, plan, rate, {})[0] for one in pseudo)
        return ChannelData(name, plan, rate, traces, qualities, others)

    def _pairs(self, session: Session, channel: ChannelData, tell: Progress) -> Iterator[PairResult]:
        pairs = list(itertools.combinations(channel.traces, 2))
        spans = shifting_spans(session, channel.plan.measure)
        against = NullSettings(self.null, self.surrogates, self.bootstrap, self.seed, self.jobs)
        for done, pair in enumerate(pairs):
            tell(channel.name, done, len(pairs))
            rng = self._rng(channel.name, *sorted(pair))
            answer = analyze_pair(session, channel, pair, spans, against, rng)
            if len(pairs) <= LINKAGE.max_sensitivity_pairs:
                answer = answer.with_sensitivity(self.sensitivity, self.secondary, rng)
            yield replace(answer, surface=answer.surface if len(pairs) <= LINKAGE.max_surfaces else None)
        tell(channel.name, len(pairs), len(pairs))

    def _scripts(
        self,
        session: Session,
        channels: Sequence[ChannelData],
        answers: Sequence[PairResult],
        pseudo: Sequence[Session],
    ) -> list[Coupling]:
        by_name = {channel.name: channel for channel in channels}
        roles = _roles(session, pseudo)

        def one(answer: PairResult) -> Coupling:
            spans = shifting_spans(session, by_name[answer.channel].plan.measure)
            rng = self._rng("script", answer.channel, *sorted(answer.pair))
            return compare_with_pseudo_dyads(by_name[answer.channel], answer, roles, spans, self.surrogates, rng)

        return in_threads(one, list(answers), self.jobs) if pseudo else []

    def _groups(
        self,
        session: Session,
        channels: Sequence[ChannelData],
        answers: Sequence[PairResult],
        pseudo: Sequence[Session],
    ) -> Iterator[GroupFinding]:
        for channel in channels:
            mine = [a for a in answers if a.channel == channel.name]
            if len(channel.traces) < 3:
                continue
            yield circular_shift_test(channel, mine, self.surrogates, self._rng("group", channel.name))
            if pseudo:
                spans = shifting_spans(session, channel.plan.measure)
                rng = self._rng("exchange", channel.name)
                yield permutation_test(channel, _roles(session, pseudo), spans, self.surrogates, rng, self.jobs)

    def _provenance(self, pseudo: int) -> Provenance:
        from importlib.metadata import version

        from coregulation._version import __version__

        names = ("numpy", "scipy", "numba")
        return Provenance(__version__, self.seed, self.settings(), {name: version(name) for name in names}, pseudo)

    def settings(self) -> dict[str, Any]:
        """Return every setting as plain values that JSON can hold."""
        plans = {name: self.plan(name) for name in self.plans}
        return {
            "plans": {name: asdict(plan) for name, plan in (*plans.items(), ("any other", self.plan("")))},
            "null": {"name": self.null.title, **asdict(self.null)},
            "sensitivity": [{"name": null.title, **asdict(null)} for null in self.sensitivity],
            "surrogates": self.surrogates,
            "secondary": self.secondary,
            "bootstrap": asdict(self.bootstrap),
            "signals": list(self.signals) if self.signals else None,
            "regulation": asdict(self.regulation),
            "seed": self.seed,
            "bodies": self.bodies,
            "measure": self.measure.title if self.measure else None,
            "descriptions": [
                {"name": description.title, **asdict(description)}  # type: ignore[call-overload]  # all are dataclasses
                for description in self.descriptions
            ],
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
        return plan if self.measure is None else replace(plan, measure=self.measure.like(plan.measure))

    def _rng(self, *names: str) -> np.random.Generator:
        # a generator of its own for each question, so that one answer does not hang on which others were asked
        return np.random.default_rng([self.seed, *(zlib.crc32(name.encode()) for name in names)])


def analyze(
    session: Session, pseudo: Sequence[Session] = (), *, progress: Progress | None = None, **settings: Any
) -> Finding:
    """Analyse a session with the settings fixed in advance; any field of `Analysis` may be given by name."""
    return Analysis(**settings)(session, pseudo, progress)


def _traces(
    session: Session, name: str, plan: SignalPlan, rate: float, hearts: Mapping[str, BeatSeries | None]
) -> tuple[dict[str, Signal], tuple[Quality, ...]]:
    traces, qualities = {}, []
    for recording in session.recordings:
        if name not in comparable_channels(recording):
            continue
        made_of = beats_behind(recording, name, session, hearts.get(recording.person.id))
        signal = extract_signal(recording, name, rate, session, made_of)
        verdict = assess_quality(signal, recording, name, session, plan, made_of)
        qualities.append(verdict)
        if verdict.refused is None:
            made = prepare_signal(signal, plan, rate)
            for span in (
                () if plan.band else scripted_input(session)
            ):  # a rhythm of seconds knows nothing of the timetable
                made = made.without(span)
            traces[recording.person.id] = made
    return traces, tuple(qualities)


def _breaths(bodies: Sequence[PersonFinding]) -> Breaths:
    """Return each one's breathing rate where it was measured and nobody set the pace."""
    rates = {b.person: b.body.breathing_rate for b in bodies if b.body and b.body.breath_known and not b.paced}
    return {who: (signal.times, signal.values) for who, signal in rates.items()}


def _roles(session: Session, pseudo: Sequence[Session]) -> list[dict[str, str | None]]:
    return [{person.id: person.role for person in one.people} for one in (session, *pseudo)]


def _need_somebody(session: Session) -> None:
    if not session.recordings:
        raise DataError(
            "A session needs at least one person; nobody came. Name the columns with --person, or give one file for each."
        )


def _need_two(channels: Sequence[ChannelData]) -> None:
    if not channels:
        raise DataError("No signal was recorded of two people; linkage needs the same signal of both.")
    if all(len(channel.traces) < 2 for channel in channels):
        refused = [q for channel in channels for q in channel.qualities if q.refused]
        names = tuple(channel.name for channel in channels)
        if not refused:
            raise DataError("Fewer than two people recorded {signals:and}; linkage needs both.", signals=names)
        raise DataError(
            "Fewer than two people have a usable signal ({signals:and}): {refused:and}.",
            signals=names,
            refused=tuple(
                because(QualityReason.REFUSED, person=q.person, channel=q.channel, why=q.refused) for q in refused
            ),
        )


def _need_common_time(answers: Sequence[PairResult]) -> None:
    if answers and all(answer.apart for answer in answers):
        raise DataError(str(answers[0].couplings[0].refused))


def _told(channel: ChannelData, session: Session) -> Iterator[Quality]:
    """Yield each one's quality, with what is left out where two are compared."""
    told = excluded_spans(session, channel.plan.measure) if len(channel.traces) > 1 else ()
    yield from (replace(q, remarks=(*q.remarks, *told)) for q in channel.qualities)


def _evidence(answer: PairResult) -> tuple[float, float]:
    p = answer.couplings[0].p
    return (2.0 if p is None else p, -answer.couplings[0].statistic)


def _with_map(session: Session, channels: Sequence[ChannelData], answer: PairResult) -> PairResult:
    """Return an answer with its map, which is not held in memory for each of many pairs."""
    if answer.surface is not None or answer.couplings[0].estimate is None:
        return answer
    channel = next(channel for channel in channels if channel.name == answer.channel)
    return replace(answer, surface=pair_surface(channel, answer.pair, shifting_spans(session, channel.plan.measure)))


def _about(session: Session) -> About:
    return About(
        session.id, session.people, session.task, session.date, session.setting, session.shared, session.simulated,
        session.blocks, session.marks, session.exclusions,
    )  # fmt: skip
