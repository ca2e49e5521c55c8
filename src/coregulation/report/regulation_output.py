"""The regulation branch as it is written to `result.json`: recoveries, directions, ledger, steadiness, ruptures."""

from __future__ import annotations

import math
from typing import Literal

import msgspec

from coregulation.regulation.composure import Composure
from coregulation.regulation.control import PartnerControl
from coregulation.regulation.counterfactual import CounterfactualEffect
from coregulation.regulation.direction import Direction, DirectionAnswer
from coregulation.regulation.interval import Interval
from coregulation.regulation.recovery import Recovery
from coregulation.regulation.recovery_comparison import RecoveryComparison
from coregulation.regulation.result import PairCoEscalation, RegulationResult
from coregulation.report.rendering import sentence


class IntervalResult(msgspec.Struct, frozen=True):
    """A value with its interval and the level the interval is meant to hold at; an open end is null."""

    value: float | None
    low: float | None
    high: float | None
    level: float


class RecoveryResult(msgspec.Struct, frozen=True):
    """One person's way back after one stressor (start and end in s on the session clock).

    `zero`, `rest_sd` and `peak` are in the unit of the index; `half_life` in s from the stressor's end; where `censored` it
    is how long the person had not yet come half-way back.
    """

    person: str
    condition: Literal["alone", "together"]
    start: float
    end: float
    cues: list[str]
    zero: float | None
    rest_sd: float | None
    peak: float | None
    half_life: float | None
    censored: bool


class ComparisonResult(msgspec.Struct, frozen=True):
    """One person's half-lives together against alone (s), their ratio, and restricted-mean seconds borrowed.

    `rise` is the manipulation check: how far the stressors raised the person alone, in rest standard deviations, and
    `rise_together` the same together. Null for `ratio_from_equal_heights` where every clock was not started at one height.
    """

    person: str
    alone: IntervalResult
    together: IntervalResult
    ratio: IntervalResult
    borrowed: IntervalResult
    horizon: float
    count_alone: int
    count_together: int
    censored_alone: int
    censored_together: int
    rise: float | None
    rise_together: float | None = None
    ratio_from_equal_heights: IntervalResult | None = None


class DirectionResult(msgspec.Struct, frozen=True):
    """What `to` got from the company of `from`: burdens of a unit push, 1 = as alone, and the price to the giver.

    Null where `to` did not come through hard moments alone and together: then none of them is identified.
    """

    giver: str = msgspec.field(name="from")
    receiver: str = msgspec.field(name="to")
    answer: DirectionAnswer
    own_burden: IntervalResult
    net_effect: IntervalResult
    cost_to_partner: IntervalResult
    code: str
    why: str
    settle: str


class CounterfactualResult(msgspec.Struct, frozen=True):
    """One hard moment together, or all of a person's (start and end null): index-seconds lent, their price, and net."""

    person: str
    start: float | None
    end: float | None
    cues: list[str]
    lent: IntervalResult
    cost_to_partner: IntervalResult
    net_effect: IntervalResult


class ComposureResult(msgspec.Struct, frozen=True):
    """How steady a person stayed while another was upset: rise in rest SDs, ln of the variance ratio, breaths per minute."""

    person: str
    moments: int
    rise: IntervalResult
    variance: IntervalResult
    breath: IntervalResult | None


class CoEscalationResult(msgspec.Struct, frozen=True):
    """Both up at once outside a shared stressor: when, how high (rest SDs), and when both were back (null: not seen)."""

    pair: tuple[str, str]
    onset: float
    peaks: tuple[float, float]
    repaired: float | None
    time_to_repair: float | None


class ControlResult(msgspec.Struct, frozen=True):
    """Half-lives with the live partner over those with a stand-in (`partner`), and the stand-in's over those alone."""

    person: str
    partner: str
    ratio: IntervalResult
    against_alone: IntervalResult | None
    count_stand_in: int
    count_live: int


class RegulationOutput(msgspec.Struct, frozen=True):
    """Everything about who steadies whom; `index` is what stands for arousal, `order` how alone and together followed."""

    index: str
    order: str
    recoveries: list[RecoveryResult]
    comparisons: list[ComparisonResult]
    directions: list[DirectionResult]
    counterfactual_effects: list[CounterfactualResult]
    composure: list[ComposureResult]
    co_escalations: list[CoEscalationResult]
    controls: list[ControlResult]
    notes: list[str]


def regulation_output(account: RegulationResult | None) -> RegulationOutput | None:
    """Return an account as it is written, or None without one."""
    if account is None:
        return None
    return RegulationOutput(
        account.index, account.design.order,
        [_recovery(item) for item in account.recoveries],
        [_comparison(item) for item in account.comparisons],
        [_direction(item) for pair in account.pairs for item in pair.directions],
        [*(_entry(item, each=True) for item in account.effects), *(_entry(item, each=False) for item in account.totals)],
        [_gauge(item) for item in account.composure],
        [_rupture(item) for item in account.co_escalations],
        [_control(item) for item in account.controls],
        [sentence(note) for note in account.notes],
    )  # fmt: skip


def _finite(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)


def _span(interval: Interval) -> IntervalResult:
    return IntervalResult(_finite(interval.value), _finite(interval.low), _finite(interval.high), interval.level)


def _recovery(item: Recovery) -> RecoveryResult:
    return RecoveryResult(
        item.person, "together" if item.together else "alone", item.probe.start, item.probe.end, list(item.probe.cues),
        _finite(item.zero), _finite(item.rest_sd), _finite(item.peak), _finite(item.half_life), item.censored,
    )  # fmt: skip


def _comparison(item: RecoveryComparison) -> ComparisonResult:
    return ComparisonResult(
        item.person, _span(item.alone), _span(item.together), _span(item.ratio), _span(item.borrowed), item.horizon,
        *item.counts, *item.censored, _finite(item.rise),
        _finite(item.rise_together), None if item.equal_heights is None else _span(item.equal_heights.ratio),
    )  # fmt: skip


def _direction(item: Direction) -> DirectionResult:
    own, net, price = (
        _span(part) if item.identified else IntervalResult(None, None, None, part.level)
        for part in (item.own_burden, item.net_effect, item.cost_to_partner)
    )
    return DirectionResult(item.giver, item.receiver, item.answer, own, net, price, *_reason(item))


def _reason(item: Direction) -> tuple[str, str, str]:
    """Return code, sentence and advice of a direction."""
    if item.reason is None:
        return "", "", ""
    return item.reason.code, sentence(item.reason), "" if item.settle is None else sentence(item.settle)


def _entry(item: CounterfactualEffect, each: bool) -> CounterfactualResult:
    start, end = (item.probe.start, item.probe.until) if each else (None, None)
    cues = list(item.probe.cues) if each else []
    return CounterfactualResult(
        item.receiver, start, end, cues, _span(item.lent), _span(item.cost_to_partner), _span(item.net_effect)
    )


def _gauge(item: Composure) -> ComposureResult:
    breath = None if item.breath is None else _span(item.breath)
    return ComposureResult(item.person, item.moments, _span(item.rise), _span(item.variance), breath)


def _rupture(item: PairCoEscalation) -> CoEscalationResult:
    episode = item.episode
    return CoEscalationResult(item.pair, episode.onset, episode.peaks, episode.repaired, episode.time_to_repair)


def _control(item: PartnerControl) -> ControlResult:
    against = None if item.against is None else _span(item.against)
    return ControlResult(item.person, item.partner, _span(item.ratio), against, *item.counts)
