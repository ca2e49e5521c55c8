"""A person's own level: own floor, own spread, whatever the unit and whatever single peaks."""

from __future__ import annotations

import numpy as np
import pytest

from coregulation.errors import DataError
from coregulation.regulation.natural.levels import MIN_VALUES, PairLevels, own_level
from coregulation.signals import Signal, Unit


def index(values: object) -> Signal:
    return Signal(values, 1.0, 5.0, Unit.PER_MINUTE)


def test_a_normal_index_has_its_floor_at_the_20th_percentile_and_the_spread_of_its_middle():
    level = own_level(index(np.random.default_rng(0).normal(70, 5, 200_000))).values
    assert np.quantile(level, 0.2) == pytest.approx(0.0, abs=1e-9)
    assert level.std() == pytest.approx(1.0, abs=0.01)


def test_the_unit_plays_no_part_and_gaps_stay():
    values = np.random.default_rng(1).normal(70, 5, 500)
    values[20:40] = np.nan
    first, second = own_level(index(values)), own_level(index(3 * values - 40))
    assert np.allclose(first.values, second.values, equal_nan=True)
    assert np.isnan(first.values[20:40]).all()
    assert first.start == 5.0


def test_single_peaks_hardly_change_the_scale():
    values = np.random.default_rng(2).normal(70, 5, 3000)
    peaked = values.copy()
    peaked[::100] += 200
    assert own_level(index(peaked)).values[1] == pytest.approx(own_level(index(values)).values[1], abs=0.05)


@pytest.mark.parametrize(("count", "enough"), [(29, False), (30, True), (31, True)])
def test_thirty_values_give_a_level(count: int, enough: bool):
    assert MIN_VALUES == 30
    values = np.full(100, np.nan)
    values[:count] = np.arange(count)
    if enough:
        assert np.isfinite(own_level(index(values)).values).sum() == count
    else:
        with pytest.raises(DataError, match="at least 30 values"):
            own_level(index(values))


def test_an_index_that_stands_still_is_refused():
    with pytest.raises(DataError, match="do not vary"):
        own_level(index(np.full(100, 70.0)))


def test_a_pair_can_be_turned_and_knows_its_common_time():
    levels = np.array([[1.0, np.nan, 3.0, 4.0], [5.0, 6.0, np.nan, 8.0]])
    driven = np.array([[True] * 4, [False] * 4])
    pair = PairLevels(("ada", "ben"), 0.0, 0.5, levels, driven, ~driven)
    assert pair.common == 4.0
    turned = pair.turned()
    assert turned.people == ("ben", "ada")
    assert np.array_equal(turned.levels, levels[::-1], equal_nan=True)
    assert not turned.driven[0].any()
    assert turned.events[0].all()
