"""What every secondary measure keeps to: its shortest recording, batches, units, gaps, who is named first, and series that do not vary."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from coregulation.coupling.null import NullQuestion
from coregulation.coupling.reasons import LinkageRefusal
from coregulation.coupling.registry import SECONDARY
from coregulation.coupling.series_measure import AbstractSeriesMeasure, ClaimLimit, SeriesScale
from tests.sessions import follower, wander

SCALES = {"heart rate": SeriesScale(30.0, 5.0), "breath": SeriesScale(30.0, 5.0, (0.05, 0.6)), "skin": SeriesScale(60.0, 10.0)}  # fmt: skip
ROUNDING = 1e-7
LAGGED_WINDOWS = (
    "Rmea",
    "PeakPicking",
)  # compare what one has at a gap of the other with what the other has before or after it


@pytest.fixture(params=list(SECONDARY))
def measure(request) -> AbstractSeriesMeasure:
    return SECONDARY[request.param]().fitted_to(SCALES["heart rate"])


def pair(seconds=600.0, seed=1):
    ada = wander(seed, seconds)
    return ada, follower(ada, seed + 1)


def compare(measure, x, y, rate=2.0):
    y = np.atleast_2d(y)
    valid = np.isfinite(x) & np.isfinite(y[0])
    return measure.compare_with(x, valid, rate)(y)


@pytest.mark.parametrize("scale", SCALES.values(), ids=SCALES)
@pytest.mark.parametrize("rate", [1.0, 2.0, 4.0, 10.0])
@pytest.mark.parametrize("name", SECONDARY)
def test_the_length_that_is_asked_for_is_enough_and_one_sample_less_is_not(name, rate, scale):
    measure = SECONDARY[name]().fitted_to(scale)
    needed = measure.seconds_needed(rate)
    samples = round(needed * rate)
    assert measure.count_units(np.ones(samples, bool), rate) == measure.min_units
    short = measure.why_too_short(np.ones(samples - 1, bool), rate)
    assert short is not None
    if short.code == LinkageRefusal.RATE_TOO_SLOW:
        assert rate <= short.facts["needed"]
        return
    assert short.code == LinkageRefusal.FEW_UNITS
    assert short.facts["seconds"] == needed
    assert short.facts["count"] == measure.min_units - 1
    assert measure.why_too_short(np.ones(samples, bool), rate) is None


def test_at_the_shortest_length_there_is_a_number(measure):
    samples = round(measure.seconds_needed(2.0) * 2)
    x, y = pair()
    assert np.isfinite(compare(measure, x[:samples], y[:samples])).all()


def test_many_series_at_once_give_what_each_gives_alone(measure):
    x, _ = pair()
    others = np.array([pair(seed=seed)[1] for seed in range(2, 25)])
    both = compare(measure, x, others)
    assert both.shape == (23, len(measure.statistics))
    np.testing.assert_allclose(
        both, np.concatenate([compare(measure, x, row) for row in others]), rtol=1e-9, atol=1e-12
    )


def test_a_number_does_not_depend_on_units(measure):
    x, y = pair()
    np.testing.assert_allclose(
        compare(measure, 60 + 1e-3 * x, 5 * y - 3e3), compare(measure, x, y), rtol=ROUNDING, atol=ROUNDING
    )


def test_who_is_named_first_does_not_matter_but_turns_a_direction(measure):
    x, y = pair()
    there, back = compare(measure, x, y)[0], compare(measure, y, x)[0]
    np.testing.assert_allclose(back[::-1], there, rtol=ROUNDING, atol=ROUNDING)


def test_linked_people_are_more_alike_than_strangers(measure):
    x, y = pair()
    strangers = np.array([wander(seed, 600.0) for seed in range(100, 140)])
    value, others = compare(measure, x, y)[0], compare(measure, x, strangers)
    if type(measure).__name__ == "Concordance":  # slopes of 5 s see little of somebody who follows 2 s later
        value = compare(measure, x, np.roll(y, -4))[0]
    sign = measure.statistics[0].sign
    assert (sign * value[0] > sign * others[:, 0]).mean() > 0.95


def test_a_direction_is_that_of_the_leader(measure):
    if len(measure.statistics) == 1:
        assert measure.statistics[0].giver is None
        return
    x, y = pair()
    first, second = compare(measure, x, y)[0]
    assert [each.giver for each in measure.statistics] == [0, 1]
    assert first > 3 * second  # ben follows ada
    assert {ClaimLimit.NOT_STEADYING, ClaimLimit.NOT_CAUSE} <= set(measure.limits)


def test_what_lies_in_a_gap_does_not_count(measure):
    x, y = pair()
    x[100:140], y[500:540] = np.nan, np.nan
    value = compare(measure, x, y)
    assert np.isfinite(value).all()
    other = x.copy()
    other[505:530] += 50.0  # where the other is missing, and too far from where a lag would reach
    same = compare(measure, other, y)
    assert same == pytest.approx(value, abs=0.15 if type(measure).__name__ in LAGGED_WINDOWS else 1e-9)
    valid = np.isfinite(x) & np.isfinite(y)
    assert measure.count_units(valid, 2.0) <= measure.count_units(np.ones(len(x), bool), 2.0)


@pytest.mark.parametrize("which", ["first", "second", "both"])
def test_a_series_that_does_not_vary_has_no_number(measure, which):
    x, y = pair()
    flat = np.full(len(x), 70.0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        value = compare(measure, flat if which != "second" else x, flat if which != "first" else y)
    assert not np.isfinite(value).any()


def test_nothing_but_gaps_is_too_short(measure):
    reason = measure.why_too_short(np.zeros(1200, bool), 2.0)
    assert reason is not None
    assert reason.facts["count"] == 0


def test_each_says_what_it_tests_and_what_it_may_not_claim(measure):
    assert measure.limits
    assert all(each.name for each in measure.statistics)
    assert len(measure.nulls) == 2
    assert all(null.question is NullQuestion.OWN_DYNAMICS for null in measure.nulls)
    assert measure.min_units >= 1


def test_the_band_is_that_of_the_plan_or_follows_from_the_window():
    assert SCALES["heart rate"].swings == pytest.approx((0.05, 0.15))
    assert SCALES["breath"].swings == (0.05, 0.6)
    assert SCALES["skin"].swings == pytest.approx((0.025, 0.075))
