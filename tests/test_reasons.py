import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coregulation.reasons import Reason, ReasonCode, because

FACTS = st.dictionaries(st.sampled_from("abcd"), st.none() | st.booleans() | st.integers() | st.text(max_size=5))


@given(FACTS)
def test_a_reason_survives_bytes_and_compares_by_code_and_facts(facts):
    reason = Reason("beats.none", facts)
    assert pickle.loads(pickle.dumps(reason)) == reason
    assert hash(pickle.loads(pickle.dumps(reason))) == hash(reason)
    assert reason != Reason("beats.other", facts)
    assert reason != Reason("beats.none", {**facts, "e": 1})


def test_facts_cannot_be_changed_and_are_plain():
    reason = because("rate.too-low", rate=4.0, needed=10.0)
    assert json.loads(json.dumps(reason.as_plain())) == {"code": "rate.too-low", "facts": {"rate": 4.0, "needed": 10.0}}
    try:
        reason.facts["rate"] = 5.0
    except TypeError:
        return
    raise AssertionError("a fact was changed")


class Sample(ReasonCode):
    """Why a sample of the tests is refused."""

    SHORT = "sample.short", "length", "needed"  # both in s
    EMPTY = "sample.empty"


def test_a_code_is_its_text_and_states_its_facts():
    assert Sample.SHORT == "sample.short"
    assert Sample.SHORT.facts == ("length", "needed")
    assert because(Sample.SHORT, length=1.0, needed=5.0).code == "sample.short"
    assert because(Sample.EMPTY) == Reason("sample.empty")


@pytest.mark.parametrize("facts", [{}, {"length": 1.0}, {"length": 1.0, "needed": 5.0, "other": 1}])
def test_other_facts_than_the_stated_ones_are_refused(facts):
    with pytest.raises(TypeError, match="states the facts"):
        because(Sample.SHORT, **facts)


def test_reasons_and_lists_among_the_facts_are_plain_too():
    outer = because("a.outer", why=because("a.inner", n=1), names=("x", because("a.item")))
    plain = {"why": {"code": "a.inner", "facts": {"n": 1}}, "names": ["x", {"code": "a.item", "facts": {}}]}
    assert outer.as_plain()["facts"] == plain
