"""The first screen says each thing once, and shows only the questions that the answer leaves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coregulation.analysis.finding import Finding
from coregulation.reasons import because
from coregulation.regulation.gate import GateState, Question, VerdictKind
from coregulation.regulation.reason_codes import Statement
from coregulation.report.catalogue import Catalogue, Voice
from coregulation.report.first_screen import answer_statements, is_told, shown_gates, without_repeats
from coregulation.report.gate_view import view_gates

ONCE = because(Statement.ONE_VISIT)


def test_what_gates_say_is_not_in_the_answer(pair: Finding):
    verdict = pair.answer
    told = answer_statements(verdict)
    elsewhere = [gate.reason for gate in verdict.gates] + [gate.settle for gate in verdict.gates]
    assert 1 <= len(told) <= 3
    assert not any(one in elsewhere for one in told)
    assert len(told) < len(verdict.statements)


def test_an_answer_is_never_empty(pair: Finding):
    reason = pair.answer.gates[1].reason
    assert answer_statements(replace(pair.answer, statements=(reason,))) == [reason]


def test_cautions_stand_among_the_explanations(pair: Finding):
    statements = (because(Statement.ALONE_FIRST), because(Statement.TOGETHER_FIRST), ONCE)
    assert answer_statements(replace(pair.answer, statements=statements)) == [ONCE]
    assert is_told(Statement.ONE_VISIT, [ONCE])
    assert not is_told(Statement.TWO_THINGS, [ONCE])


def with_states(finding: Finding, **states: GateState):
    gates = tuple(replace(g, state=states.get(g.question.name.lower(), g.state)) for g in finding.answer.gates)
    return replace(finding.answer, gates=gates)


@pytest.mark.parametrize(
    ("own", "kind", "shown"),
    [
        (GateState.PASSED, VerdictKind.LINKED, {Question.OWN_DYNAMICS, Question.SCRIPTED_INPUT, Question.LEAD}),
        (GateState.FAILED, VerdictKind.CANNOT_TELL, {Question.OWN_DYNAMICS}),
        (GateState.CANNOT_TELL, VerdictKind.CANNOT_TELL, {Question.OWN_DYNAMICS}),
        (GateState.FAILED, VerdictKind.IN_PARALLEL, {Question.OWN_DYNAMICS, Question.SCRIPTED_INPUT}),
    ],
)
def test_without_linkage_nobody_asks_what_it_comes_from(pair: Finding, own, kind, shown):
    verdict = replace(with_states(pair, own_dynamics=own), kind=kind)
    about_linkage = {Question.QUALITY, Question.OWN_DYNAMICS, Question.SCRIPTED_INPUT, Question.LEAD}
    assert {gate.question for gate in shown_gates(verdict)} & about_linkage == shown


def test_a_lack_of_signal_is_shown(pair: Finding):
    verdict = with_states(pair, quality=GateState.CANNOT_TELL)
    assert Question.QUALITY in {gate.question for gate in shown_gates(verdict)}


def test_what_all_say_comes_once_at_the_end():
    assert without_repeats([["a", "same", "b"], ["c", "same"]]) == ["a b", "c", "same"]
    assert without_repeats([["a", "b"]]) == ["a b"]
    assert without_repeats([["a"], ["a"]]) == ["a"]


def test_a_reason_that_the_answer_gives_is_not_repeated_beside_its_question(pair: Finding):
    own = pair.answer.gate("G1")
    (told,) = view_gates([own], Catalogue(), Voice.PLAIN, [own.reason])
    (fresh,) = view_gates([own], Catalogue(), Voice.PLAIN)
    assert told.why == ""
    assert fresh.why
    assert told.question == fresh.question
