"""What can be said of two or more people follows from the gates, and from nothing else."""

from __future__ import annotations

import itertools

import pytest

from coregulation.analysis.verdict import join_branches, without_regulation
from coregulation.analysis.verdict_reasons import LinkageEvidence, LinkageStatement
from coregulation.errors import UsageError
from coregulation.reasons import because
from coregulation.regulation.design import UnidentifiedError
from coregulation.regulation.gate import GateState, VerdictKind
from coregulation.regulation.pair_regulation import refuse_pair
from coregulation.regulation.reason_codes import Evidence, Refusal, Settle, Statement
from coregulation.report.catalogue import Catalogue, Voice
from tests.analysis.verdicts import BAD, GOOD, GROUP, PAIR, TOO_SHORT, verdict
from tests.regulation.answers import CROSSED, codes, direction, helped, pair, same

PEOPLE = [PAIR, GROUP]


@pytest.mark.parametrize("people", PEOPLE)
@pytest.mark.parametrize(
    ("own", "script", "shared", "apart"),
    list(itertools.product([0.01, 0.05, 0.0501, None], [None, 0.02, 0.3], [(), None, ("music",)], [False, True])),
)
def test_what_can_be_said_follows_from_the_gates(own, script, shared, apart, people):
    found = verdict(own, script, shared=shared, apart=apart, people=people)
    g1, g2 = found.gate("G1").state, found.gate("G2").state
    assert g1 is (GateState.CANNOT_TELL if own is None else GateState.PASSED if own <= 0.05 else GateState.FAILED)
    if apart:
        assert g2 is GateState.FAILED
    elif script == 0.02 or shared == ():
        assert g2 is GateState.PASSED
    else:
        assert g2 is GateState.CANNOT_TELL
    if g1 is not GateState.PASSED or g2 is GateState.CANNOT_TELL:
        assert found.kind is VerdictKind.CANNOT_TELL
    else:
        assert found.kind is (VerdictKind.LINKED if g2 is GateState.PASSED else VerdictKind.IN_PARALLEL)
    assert (found.giver, found.receiver) == (None, None)
    assert found.linkage is found.kind
    assert found.is_group is (people is GROUP)


@pytest.mark.parametrize("people", PEOPLE)
@pytest.mark.parametrize("own", [0.01, 0.9, None])
def test_whoever_follows_one_guide_is_in_parallel(own, people):
    found = verdict(own, guides=("breath pacer",), people=people)
    assert found.kind is VerdictKind.IN_PARALLEL
    assert found.gate("G2").state is GateState.FAILED
    assert codes(found.statements) == [LinkageStatement.GUIDED]
    assert verdict(own, guides=("breath pacer",), people=people, quality=BAD).kind is VerdictKind.CANNOT_TELL


@pytest.mark.parametrize("people", PEOPLE)
def test_no_sentence_is_missing_or_left_open(people):
    catalogue = Catalogue()
    for own, script, apart, alone, shared in itertools.product(
        [0.01, 0.4, None], [None, 0.01, 0.5], [False, True], [False, True], [(), None, ("a film", "music")]
    ):
        found = verdict(own, script, apart=apart, alone_block=alone, shared=shared, people=people)
        for voice in Voice:
            for one in (*found.statements, *found.evidence, *(g.settle for g in found.gates[1:] if g.settle)):
                if TOO_SHORT not in one.facts.values():
                    assert catalogue.sentence(one, voice).endswith(".")


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (verdict(quality=BAD), [LinkageStatement.NOT_ENOUGH_CLEAN]),
        (verdict(quality=BAD, people=GROUP), [LinkageStatement.NOT_ENOUGH_CLEAN_GROUP]),
        (verdict(None), [LinkageStatement.TOO_LITTLE]),
        (verdict(0.4), [LinkageStatement.NOT_LINKED]),
        (verdict(0.4, people=GROUP), [LinkageStatement.NOT_LINKED_GROUP]),
        (verdict(), [LinkageStatement.LINKED, LinkageStatement.STEADYING_NEEDS_ALONE]),
        (verdict(alone_block=True), [LinkageStatement.LINKED, LinkageStatement.STEADYING_NOT_ASKED]),
        (verdict(people=GROUP), [LinkageStatement.LINKED_GROUP, LinkageStatement.STEADYING_UNKNOWN_GROUP]),
        (verdict(apart=True), [LinkageStatement.APART]),
        (verdict(script=0.4), [LinkageStatement.LINKED, LinkageStatement.STEADYING_NEEDS_ALONE]),
        (verdict(script=0.4, shared=None), [LinkageStatement.LINKED, LinkageStatement.SHARED_MAY_EXPLAIN]),
        (verdict(script=0.4, shared=None, alike=True), [LinkageStatement.LINKED, LinkageStatement.SHARED_EXPLAINS]),
        (verdict(script=0.4, alike=True), [LinkageStatement.LINKED, LinkageStatement.STEADYING_NEEDS_ALONE]),
        (verdict(shared=None), [LinkageStatement.LINKED, LinkageStatement.SHARED_MAY_EXPLAIN]),
    ],
)
def test_what_the_people_are_told(found, said):
    assert codes(found.statements) == said


