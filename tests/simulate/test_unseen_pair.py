"""Returns and couplings of the unseen laws: what each says happens does happen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from coregulation.simulate import fresh_pair, zoo_dynamics
from coregulation.simulate.unseen_pair import (
    COUPLINGS,
    RATE,
    RETURN_FORMS,
    Contact,
    UnseenCoupling,
    UnseenCourse,
    integrate_unseen,
)

CALM = Contact(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.03)


def course(size=0.04, near=False, hit=(0,), seconds=1200):
    pushes = np.zeros((round(seconds * RATE), 2))
    for i in hit:
        pushes[:80, i] = size
    return UnseenCourse.still(pushes, np.full(len(pushes), near))


def pair(form, k=0.03):
    return RETURN_FORMS[form](k), RETURN_FORMS[form](k)


def test_no_form_of_return_is_one_of_earlier_laws():
    assert not set(RETURN_FORMS) & (set(zoo_dynamics.FORMS) | set(fresh_pair.RETURNS))


@pytest.mark.parametrize("form", RETURN_FORMS)
def test_a_push_raises_arousal_and_it_comes_back(form):
    arousal = integrate_unseen(pair(form), course(), UnseenCoupling())
    assert 0.4 < arousal[:, 0].max() < 1.5
    assert arousal[-1, 0] == pytest.approx(0, abs=0.01)
    assert not arousal[:, 1].any()


@pytest.mark.parametrize("form", RETURN_FORMS)
def test_the_rate_is_that_of_a_weak_push(form):
    first = integrate_unseen(pair(form), course(size=1e-4, seconds=2400), UnseenCoupling())[:, 0]
    assert 80 * 1e-4 / first.sum() == pytest.approx(pair(form)[0].rate, rel=0.03)


def test_the_leaky_integral_adapts_while_the_push_lasts():
    steady = course(size=0.03)
    steady.pushes[:, 0] = 0.03
    arousal = integrate_unseen(pair("leaky integral"), steady, UnseenCoupling())[:, 0]
    assert arousal[-1] < 0.85 * arousal.max()


def test_late_recruitment_is_quicker_from_a_height_and_the_brake_is_slower():
    def halves(form, size):
        after = integrate_unseen(pair(form), course(size), UnseenCoupling())[80:, 0]
        return int((after > after[0] / 2).sum())

    assert halves("late recruitment", 0.06) < 0.8 * halves("late recruitment", 0.005)
    assert halves("vagal brake", 0.06) > 1.2 * halves("vagal brake", 0.005)


def test_shunting_makes_the_second_push_reach_less():
    twice = course(size=0.04)
    twice.pushes[240:320, 0] = 0.04
    arousal = integrate_unseen(pair("shunting"), twice, UnseenCoupling())[:, 0]
    assert arousal[240:320].max() - arousal[240] < 0.8 * arousal[:240].max()


def test_parts_that_fall_at_once_amount_to_what_falls_on_average():
    rng, forms = np.random.default_rng(1), pair("sudden release")
    still = course(seconds=400)
    mean = integrate_unseen(forms, still, UnseenCoupling())
    drawn = [
        integrate_unseen(forms, replace(still, lots=rng.random((800, 2)), kicks=rng.standard_normal((800, 2))), UnseenCoupling())
        for _ in range(60)
    ]  # fmt: skip
    assert np.mean([path[:, 0].sum() for path in drawn]) == pytest.approx(mean[:, 0].sum(), rel=0.1)
    assert max(-np.diff(path[:, 0]).min() for path in drawn) > 0.2


@pytest.mark.parametrize(
    ("name", "changes", "factor", "added"),
    [
        ("present", {}, 3.0, 0.0),
        ("answered", {"own_seen": 0.12}, 2.0, 0.0),
        ("answered", {"own": 1.0}, 1.0, 0.0),
        ("soothed", {"own_seen": 0.5}, 1.0, -0.03),
        ("soothed", {"own_seen": -0.5}, 1.0, 0.0),
        ("buffered", {"own": 0.6}, 1.0, -0.03),
        ("stirred", {"other_seen": 0.5}, 1.0, 0.03),
        ("alarmed", {"other_change": 0.014}, 1.0, 0.018),
        ("alarmed", {"other_change": 0.003}, 1.0, 0.0),
        ("alarmed", {"other_change": -0.02}, 1.0, 0.0),
        ("talked over", {"long_ago": 1.0}, 1.0, 0.03),
        ("exchanged", {"other": 9.0}, 1.0, 0.03),
        ("exchanged", {"own": 9.0}, 1.0, -0.03),
        ("drawn", {"own": 0.5}, 1.0, -0.03),
        ("led", {"other_change": -0.02}, 1.0, -0.04),
    ],
)
def test_what_reaches_a_person(name, changes, factor, added):
    assert COUPLINGS[name](2.0, replace(CALM, **changes)) == (
        pytest.approx(factor, abs=1e-6), pytest.approx(added, abs=1e-6),
    )  # fmt: skip


@pytest.mark.parametrize("name", COUPLINGS)
def test_nothing_reaches_anybody_apart_or_without_strength(name):
    alone = integrate_unseen(pair("leaky integral"), course(), UnseenCoupling())
    apart = integrate_unseen(pair("leaky integral"), course(), UnseenCoupling(name, (1.0, 1.0)))
    weak = integrate_unseen(pair("leaky integral"), course(near=True), UnseenCoupling(name, (0.0, 0.0)))
    assert np.array_equal(alone, apart)
    assert np.array_equal(alone, weak)


def test_what_is_seen_of_the_other_is_late():
    arousal = integrate_unseen(pair("long memory"), course(near=True), UnseenCoupling("stirred", (0.0, 0.5)))
    assert arousal[:, 1].argmax() > arousal[:, 0].argmax() + 10 * RATE
