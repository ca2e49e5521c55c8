"""Each number that an answer hangs on: just below it, at it, and just above."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from coregulation.regulation.design import Design
from coregulation.regulation.direction import Direction, DirectionAnswer
from coregulation.regulation.gate import VerdictKind
from coregulation.regulation.interval import Interval
from coregulation.regulation.pair_regulation import _kind, _weighed, answer_pair
from coregulation.regulation.recovery import RecoveryComparison
from coregulation.regulation.thresholds import THRESHOLDS
from tests.regulation.answers import BOTH, CROSSED, LATER, MUCH, ONE, OPEN, RECORDED, SOONER, direction, same

SOON, SAME, LATE, CANNOT = (
    DirectionAnswer.SOONER, DirectionAnswer.NO_DIFFERENT, DirectionAnswer.LATER, DirectionAnswer.CANNOT_TELL,
)  # fmt: skip


def up_to(high: float, low: float = 0.2) -> Interval:
    return Interval((low + high) / 2, low, high)


def weighed(
    own: float = 0.6, net: float = 0.6, ratio: float = 0.5, *, ratio_high: float = 0.6, shared: bool = False, fixed: bool = False,
    rising: bool = False,
) -> Direction:  # fmt: skip
    """Weigh a direction whose intervals end at these bounds."""
    bare = direction(up_to(own), up_to(net), ratio=Interval(ratio, 0.2, ratio_high), rising=rising)
    return _weighed(bare, shared, fixed, THRESHOLDS)


@pytest.mark.parametrize(
    ("bounds", "answer"),
    [
        ({"own": 0.949}, SOON), ({"own": 0.95}, CANNOT), ({"own": 0.951}, CANNOT),
        ({"net": 0.999}, SOON), ({"net": 1.0}, CANNOT), ({"net": 1.001}, CANNOT),
        ({"ratio": 0.899}, SOON), ({"ratio": 0.9}, CANNOT), ({"ratio": 0.901}, CANNOT),
        ({"own": 0.749, "fixed": True}, SOON), ({"own": 0.75, "fixed": True}, CANNOT), ({"own": 0.751, "fixed": True}, CANNOT),
        ({"net": 0.949, "fixed": True}, SOON), ({"net": 0.95, "fixed": True}, CANNOT), ({"net": 0.951, "fixed": True}, CANNOT),
        ({"own": 0.799, "shared": True}, SOON), ({"own": 0.8, "shared": True}, CANNOT), ({"own": 0.801, "shared": True}, CANNOT),
        ({"net": 0.799, "shared": True}, SOON), ({"net": 0.8, "shared": True}, CANNOT), ({"net": 0.801, "shared": True}, CANNOT),
        ({"ratio_high": 0.899, "shared": True}, SOON), ({"ratio_high": 0.9, "shared": True}, CANNOT),
        ({"net": 0.799, "rising": True}, SOON), ({"net": 0.8, "rising": True}, CANNOT), ({"net": 0.801, "rising": True}, CANNOT),
    ],
)  # fmt: skip
def test_settles_sooner(bounds: dict[str, float], answer: DirectionAnswer) -> None:
    assert weighed(**bounds).answer is answer  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("own", "low", "answer"), [(1.01, 1.001, LATE), (1.01, 1.0, CANNOT), (1.0, 1.001, CANNOT), (0.99, 1.001, CANNOT)]
)
def test_settles_later(own: float, low: float, answer: DirectionAnswer) -> None:
    bare = direction(Interval(own, 0.3, 3.0), Interval(2.0, low, 5.0), ratio=ONE)
    assert _weighed(bare, False, False, THRESHOLDS).answer is answer


@pytest.mark.parametrize(
    ("narrow", "wide", "answer"),
    [
        ((0.401, 2.499), (0.3, 3.0), SAME), ((0.4, 2.0), (0.3, 3.0), CANNOT), ((0.5, 2.5), (0.3, 3.0), CANNOT),
        ((0.5, 2.0), (1.0, 3.0), CANNOT), ((0.5, 2.0), (0.999, 3.0), SAME), ((0.5, 2.0), (0.2, 1.0), CANNOT),
        ((0.67, 1.49), (1.01, 1.6), SAME), ((1 / 1.5, 1.4), (1.01, 1.6), CANNOT), ((0.7, 1.5), (1.01, 1.6), CANNOT),
    ],
)  # fmt: skip
def test_no_different(narrow: tuple[float, float], wide: tuple[float, float], answer: DirectionAnswer) -> None:
    bare = direction(Interval(1.0, 0.3, 3.0), ONE, ratio=ONE)
    bare = replace(bare, own_burden_90=Interval(1.0, *narrow), own_burden_975=Interval(1.0, *wide))
    assert _weighed(bare, False, False, THRESHOLDS).answer is answer


@dataclass
class Fitted:
    """A fit of which only the intervals are known; `cost` is the lower end of the cost to the partner."""

    design: Design = CROSSED
    own: Interval = SOONER
    net: Interval = SOONER
    cost: float = -0.1
    pair: Interval = SOONER
    joint: Interval = field(default_factory=lambda: ONE)

    def own_burden(self, person: str, level: float = 0.95) -> Interval:
        return self.own

    def net_effect(self, person: str, level: float = 0.95) -> Interval:
        return self.net

    def cost_to_partner(self, person: str, to: str, level: float = 0.95) -> Interval:
        return Interval(self.cost + 0.2, self.cost, self.cost + 0.4, level)

    def burden_of_pair(self, pair: tuple[str, str], level: float = 0.95) -> Interval:
        return self.pair

    def joint_burden(self, person: str, level: float = 0.95) -> Interval:
        return self.joint

    def joint_burden_of_all(self, level: float = 0.95) -> Interval:
        return self.joint


def comparison(rise: float = 9.0, counts: tuple[int, int] = (3, 3)) -> RecoveryComparison:
    return RecoveryComparison("ada", SOONER, ONE, ONE, ONE, 100.0, counts, (0, 0), rise, True)


def answers(
    fit: Fitted, model_free: RecoveryComparison | None = None, design: Design = CROSSED
) -> list[DirectionAnswer]:
    both = dict.fromkeys(("ada", "ben"), model_free or comparison())
    found = answer_pair(("ada", "ben"), design, fit, both, False, THRESHOLDS)  # type: ignore[arg-type]
    return [one.answer for one in found.directions]


@pytest.mark.parametrize(
    ("pair", "answer"),
    [
        (0.9, DirectionAnswer.SOONER), (0.999, DirectionAnswer.SOONER), (1.0, DirectionAnswer.CARRIED),
        (1.001, DirectionAnswer.CARRIED), (3.0, DirectionAnswer.CARRIED), (9.0, DirectionAnswer.CARRIED),
    ],
)  # fmt: skip
def test_what_one_sheds_the_other_carries(pair: float, answer: DirectionAnswer) -> None:
    assert answers(Fitted(cost=0.1, pair=up_to(pair))) == [answer, answer]
    assert answers(Fitted(cost=-0.1, pair=up_to(pair))) == [DirectionAnswer.SOONER] * 2  # nobody rises


@pytest.mark.parametrize(("cost", "rises"), [(0.049, False), (0.05, False), (0.051, True)])
def test_a_partner_rises_above_the_least_cost(cost: float, rises: bool) -> None:
    found = answers(Fitted(cost=cost, pair=up_to(2.0)))
    assert found == [DirectionAnswer.CARRIED if rises else DirectionAnswer.SOONER] * 2


@pytest.mark.parametrize(
    ("rise", "counts", "told"),
    [
        (2.99, (3, 3), False), (3.0, (3, 3), False), (3.01, (3, 3), True), (9.0, (2, 2), True), (9.0, (1, 2), False),
        (9.0, (2, 1), False),
    ],
)  # fmt: skip
def test_a_clear_rise_and_two_recoveries_of_each_are_needed(rise: float, counts: tuple[int, int], told: bool) -> None:
    answer = DirectionAnswer.SOONER if told else DirectionAnswer.CANNOT_TELL
    assert answers(Fitted(), comparison(rise, counts)) == [answer] * 2


def test_where_every_moment_hit_both_only_the_joint_burden_is_read() -> None:
    design = replace(BOTH, probes=BOTH.probes)
    assert answers(Fitted(design=design, joint=ONE), design=design) == [DirectionAnswer.NO_DIFFERENT] * 2


def kind(*each: Direction, pair: Interval = ONE, shared: bool = False, design: Design = CROSSED) -> VerdictKind:
    return _kind(each, each, pair, design, shared, THRESHOLDS)


def risen(to: str = "ada") -> Direction:
    return direction(OPEN, LATER, MUCH, OPEN, to=to, rising=True)


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (1.001, 3.0, VerdictKind.CO_DYSREGULATION), (1.0, 2.0, VerdictKind.LINKED), (0.999, 2.0, VerdictKind.LINKED_ONLY),
        (0.401, 2.499, VerdictKind.LINKED_ONLY), (0.4, 2.0, VerdictKind.LINKED), (0.5, 2.5, VerdictKind.LINKED),
        (0.5, 1.0, VerdictKind.LINKED), (0.5, 1.001, VerdictKind.LINKED_ONLY),
    ],
)  # fmt: skip
def test_what_both_bear_decides_where_somebody_rises(low: float, high: float, said: VerdictKind) -> None:
    assert kind(risen(), same("ben"), pair=Interval(1.0, low, high)) is said


def test_the_kind_follows_from_the_directions() -> None:
    helped, helped_ben = (replace(same(to), answer=DirectionAnswer.SOONER) for to in ("ada", "ben"))
    assert kind(helped, helped_ben) is VerdictKind.MUTUAL
    assert kind(helped, same("ben")) is VerdictKind.LENT
    assert kind(same(), same("ben")) is VerdictKind.SELF_REGULATING
    assert kind(same(), same("ben"), shared=True) is VerdictKind.IN_PARALLEL
    assert kind(same(), direction(to="ben")) is VerdictKind.CANNOT_TELL
    assert kind(helped, same("ben"), design=RECORDED) is VerdictKind.ONE_WAY
    assert kind(same(), same("ben"), design=RECORDED) is VerdictKind.SELF_REGULATING
    assert kind(direction(), direction(to="ben"), design=RECORDED) is VerdictKind.CANNOT_TELL


@pytest.mark.parametrize(("high_90", "nearly"), [(0.949, True), (0.95, False), (0.951, False)])
def test_nearly_sooner_is_read_from_the_ninety_percent_interval(high_90: float, nearly: bool) -> None:
    bare = direction(up_to(0.97), up_to(0.6), ratio=Interval(0.5, 0.2, 0.6))
    told = _weighed(replace(bare, own_burden_90=up_to(high_90)), False, False, THRESHOLDS)
    assert told.nearly is nearly
    assert told.answer is not DirectionAnswer.SOONER  # by itself it needs its 95 % interval
    assert not told.sooner


def test_two_that_are_nearly_so_are_so_together() -> None:
    class Nearly(Fitted):
        def own_burden(self, person: str, level: float = 0.95) -> Interval:
            return up_to(0.94 if level == 0.9 else 0.97)

    assert answers(Nearly()) == [DirectionAnswer.SOONER] * 2
