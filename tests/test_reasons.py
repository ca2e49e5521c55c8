import json
import pickle

from hypothesis import given
from hypothesis import strategies as st

from coregulation.reasons import Reason, because

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
