import math

import msgspec
import pytest

from coregulation.cli.power import _example
from coregulation.errors import UsageError
from coregulation.study.design import Strength, coarsest_step, power_plan
from tests.study.plans import SMALL, changed, small

ALONE = """
[[part]]
times = 3
blocks = [{ kind = "perturb-alone", seconds = 10, dose = { ada = 1, ben = 1 }, together = false }, { kind = "r", seconds = 50 }]

[[strength]]
name = "nothing"
"""


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("pairs = 1", "pears = 1", "unknown field `pears`.*Did you mean pairs"),
        ("moments = 0.06", "moment = 0.06", "unknown field `moment`.*Did you mean moments"),
        ("seconds = 150", "secs = 90", "unknown field `secs`.*Did you mean seconds"),
        ("times = 2", "time = 2", "unknown field `time`.*Did you mean times"),
        ("times = 2", "xyzzy = 2", "unknown field `xyzzy`.*Did you mean blocks, first or times"),
        ("seconds = 150", "seconds = -90", "> 0.0"),
        ("seconds = 150", "seconds = 0", "> 0.0"),
        ("draws = 20", "draws = 3", ">= 20"),
        ("pairs = 1", "pairs = 0", ">= 1"),
        ("pairs = 1", "goal = 1.2", "< 1.0"),
        ("moments = 0.06", "drive = -0.1", ">= 0.0"),
        ("power/1", "power/2", "coregulation.power/2"),
        ("pairs = 1", "pairs = ", "not valid TOML"),
        ("pairs = 1", 'wearing = "strop"', "'strop'. Did you mean strap"),
        ("pairs = 1", 'asks = "borrowed-regulation"', "no alone block with a stressor.*Add one"),
        ("pairs = 1", "step = 3", "step of 3 s is too coarse.* 1 s at most"),
        ("pairs = 1", "step = 0.7", "no whole number of steps"),
        ('name = "moments"', 'name = "nothing"', "same name"),
        ("ada = 1.0", "eve = 1.0", "names 'eve'"),
        ("moments = 0.06", "drive = 0.5", "never returns"),
        ("times = 2", "times = 1\n[smallest]\ntimes = [2]\n[[part]]", "No part comes more than once"),
    ],
)
def test_what_cannot_be_meant_is_refused(old, new, told):
    with pytest.raises(UsageError, match=told):
        small((old, new))


def test_a_partner_who_is_present_in_no_block_is_refused():
    apart = changed(("} },", "}, together = false },"), ("seconds = 150 }", "seconds = 150, together = false }"))
    with pytest.raises(UsageError, match="present in no block"):
        power_plan(apart)


def test_a_design_without_a_calm_span_is_refused():
    with pytest.raises(UsageError, match="without a stressor"):
        small(("seconds = 30, together = false", "seconds = 30, dose = { ada = 1 }"), ("seconds = 150 }", "seconds = 150, dose = { ada = 1 } }"))  # fmt: skip


def test_the_plan_that_comes_along_is_ten_minutes_with_three_and_three():
    plan = power_plan(_example("ten-minutes"))
    lived = plan.plan()
    assert lived.seconds == 600
    assert [sum(bool(s.dose) and s.together is t for s in lived.spans) for t in (False, True)] == [3, 3]
    assert plan.wearing == "strap"
    assert plan.smallest is None


def test_the_plan_of_who_steadies_whom_is_the_grid_of_the_docs():
    plan = power_plan(_example("steadying"))
    lived = plan.plan()
    assert [sum("ada" in s.dose and s.together is t for s in lived.spans) for t in (False, True)] == [3, 3]
    assert plan.designs() == (None, 2, 6)
    for strength in plan.strength[1:]:
        assert strength.model(plan.half_life, plan.moment).burden().own_burden[0] == pytest.approx(strength.ratio)
        assert strength.model(plan.half_life, plan.moment).d[1] == 0
    shorter = plan.changed("strap-and-belt", 90.0)
    assert shorter.wearing == "strap-and-belt"
    assert lived.seconds - shorter.plan().seconds == 90 * 9
    assert shorter.key() != plan.key()
    assert plan.changed() == plan
    with pytest.raises(UsageError, match="no whole number"):
        plan.changed(recover=90.4)


def test_repeated_parts_come_as_often_as_asked_and_others_once():
    plan = small()
    assert plan.plan().seconds == 30 + 2 * 160
    assert plan.plan(5).seconds == 30 + 5 * 160


def test_orders():
    text = SMALL.replace("[[strength]]", ALONE.partition("[[strength]]")[0] + "[[strength]]", 1)
    kinds = {
        order: [[s.kind for s in power_plan(text.replace("pairs = 1", f'order = "{order}"')).plan(None, g).spans] for g in (0, 1)]
        for order in ("as-written", "crossed", "random")
    }  # fmt: skip
    written = kinds["as-written"][0]
    assert kinds["as-written"][1] == kinds["crossed"][0] == written
    assert kinds["crossed"][1] == [written[0], *written[5:], *written[1:5]]
    assert sorted(kinds["random"][0]) == sorted(written)
    assert kinds["random"][0] != kinds["random"][1]


def test_a_ratio_is_the_ratio_of_half_lives_and_nothing_is_nothing():
    model = Strength(name="s", ratio=0.5).model(35.0, 5.0)
    alone, together = (-math.log(2) / model.drift(near)[0, 0] for near in (False, True))
    assert together / alone == pytest.approx(0.5)
    assert alone == pytest.approx(35)
    nothing = Strength(name="n").model(35.0, 5.0)
    assert (nothing.d, nothing.p, nothing.h) == ((0, 0), (0, 0), (0, 0))


def test_the_step_is_bound_by_the_fastest_thing_planned():
    assert coarsest_step(small()) == 1.0
    assert coarsest_step(small(("moments = 0.06", "ratio = 0.05"), ("pairs = 1", "step = 0.5"))) == pytest.approx(
        7 / math.log(2) / 20
    )
    assert coarsest_step(small(("seconds = 10,", "seconds = 2,"), ("pairs = 1", "step = 0.4"))) == pytest.approx(0.4)


def test_any_change_changes_the_key():
    assert small().key() == small().key()
    assert len({small().key(), small(("draws = 20", "draws = 21")).key(), small(("pairs = 1", "seed = 2")).key()}) == 3
    assert msgspec.convert(msgspec.to_builtins(small()), type(small())) == small()
