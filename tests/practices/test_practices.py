"""Every practice keeps the rules of the registry: a place to rest that is not the breath, a choice, honest evidence, plain words."""

from __future__ import annotations

import pytest

from coregulation.live.room.practice import fixed_seconds, practices, protocols
from tests.wording import judging, ordering

ALL = list(practices().values())
BODILY = {"touch", "gaze"}
# What issue and ledger ask for by name: items 59 to 76 of the practices and examples in the articles.
ITEMS = set(range(59, 77))


def each(values=ALL):
    return pytest.mark.parametrize("one", values, ids=lambda one: one.id)


def said(one) -> list[str]:
    """Everything a person may read of a practice while it is chosen or done."""
    steps = [text for step in one.step for text in (step.say, *(choice.label for choice in step.choice))]
    return [one.title, one.about, *one.cautions, *(text for a in one.anchor for text in (a.label, a.say)), *steps]


def test_every_item_of_the_ledger_has_a_practice():
    assert {item for one in ALL for item in one.items} == ITEMS


def test_the_practices_that_the_articles_name_are_there():
    assert {
        "breathe-together", "breathe-alone", "body-check-in", "steady-helper", "conflict-pause", "parent-steady",
        "silent-sitting", "seek", "speak", "model", "connect", "notice", "recorded-voice", "nature", "remembered-person",
        "animal", "group",
    } <= set(practices())  # fmt: skip


@each()
def test_its_first_place_to_rest_is_not_the_breath(one):
    assert not one.usual_anchor.breath
    assert sum(anchor.default for anchor in one.anchor) == 1
    assert len(one.anchor) >= 3


@each()
def test_there_is_a_choice_at_every_step(one):
    assert all(len(step.choice) >= 2 for step in one.step)
    assert all("move" in {choice.id for choice in step.choice} for step in one.step)


@each()
def test_touch_and_looking_are_only_ever_options(one):
    """No step is about them, and the option says that both have to like it."""
    labels = [choice.label for step in one.step for choice in step.choice if choice.id in BODILY]
    assert all("both" in label for label in labels)
    assert not BODILY & {anchor.id for anchor in one.anchor}


@each()
def test_it_says_what_is_known_and_from_where(one):
    assert one.sources
    assert len(one.evidence_said) > 40
    assert not judging(one.evidence_said.replace("better health", "health").replace("feel better", "feel"))


@each()
def test_it_fits_into_its_minutes(one):
    assert fixed_seconds(one) <= 60 * one.minutes
    shares = [step for step in one.step if step.share]
    assert not shares or 60 * one.minutes - fixed_seconds(one) >= 30


@each()
def test_its_words_offer_and_do_not_judge(one):
    for text in said(one):
        assert not judging(text), text
        assert not ordering(text), text


@each([one for one in ALL if any(step.pace for step in one.step)])
def test_a_pacer_is_slow_from_slow_and_never_a_must(one):
    for step in one.step:
        if step.pace:
            assert 5.5 <= step.pace.to_rate <= 6.5
            assert 120 <= step.pace.ramp <= 180
            assert 1 / 3 < step.pace.in_share <= 0.5
            assert "leave the pacer" in step.say
            assert step.sound == "pacer"
    assert "pacer" in one.shared
    assert any("Light-headed" in text for text in one.cautions)
    assert not one.children


@each([one for one in ALL if one.way == "one-way"])
def test_what_does_not_answer_is_not_called_co_regulation(one):
    assert one.partner in ("recorded", "imagined", "animal", "none")


def test_what_is_one_way_is_marked_so():
    assert {"recorded-voice", "nature", "remembered-person", "animal"} == {
        one.id for one in ALL if one.way == "one-way"
    }


def test_a_quarrel_hides_the_rates_and_names_the_way_out():
    for name in ("conflict-pause", "speak"):
        one = practices()[name]
        assert not one.live_rates
        assert "both" not in one.feedback
        assert any("Help now" in text for text in one.cautions)


def test_a_parent_sees_only_the_parent():
    assert set(practices()["parent-steady"].feedback) == {"own", "none"}


@each(list(protocols().values()))
def test_a_crossover_can_be_left_at_every_effort(one):
    assert one.order != "fixed"
    for arm in one.arm:
        if arm.stressor:
            assert "leaving it out is fine" in arm.stressor.say.lower()
            assert not judging(arm.stressor.say)
    assert not judging(one.title + one.about)


@pytest.mark.parametrize(
    ("text", "found"),
    [("Your score is up", ["score"]), ("You are in sync", ["in sync"]), ("80 %", ["0 %"]), ("A calm hour", [])],
)
def test_the_rule_against_judging_can_tell(text, found):
    assert judging(text) == found


@pytest.mark.parametrize(
    ("text", "orders"),
    [
        ("Close your eyes", True),
        ("All is well. Breathe deeply.", True),
        ("You should stay", True),
        ("You might breathe out", False),
        ("Perhaps say: “Stay with me.”", False),
    ],
)
def test_the_rule_against_orders_can_tell(text, orders):
    assert bool(ordering(text)) is orders
