"""Directions and pairs whose numbers are given, for what is said of them."""

from __future__ import annotations

from dataclasses import replace

from coregulation.reasons import Reason
from coregulation.regulation.design import Design, DesignSpan, Probe
from coregulation.regulation.direction import Direction, DirectionAnswer
from coregulation.regulation.gate import VerdictKind
from coregulation.regulation.interval import Interval
from coregulation.regulation.pair_regulation import PairRegulation
from coregulation.regulation.reciprocity import reciprocity_gate
from coregulation.regulation.recovery_comparison import RecoveryComparison
from coregulation.regulation.settling import design_notes, partner_of, recovery_gate, with_reason

SOONER, ONE = Interval(0.4, 0.3, 0.6), Interval(1.0, 0.8, 1.2)
LATER, OPEN = Interval(2.0, 1.4, 3.0), Interval(0.8, 0.4, 1.6)
LITTLE, SOME, MUCH = Interval(0.0, -0.1, 0.1), Interval(0.1, -0.3, 0.5), Interval(0.5, 0.2, 0.9)
PROBES = tuple(
    Probe((who,), at, at + 40, at + 200, together)
    for at, who, together in (
        (0, "ada", False),
        (200, "ada", True),
        (400, "ben", True),
        (600, "ben", False),
        (800, "ada", False),
        (1000, "ben", True),
    )
)
CROSSED = Design(
    ("ada", "ben"),
    (
        DesignSpan(0, 200),
        DesignSpan(200, 600, ("ada", "ben")),
        DesignSpan(600, 1000),
        DesignSpan(1000, 1200, ("ada", "ben")),
    ),
    PROBES,
)
ALONE_FIRST = replace(CROSSED, probes=PROBES[:3])
BOTH = replace(CROSSED, probes=tuple(replace(probe, hit=("ada", "ben")) for probe in PROBES))
RECORDED = replace(CROSSED, partners=frozenset({"recorded"}))


def comparison(ratio: Interval) -> RecoveryComparison:
    return RecoveryComparison(
        "ada", ratio, Interval(39, 28, 55), Interval(14, 10, 20), ratio, 100.0, (3, 3), (0, 0), 9.0, True
    )


def direction(
    own: Interval = OPEN, net: Interval = OPEN, cost: Interval = SOME, ratio: Interval = OPEN,
    answer: DirectionAnswer = DirectionAnswer.CANNOT_TELL, to: str = "ada", **more: bool,
) -> Direction:  # fmt: skip
    giver = "ben" if to == "ada" else "ada"
    return Direction(to, giver, own, own, own, own, net, net, cost, comparison(ratio), answer, identified=True, **more)


def same(to: str = "ada") -> Direction:
    return direction(ONE, ONE, LITTLE, ONE, DirectionAnswer.NO_DIFFERENT, to)


def helped(to: str = "ada") -> Direction:
    return direction(SOONER, SOONER, LITTLE, SOONER, DirectionAnswer.SOONER, to)


def risen(to: str = "ada") -> Direction:
    return direction(OPEN, LATER, MUCH, OPEN, DirectionAnswer.CANNOT_TELL, to, rising=True)


def pair(kind: VerdictKind, design: Design, *each: Direction, mattered: bool = False) -> PairRegulation:
    directions = tuple(with_reason(direction, design, False, 2.5) for direction in each)
    gates = (*(recovery_gate(direction) for direction in directions), reciprocity_gate(directions, ONE, kind))
    return PairRegulation(
        ("ada", "ben"),
        directions,
        ONE,
        False,
        kind,
        gates,
        mattered,
        design.order,
        partner_of(design),
        design_notes(design),
    )


def codes(reasons: tuple[Reason, ...]) -> list[str]:
    return [reason.code for reason in reasons]
