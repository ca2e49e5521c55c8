from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from coregulation.analysis.results import Finding, GroupFinding
from coregulation.reasons import because
from coregulation.regulation.verdict import GateState, VerdictKind
from coregulation.report.answer import overall_answer


def held(gate: str, observed: float, refused: str | None = None) -> GroupFinding:
    nulls = np.linspace(0, 1, 199)
    return GroupFinding(
        "resp", ("ada", "ben", "cem"), gate, observed, nulls, "turned", np.zeros((3, 3)), refused=refused
    )


def of(
    finding: Finding, *groups: GroupFinding, shared: tuple[str, ...] | None = ("music",), setting: str | None = None
) -> Finding:
    about = dataclasses.replace(finding.about, shared=shared, setting=setting)
    return dataclasses.replace(finding, about=about, groups=groups)


def states(finding: Finding) -> list[str]:
    return [gate.state.value for gate in overall_answer(finding).gates]


def test_a_pair_is_answered_by_its_verdict(pair: Finding):
    said = overall_answer(pair)
    assert (said.people, said.kind, said.plain) == (
        pair.verdicts[0].pair,
        pair.verdicts[0].kind,
        pair.verdicts[0].plain,
    )


@pytest.mark.parametrize(
    ("groups", "shared", "setting", "gates", "kind", "words"),
    [
        ([held("G1", 2), held("G2", 2)], ("music",), None, "passed passed", VerdictKind.LINKED, "steadied are two things"),
        ([held("G1", 2), held("G2", 0.5)], ("music",), None, "passed failed", VerdictKind.IN_PARALLEL, "enough to explain"),
        ([held("G1", 2)], ("music",), None, "passed cannot-tell", VerdictKind.CANNOT_TELL, "may explain it"),
        ([held("G1", 2), held("G2", 2, "too few")], None, None, "passed cannot-tell", VerdictKind.CANNOT_TELL, "may explain it"),
        ([held("G1", 2)], (), None, "passed passed", VerdictKind.LINKED, "steadied are two things"),
        ([held("G1", 2)], None, "apart", "passed failed", VerdictKind.IN_PARALLEL, "were not together"),
        ([held("G1", 0.5), held("G2", 2)], ("music",), None, "failed passed", VerdictKind.CANNOT_TELL, "did not move together"),
        ([held("G1", 2, "no pairs")], (), None, "cannot-tell passed", VerdictKind.CANNOT_TELL, "we cannot tell"),
    ],
)  # fmt: skip
def test_a_group_is_answered_gate_by_gate(groups, shared, setting, gates, kind, words, pair: Finding):
    finding = of(pair, *groups, shared=shared, setting=setting)
    said = overall_answer(finding)
    assert states(finding)[1:3] == gates.split()
    assert said.kind is kind
    assert words in said.plain
    assert kind.value in said.sentence
    assert said.gates[3].state is GateState.CANNOT_TELL


def test_a_refused_group_says_why_in_both_places(pair: Finding):
    said = overall_answer(of(pair, held("G1", 2, "fewer than three pairs can be compared")))
    assert said.gates[0].state is GateState.CANNOT_TELL
    assert "fewer than three pairs" in said.gates[0].why
    assert "refused (fewer than three pairs" in said.sentence


def test_several_signals_are_allowed_for(pair: Finding):
    strong = held("G1", 0.97)
    others = [dataclasses.replace(held("G1", 0.5), signal=name) for name in ("eda", "motion", "heart_rate")]
    assert states(of(pair, strong))[1] == "passed"
    assert states(of(pair, strong, *others))[1] == "failed"


def test_what_was_left_out_is_said(pair: Finding):
    refused = dataclasses.replace(pair.qualities[0], refused=because("quality.constant", value=1.0))
    finding = dataclasses.replace(of(pair, held("G1", 2)), qualities=(refused,))
    assert "Recordings left out: 1." in overall_answer(finding).gates[0].why
