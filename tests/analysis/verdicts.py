"""Tests of linkage whose p is given, for what follows from them."""

from __future__ import annotations

from dataclasses import replace

from coregulation.analysis.linkage_gates import LinkageTest, SessionContext
from coregulation.analysis.verdict import Verdict, linkage_verdict
from coregulation.coupling.inference import CouplingEstimate, Equivalence
from coregulation.reasons import because
from coregulation.regulation.gate import Gate, GateState, Question

GOOD = Gate(Question.QUALITY, GateState.PASSED, because("quality.fine"))
BAD = Gate(Question.QUALITY, GateState.CANNOT_TELL, because("quality.nothing"))
CLEAR = CouplingEstimate(0.4, (0.3, 0.5), 2.0, (1.5, 2.5), "ada", 0.0)
PAIR, GROUP = ("ada", "ben"), ("ada", "ben", "cem")
TOO_SHORT = because("test.too-short")


def linkage_test(p: float | None, signal: str = "motion", estimate: CouplingEstimate | None = CLEAR) -> LinkageTest:
    return LinkageTest(signal, 1.0, 99, p, p, None if p is not None else TOO_SHORT, estimate)


def verdict(
    own: float | None = 0.01, script: float | None = None, *, quality: Gate = GOOD, estimate: CouplingEstimate = CLEAR,
    shared: tuple[str, ...] | None = (), people: tuple[str, ...] = PAIR, alike: bool = False, **facts: object,
) -> Verdict:  # fmt: skip
    context = SessionContext(shared, **facts)  # type: ignore[arg-type]
    others = [] if script is None else [linkage_test(script)]
    if alike:  # shown to be as much alike as people who were not together
        others = [replace(test, equivalence=Equivalence(0.0, (-0.1, 0.1), 0.15)) for test in others]
    return linkage_verdict(people, context, quality, [linkage_test(own, estimate=estimate)], others)
