"""What a mean is worth: closed forms, how well memory can be known, and what other stretches add."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import lfilter

from coregulation.physiology.memory import (
    effective_squares,
    effective_values,
    mean_uncertainty,
    surrounding_half_width,
    variance_freedom,
)


def remembering(seed, n, memory):
    """Return values whose correlation falls to 1/e over `memory` values; mean 0, variance 1."""
    a = math.exp(-1 / memory) if memory else 0.0
    white = np.random.default_rng(seed).standard_normal(n + 2000)
    return lfilter([math.sqrt(1 - a * a)], [1, -a], white)[2000:]


def test_two_minutes_of_a_sixty_second_process_hold_less_than_two_values():
    assert effective_values(2.0) == pytest.approx(1.76, abs=0.01)


def test_effective_values_are_those_of_the_mean_of_a_process():
    means = [remembering(seed, 300, 20).mean() for seed in range(3000)]
    assert 1 / np.var(means) == pytest.approx(effective_values(15.0), rel=0.1)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 999), scale=st.floats(0.01, 100), shift=st.floats(-100, 100))
def test_width_goes_with_the_scale_and_not_with_the_level(seed, scale, shift):
    values = remembering(seed, 80, 3)
    plain, other = mean_uncertainty(values), mean_uncertainty(shift + scale * values)
    assert other.half_width == pytest.approx(scale * plain.half_width, rel=1e-5)
    assert other.effective == pytest.approx(plain.effective)
    assert mean_uncertainty(values[::-1]).half_width == pytest.approx(plain.half_width, rel=1e-6)


def test_white_values_have_about_the_plain_error():
    widths = [mean_uncertainty(remembering(seed, 200, 0)) for seed in range(50)]
    plain = 1.96 / math.sqrt(200)
    assert plain <= np.median([each.half_width for each in widths]) <= 1.5 * plain
    assert np.median([each.effective for each in widths]) > 50
    assert all(each.error < each.half_width / 1.9 for each in widths)


@pytest.mark.parametrize(("known", "finite"), [(11, False), (12, True)])
def test_twelve_values_must_be_known(known, finite):
    values = np.where(np.arange(40) < known, remembering(2, 40, 0), np.nan)
    assert math.isfinite(mean_uncertainty(values).half_width) is finite
    assert math.isfinite(surrounding_half_width(values)) is finite


def test_gaps_do_not_count():
    values = remembering(7, 60, 2)
    holed = np.insert(values, [10, 10, 30], np.nan)
    assert mean_uncertainty(holed) == mean_uncertainty(values)


def test_a_constant_has_no_error():
    assert mean_uncertainty(np.full(50, 3.0)).half_width == 0.0
    assert mean_uncertainty(np.full(50, 3.0), [remembering(1, 50, 3)]).error == 0.0


def test_other_stretches_sharpen_what_is_known_of_the_memory():
    """Sixty values of memory 4 hold 8 effective ones; alone this is known poorly, with six more stretches well."""
    alone, together = [], []
    for seed in range(40):
        values = remembering(seed, 60 * 7, 4)
        parts = list(values.reshape(7, 60))
        alone.append(mean_uncertainty(parts[0]).effective)
        together.append(mean_uncertainty(parts[0], parts[1:]).effective)
    truth = effective_values(15.0)
    assert np.std(np.log(together)) < 0.7 * np.std(np.log(alone))
    assert 0.7 * truth < np.median(together) < 1.4 * truth


def test_a_stretch_with_a_level_or_spread_of_its_own_counts_as_well():
    parts = list(remembering(3, 180, 2).reshape(3, 60))
    scaled = [parts[1] * 7 + 100, parts[2] * 0.1 - 5]
    assert mean_uncertainty(parts[0], scaled).effective == pytest.approx(
        mean_uncertainty(parts[0], parts[1:]).effective
    )


def test_stretches_that_are_too_short_or_flat_say_nothing():
    values = remembering(3, 60, 2)
    nothing = [np.full(60, 1.0), np.full(60, np.nan), values[:11]]
    assert mean_uncertainty(values, nothing) == mean_uncertainty(values)


def test_one_strange_stretch_changes_little():
    values = remembering(9, 60, 2)
    drift = np.arange(60.0)
    before, after = mean_uncertainty(values), mean_uncertainty(values, [drift])
    assert before.half_width <= after.half_width < 2 * before.half_width


def test_no_rule_tells_three_effective_values_from_eight_by_the_series_alone():
    """The most powerful test (Neyman & Pearson) between the two, with everything but the scale known.

    So an interval cannot be given in 95 of 100 series with eight effective values and in none with three.
    """
    n, draws = 64, 4000
    rng = np.random.default_rng(1)
    lags = np.abs(np.subtract.outer(np.arange(n), np.arange(n)))
    centred = (np.eye(n) - 1 / n)[1:]
    laws = [centred @ np.exp(-x / n * lags) @ centred.T for x in (4.8, 14.9)]
    assert [effective_values(x) for x in (4.8, 14.9)] == pytest.approx([3.0, 8.0], abs=0.05)

    def ratio(law):
        values = np.linalg.cholesky(law) @ rng.standard_normal((n - 1, draws))
        squares = [(values * np.linalg.solve(each, values)).sum(axis=0) for each in laws]
        return (n - 1) / 2 * np.log(squares[0] / squares[1])

    at_three, at_eight = (ratio(law) for law in laws)
    assert (at_eight > np.quantile(at_three, 0.99)).mean() < 0.3


@pytest.mark.parametrize("memory", [10, 30, 100])
def test_effective_squares_are_those_of_the_variance_of_a_process(memory):
    variances = np.array([remembering(seed, 300, memory).var() for seed in range(3000)])
    freedom = 2 * variances.mean() ** 2 / variances.var()
    assert freedom == pytest.approx(effective_squares(300 / memory), rel=0.1)


def test_white_values_have_a_degree_of_freedom_each_and_slow_ones_few():
    white, slow = ([variance_freedom(remembering(seed, 60, memory)) for seed in range(20)] for memory in (0, 20))
    assert np.median([each.effective for each in white]) > 45
    assert np.median([each.effective for each in slow]) < 10
    white = white[3]
    assert white.variance == pytest.approx(remembering(3, 60, 0).var())
    assert (white.size, variance_freedom(remembering(3, 300, 0)).size) == (1, 5)


def test_a_variance_without_values_or_change_has_no_freedom():
    assert variance_freedom(np.full(40, 2.0)) is None
    assert variance_freedom(np.arange(11.0)) is None
    assert variance_freedom(np.arange(12.0) % 5) is not None


def test_other_stretches_tell_more_of_the_freedom_of_a_variance():
    alone = [variance_freedom(remembering(seed, 60, 6)).effective for seed in range(30)]
    others = [remembering(100 + k, 60, 6) for k in range(8)]
    more = [variance_freedom(remembering(seed, 60, 6), others).effective for seed in range(30)]
    assert np.std(more) < 0.7 * np.std(alone)
