"""A number with its interval, or the reason why there is none."""

import numpy as np
import pytest

from coregulation.physiology.estimate import block_means, format_digits, mean_estimate, unknown_estimate
from coregulation.physiology.reason_codes import PhysiologyReason
from coregulation.physiology.sliding import SlidingFunction, median_of
from coregulation.reasons import because


def test_a_mean_has_a_t_interval_and_one_value_alone_has_none():
    found = mean_estimate(np.array([1.0, 2.0, 3.0, np.nan]), "ms")
    assert found.value == 2.0
    assert found.interval == pytest.approx((2 - 4.30265 / np.sqrt(3), 2 + 4.30265 / np.sqrt(3)), abs=1e-4)
    assert mean_estimate(np.array([1.5]), "ms").interval is None
    assert mean_estimate(np.array([np.nan]), "ms").why == because(PhysiologyReason.TOO_FEW_VALUES, count=0, needed=1)


def test_it_prints_what_it_knows():
    assert str(mean_estimate(np.array([1.5]), "ms")) == "1.5 ms"
    assert str(unknown_estimate("ms", because("beats.none"))) == "cannot tell (beats.none)"


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (1052.4, "1052"),
        (-123.6, "-124"),
        (12.345, "12.3"),
        (0.02857, "0.0286"),
        (0.0, "0"),
        (99.96, "100"),
        (0.1, "0.1"),
    ],
)
def test_three_digits_and_no_power_of_ten(value, told):
    assert format_digits(value) == told


def test_block_means_keep_the_spread_of_dependent_rows():
    rng = np.random.default_rng(0)
    slow = np.repeat(rng.standard_normal(100), 10)[:, None]
    wide = block_means(slow, 30, 2000, rng).std()
    narrow = block_means(slow, 1, 2000, rng).std()
    assert wide > 2 * narrow
    assert block_means(slow[:5], 30, 10, rng).shape == (10, 1)


def test_a_neighbourhood_is_told_as_late_as_it_reaches_ahead():
    assert SlidingFunction(median_of, 1.0, 2.0).delay == 2.0
    rows = np.array([[1.0, 5.0, 2.0], [np.nan, np.nan, 2.0], [1.0, np.nan, 2.0]])
    np.testing.assert_array_equal(median_of(rows, 1.0), [2.0, np.nan, 1.5])
