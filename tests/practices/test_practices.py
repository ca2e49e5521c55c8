"""Every practice keeps the rules of the registry: a place to rest that is not the breath, a choice, honest evidence, plain words."""

from __future__ import annotations

import itertools
import json
from typing import get_args

import pytest

from coregulation.live.room import wire
from coregulation.live.room.comparison import build_comparison, tasked_of
from coregulation.live.room.practice import fixed_seconds, practices, protocols
from coregulation.live.room.script import ScriptPeople
from coregulation.live.server.static_files import STATIC
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
    assert not judging(one.title + one.about)
    words = page_words()
    for stressor in get_args(wire.Stressor):
        assert "leaving it out is fine" in words[f"stressor.{stressor}-task"].lower()
        assert len(words[f"stressor.{stressor}-caution"]) > 40


def page_words() -> dict[str, str]:
    """Return the English words of the pages."""
    return json.loads((STATIC / "words" / "en.json").read_text(encoding="utf-8"))


def said_of(part, words) -> str:
    """Return what a page says of a part of a comparison, with its places left open."""
    if part.role == "cue":
        return words[f"compare.cue-{part.setting}{'-again' if part.again else ''}"]
    if part.role == "practice":
        return words[f"compare.practice-{part.setting}"] + part.say
    return words[f"compare.{part.role}-{part.setting}"]


@each(list(protocols().values()))
def test_no_two_arms_of_different_kind_share_their_text(one):
    """What is kept as alone and as together is told to people in other words, part by part."""
    words = page_words()
    settings: dict[str, set[str]] = {}
    for part in build_comparison(one, ScriptPeople(("ada", "ben"))):
        settings.setdefault(said_of(part, words), set()).add(part.setting)
    assert all(len(of) == 1 for of in settings.values())
    assert len({of for each_of in settings.values() for of in each_of}) >= 2


@each(list(protocols().values()))
def test_each_arm_begins_with_a_cue_and_the_lot_gives_each_setting_as_often(one):
    parts = build_comparison(one, ScriptPeople(("ada", "ben")))
    assert parts[0].role == "cue"
    for before, part in itertools.pairwise(parts):
        assert part.role == "cue" or part.setting == before.setting
        assert (part.role == "cue") == (part.seconds is None)
        if part.role == "task":
            assert part.perturbed == part.people
    for person in tasked_of(one, ScriptPeople(("ada", "ben"))):
        tasks = [part.setting for part in parts if part.role == "task" and person in part.perturbed]
        assert len({tasks.count(setting) for setting in set(tasks)}) == 1


def test_the_recommended_one_is_a_quarter_of_an_hour_in_which_one_is_asked():
    first = next(iter(protocols().values()))
    parts = build_comparison(first, ScriptPeople(("ada", "ben"), helper="ada"))
    assert (first.recommended, first.one_tasked) == (True, True)
    assert {part.people for part in parts if part.role == "task"} == {("ben",)}
    assert [part.seconds for part in parts if part.role == "task"] == [30.0] * 6
    assert [part.seconds for part in parts if part.role == "return"] == [75.0] * 6
    assert sum(15.0 if part.seconds is None else part.seconds for part in parts) <= 15 * 60


def test_the_lot_falls_anew_at_each_visit_and_in_each_round():
    orders = set()
    for visit in range(12):
        parts = build_comparison(protocols()["quarter-hour"], ScriptPeople(("ada", "ben"), visit=visit))
        order = [part.setting for part in parts if part.role == "task"]
        orders.add(tuple(order))
        assert all({*order[k : k + 2]} == {"apart", "together"} for k in (0, 2, 4))
    assert len(orders) > 3


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