def test_the_evidence_has_p_what_was_refused_and_a_leader_only_where_one_leads():
    assert codes(verdict(script=0.02).evidence) == [
        LinkageEvidence.STRENGTH_LEADER, LinkageEvidence.OWN, LinkageEvidence.SCRIPT, LinkageEvidence.KIND,
        LinkageEvidence.STEADYING_NOT_TESTED,
    ]  # fmt: skip
    assert because(LinkageEvidence.OWN_REFUSED, why=TOO_SHORT) in verdict(None).evidence
    assert verdict(0.4).evidence[0].code == LinkageEvidence.STRENGTH
    group = verdict(0.01, 0.02, people=GROUP).evidence
    assert codes(group)[:3] == [LinkageEvidence.GROUP, LinkageEvidence.GROUP_OWN, LinkageEvidence.GROUP_SCRIPT]
    assert LinkageEvidence.GROUP_OWN_REFUSED in codes(verdict(None, people=GROUP).evidence)


def test_an_unknown_gate_names_those_there_are():
    with pytest.raises(UsageError, match=r"no gate 'G9'\. Did you mean G0, G1, G2 or G3"):
        verdict().gate("G9")


def joined(linkage, kind, *each):
    return join_branches(linkage, pair(kind, CROSSED, *each))


def test_linkage_comes_first_where_regulation_has_no_answer_of_its_own():
    nothing = (VerdictKind.SELF_REGULATING, same(), same("ben"))
    linked = joined(verdict(), *nothing)
    assert linked.kind is VerdictKind.LINKED_ONLY
    assert codes(linked.statements)[:3] == [LinkageStatement.LINKED, Statement.TWO_THINGS, Statement.SAME_SPEED]
    guided = joined(verdict(guides=("pacer",)), *nothing)
    assert guided.kind is VerdictKind.IN_PARALLEL
    assert codes(guided.statements)[:2] == [LinkageStatement.GUIDED, Statement.SAME_SPEED]
    alone = joined(verdict(0.4), *nothing)
    assert (alone.kind, alone.statements[0].code) == (VerdictKind.SELF_REGULATING, Statement.OWN_TIME)


def test_steadying_never_requires_linkage():
    lent = joined(verdict(0.9), VerdictKind.LENT, helped(), same("ben"))
    assert (lent.kind, lent.giver, lent.receiver) == (VerdictKind.LENT, "ben", "ada")
    assert lent.statements[0].code == Statement.SETTLED_SOONER_BY
    assert lent.linkage is VerdictKind.CANNOT_TELL
    both = joined(verdict(0.9), VerdictKind.MUTUAL, helped(), helped("ben"))
    assert (both.giver, both.receiver) == (None, None)


def test_what_regulation_cannot_tell_leaves_linkage_as_it_is():
    unknown = joined(verdict(), VerdictKind.CANNOT_TELL, direction(), direction(to="ben"))
    assert unknown.kind is VerdictKind.LINKED
    assert Statement.CANNOT_TELL in codes(unknown.statements)
    error = UnidentifiedError("No alone block.", because(Refusal.NOBODY_ALONE), because(Settle.TIME_APART))
    refused = join_branches(verdict(0.4), refuse_pair(PAIR, CROSSED, error))
    assert codes(refused.statements) == [
        LinkageStatement.NOT_LINKED, Statement.REFUSED, Refusal.NOBODY_ALONE, Settle.TIME_APART,
    ]  # fmt: skip
    assert codes(refused.evidence)[:2] == [Evidence.KIND, Evidence.REFUSED]
    assert LinkageEvidence.STEADYING_NOT_TESTED not in codes(refused.evidence)
    assert [gate.name for gate in refused.gates] == ["G0", "G1", "G2", "G3", "G4", "G6"]


def test_without_blocks_the_other_branch_is_open():
    found = without_regulation(verdict())
    assert [gate.name for gate in found.gates] == ["G0", "G1", "G2", "G3", "G4", "G6"]
    assert found.gate("G4").reason == because(Refusal.NO_BLOCKS)
    assert found.gate("G0") is GOOD
