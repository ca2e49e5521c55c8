"""One direction of a pair: what the receiver got from the giver's company."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from coregulation.regulation.interval import Interval
from coregulation.regulation.recovery import Comparison

SLIGHT = 1.5  # a factor that nobody would call a difference


class DirectionAnswer(StrEnum):
    """What can be said of one direction."""

    SOONER = "settles sooner"
    CARRIED = "what one sheds the other carries"
    NO_DIFFERENT = "no different"
    LATER = "settles later or is stirred"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True, slots=True)
class Direction:
    """What `receiver` got from `giver`'s company.

    Args:
        own, net: burden of a push to the receiver in company, 1 = alone, 95 %; where every stressor hit both, of pushes to
            both. own_burden_90, net_effect_90: 90 %, for equivalence and where both directions are claimed at once; own_burden_975: 97.5 %,
            for a difference in either of two directions. price: what it cost the giver, in the receiver's burdens; rising: it
            is above the threshold. recovery: the same without a model. nearly: it would be "sooner" if the other direction
            was nearly so (both must hold, each at its own level); follows: or if the other direction was (Holm's second step,
            which order asks no more of).
        sooner: own burden and half-lives say so, whatever net says. jointly: every stressor in company hit both. asked:
            hard moments enough, alone and in company, that did perturb; without them no number is identified, and none is told.
        why, plain: the reason for the methods section and for the people; settle: what would settle it.
    """

    receiver: str
    giver: str
    own_burden: Interval
    own_burden_90: Interval
    own_burden_975: Interval
    net_effect: Interval
    net_effect_90: Interval
    cost_to_partner: Interval
    model_free: Comparison | None
    answer: DirectionAnswer = DirectionAnswer.CANNOT_TELL
    why: str = ""
    plain: str = ""
    settle: str = ""
    rising: bool = False
    nearly: bool = False
    follows: bool = False
    sooner: bool = False
    jointly: bool = False
    asked: bool = False

    @property
    def disputed(self) -> bool:
        """Whether the half-lives by themselves say more than a slight difference."""
        free = self.model_free
        return free is not None and (free.ratio.below(1 / SLIGHT) or free.ratio.above(SLIGHT))


@dataclass(frozen=True, slots=True)
class Wording:
    """Why something was answered so, for the methods section and for the people who were there, and what would settle it."""

    why: str
    plain: str
    settle: str = ""
