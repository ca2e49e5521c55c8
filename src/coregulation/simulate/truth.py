"""What is true of something simulated, in a form that an answer can be held against."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    """What is true of the linkage between two people (REGULATION.md 1: gates G1 to G3).

    Args:
        beyond_own: G1 – the two depend on each other beyond each one's own dynamics.
        beyond_script: G2 – they do so beyond what everybody who lived through the script shares.
        coupled: one body reaches the other. Both gates above can hold without it: an input that only this pair got.
        leader: 0 or 1, the person who is followed; None if nobody or both.
        lag: s that the follower comes later; None where there is nothing to follow.
    """

    beyond_own: bool
    beyond_script: bool
    coupled: bool = False
    leader: int | None = None
    lag: float | None = None


@dataclass(frozen=True, slots=True)
class Truth:
    """What is true of a simulated session, and the seed that gives it again."""

    seed: int
    link: Link
