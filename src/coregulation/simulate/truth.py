"""What is true of something simulated, in a form that an answer can be compared with."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

import numpy as np

from coregulation.errors import UsageError
from coregulation.linear_algebra import is_stable
from coregulation.signals import Beats, Floats, Signal

if TYPE_CHECKING:
    from coregulation.simulate.plan import Plan


@dataclass(frozen=True, slots=True)
class Link:
    """What is true of the linkage between two people: the questions of the gates G1 to G3.

    Parameters
    ----------
    beyond_own
        G1 – the two depend on each other beyond each one's own dynamics.
    beyond_script
        G2 – they do so beyond what everybody who lived through the script shares.
    coupled
        One body reaches the other. Both gates above can hold without it: an input that only this pair got.
    leader
        0 or 1, the person who is followed; None if nobody or both.
    lag
        S that the follower comes later; None where there is nothing to follow.
    """

    beyond_own: bool
    beyond_script: bool
    coupled: bool = False
    leader: int | None = None
    lag: float | None = None


UNLINKED = Link(beyond_own=False, beyond_script=False)
SCRIPTED = Link(beyond_own=True, beyond_script=False)  # alike by what everybody got
LINKED = Link(beyond_own=True, beyond_script=True, coupled=True)


@dataclass(frozen=True, slots=True)
class TrueBurden:
    """What a unit push to each person costs, in units of what it costs that person alone.

    Parameters
    ----------
    own_burden
        Borne by the person pushed: 1 as alone, below 1 eased.
    cost_to_partner
        Borne by the other.
    net_effect
        Both together; lent regulation needs this and own_burden below 1.
    pair_burden
        Of a push to each, over what both would bear apart.
    """

    own_burden: tuple[float, float]
    cost_to_partner: tuple[float, float]
    net_effect: tuple[float, float]
    pair_burden: float

    @classmethod
    def of(cls, drift: Floats, k: tuple[float, float]) -> TrueBurden:
        """Compute the burdens of a linear pair.

        Parameters
        ----------
        drift
            Of the two together, shape (2, 2), in 1/s.
        k
            Own return rates, in 1/s.

        Returns
        -------
        TrueBurden
            From the inverse of the negative drift.

        Raises
        ------
        UsageError
            If the pair never returns (an eigenvalue is not negative): a burden is then without end.
        """
        if not is_stable(drift):
            raise UsageError("This pair never returns once pushed: p₁·p₂ must be below (k₁ + d₁)·(k₂ + d₂).")
        inverse = np.linalg.inv(-drift)
        own = (k[0] * float(inverse[0, 0]), k[1] * float(inverse[1, 1]))
        price = (k[0] * float(inverse[1, 0]), k[1] * float(inverse[0, 1]))
        net = (own[0] + price[0], own[1] + price[1])
        return cls(own, price, net, float(inverse.sum()) / (1 / k[0] + 1 / k[1]))


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """What is true of a simulated session, and the seed that gives it again; what does not apply is empty or None.

    Parameters
    ----------
    seed
        Of the draw.
    link
        Of the linkage between the first two people, where the scenario settles it.
    kinds
        The kinds of verdict that would be right; empty where the scenario does not settle it.
    steadied
        Who is steadied by being together.
    burden
        Of the first two people.
    half_lives
        Of latent arousal after each stressor: (person, start of recovery in s, together, s or inf), read from own
        alone-rest as a report's recoveries are; with a resting level that presence shifts they mislead, and `steadied` does
        not.
    arousal
        Latent, by person.
    beats
        As they were, before any strap.
    model
        The parameters, as a value that prints itself.
    plan
        What the people lived through.
    """

    seed: int
    link: Link | None = None
    kinds: tuple[str, ...] = ()
    steadied: tuple[str, ...] = ()
    burden: TrueBurden | None = None
    half_lives: tuple[tuple[str, float, bool, float], ...] = ()
    arousal: Mapping[str, Signal] = field(default_factory=dict)
    beats: Mapping[str, Beats] = field(default_factory=dict)
    model: object = None
    plan: Plan | None = None


def plain(value: Any) -> Any:
    """Turn a truth into values that JSON can hold.

    Parameters
    ----------
    value
        A truth, or a part of one.

    Returns
    -------
    Any
        Dictionaries, lists, numbers and words; what is not finite is None.
    """
    if isinstance(value, np.ndarray | tuple | list):
        return [plain(item) for item in (value.tolist() if isinstance(value, np.ndarray) else value)]
    if isinstance(value, Mapping):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, Enum):
        return value.name
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {item.name: plain(getattr(value, item.name)) for item in dataclasses.fields(value)}
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
