"""Three kinds of error, one family: a caller can catch what this package raises on purpose, and nothing else."""

import pickle

import pytest

from coregulation.errors import CoregulationError, DataError, ProtocolError, UsageError, nearest_names, similar_names


@pytest.mark.parametrize("kind", [DataError, UsageError, ProtocolError])
def test_every_kind_is_one_of_ours(kind):
    with pytest.raises(CoregulationError, match="what came"):
        raise kind("what came, what was expected, what to do")


def test_the_kinds_are_apart():
    assert not issubclass(DataError, (UsageError, ProtocolError))
    assert not issubclass(UsageError, (DataError, ProtocolError))


def test_none_is_mistaken_for_a_python_error():
    assert CoregulationError.__bases__ == (Exception,)


def test_a_message_is_filled_from_facts_and_keeps_them():
    error = DataError("{rate:g} Hz came; {needed:and} need more.", rate=4.0, needed=("ECG", "PPG", "motion"))
    assert str(error) == "4 Hz came; ECG, PPG and motion need more."
    assert error.template.startswith("{rate:g}")
    assert error.facts["rate"] == 4.0


@pytest.mark.parametrize(
    ("items", "text"), [((), ""), (("a",), "a"), (("a", "b"), "a or b"), (("a", "b", "c"), "a, b or c")]
)
def test_a_list_in_words(items, text):
    assert str(UsageError("{items:or}", items=items)) == text


def test_a_message_without_facts_is_left_as_it_is():
    assert str(DataError("a {brace} stays")) == "a {brace} stays"


def test_an_error_survives_bytes_with_its_facts():
    error = pickle.loads(pickle.dumps(DataError("{rate:g} Hz", rate=4.0)))
    assert (type(error), str(error), error.facts) == (DataError, "4 Hz", {"rate": 4.0})


def test_a_name_gets_the_most_similar_ones_first_and_at_most_three():
    assert nearest_names("hart_rate", ("eda", "heart_rates", "heart_rate")) == ("heart_rate", "heart_rates")
    assert len(nearest_names("ab", ("abc", "abd", "abe", "abf"))) == 3


def test_names_are_similar_from_a_ratio_of_three_fifths():
    assert similar_names("abcde", ("abcxy", "other")) == ("abcxy",)  # 3 of 5 letters: just at the limit
    assert similar_names("abcdef", ("abcxyz", "other")) == ()  # 3 of 6: below it
    assert nearest_names("abcdef", ("abcxyz", "other")) == ("abcxyz", "other")  # so all known names


def test_nothing_similar_gets_all_known_names():
    assert nearest_names("xyz", {"b": 1, "a": 2}) == ("a", "b")
