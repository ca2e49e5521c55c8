"""Gates G0 to G3, each just below, at and just above what decides it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coregulation.analysis.linkage_gates import (
    LinkageTest,
    SessionContext,
    group_quality_gate,
    lead_gate,
    own_dynamics_gate,
    pair_quality_gate,
    scripted_input_gate,
    strongest,
)
from coregulation.analysis.verdict_reasons import Lead, Linked, QualityGate, Script, SettleLinkage
from coregulation.coupling.inference import CouplingEstimate, Equivalence
from coregulation.coupling.settings import LINKAGE
from coregulation.reasons import because
from coregulation.regulation.gate import GateState
from tests.analysis.verdicts import CLEAR, TOO_SHORT, linkage_test

PASSED, FAILED, CANNOT_TELL = GateState.PASSED, GateState.FAILED, GateState.CANNOT_TELL


@pytest.mark.parametrize("group", [False, True])
@pytest.mark.parametrize(("p", "state"), [(0.0499, PASSED), (0.05, PASSED), (0.0501, FAILED)])
def test_an_adjusted_p_up_to_alpha_passes(p: float, state: GateState, group: bool) -> None:
    assert own_dynamics_gate([linkage_test(p)], group).state is state
    beyond = scripted_input_gate(SessionContext(("music",)), [linkage_test(p)], group)
    assert beyond.state is (PASSED if state is PASSED else CANNOT_TELL)


def equivalent(low: float, high: float) -> LinkageTest:
    return replace(
        linkage_test(0.4), equivalence=Equivalence((low + high) / 2, (low, high), LINKAGE.equivalence_margin)
    )


@pytest.mark.parametrize(
    ("low", "high", "state", "code"),
    [
        (-0.149, 0.149, FAILED, Script.FAILED),
        (-0.15, 0.1, CANNOT_TELL, Script.OPEN),
        (-0.1, 0.15, CANNOT_TELL, Script.OPEN),
        (0.2, 0.4, CANNOT_TELL, Script.OPEN),
    ],
)
def test_what_was_shared_explains_only_what_is_shown_to_be_alike(low, high, state, code) -> None:
    gate = scripted_input_gate(SessionContext(("music",)), [equivalent(low, high)], False)
    assert (gate.state, gate.reason.code) == (state, code)


def test_one_signal_that_is_not_shown_to_be_alike_leaves_it_open() -> None:
    gate = scripted_input_gate(SessionContext(None), [equivalent(-0.1, 0.1), linkage_test(0.6)], False)
    assert gate.reason.code == Script.OPEN


@pytest.mark.parametrize("group", [False, True])
def test_other_people_never_take_away_that_nothing_was_shared(group: bool) -> None:
    gate = scripted_input_gate(SessionContext(()), [equivalent(-0.01, 0.01)], group)
    assert (gate.state, gate.reason.code) == (PASSED, Script.NOTHING_SHARED)
    beyond = scripted_input_gate(SessionContext(()), [linkage_test(0.01)], group)
    assert beyond.reason.code == (Script.GROUP_PASSED if group else Script.PASSED)


def test_the_signal_with_the_smallest_adjusted_p_answers() -> None:
    tests = [linkage_test(0.2, "eda"), linkage_test(0.001, "resp"), linkage_test(None, "motion")]
    assert own_dynamics_gate(tests, False).reason == because(Linked.PASSED, signal="resp", nulls=99, p=0.001)
    assert strongest([]) is None
    assert own_dynamics_gate([linkage_test(0.3, "eda"), linkage_test(0.2, "resp")], False).reason == because(
        Linked.FAILED, p=0.2
    )


@pytest.mark.parametrize(
    ("tests", "group", "reason"),
    [
        ([], False, because(Linked.NO_SIGNAL)),
        ([linkage_test(None)], False, because(Linked.REFUSED, why=TOO_SHORT)),
        ([linkage_test(None)], True, because(Linked.TOO_LITTLE_OF_ALL)),
    ],
)
def test_without_a_p_nothing_is_told_beyond_own_dynamics(tests, group, reason) -> None:
    gate = own_dynamics_gate(tests, group)
    assert (gate.state, gate.reason) == (CANNOT_TELL, reason)
    assert gate.settle is not None


@pytest.mark.parametrize("group", [False, True])
@pytest.mark.parametrize(
    ("context", "p", "state", "code"),
    [
        (SessionContext(("music",), apart=True), 0.01, FAILED, Script.APART),
        (SessionContext((), guides=("pacer",)), 0.01, FAILED, Script.GUIDED),
        (SessionContext(()), None, PASSED, Script.NOTHING_SHARED),
        (SessionContext(None), None, CANNOT_TELL, Script.CANNOT_SEPARATE),
        (SessionContext(("music",)), None, CANNOT_TELL, Script.CANNOT_SEPARATE),
    ],
)
def test_what_was_said_of_the_session_decides_beyond_the_script(context, p, state, code, group) -> None:
    gate = scripted_input_gate(context, [] if p is None else [linkage_test(p)], group)
    assert (gate.state, gate.reason.code) == (state, code)


def test_what_cannot_be_separated_names_what_came_and_why() -> None:
    facts = scripted_input_gate(SessionContext(("a film", "music")), [linkage_test(None)], False).reason.facts
    assert facts["came"] == because(Script.SHARED, shared=("a film", "music"))
    assert facts["why"] == TOO_SHORT
    nobody = scripted_input_gate(SessionContext(None), [], False).reason.facts
    assert nobody["came"] == because(Script.NOT_STATED)
    assert nobody["why"] == because(Script.NOBODY_TO_COMPARE)


def lag(low: float, high: float, leader: str | None = None, clock_sd: float | None = 0.0) -> CouplingEstimate:
    return CouplingEstimate(0.4, (0.3, 0.5), (low + high) / 2, (low, high), leader, clock_sd)


@pytest.mark.parametrize(
    ("estimate", "state", "code"),
    [
        (CLEAR, PASSED, Lead.FIRST),
        (lag(-1.0, 0.99), FAILED, Lead.NEITHER),
        (lag(-1.0, 1.0), FAILED, Lead.NEITHER),
        (lag(-1.0, 1.01), CANNOT_TELL, Lead.LAG_OPEN),
        (lag(-1.5, 2.5), CANNOT_TELL, Lead.LAG_OPEN),
        (lag(1.5, 2.5, "ada", None), CANNOT_TELL, Lead.CLOCKS_NOT_STATED),
    ],
)
def test_who_leads(estimate, state, code) -> None:
    own = own_dynamics_gate([linkage_test(0.01)], False)
    script = scripted_input_gate(SessionContext(()), [], False)
    gate = lead_gate(own, script, linkage_test(0.01, estimate=estimate), False)
    assert (gate.state, gate.reason.code) == (state, code)
    assert (gate.settle is not None) is (state is CANNOT_TELL)


def test_a_shared_event_may_fake_a_leader_and_without_linkage_nobody_leads() -> None:
    own, failed = own_dynamics_gate([linkage_test(0.01)], False), own_dynamics_gate([linkage_test(0.2)], False)
    unknown = scripted_input_gate(SessionContext(None), [], False)
    assert lead_gate(own, unknown, linkage_test(0.01), False).reason.code == Lead.FIRST_OR_SHARED_EVENT
    assert lead_gate(failed, unknown, linkage_test(0.2), False).reason.code == Lead.NOT_LINKED
    assert lead_gate(own, unknown, linkage_test(0.01), True).reason.code == Lead.GROUP


def test_quality_of_a_pair() -> None:
    good = pair_quality_gate([linkage_test(0.3), linkage_test(0.1), linkage_test(None)], [0.9, 0.8, 0.1], [], [])
    assert (good.state, good.reason) == (PASSED, because(QualityGate.GOOD, coverage=0.8))
    flat = because("test.flat")
    lacking = pair_quality_gate([linkage_test(None)], [0.5], [flat], [])
    assert (lacking.state, lacking.reason) == (CANNOT_TELL, because(QualityGate.LACKING, reasons=(flat, TOO_SHORT)))
    has = (
        because(QualityGate.HAS_SIGNALS, person="ada", signals=("eda",)),
        because(QualityGate.HAS_NOTHING, person="ben"),
    )
    assert pair_quality_gate([], [], [], has).reason == because(QualityGate.NO_COMMON_SIGNAL, each=has)
    assert lacking.settle == because(SettleLinkage.RECORD_CLEANLY)


def test_quality_of_a_group() -> None:
    good = group_quality_gate([linkage_test(None), linkage_test(0.3)], 5, 1)
    assert (good.state, good.reason) == (PASSED, because(QualityGate.GOOD_GROUP, compared=5, left_out=1))
    refused = group_quality_gate([linkage_test(None, "resp")], 0, 0)
    why = because(QualityGate.GROUP_REFUSED, signal="resp", why=TOO_SHORT)
    assert (refused.state, refused.reason) == (CANNOT_TELL, because(QualityGate.LACKING, reasons=(why,)))
