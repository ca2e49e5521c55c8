"""From couplings and groups to verdicts: the same decision for two people and for more."""

from __future__ import annotations

import dataclasses
import pickle

import numpy as np
import pytest

from coregulation.analysis.decisions import decide_group, with_pairs
from coregulation.analysis.finding import Finding
from coregulation.analysis.results import GroupFinding
from coregulation.analysis.verdict import Verdict
from coregulation.analysis.verdict_reasons import LinkageStatement
from coregulation.events import Block
from coregulation.reasons import because
from coregulation.regulation.gate import GateState, VerdictKind
from coregulation.report.catalogue import Catalogue
from tests import sessions
from tests.analysis.verdicts import BAD, GROUP, verdict
from tests.regulation.answers import codes


@pytest.fixture(scope="module")
def pair() -> Finding:
    return sessions.QUICK(sessions.linked(shared=()))


def held(gate: str, observed: float, refused: str | None = None) -> GroupFinding:
    nulls = np.linspace(0, 1, 199)
    return GroupFinding(
        "resp", ("ada", "ben", "cem"), gate, observed, nulls, "turned", np.zeros((3, 3)), refused=refused
    )


def group_verdict(
    finding: Finding, *groups: GroupFinding, shared: tuple[str, ...] | None = ("music",), setting: str | None = None
) -> Verdict:
    about = dataclasses.replace(finding.about, shared=shared, setting=setting)
    found = decide_group(dataclasses.replace(finding, about=about, groups=groups))
    assert found is not None
    return found


def test_a_pair_is_answered_by_its_verdict(pair: Finding):
    assert pair.group_verdict is None
    assert pair.answer is pair.verdicts[0]
    assert decide_group(pair) is None


@pytest.mark.parametrize(
    ("groups", "shared", "setting", "gates", "kind"),
    [
        ([held("G1", 2), held("G2", 2)], ("music",), None, "passed passed", VerdictKind.LINKED),
        ([held("G1", 2), held("G2", 0.5)], ("music",), None, "passed cannot-tell", VerdictKind.CANNOT_TELL),
        ([held("G1", 2), held("G2", 0.5)], (), None, "passed passed", VerdictKind.LINKED),
        ([held("G1", 2)], ("music",), None, "passed cannot-tell", VerdictKind.CANNOT_TELL),
        ([held("G1", 2), held("G2", 2, "too few")], None, None, "passed cannot-tell", VerdictKind.CANNOT_TELL),
        ([held("G1", 2)], (), None, "passed passed", VerdictKind.LINKED),
        ([held("G1", 2)], None, "apart", "passed failed", VerdictKind.IN_PARALLEL),
        ([held("G1", 0.5), held("G2", 2)], ("music",), None, "failed passed", VerdictKind.CANNOT_TELL),
        ([held("G1", 2, "no pairs")], (), None, "cannot-tell passed", VerdictKind.CANNOT_TELL),
    ],
)
def test_a_group_is_answered_gate_by_gate(groups, shared, setting, gates, kind, pair: Finding):
    found = group_verdict(pair, *groups, shared=shared, setting=setting)
    assert [gate.state.value for gate in found.gates[1:3]] == gates.split()
    assert (found.kind, found.people) == (kind, ("ada", "ben", "cem"))
    assert found.gates[3].state is GateState.CANNOT_TELL


def test_several_signals_are_allowed_for(pair: Finding):
    strong = held("G1", 0.97)
    rng = np.random.default_rng(1)
    plain = held("G1", 0.5)
    others = [
        dataclasses.replace(plain, signal=name, nulls=rng.permutation(plain.nulls))
        for name in ("eda", "motion", "resp")
    ]
    assert group_verdict(pair, strong).gate("G1").state is GateState.PASSED
    assert group_verdict(pair, strong, *others).gate("G1").state is GateState.FAILED


def test_how_many_were_compared_is_said(pair: Finding):
    refused = dataclasses.replace(pair.qualities[0], refused=because("test.flat"))
    wider = dataclasses.replace(held("G1", 2), signal="eda", people=("ada", "ben", "cem", "dan"))
    finding = dataclasses.replace(pair, qualities=(refused,))
    facts = group_verdict(finding, held("G1", 2), wider).gate("G0").reason.facts
    assert facts == {"compared": 4, "left_out": 1}  # the largest group


@pytest.mark.parametrize("names", ["ab", "abc"])
def test_two_and_three_people_under_one_guide_get_one_answer(names: str):
    common = sessions.wander(7) - 70
    people = {name: common + sessions.wander(k) for k, name in enumerate(names)}
    guided = Block("together", 0.0, 600.0, guide="breath pacer")
    finding = sessions.QUICK(sessions.session(people, shared=(), blocks=(guided,)))
    assert {verdict.kind for verdict in finding.verdicts} == {VerdictKind.IN_PARALLEL}
    assert finding.answer is not None
    assert finding.answer.kind is VerdictKind.IN_PARALLEL
    assert finding.answer.people == tuple(names)
    assert finding.answer.gate("G1").state is GateState.PASSED  # the guide is enough for that
    assert finding.answer.gate("G2").state is GateState.FAILED


def test_a_verdict_travels_to_other_processes(pair: Finding):
    assert pickle.loads(pickle.dumps(pair.verdicts)) == pair.verdicts


WITH, WITHOUT = verdict(0.01, people=("Ada", "Ben")), verdict(0.4, people=("Ben", "Cem"))


@pytest.mark.parametrize(
    ("group", "pairs", "last"),
    [
        (0.13, [WITH, WITHOUT, WITHOUT], LinkageStatement.PAIRS_BEYOND),
        (0.13, [WITHOUT, WITHOUT], LinkageStatement.NOT_LINKED_GROUP),
        (0.01, [WITHOUT, WITHOUT], LinkageStatement.PAIRS_NONE),
        (0.01, [WITH, WITHOUT], LinkageStatement.STEADYING_UNKNOWN_GROUP),
        (None, [WITH, WITHOUT], LinkageStatement.NOT_ENOUGH_CLEAN_GROUP),
    ],
)
def test_where_group_and_pairs_answer_differently_the_answer_says_that_they_are_two_questions(group, pairs, last):
    answer = with_pairs(verdict(group, people=GROUP), pairs)
    assert answer is not None
    assert codes(answer.statements)[-1] == last


def test_how_many_pairs_stand_out_is_told_with_the_strongest_by_name():
    answer = with_pairs(verdict(0.13, people=GROUP), [WITH, WITHOUT, WITHOUT])
    assert answer is not None
    text = Catalogue().sentence(answer.statements[-1])
    assert "Ada and Ben stand out, 1 of 3 pairs" in text
    assert "can match while the group as a whole does not" in text
    several = with_pairs(verdict(0.13, people=GROUP), [WITH, WITH, WITHOUT])
    assert several is not None
    assert "2 of 3 pairs stand out, most of all Ada and Ben" in Catalogue().sentence(several.statements[-1])


@pytest.mark.parametrize(
    "group", [verdict(0.13, people=GROUP, quality=BAD), verdict(0.13, people=GROUP, guides=("pacer",))]
)
def test_nothing_is_added_where_nothing_can_be_compared_or_all_follow_one_guide(group: Verdict):
    assert with_pairs(group, [WITH]) is group
    assert with_pairs(None, [WITH]) is None
