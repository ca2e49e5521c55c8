"""All that can be said of who steadies whom in one session: recoveries, ledger, steadiness, ruptures, directions."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np

from coregulation.errors import DataError
from coregulation.reasons import Reason, because
from coregulation.regulation.co_escalation import CoEscalation, CoEscalationDetector
from coregulation.regulation.composure import Composure, measure_composure
from coregulation.regulation.control import LIVE, PartnerControl, partner_controls
from coregulation.regulation.counterfactual import CounterfactualEffect, CounterfactualEffects, counterfactual_effects
from coregulation.regulation.design import Design, NotConvergedError, UnidentifiedError
from coregulation.regulation.guarded_fit import fit_guarded
from coregulation.regulation.pair_regulation import (
    PairRegulation,
    answer_pairs,
    compare_all,
    refuse_pair,
)
from coregulation.regulation.panel import Panel
from coregulation.regulation.reason_codes import Refusal, Settle
from coregulation.regulation.recovery import Recovery, measure_recoveries, resting_levels
from coregulation.regulation.recovery_comparison import RecoveryComparison
from coregulation.regulation.statespace import Fit, StateSpace
from coregulation.regulation.thresholds import THRESHOLDS, RegulationThresholds
from coregulation.signals import Floats, Window, rebuilt


@dataclass(frozen=True, slots=True, eq=False)
class Trajectory:
    """One person's index over time: as it was, and as it would have been without the others' part.

    Parameters
    ----------
    times
        Session time, s, shape (n,).
    seen
        The index over the own resting level, shape (n,), NaN where missing.
    path
        Mean of the joint draws of the same, shape (n,); NaN throughout where there is no fit.
    without
        The same without the others, shape (n,); NaN throughout where there is no fit.
    """

    times: Floats
    seen: Floats
    path: Floats
    without: Floats


@dataclass(frozen=True, slots=True)
class PairCoEscalation:
    """Both of two people up at once.

    Parameters
    ----------
    pair
        Whose.
    episode
        When, and how high.
    """

    pair: tuple[str, str]
    episode: CoEscalation


@dataclass(frozen=True, slots=True, eq=False)
class RegulationResult:
    """What a session's blocks and people's arousal allow to say of who steadies whom.

    Parameters
    ----------
    design
        The blocks, read.
    index
        What stands for arousal: "arousal" or "heart rate"; "" where nothing was asked.
    pairs
        One for each pair: directions, gates, kind.
    recoveries
        Of each probed person after each probe.
    comparisons
        Each person's recoveries together against those alone.
    effects
        Counterfactual effects, hard moment by hard moment.
    totals
        The same, each person's together.
    composure
        How steady each person stayed while another was upset.
    co_escalations
        When both were up at once, away from the stressors.
    trajectories
        By person, what was seen and what it would have been without the others.
    controls
        The live partner against what stood in, where both were met.
    notes
        What of the session was not used, and why.
    """

    design: Design
    index: str
    pairs: tuple[PairRegulation, ...]
    recoveries: tuple[Recovery, ...] = ()
    comparisons: tuple[RecoveryComparison, ...] = ()
    effects: tuple[CounterfactualEffect, ...] = ()
    totals: tuple[CounterfactualEffect, ...] = ()
    composure: tuple[Composure, ...] = ()
    co_escalations: tuple[PairCoEscalation, ...] = ()
    trajectories: Mapping[str, Trajectory] = field(default_factory=dict)
    controls: tuple[PartnerControl, ...] = ()
    notes: tuple[Reason, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "trajectories", MappingProxyType(dict(self.trajectories)))

    __reduce__ = rebuilt

    def of(self, pair: tuple[str, str]) -> PairRegulation:
        """Return the answer for a pair.

        Parameters
        ----------
        pair
            In the session's order.

        Returns
        -------
        PairRegulation
            Its directions, gates and kind.
        """
        return next(item for item in self.pairs if item.people == pair)


@dataclass(frozen=True, slots=True, eq=False)
class RegulationSettings:
    """How the regulation branch is answered: an algorithm as a value.

    Parameters
    ----------
    model
        The state space and how it is fitted.
    thresholds
        Of the verdict.
    co_escalations
        How an episode is found.
    draws
        Joint draws of the counterfactual effects.
    """

    model: StateSpace = field(default_factory=StateSpace)
    thresholds: RegulationThresholds = THRESHOLDS
    co_escalations: CoEscalationDetector = field(default_factory=CoEscalationDetector)
    draws: int = 100

    def __call__(
        self, fine: Panel, coarse: Panel, design: Design, index: str, saturates: bool, rng: np.random.Generator,
        breaths: Mapping[str, tuple[Floats, Floats]] | None = None,
    ) -> RegulationResult:  # fmt: skip
        """Answer the regulation branch of a session.

        Parameters
        ----------
        fine
            Everybody's index as closely as it is known, from which recoveries are read; shape (t, people).
        coarse
            The same in longer bins, for the model.
        design
            What was done when.
        index
            What stands for arousal.
        saturates
            Whether it levels off with arousal, as the heart does.
        rng
            Of the joint draws.
        breaths
            By person, times (s) and breathing rate (1/min), where no pacer guided it.

        Returns
        -------
        RegulationResult
            With a refusal for each pair where the design or the fit allows no answer.

        Raises
        ------
        DataError
            If the recording does not fit the design.
        """
        pairs = tuple(itertools.combinations(design.people, 2))
        seen = self._seen(fine, design, index, breaths or {})
        main = design.arm(LIVE) if LIVE in design.partners else design
        try:
            design.require_alone()
            _require_moments(main)
            resting_levels(fine, design)
            _require_returns(seen.recoveries)
            fit, shared = fit_guarded(coarse, main, saturates, self.model, self.thresholds)
        except (UnidentifiedError, NotConvergedError) as error:
            answers = tuple(refuse_pair(pair, design, error) for pair in pairs)
            return replace(seen, pairs=answers, trajectories=_raw(coarse, design))
        answers = answer_pairs(fine, main, fit, shared, seen.recoveries, seen.controls, self.thresholds)
        book = counterfactual_effects(fit, rng, self.draws)
        totals = tuple(book.total(who) for who in dict.fromkeys(book.receivers))
        return replace(
            seen, pairs=answers, effects=book.effects, totals=totals, trajectories=_courses(coarse, fit, book)
        )

    def _seen(
        self, panel: Panel, design: Design, index: str, breaths: Mapping[str, tuple[Floats, Floats]]
    ) -> RegulationResult:  # fmt: skip
        """Return what needs no model: recoveries, comparisons, composure, ruptures, controls; nothing without an own zero."""
        try:
            recoveries = measure_recoveries(panel, design, self.thresholds)
            meetings = self._meetings(panel, design)
        except UnidentifiedError:
            return RegulationResult(design, index, ())
        main = design.arm(LIVE) if LIVE in design.partners else design
        comparisons = tuple(
            comparison for comparison in compare_all(panel, recoveries, main).values() if comparison is not None
        )
        composure = _gauges(panel, design, breaths)
        return RegulationResult(
            design,
            index,
            (),
            recoveries,
            comparisons,
            composure=composure,
            co_escalations=meetings,
            controls=partner_controls(recoveries, design),
        )

    def _meetings(self, panel: Panel, design: Design) -> tuple[PairCoEscalation, ...]:
        levels = resting_levels(panel, design)
        heights = (panel.values - [middle for middle, _ in levels]) / [spread for _, spread in levels]
        at = {who: column for column, who in enumerate(design.people)}
        return tuple(
            PairCoEscalation(pair, episode)
            for pair in itertools.combinations(design.people, 2)
            for unscripted in _unscripted(panel.times, design)
            for episode in self.co_escalations.find(
                panel.times[unscripted], heights[unscripted][:, [at[pair[0]], at[pair[1]]]]
            )
        )


def _unscripted(times: Floats, design: Design) -> list[slice]:
    """Return the stretches together in which no stressor of the protocol was running or being recovered from."""
    unscripted = np.asarray(design.company(times).any(axis=(1, 2)), bool)
    for probe in design.probes:
        unscripted &= (times < probe.start) | (times > probe.until)
    edges = np.flatnonzero(np.diff(unscripted.astype(np.int8), prepend=0, append=0))
    return [slice(int(first), int(last)) for first, last in edges.reshape(-1, 2)]


def _require_moments(design: Design) -> None:
    """Raise `UnidentifiedError` unless somebody had a hard moment alone and somebody had one together."""
    for together, code in ((False, Refusal.NO_MOMENT_ALONE), (True, Refusal.NO_MOMENT_TOGETHER)):
        if not any(probe.together == together for probe in design.probes):
            raise UnidentifiedError(
                "Nobody had a hard moment under one of the two conditions, alone or together. Record three of each.",
                because(code),
                because(Settle.MOMENTS_OF_EACH),
            )


def _require_returns(recoveries: Sequence[Recovery]) -> None:
    """Raise `UnidentifiedError` where nobody came half-way back after any hard moment that could be followed."""
    if recoveries and all(recovery.censored for recovery in recoveries):
        raise UnidentifiedError(
            "Nobody came half-way back after any hard moment, so no return can be compared. Watch each one for longer.",
            because(Refusal.NEVER_BACK),
            because(Settle.MORE_MOMENTS),
        )


def _raw(panel: Panel, design: Design) -> dict[str, Trajectory]:
    empty = np.full(len(panel.times), np.nan)
    return {
        who: Trajectory(panel.times, values, empty, empty)
        for who, values in zip(design.people, panel.values.T, strict=True)
    }


def _courses(panel: Panel, fit: Fit, book: CounterfactualEffects) -> dict[str, Trajectory]:
    at = np.searchsorted(book.times, panel.times)
    index = fit.target.grid.y[at]
    return {
        who: Trajectory(panel.times, values - level, path[at], without[at])
        for who, values, level, path, without in zip(
            fit.design.people, index.T, book.levels, book.path.T, book.without.T, strict=True
        )
    }


def _gauges(panel: Panel, design: Design, breaths: Mapping[str, tuple[Floats, Floats]]) -> tuple[Composure, ...]:
    measured = []
    rest = design.rests(together=False)
    for who, values in zip(design.people, panel.values.T, strict=True):
        moments = [
            Window(probe.start, probe.until) for probe in design.probes if probe.together and who not in probe.hit
        ]
        if moments:
            try:
                measured.append(measure_composure(who, panel.times, values, moments, rest, breaths.get(who)))
            except DataError:
                continue  # too little of this person at those moments: there is no gauge, and the report shows none
    return tuple(measured)
