"""Each number that an answer hangs on: just below it, at it, and just above."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import pytest

from coregulation.regulation import weighing
from coregulation.regulation.design import Design
from coregulation.regulation.direction import Direction, DirectionAnswer
from coregulation.regulation.gate import VerdictKind
from coregulation.regulation.interval import Interval
from coregulation.regulation.pair_regulation import answer_pair
from coregulation.regulation.reason_codes import Recovered
from coregulation.regulation.recovery_comparison import RecoveryComparison
from coregulation.regulation.responses import Response
from coregulation.regulation.thresholds import THRESHOLDS
from coregulation.regulation.weighing import PairEvidence, measure_direction, pair_evidence, pair_kind, weigh_direction
from tests.regulation.answers import BOTH, CROSSED, LATER, MUCH, ONE, OPEN, RECORDED, SOONER, direction, same

SOON, SAME, LATE, CANNOT, LESS = (
    DirectionAnswer.SOONER, DirectionAnswer.NO_DIFFERENT, DirectionAnswer.LATER, DirectionAnswer.CANNOT_TELL, DirectionAnswer.ROSE_LESS,
)  # fmt: skip


def up_to(high: float, low: float = 0.2) -> Interval:
    return Interval((low + high) / 2, low, high)


def weighed(
    own: float = 0.6, net: float = 0.6, ratio: float = 0.5, *, ratio_high: float = 0.6, shared: bool = False, fixed: bool = False,
    rising: bool = False,
) -> Direction:  # fmt: skip
    """Weigh a direction whose intervals end at these bounds."""
    bare = direction(up_to(own), up_to(net), ratio=Interval(ratio, 0.2, ratio_high), rising=rising)
    return weigh_direction(bare, PairEvidence(shared), fixed, THRESHOLDS)


@pytest.mark.parametrize(
    ("bounds", "answer"),
    [
        ({"own": 0.999}, SOON), ({"own": 1.0}, CANNOT), ({"own": 1.001}, CANNOT),
        ({"net": 0.999}, SOON), ({"net": 1.0}, CANNOT), ({"net": 1.001}, CANNOT),
        ({"ratio": 0.899}, SOON), ({"ratio": 0.9}, CANNOT), ({"ratio": 0.901}, CANNOT),
        ({"own": 0.749, "fixed": True}, SOON), ({"own": 0.75, "fixed": True}, CANNOT), ({"own": 0.751, "fixed": True}, CANNOT),
        ({"net": 0.949, "fixed": True}, SOON), ({"net": 0.95, "fixed": True}, CANNOT), ({"net": 0.951, "fixed": True}, CANNOT),
        ({"own": 0.799, "shared": True}, SOON), ({"own": 0.8, "shared": True}, CANNOT), ({"own": 0.801, "shared": True}, CANNOT),
        ({"net": 0.799, "shared": True}, SOON), ({"net": 0.8, "shared": True}, CANNOT), ({"net": 0.801, "shared": True}, CANNOT),
        ({"ratio_high": 0.999}, SOON), ({"ratio_high": 1.0}, CANNOT), ({"ratio_high": 1.001}, CANNOT),
        ({"net": 0.799, "rising": True}, SOON), ({"net": 0.8, "rising": True}, CANNOT), ({"net": 0.801, "rising": True}, CANNOT),
    ],
)  # fmt: skip
def test_settles_sooner(bounds: dict[str, float], answer: DirectionAnswer) -> None:
    assert weighed(**bounds).answer is answer  # type: ignore[arg-type]


def timed_evenly(bare: Direction, ratio: float, low: float, high: float) -> Direction:
    """Return a direction with half-lives from equal heights."""
    assert bare.model_free is not None
    even = replace(bare.model_free, ratio=Interval(ratio, low, high))
    return replace(bare, model_free=replace(bare.model_free, equal_heights=even))


@pytest.mark.parametrize(
    ("ratio", "high", "answer"),
    [(0.5, 0.999, SOON), (0.5, 1.0, CANNOT), (0.5, 1.001, CANNOT), (0.899, 0.95, SOON), (0.9, 0.95, CANNOT), (0.901, 0.95, CANNOT)],
)  # fmt: skip
def test_half_lives_from_equal_heights_must_be_shorter_too(ratio: float, high: float, answer: DirectionAnswer) -> None:
    bare = timed_evenly(direction(SOONER, SOONER, ratio=SOONER), ratio, 0.2, high)
    assert weigh_direction(bare, PairEvidence(), False, THRESHOLDS).answer is answer


@pytest.mark.parametrize(("low", "answer"), [(0.999, CANNOT), (1.0, CANNOT), (1.001, LATE)])
def test_half_lives_from_equal_heights_must_be_longer_too(low: float, answer: DirectionAnswer) -> None:
    bare = timed_evenly(direction(LATER, LATER, ratio=LATER), 2.0, low, 3.0)
    assert weigh_direction(bare, PairEvidence(), False, THRESHOLDS).answer is answer


@pytest.mark.parametrize(
    ("rise", "high", "answer"),
    [
        (2.01, 0.9, SOON), (2.0, 0.9, SOON), (1.99, 0.9, LESS), (2.5, 1.0, LESS), (2.5, 0.999, SOON), (0.9, 0.9, LESS),
    ],
)  # fmt: skip
def test_after_small_rises_equal_heights_decide(rise: float, high: float, answer: DirectionAnswer) -> None:
    bare = timed_evenly(direction(SOONER, SOONER, ratio=SOONER), 0.5, 0.2, high)
    assert bare.model_free is not None
    small = replace(bare.model_free, rise_together=rise, rise_ratio=Interval(0.2, 0.1, 0.4), ratio=ONE)
    assert not small.comparable
    assert weigh_direction(replace(bare, model_free=small), PairEvidence(), False, THRESHOLDS).answer is answer
    open_own = replace(bare, model_free=small, own_burden_99=OPEN)
    assert weigh_direction(open_own, PairEvidence(), False, THRESHOLDS).answer is LESS


@pytest.mark.parametrize(
    ("relieved", "fixed", "ratio", "follows"),
    [
        (True, False, 0.89, True), (True, False, 0.9, False), (True, True, 0.89, False), (False, False, 0.89, False),
    ],
)  # fmt: skip
def test_the_areas_can_speak_for_the_second_of_two(relieved: bool, fixed: bool, ratio: float, follows: bool) -> None:
    bare = direction(SOONER, SOONER, ratio=Interval(ratio, 0.3, 2.0))
    evidence = PairEvidence(relieved=frozenset({"ada"} if relieved else ()))
    found = weigh_direction(bare, evidence, fixed, THRESHOLDS)
    assert (found.follows, found.sooner, found.answer) == (follows, False, CANNOT)


@pytest.mark.parametrize(
    ("own", "low", "answer"), [(1.01, 1.001, LATE), (1.01, 1.0, CANNOT), (1.0, 1.001, CANNOT), (0.99, 1.001, CANNOT)]
)
def test_settles_later(own: float, low: float, answer: DirectionAnswer) -> None:
    bare = direction(Interval(own, 0.3, 3.0), Interval(2.0, low, 5.0), ratio=Interval(1.6, 1.01, 2.2))
    assert weigh_direction(bare, PairEvidence(), False, THRESHOLDS).answer is answer


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
    assert weigh_direction(bare, PairEvidence(), False, THRESHOLDS).answer is answer


@pytest.mark.parametrize(
    ("low", "high", "answer"),
    [
        (0.5, 0.999, CANNOT),
        (0.5, 1.0, SAME),
        (0.5, 1.001, SAME),
        (0.999, 1.4, SAME),
        (1.0, 1.4, SAME),
        (1.001, 1.4, CANNOT),
    ],
)
def test_no_different_is_not_told_against_half_lives(low: float, high: float, answer: DirectionAnswer) -> None:
    bare = direction(Interval(0.9, 0.6, 1.3), ONE, ratio=Interval((low + high) / 2, low, high))
    assert weigh_direction(bare, PairEvidence(), False, THRESHOLDS).answer is answer


@dataclass
class Fitted:
    """A fit of which only the intervals are known; `cost` is the cost to the partner."""

    design: Design = CROSSED
    own: Interval = SOONER
    net: Interval = SOONER
    cost: float = -0.1
    pair: Interval = SOONER
    joint: Interval = field(default_factory=lambda: ONE)

    def rate(self, *people: str) -> Interval:
        return ONE

    damping = drive = rate

    def own_burden(self, person: str, level: float = 0.95) -> Interval:
        return self.own

    def net_effect(self, person: str, level: float = 0.95) -> Interval:
        return self.net

    def cost_to_partner(self, person: str, to: str, level: float = 0.95) -> Interval:
        return Interval(self.cost, self.cost - 0.2, self.cost + 0.2, level)

    def burden_of_pair(self, pair: tuple[str, str], level: float = 0.95) -> Interval:
        return self.pair

    def joint_burden(self, person: str, level: float = 0.95) -> Interval:
        return self.joint

    def joint_burden_of_all(self, level: float = 0.95) -> Interval:
        return self.joint


def areas(own_together: float, other: float) -> tuple[Response, ...]:
    """Return areas of both people: alone each bears 1; together so much, and the other so much."""
    return tuple(
        Response(who, probe, (own_together if probe.together else 1.0) + wander, other + wander if probe.together else float("nan"))
        for who in ("ada", "ben")
        for wander, probe in ((at / 50, probe) for probe in (CROSSED.probes[0], CROSSED.probes[1]) for at in range(3))
    )  # fmt: skip


RISES = areas(0.3, 0.5)


def comparison(rise: float = 9.0, counts: tuple[int, int] = (3, 3)) -> RecoveryComparison:
    return RecoveryComparison("ada", SOONER, ONE, ONE, ONE, 100.0, counts, (0, 0), rise, True)


def answers(
    fit: Fitted, model_free: RecoveryComparison | None = None, design: Design = CROSSED
) -> list[DirectionAnswer]:
    both = dict.fromkeys(("ada", "ben"), model_free or comparison())
    found = answer_pair(("ada", "ben"), design, fit, both, False, THRESHOLDS, responses=RISES)  # type: ignore[arg-type]
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


@pytest.mark.parametrize(
    ("own_together", "other", "told"),
    [
        (0.3, 0.5, True), (0.5, 0.5, False), (0.7, 0.5, False),  # what one is relieved of the other bears
        (0.98, 0.0, False), (0.9, 0.0, True),  # about as much as alone, and less
        (0.98, -0.5, True),  # the other does not rise
    ],
)  # fmt: skip
def test_who_settles_sooner_while_the_other_leans_to_rise_must_be_seen_to_gain(
    own_together: float, other: float, told: bool
) -> None:
    both = dict.fromkeys(("ada", "ben"), comparison())
    measured = areas(own_together, other)
    found = answer_pair(("ada", "ben"), CROSSED, Fitted(), both, False, THRESHOLDS, responses=measured)  # type: ignore[arg-type]
    assert [one.answer is DirectionAnswer.SOONER for one in found.directions] == [told, told]
    assert all(one.sooner for one in found.directions)  # of the receiver it is known
    if not told:
        assert {one.reason.code for one in found.directions if one.reason} == {Recovered.SOONER_COST_OPEN}
        assert found.kind is VerdictKind.CANNOT_TELL


def test_a_lean_is_read_at_its_level_and_a_gain_at_that_of_half_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, float]] = []
    for name, said in (("cross_rise", Interval(0.2, 0.1, 0.3)), ("extra_area", Interval(-0.2, -0.3, -0.1))):

        def spy(_: object, level: float = 0.95, name: str = name, said: Interval = said) -> Interval:
            asked.append((name, level))
            return said

        monkeypatch.setattr(weighing, name, spy)
    assert pair_evidence(RISES, False, THRESHOLDS).shifting == frozenset()
    assert ("cross_rise", 0.7) in asked
    assert ("extra_area", 0.8) in asked


@pytest.mark.parametrize(
    ("low", "high", "shifting"),
    [(-0.001, -0.1, False), (0.0, 0.1, False), (0.001, 0.1, True), (0.001, 0.0, True), (0.001, -0.001, False)],
)
def test_a_burden_may_shift_where_the_other_leans_to_rise_and_no_gain_is_seen(
    low: float, high: float, shifting: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weighing, "cross_rise", lambda *_: Interval(0.5, low, 1.0))
    monkeypatch.setattr(weighing, "extra_area", lambda *_: Interval(-0.5, -1.0, high))
    found = pair_evidence(RISES, False, THRESHOLDS).shifting
    assert found == (frozenset({"ada", "ben"}) if shifting else frozenset())


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
    seen = replace(comparison(), ratio=ONE)
    assert answers(Fitted(design=BOTH, joint=ONE), seen, design=BOTH) == [DirectionAnswer.NO_DIFFERENT] * 2


def kind(
    *each: Direction, pair: Interval = ONE, shared: bool = False, design: Design = CROSSED, more: Interval | None = None
) -> VerdictKind:
    return pair_kind(each, pair, design, PairEvidence(shared, extra_area=more), THRESHOLDS)


def risen(to: str = "ada") -> Direction:
    return direction(OPEN, LATER, MUCH, OPEN, to=to, rising=True)


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0.999, 2.0, VerdictKind.LINKED_ONLY), (1.0, 2.0, VerdictKind.LINKED), (0.401, 2.499, VerdictKind.LINKED_ONLY),
        (0.4, 2.0, VerdictKind.LINKED), (0.5, 2.5, VerdictKind.LINKED), (0.5, 1.0, VerdictKind.LINKED),
        (0.5, 1.001, VerdictKind.LINKED_ONLY),
    ],
)  # fmt: skip
def test_what_both_bear_decides_where_somebody_rises(low: float, high: float, said: VerdictKind) -> None:
    assert kind(risen(), same("ben"), pair=Interval(1.0, low, high)) is said


def test_half_lives_are_read_at_their_own_level() -> None:
    asked: list[float] = []

    class Noting(RecoveryComparison):
        def ratio_at(self, level: float) -> Interval:
            asked.append(level)
            return SOONER

    even = Noting("ada", SOONER, ONE, ONE, ONE, 100.0, (3, 3), (0, 0), 9.0, True)
    bare = replace(direction(SOONER, SOONER), model_free=replace(comparison(), equal_heights=even))
    weigh_direction(bare, PairEvidence(), False, THRESHOLDS)
    assert asked == [0.8]
    asked.clear()
    small = replace(comparison(), equal_heights=even, rise_together=2.5)
    weigh_direction(replace(bare, model_free=small), PairEvidence(), False, THRESHOLDS)
    assert asked[0] == 0.95
    asked.clear()
    seen = Noting("ada", SOONER, ONE, ONE, ONE, 100.0, (3, 3), (0, 0), 9.0, True)
    bare = replace(direction(SOONER, SOONER), model_free=seen)
    for shared, fixed in ((False, False), (True, False), (False, True)):
        weigh_direction(bare, PairEvidence(shared), fixed, THRESHOLDS)
    assert asked == [0.8, 0.9, 0.9]


def test_the_other_rises_at_the_level_of_harm() -> None:
    found = pair_evidence(RISES, False, THRESHOLDS)
    assert found.cross_rise is not None
    assert found.extra_area is not None
    assert (found.cross_rise.level, found.extra_area.level) == (0.9, 0.95)


@pytest.mark.parametrize(("low", "rises"), [(-0.001, False), (0.0, False), (0.001, True)])
def test_the_other_rises_where_the_areas_show_it(low: float, rises: bool) -> None:
    fit = Fitted(cost=0.2)
    evidence = PairEvidence(cross_rise=Interval(0.3, low, 0.6, 0.9))
    told = measure_direction(fit, CROSSED, "ada", "ben", comparison(), evidence, THRESHOLDS)  # type: ignore[arg-type]
    assert told.rising is rises


def scored(errors: float) -> Interval:
    """An extra area that lies so many standard errors above nothing."""
    return Interval(errors, errors - 1.959964, errors + 1.959964)


@pytest.mark.parametrize(
    ("errors", "said"),
    [
        (0.49, VerdictKind.LINKED_ONLY), (0.51, VerdictKind.LINKED), (1.99, VerdictKind.LINKED), (2.01, VerdictKind.CO_DYSREGULATION),
    ],
)  # fmt: skip
def test_harm_needs_the_model_and_the_areas(errors: float, said: VerdictKind) -> None:
    """The model's burden by itself lies one standard error above 1."""
    burden = Interval(math.e**0.2, math.e ** (0.2 - 0.2 * 1.644854), math.e ** (0.2 + 0.2 * 1.644854), 0.9)
    assert kind(risen(), same("ben"), pair=burden, more=scored(errors)) is said
    assert kind(risen(), same("ben"), pair=burden) is VerdictKind.LINKED_ONLY  # no area could be read
    calmer = Interval(0.999, 0.9, 1.1, 0.9)
    assert kind(risen(), same("ben"), pair=calmer, more=scored(9.0)) is VerdictKind.LINKED
    assert kind(same(), same("ben"), pair=burden, more=scored(9.0)) is VerdictKind.CANNOT_TELL  # nobody rises


