"""One direction of a pair: what the receiver got from the giver's company."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from coregulation.reasons import Reason
from coregulation.regulation.interval import Interval
from coregulation.regulation.recovery_comparison import RecoveryComparison
from coregulation.regulation.thresholds import THRESHOLDS


class DirectionAnswer(StrEnum):
    """What can be said of one direction."""

    SOONER = "settles sooner"
    CARRIED = "what one is relieved of the other bears"
    NO_DIFFERENT = "no different"
    LATER = "settles later or is stirred"
    ROSE_LESS = "rises less"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True, slots=True)
class Direction:
    """What `receiver` got from `giver`'s company.

    Parameters
    ----------
    receiver
        Who was upset.
    giver
        Who was there.
    own_burden
        What a push to the receiver costs the receiver together, 1 = alone, 95 %; where every stressor hit both, of pushes to
        both.
    own_burden_90
        The same at 90 %, for equivalence and where both directions are claimed at once.
    own_burden_975
        The same at 97.5 %, for a difference in either of two directions.
    own_burden_99
        The same at 99 %, for "settles sooner".
    net_effect
        Own burden and cost to the partner together, 95 %.
    net_effect_90
        The same at 90 %.
    cost_to_partner
        What the push cost the giver, in the receiver's burdens alone, 95 %.
    model_free
        Half-lives together against alone, without a model; None where they could not be followed.
    answer
        What can be said.
    reason
        Why, as a code; None while it has not been said.
    settle
        What would settle it; None where nothing is open.
    rising
        Whether the cost to the partner is above its threshold.
    nearly
        Whether it would be "sooner" if the other direction was nearly so: both must hold, each at its own level.
    follows
        Whether it would be "sooner" if the other direction was (Holm's second step, which order asks no more of).
    sooner
        Whether own burden and half-lives say so, whatever the net effect is.
    jointly
        Whether every stressor together hit both.
    identified
        Whether there were hard moments enough, alone and together, that did perturb; without them no number is told.
    rates
        k and d of the receiver and p from the giver to the receiver, 1/s, 95 %; None where they were not asked for.
    """

    receiver: str
    giver: str
    own_burden: Interval
    own_burden_90: Interval
    own_burden_975: Interval
    own_burden_99: Interval
    net_effect: Interval
    net_effect_90: Interval
    cost_to_partner: Interval
    model_free: RecoveryComparison | None
    answer: DirectionAnswer = DirectionAnswer.CANNOT_TELL
    reason: Reason | None = None
    settle: Reason | None = None
    rising: bool = False
    nearly: bool = False
    follows: bool = False
    sooner: bool = False
    jointly: bool = False
    identified: bool = False
    rates: tuple[Interval, Interval, Interval] | None = None

    @property
    def disputed(self) -> bool:
        """Whether the half-lives by themselves say more than a slight difference."""
        model_free, slight = self.model_free, THRESHOLDS.slight
        return model_free is not None and (model_free.ratio.below(1 / slight) or model_free.ratio.above(slight))

    @property
    def contradicted(self) -> bool:
        """Whether the own burden and the half-lives have intervals without anything in common."""
        own, seen = self.own_burden, self.model_free
        if seen is None or not seen.comparable:
            return False
        return own.high < seen.ratio.low or seen.ratio.high < own.low
