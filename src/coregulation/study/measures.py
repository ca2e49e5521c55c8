"""What a design can be asked to show: each measure is one entry, read from a finding as a report would tell it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from coregulation.analysis.results import Finding
from coregulation.regulation.design import UnidentifiedError, read_design
from coregulation.regulation.direction import DirectionAnswer as Settling
from coregulation.regulation.gate import GateState
from coregulation.regulation.panel import panel_from_signals
from coregulation.regulation.recovery import compare_recoveries, measure_recoveries
from coregulation.session import Session
from coregulation.simulate.observe import Wearing

ALPHA = 0.05


@dataclass(frozen=True, slots=True)
class MeasureAnswer:
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
class StudyMeasure:
    """Something that a report says of a pair.

    Args:
        name: as the table calls it.
        read: from a session with one pair and its finding.
        channel: that must be worn; None: any.
        others: whether it needs other pairs under the same script.
        recovery: whether it asks who settles sooner, which a plan must ask for, and not who is linked.
    """

    name: str
    read: Callable[[Finding, Session], MeasureAnswer]
    channel: str | None = None
    others: bool = False
    recovery: bool = False

    def asked(self, wearing: Wearing, pairs: int, recovery: bool) -> bool:
        """Return whether it can be asked at all: nobody asks a strap for breath, nor one pair for a script."""
        if self.recovery and not recovery:
            return False
        worn = {sensor.channel for sensor in wearing.sensors}
        worn |= {"heart_rate"} if wearing.strap is not None else set()
        worn |= {"arousal"} if wearing.latent else set()
        return (self.channel is None or self.channel in worn) and (pairs > 1 or not self.others)


def _linkage(channel: str, gate: str) -> Callable[[Finding, Session], MeasureAnswer]:
    def read(finding: Finding, _: Session) -> MeasureAnswer:
        first, second = finding.about.people
        found = [c for c in finding.of((first.id, second.id), gate) if c.signal == channel]
        p = finding.adjusted(found[0]) if found else None
        if p is None:
            return MeasureAnswer(None)
        estimate = found[0].estimate
        if estimate is None:
            return MeasureAnswer(p <= ALPHA)
        return MeasureAnswer(p <= ALPHA, estimate.value, estimate.interval)

    return read


def _linked(finding: Finding, _: Session) -> MeasureAnswer:
    states = [finding.verdicts[0].gate(name).state for name in ("G0", "G1", "G2")]
    if GateState.FAILED in states:
        return MeasureAnswer(False)
    return MeasureAnswer(None if GateState.CANNOT_TELL in states else True)


def _steadied(finding: Finding, _: Session) -> MeasureAnswer:
    """Read whether anybody is said to settle sooner, with the own burden (1: as alone) of whoever is perturbed first."""
    account = finding.regulation
    directions = account.pairs[0].directions if account is not None else ()
    told = [one for one in directions if one.answer is not Settling.CANNOT_TELL]
    if not told:
        return MeasureAnswer(None)
    own = directions[0].own_burden
    return MeasureAnswer(any(one.answer is Settling.SOONER for one in told), own.value, (own.low, own.high))


def _sooner(channel: str) -> Callable[[Finding, Session], MeasureAnswer]:
    """Return how to read the ratio of half-lives, together over alone, of whoever is perturbed first."""

    def read(finding: Finding, session: Session) -> MeasureAnswer:
        people = tuple(person.id for person in finding.about.people)
        traces = {who: trace for (who, name), trace in finding.traces.items() if name == channel}
        if set(people) - set(traces):
            return MeasureAnswer(None)
        try:
            design = read_design(session)
            found = measure_recoveries(panel_from_signals(traces, people), design)
        except UnidentifiedError:
            return MeasureAnswer(None)
        told = [c for who in people if (c := compare_recoveries(found, who)) is not None and c.manipulated]
        if not told:
            return MeasureAnswer(None)
        ratio = told[0].ratio
        return MeasureAnswer(ratio.below(1.0), ratio.value, (ratio.low, ratio.high))

    return read


def _linkages(channel: str, title: str) -> tuple[StudyMeasure, StudyMeasure]:
    return (
        StudyMeasure(f"{title}, beyond own dynamics", _linkage(channel, "G1"), channel),
        StudyMeasure(f"{title}, beyond the script", _linkage(channel, "G2"), channel, others=True),
    )


MEASURES: tuple[StudyMeasure, ...] = (
    *_linkages("heart_rate", "heart rate"),
    *_linkages("resp", "breath"),
    *_linkages("arousal", "arousal"),
    StudyMeasure("verdict: linked", _linked),
    StudyMeasure("verdict: steadied", _steadied, recovery=True),
    StudyMeasure("heart rate, half-life together over alone", _sooner("heart_rate"), "heart_rate", recovery=True),
    StudyMeasure("arousal, half-life together over alone", _sooner("arousal"), "arousal", recovery=True),
)


def measures_of(wearing: Wearing, pairs: int, recovery: bool) -> tuple[StudyMeasure, ...]:
    """Return the measures that a design can be asked."""
    return tuple(measure for measure in MEASURES if measure.asked(wearing, pairs, recovery))