@pytest.mark.parametrize(("errors", "said"), [(0.49, VerdictKind.SELF_REGULATING), (0.51, VerdictKind.CANNOT_TELL)])
def test_nobody_is_called_self_regulating_with_half_the_signs_of_harm(errors: float, said: VerdictKind) -> None:
    burden = Interval(math.e**0.2, math.e ** (0.2 - 0.2 * 1.644854), math.e ** (0.2 + 0.2 * 1.644854), 0.9)
    assert kind(same(), same("ben"), pair=burden, more=scored(errors)) is said


def test_half_lives_that_are_shorter_speak_against_harm() -> None:
    sooner = replace(risen(), model_free=comparison())
    burden = Interval(2.0, 1.5, 2.6, 0.9)
    assert kind(sooner, same("ben"), pair=burden, more=scored(5.0)) is VerdictKind.LINKED


def joint(value: float, errors: float, to: str = "ada") -> Direction:
    """A direction with both hit, whose ln half-life ratio has this standard error on a thousand degrees of freedom."""
    seen = replace(
        comparison(), ratio=Interval(value, value / 3, value * 3), error=math.log(value) / errors, freedom=1000.0
    )
    return replace(direction(LATER, LATER, OPEN, OPEN, to=to, jointly=True), model_free=seen)


