import itertools

import numpy as np
import pytest

from coregulation.coupling.inference import Coupling, CouplingEstimate
from coregulation.coupling.measures.lagged_correlation import LaggedCorrelation
from coregulation.errors import UsageError
from coregulation.regulation.verdict import Gate, GateState, SessionContext, VerdictKind, linkage_verdict

GOOD = Gate("G0", GateState.PASSED, "Fine.")
BAD = Gate("G0", GateState.CANNOT_TELL, "Nothing.", "Record more.")
CLEAR = CouplingEstimate(0.4, (0.3, 0.5), 2.0, (1.5, 2.5), "ada", 0.0)


def coupling(estimate=CLEAR, *, signal="motion", null="circular shift", gate="G1", refused=None, above=0):
    nulls = np.concatenate([np.full(above, 2.0), np.zeros(99 - above)]) if refused is None else np.empty(0)
    return Coupling(
        ("ada", "ben"), signal, LaggedCorrelation(60.0, 5.0), null, gate, True, 1.0, nulls, estimate, 9.0, 1.0, 0, refused
    )  # fmt: skip


def verdict(own=0.01, script=None, *, quality=GOOD, estimate=CLEAR, shared=(), apart=False, alone=False):
    mine = [(coupling(estimate, refused=None if own is not None else "too short"), own)]
    theirs = [] if script is None else [(coupling(null="pseudo-dyads", gate="G2"), script)]
    return linkage_verdict(("ada", "ben"), SessionContext(shared, apart, alone), quality, mine, theirs)


@pytest.mark.parametrize(
    ("own", "script", "shared", "apart"),
    list(itertools.product([0.01, 0.05, 0.0501, None], [None, 0.02, 0.3], [(), None, ("music",)], [False, True])),
)
def test_what_can_be_said_follows_from_the_gates(own, script, shared, apart):
    found = verdict(own, script, shared=shared, apart=apart)
    g1, g2 = found.gate("G1").state, found.gate("G2").state
    assert g1 is (GateState.CANNOT_TELL if own is None else GateState.PASSED if own <= 0.05 else GateState.FAILED)
    if apart or script == 0.3:
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
    for gate in found.gates:
        assert gate.why.endswith(".")
        if gate.state is GateState.CANNOT_TELL and gate.name != "G3":
            assert gate.settle.endswith(".")


@pytest.mark.parametrize("word", ["in sync", "score", "diagnos", "attuned", "disorder"])
def test_the_words_for_the_two_people_claim_nothing(word):
    for own, script, quality, apart, alone in itertools.product(
        [0.01, 0.4, None], [None, 0.01, 0.5], [GOOD, BAD], [False, True], [False, True]
    ):
        found = verdict(own, script, quality=quality, apart=apart, alone=alone, shared=None)
        assert word not in (found.plain + found.sentence).lower()
        assert found.plain.endswith(".")


def test_bad_quality_tells_nothing():
    found = verdict(quality=BAD)
    assert found.kind is VerdictKind.CANNOT_TELL
    assert "not enough clean signal" in found.plain


def test_nothing_recorded_of_both():
    found = linkage_verdict(("ada", "ben"), SessionContext(()), BAD, [], [])
    assert found.gate("G1").why == "No signal of both can be used."
    assert "no signal had enough" in found.sentence


@pytest.mark.parametrize(
    ("estimate", "state", "words"),
    [
        (CLEAR, GateState.PASSED, "ada comes first, by 2.0 s"),
        (CouplingEstimate(0.4, (0.3, 0.5), 0.0, (-0.9, 0.9), None, 0.0), GateState.FAILED, "Neither leads"),
        (
            CouplingEstimate(0.4, (0.3, 0.5), 1.0, (-3.0, 4.0), None, 0.0),
            GateState.CANNOT_TELL,
            "between -3.0 and 4.0 s",
        ),
        (
            CouplingEstimate(0.4, (0.3, 0.5), 2.0, (1.5, 2.5), None, None),
            GateState.CANNOT_TELL,
            "a clock error is a fake lag",
        ),
    ],
)
def test_direction(estimate, state, words):
    gate = verdict(estimate=estimate).gate("G3")
    assert gate.state is state
    assert words in gate.why


def test_a_shared_event_may_fake_a_leader():
    assert "shared event" in verdict(shared=None).gate("G3").why
    assert "shared event" not in verdict(shared=()).gate("G3").why


def test_without_linkage_nobody_leads():
    assert verdict(0.5).gate("G3").state is GateState.CANNOT_TELL


def test_the_signal_with_the_smallest_adjusted_p_answers():
    own = [
        (coupling(signal="eda"), 0.2),
        (coupling(signal="resp"), 0.001),
        (coupling(signal="motion", refused="x"), None),
    ]
    script = [(coupling(signal="eda", gate="G2"), 0.04), (coupling(signal="resp", gate="G2"), 0.9)]
    found = linkage_verdict(("ada", "ben"), SessionContext(("a film", "music", "a talk")), GOOD, own, script)
    assert found.gate("G1").why.startswith("resp")
    assert "ada and ben, resp" in found.sentence
    assert found.gate("G2").why.startswith("eda")


def test_the_sentence_tells_p_and_what_was_refused():
    assert "(adjusted .010)" in verdict().sentence
    assert "refused: too short" in verdict(None).sentence
    assert "pseudo-dyads)" in verdict(script=0.02).sentence
    assert "< .001" in verdict(0.0005).sentence
    assert "a film, music and a talk" in verdict(shared=("a film", "music", "a talk")).gate("G2").why


def test_an_unknown_gate_names_those_there_are():
    with pytest.raises(UsageError, match="no gate 'G9'; there are G0, G1, G2, G3"):
        verdict().gate("G9")
