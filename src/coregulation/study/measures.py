"""What a design can be asked to show: each measure is one entry, read from a finding as a report would tell it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from coregulation.finding import Finding
from coregulation.regulation.verdict import GateState, VerdictKind

ALPHA = 0.05


@dataclass(frozen=True, slots=True)
class Answer:
    """What a report says of one pair.

    Args:
        said: whether it speaks up; None where it cannot tell.
        value: the estimate, where there is one.
        interval: its 95 % interval.
    """

    said: bool | None
    value: float | None = None
    interval: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """Something that a report says of a pair.

    Args:
        name: as the table calls it.
        read: from the finding of a session with one pair.
        others: whether it needs other pairs under the same script.
    """

    name: str
    read: Callable[[Finding], Answer]
    others: bool = False


def _linkage(channel: str, gate: str) -> Callable[[Finding], Answer]:
    def read(finding: Finding) -> Answer:
        first, second = finding.about.people
        found = [c for c in finding.of((first.id, second.id), gate) if c.signal == channel]
        p = finding.adjusted(found[0]) if found else None
        if p is None:
            return Answer(None)
        estimate = found[0].estimate
        if estimate is None:
            return Answer(p <= ALPHA)
        return Answer(p <= ALPHA, estimate.value, estimate.interval)

    return read


def _linked(finding: Finding) -> Answer:
    verdict = finding.verdicts[0]
    failed = any(verdict.gate(name).state is GateState.FAILED for name in ("G1", "G2"))
    if verdict.kind is VerdictKind.CANNOT_TELL and not failed:
        return Answer(None)
    return Answer(verdict.kind is VerdictKind.LINKED)


MEASURES: tuple[Measure, ...] = (
    Measure("heart rate, beyond own dynamics", _linkage("heart_rate", "G1")),
    Measure("heart rate, beyond the script", _linkage("heart_rate", "G2"), others=True),
    Measure("breath, beyond own dynamics", _linkage("resp", "G1")),
    Measure("breath, beyond the script", _linkage("resp", "G2"), others=True),
    Measure("arousal, beyond own dynamics", _linkage("arousal", "G1")),
    Measure("verdict: linked", _linked),
)