@pytest.mark.parametrize(("errors", "said"), [(2.02, VerdictKind.CO_DYSREGULATION), (1.98, VerdictKind.CANNOT_TELL)])
def test_a_pair_that_was_hit_together_can_be_stirred(errors: float, said: VerdictKind) -> None:
    """Model one standard error above 1, pooled half-lives two: three together. Each half-life alone has more by the root of 2."""
    burden = Interval(math.e**0.2, math.e ** (0.2 - 0.2 * 1.644854), math.e ** (0.2 + 0.2 * 1.644854), 0.9)
    both = (joint(1.8, errors / math.sqrt(2)), joint(1.8, errors / math.sqrt(2), "ben"))
    assert kind(*both, pair=burden) is said
    assert kind(*both, pair=Interval(0.99, 0.9, 1.1, 0.9)) is VerdictKind.CANNOT_TELL


def test_a_pair_that_was_hit_together_and_returns_alike_is_in_parallel() -> None:
    alike = [replace(joint(1.05, 0.5, to), own_burden_975=ONE) for to in ("ada", "ben")]
    assert kind(*alike) is VerdictKind.IN_PARALLEL


def test_two_ways_that_contradict_each_other_cannot_tell() -> None:
    own, ratio = Interval(0.5, 0.4, 0.6), Interval(0.8, 0.61, 0.95)
    assert weigh_direction(direction(own, own, ratio=ratio), PairEvidence(), False, THRESHOLDS).answer is CANNOT
    overlapping = replace(comparison(), ratio=Interval(0.8, 0.6, 0.95))
    told = weigh_direction(replace(direction(own, own), model_free=overlapping), PairEvidence(), False, THRESHOLDS)
    assert told.answer is SOON


