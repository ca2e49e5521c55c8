"""What natural mode says, as codes: exactly the facts that each code states, and never more than may be said."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coregulation.regulation.gate import GateState, Question
from coregulation.regulation.natural.answer import CLAIMS, REFUSED, NaturalState
from coregulation.regulation.natural.statements import (
    NaturalEvidence,
    NaturalReason,
    left,
    natural_evidence,
    natural_gate,
    natural_reason,
    natural_statements,
)
from coregulation.report.catalogue import Catalogue, Voice
from tests.regulation.natural.test_answer import ENOUGH
from tests.wording import judging

EVERY = [replace(ENOUGH, state=state, left_out=2, driven=(0.1, 0.2)) for state in NaturalState]


@pytest.mark.parametrize("direction", EVERY, ids=lambda d: d.state)
def test_every_state_has_its_sentences_and_no_word_that_judges(direction):
    catalogue = Catalogue()
    people = [catalogue.sentence(item) for item in (natural_reason(direction), *natural_statements([direction]))]
    methods = [
        catalogue.sentence(item, Voice.METHODS) for item in (natural_reason(direction), *natural_evidence(direction))
    ]
    assert all(text.endswith(".") and "because of" not in text for text in people + methods)
    assert [judging(text) for text in people] == [[]] * len(people)


@pytest.mark.parametrize("direction", EVERY, ids=lambda d: d.state)
def test_only_a_claim_answers_its_gate(direction):
    gate = natural_gate(direction)
    assert gate.name == "G7 ben → ada"
    assert gate.question is Question.SETTLED_BEFORE
    assert (gate.state is GateState.CANNOT_TELL) == (direction.state not in CLAIMS)
    assert (gate.settle is None) == (direction.state in CLAIMS)
    assert bool(list(natural_statements([direction]))) == (direction.state in CLAIMS)


def test_the_sentence_says_the_effect_the_shifts_the_gates_and_what_it_does_not_say():
    direction = replace(ENOUGH, state=NaturalState.SOONER)
    text = " ".join(Catalogue().sentence(item, Voice.METHODS) for item in natural_evidence(direction))
    assert "20 own rises" in text
    assert "26 % less (95 % interval 39 % less to 10 % less)" in text
    assert "1 of 100 moves" in text
    assert "No input common to both was seen" in text
    assert "this does not say what ada would have done without ben" in text
    assert "a slow mood that moves both is not excluded" in text


def test_a_seen_input_is_said():
    codes = [item.code for item in natural_evidence(replace(ENOUGH, state=NaturalState.SOMETHING_MOVED_BOTH))]
    assert NaturalEvidence.INPUT_SEEN in codes
    assert NaturalEvidence.NO_INPUT_SEEN not in codes


@pytest.mark.parametrize("state", REFUSED)
def test_what_was_not_computed_has_no_number(state):
    (item,) = natural_evidence(replace(ENOUGH, state=state))
    assert item == natural_reason(replace(ENOUGH, state=state))


def test_counts_of_the_rarer_kind_are_said():
    often = natural_reason(replace(ENOUGH, state=NaturalState.SETTLED_TOO_OFTEN, settled=18))
    rarely = natural_reason(replace(ENOUGH, state=NaturalState.SETTLED_TOO_RARELY, settled=3))
    assert (often.facts["count"], rarely.facts["count"]) == (2, 3)
    assert often.code == NaturalReason.SETTLED_TOO_OFTEN


def test_what_is_left_is_a_share():
    assert left(ENOUGH) == pytest.approx((-0.2592, -0.3935, -0.0952), abs=1e-4)
