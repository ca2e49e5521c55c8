"""What a design can be asked to show: each measure is one entry, read from the finding that a report is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from coregulation.analysis.finding import Finding
from coregulation.channels import HEART_RATE
from coregulation.coupling.settings import LINKAGE
from coregulation.regulation.direction import DirectionAnswer
from coregulation.regulation.gate import GateState
from coregulation.simulate.observe import Wearing

STEADIED, OWN_BURDEN = "verdict: steadied", "own burden together over alone"


@dataclass(frozen=True, slots=True)
class MeasureAnswer:
    """What a report says of one pair.

    Parameters
    ----------
    claimed
        Whether it claims an effect; None where it cannot tell.
    value
        The estimate, where there is one, in the measure's own unit.
    interval
        Its 95 % interval.
    """

    claimed: bool | None
    value: float | None = None
    interval: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class StudyMeasure:
    """Something that a report says of a pair.

    Parameters
    ----------
    name
        As the table calls it.
    read
        How its answer is read from the finding of one pair.
    channel
        What must be worn; None: any.
    others
        Whether it needs other pairs under the same script.
    recovery
        Whether it asks who settles sooner (which a plan must ask for), not who is linked.
    """

    name: str
    read: Callable[[Finding], MeasureAnswer]
    channel: str | None = None
    others: bool = False
    recovery: bool = False

    def is_asked(self, wearing: Wearing, pairs: int, recovery: bool) -> bool:
        """Decide whether a design can be asked for it.

        Parameters
        ----------
        wearing
            What people wear: nobody asks a strap for breath.
        pairs
            How many are recorded: one pair cannot tell the script from itself.
        recovery
            Whether the plan asks who settles sooner.

        Returns
        -------
        bool
            Whether it has an answer in such a design.
        """
        if self.recovery and not recovery:
            return False
        worn = {sensor.channel for sensor in wearing.sensors}
        worn |= {HEART_RATE} if wearing.strap is not None else set()
        worn |= {"arousal"} if wearing.latent else set()
        return (self.channel is None or self.channel in worn) and (pairs > 1 or not self.others)


def _linkage(channel: str, gate: str) -> Callable[[Finding], MeasureAnswer]:
    def read(finding: Finding) -> MeasureAnswer:
        first, second = finding.about.people
        couplings = [c for c in finding.of((first.id, second.id), gate) if c.signal == channel]
        p = finding.adjusted(couplings[0]) if couplings else None
        if p is None:
            return MeasureAnswer(None)
        estimate = couplings[0].estimate
        if estimate is None:
            return MeasureAnswer(p <= LINKAGE.alpha)
        return MeasureAnswer(p <= LINKAGE.alpha, estimate.value, estimate.interval)

    return read


def _linked(finding: Finding) -> MeasureAnswer:
    states = [finding.verdicts[0].gate(name).state for name in ("G0", "G1", "G2")]
    if GateState.FAILED in states:
        return MeasureAnswer(False)
    return MeasureAnswer(None if GateState.CANNOT_TELL in states else True)


def _steadied(finding: Finding) -> MeasureAnswer:
    """Read whether anybody settles sooner, with the own burden (1: as alone) of whoever is perturbed first."""
    result = finding.regulation
    directions = result.pairs[0].directions if result is not None else ()
    answered = [direction for direction in directions if direction.answer is not DirectionAnswer.CANNOT_TELL]
    if not answered:
        return MeasureAnswer(None)
    own = directions[0].own_burden
    sooner = any(direction.answer is DirectionAnswer.SOONER for direction in answered)
    return MeasureAnswer(sooner, own.value, (own.low, own.high))


def _borne(finding: Finding) -> MeasureAnswer:
    """Read the own burden (1: as alone) of whoever is perturbed first, as visits pool it, whatever the verdict is."""
    result = finding.regulation
    directions = result.pairs[0].directions if result is not None else ()
    if not directions:
        return MeasureAnswer(None)
    own = directions[0].own_burden
    return MeasureAnswer(own.below(1.0), own.value, (own.low, own.high))


def _sooner(channel: str) -> Callable[[Finding], MeasureAnswer]:
    """Read the ratio of half-lives, together over alone, of the first person whom the stressor reached when alone.

    It is the report's number: its comparison of recoveries in the channel that stands for arousal. In another channel a
    report compares none, so there is no answer.
    """

    def read(finding: Finding) -> MeasureAnswer:
        result = finding.regulation
        if result is None or result.index != channel.replace("_", " "):
            return MeasureAnswer(None)
        ratio = next((comparison.ratio for comparison in result.comparisons if comparison.manipulated), None)
        if ratio is None:
            return MeasureAnswer(None)
        return MeasureAnswer(ratio.below(1.0), ratio.value, (ratio.low, ratio.high))

    return read


def _linkages(channel: str, title: str) -> tuple[StudyMeasure, StudyMeasure]:
    return (
        StudyMeasure(f"{title}, beyond own dynamics", _linkage(channel, "G1"), channel),
        StudyMeasure(f"{title}, beyond the script", _linkage(channel, "G2"), channel, others=True),
    )


MEASURES: tuple[StudyMeasure, ...] = (
    *_linkages(HEART_RATE, "heart rate"),
    *_linkages("resp", "breath"),
    *_linkages("arousal", "arousal"),
    StudyMeasure("verdict: linked", _linked),
    StudyMeasure(STEADIED, _steadied, recovery=True),
    StudyMeasure(OWN_BURDEN, _borne, recovery=True),
    StudyMeasure("heart rate, half-life together over alone", _sooner(HEART_RATE), HEART_RATE, recovery=True),
    StudyMeasure("arousal, half-life together over alone", _sooner("arousal"), "arousal", recovery=True),
)


def measures_of(wearing: Wearing, pairs: int, recovery: bool) -> tuple[StudyMeasure, ...]:
    """List the measures that a design can be asked for.

    Parameters
    ----------
    wearing
        What people wear.
    pairs
        How many are recorded under one script.
    recovery
        Whether the plan asks who settles sooner.

    Returns
    -------
    tuple of StudyMeasure
        In the order of the table.
    """
    return tuple(measure for measure in MEASURES if measure.is_asked(wearing, pairs, recovery))
