"""Natural mode as it is written to `result.json`: both directions and every rise."""

from __future__ import annotations

import math
from typing import Annotated

import msgspec
from msgspec import Meta

from coregulation.analysis.natural import NaturalFinding
from coregulation.regulation.natural.answer import NaturalDirection, NaturalState
from coregulation.regulation.natural.event_locked import EventKind, EventResponse
from coregulation.regulation.natural.statements import left, natural_evidence
from coregulation.report.regulation_output import IntervalResult
from coregulation.report.rendering import sentence

Probability = Annotated[float, Meta(ge=0, le=1)]


class NaturalRiseResult(msgspec.Struct, frozen=True):
    """One own rise: its peak in s on its session's clock, how settled the giver was just before (0 to 1), and ln of what was left."""

    giver: str
    receiver: str
    session: str
    peak: float
    settled: float
    left: float


class NaturalDirectionResult(msgspec.Struct, frozen=True):
    """Whether the receiver's own rises end sooner when the giver was settled just before.

    `left` is the share more (below 0: less) that is left 5 to 40 s after a peak with a settled giver than with an unsettled one; `p`
    comes from `shifts` moves of the giver's course, `adjusted` holds over both directions. `common_p` is of a common input, `controls_p`
    of the giver's state long before and long after. `driven_settled` and `driven_unsettled` are shares of the time after a peak in which
    the receiver spoke or moved. `seconds` is the time in which both were known.
    """

    giver: str
    receiver: str
    state: NaturalState
    sessions: int
    seconds: float
    rises: int
    settled: int
    unsettled: int
    left_out: int
    left: IntervalResult
    p: Probability | None
    adjusted: Probability | None
    shifts: int
    common_correlation: float | None
    common_p: Probability | None
    controls_p: Probability | None
    driven_settled: float | None
    driven_unsettled: float | None
    sentence: str


class EventResponseResult(msgspec.Struct, frozen=True):
    """How much higher a person's level was 10 to 40 s after an event than such a past is usually followed by (own spreads).

    `kind` is "mark", "turn" (`label` began to speak) or "cue" (a block with it began); `adjusted` holds over all kinds and both people. A
    description: whoever acts chooses the moment.
    """

    kind: EventKind
    label: str
    person: str
    count: int
    change: IntervalResult
    p: Probability
    adjusted: Probability


class NaturalOutput(msgspec.Struct, frozen=True):
    """What an ordinary hour says; `index` is what stands for arousal, `stand_in` whether it is no measure of arousal."""

    index: str
    stand_in: bool
    directions: list[NaturalDirectionResult]
    rises: list[NaturalRiseResult]
    preceding: list[EventResponseResult]


def natural_output(finding: NaturalFinding | None) -> NaturalOutput | None:
    """Return natural mode as it is written, or None without it."""
    if finding is None:
        return None
    rises = [
        NaturalRiseResult(d.giver, d.receiver, finding.sessions[rise.session], rise.peak, rise.settled, rise.left)
        for d in finding.directions
        for rise in d.drawn
    ]
    directions = [_direction(d) for d in finding.directions]
    return NaturalOutput(
        finding.index, finding.stand_in, directions, rises, [_event(item) for item in finding.preceding]
    )


def _event(item: EventResponse) -> EventResponseResult:
    low, high = _finite(item.change.low), _finite(item.change.high)
    change = IntervalResult(item.change.value, low, high, item.change.level)
    return EventResponseResult(item.kind, item.label, item.person, item.count, change, item.p, item.adjusted)


def _direction(d: NaturalDirection) -> NaturalDirectionResult:
    talk, other = (None, None) if d.driven is None else d.driven
    value, low, high = map(_finite, left(d))
    return NaturalDirectionResult(
        d.giver, d.receiver, d.state, d.sessions, d.time, d.rises, d.settled, d.unsettled, d.left_out,
        IntervalResult(value, low, high, d.effect.level), _finite(d.p), _finite(d.adjusted), d.shifts,
        _finite(d.common.correlation), _finite(d.common.p), _finite(d.controls), talk, other,
        " ".join(sentence(item) for item in natural_evidence(d)),
    )  # fmt: skip


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
