"""What else could explain an answer about linkage depends on what was stated and on how it came out."""

from __future__ import annotations

import dataclasses

import pytest

from coregulation.analysis.finding import Finding
from coregulation.analysis.verdict_reasons import Linked
from coregulation.reasons import because
from coregulation.regulation.gate import Gate, GateState, Question
from coregulation.report.catalogue import Catalogue
from coregulation.report.explanations import linkage_explanations

WORDS = Catalogue()
SHOWN, NOT_SHOWN = (
    Gate(Question.OWN_DYNAMICS, state, because(Linked.NO_SIGNAL)) for state in (GateState.PASSED, GateState.FAILED)
)


@pytest.mark.parametrize(
    ("shared", "setting", "told"),
    [
        (None, None, "Nobody stated"), (("music", "film"), None, "music and film"), ((), None, "nothing was shared"),
        (None, "apart", "recorded apart"),
    ],
)  # fmt: skip
def test_it_begins_with_what_was_shared(shared, setting, told, group: Finding):
    about = dataclasses.replace(group.about, shared=shared, setting=setting)
    found = linkage_explanations(dataclasses.replace(group, about=about), SHOWN, WORDS)
    assert told in found[0]
    assert "pacer 6/min (talk)" in found[1]


def test_several_answers_at_once_are_named(group: Finding, pair: Finding):
    assert linkage_explanations(group, SHOWN, WORDS)[-1].startswith("Coincidence. The analysis looked for 6 answers")
    one = dataclasses.replace(pair, couplings=pair.couplings[:1])
    assert not any("Coincidence" in line for line in linkage_explanations(one, SHOWN, WORDS))


def test_what_could_hide_a_link_names_the_longest_lag(group: Finding):
    longest = max(c.measure.max_lag for c in group.couplings)
    found = linkage_explanations(group, NOT_SHOWN, WORDS)
    assert any(f"longer than {longest:g} seconds" in line for line in found)


def test_where_nothing_was_compared_there_is_nothing_to_explain(pair: Finding):
    (text,) = linkage_explanations(dataclasses.replace(pair, couplings=()), NOT_SHOWN, WORDS)
    assert text.startswith("Nothing was compared")