@pytest.mark.parametrize(("together", "answer"), [(2.99, CANNOT), (3.0, SOON), (3.01, SOON), (0.99, CANNOT)])
def test_half_lives_are_compared_from_a_third_of_the_rise_alone(together: float, answer: DirectionAnswer) -> None:
    seen = replace(comparison(rise=9.0), rise_together=together)
    bare = replace(direction(SOONER, SOONER), model_free=seen)
    assert weigh_direction(bare, PairEvidence(), False, THRESHOLDS).answer is answer
    less = replace(bare, model_free=replace(seen, rise_ratio=Interval(0.3, 0.2, 0.9)))
    told = weigh_direction(less, PairEvidence(), False, THRESHOLDS).answer
    assert told is (DirectionAnswer.ROSE_LESS if answer is CANNOT else SOON)


@pytest.mark.parametrize(("together", "compared"), [(0.99, False), (1.0, True), (1.01, True)])
def test_half_lives_are_compared_from_one_resting_deviation(together: float, compared: bool) -> None:
    assert replace(comparison(rise=0.1), rise_together=together).comparable is compared


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


@pytest.mark.parametrize(("high", "nearly"), [(0.999, True), (1.0, False), (1.001, False)])
def test_nearly_sooner_is_read_from_the_interval_of_two_directions(high: float, nearly: bool) -> None:
    bare = direction(up_to(0.9), up_to(0.6), ratio=Interval(0.5, 0.2, 0.6))
    bare = replace(bare, own_burden_975=up_to(high), own_burden_99=up_to(1.02))
    told = weigh_direction(bare, PairEvidence(), False, THRESHOLDS)
    assert told.nearly is nearly
    assert told.answer is not DirectionAnswer.SOONER  # by itself it needs its 99 % interval
    assert not told.sooner


def test_two_that_are_nearly_so_are_so_together() -> None:
    class Nearly(Fitted):
        def own_burden(self, person: str, level: float = 0.95) -> Interval:
            return up_to(1.01 if level > 0.975 else 0.97)

    assert answers(Nearly()) == [DirectionAnswer.SOONER] * 2
