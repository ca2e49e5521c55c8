import math

import numpy as np
import pytest

from coregulation.errors import UsageError
from coregulation.signals import Window
from coregulation.simulate.plan import Plan, PlanSpan, alone_and_together, in_random_order, recovery_spans

PAIR = ("ada", "ben")


def test_spans_follow_each_other_and_become_blocks():
    touch = {"touch": 0.5}
    plan = Plan(
        PAIR,
        (
            PlanSpan("alone-rest", 60, together=False),
            PlanSpan("perturb-together", 30, {"ada": 2.0, "ben": 1.0}, cues=touch, undeclared=("ben",), label="loud"),
            PlanSpan("practice", 10, guide=6.0, partner="delayed", absent=("ben",)),
        ),
    )
    rest, push, practice = plan.blocks()
    assert plan.seconds == 100
    assert [b.window for b in (rest, push, practice)] == [Window(0, 60), Window(60, 90), Window(90, 100)]
    assert (rest.present, rest.partner, rest.perturbed, rest.dose) == ((), None, (), None)
    assert (push.present, push.partner, push.perturbed, push.dose) == (PAIR, "live", ("ada",), 2.0)
    assert {name for name, on in push.cues.items() if on} == {"touch"}
    assert (practice.guide, practice.partner, practice.present) == ("pacer 6/min", "delayed", ("ada",))
    assert [(mark.time, mark.label) for mark in plan.marks()] == [(60, "loud")]


def test_who_wears_nothing_is_in_no_block():
    plan = Plan(PAIR, (PlanSpan("perturb-together", 30, {"ada": 1.0, "ben": 1.0}),))
    (block,) = plan.blocks(("ada",))
    assert block.present == block.perturbed == ("ada",)


def test_own_zero_is_read_alone_where_that_is_possible():
    alone, joined, push = PlanSpan("a", 10, together=False), PlanSpan("t", 20), PlanSpan("p", 5, {"ada": 1.0})
    assert Plan(PAIR, (joined, push, alone)).rest() == Window(25, 35)
    assert Plan(PAIR, (push, joined)).rest() == Window(5, 25)
    with pytest.raises(UsageError, match="without a stressor"):
        Plan(PAIR, (push,)).rest()


def test_a_recovery_lasts_until_the_next_stressor_or_rest():
    push, pause, after = PlanSpan("p", 10, {"ada": 1.0}), PlanSpan("pause", 20, together=False), PlanSpan("r", 30)
    plan = Plan(PAIR, (push, pause, after, push, push, after, PlanSpan("alone-rest", 99), push))
    assert plan.recoveries() == ((push, Window(10, 60)), (push, Window(80, 110)))


def test_both_orders_of_the_third_design_hold_the_same_probes():
    first, second = alone_and_together(PAIR, 2), alone_and_together(PAIR, 2, together_first=True)
    assert first.seconds == second.seconds
    assert first.spans[0] == second.spans[0]
    assert not first.spans[1].together
    assert second.spans[1].together
    assert sum(len(span.dose) for span in first.spans) == 8


def test_a_random_order_keeps_every_stressor_with_its_recovery():
    plan = alone_and_together(PAIR, 3)
    mixed = in_random_order(plan, np.random.default_rng(1))
    assert mixed.spans != plan.spans
    assert sorted(map(repr, mixed.spans)) == sorted(map(repr, plan.spans))
    for push, after in zip(mixed.spans, mixed.spans[1:], strict=False):
        if push.dose:
            assert after.kind == push.kind.replace("perturb", "recover")
    assert in_random_order(Plan(PAIR, plan.spans[:1]), np.random.default_rng(1)).spans == plan.spans[:1]


def test_apart_every_cue_is_closed():
    assert set(PlanSpan("x", 1, together=False).openness()) == {0.0}
    assert set(PlanSpan("x", 1).openness()) == {1.0}
    assert sum(PlanSpan("x", 1, cues={"voice": 0.3}).openness()) == 0.3


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: PlanSpan("x", 0), "positive"),
        (lambda: PlanSpan("x", math.nan), "positive"),
        (lambda: PlanSpan("x", 1, guide=-6), "positive"),
        (lambda: PlanSpan("x", 1, shared=-1), "from 0 up"),
        (lambda: PlanSpan("x", 1, {"ada": math.nan}), "finite"),
        (lambda: PlanSpan("x", 1, partner="lively"), "Did you mean live"),
        (lambda: PlanSpan("x", 1, cues={"vioce": 1}), "Did you mean voice"),
        (lambda: PlanSpan("x", 1, cues={"voice": 2}), "0 to 1"),
        (lambda: Plan((), (PlanSpan("x", 1),)), "needs somebody"),
        (lambda: Plan(PAIR, (PlanSpan("x", 1, {"cem": 1.0}),)), "names 'cem'"),
        (lambda: Plan(PAIR, (PlanSpan("x", 1, together=False),)).require_together(), "present in no block"),
        (lambda: Plan(PAIR, recovery_spans(PAIR, True)).require_alone(), "no alone block"),
    ],
)
def test_what_cannot_be_meant_is_refused(call, said):
    with pytest.raises(UsageError, match=said):
        call()
