"""Whether something may have moved both: no more often than by chance where nothing did, and nearly always where it did."""

from __future__ import annotations

import math

import numpy as np
import pytest

from coregulation.regulation.natural.common_input import OPEN, InnovationCorrelation, common_input
from coregulation.simulate.natural_pairs import NATURAL_LAWS
from tests.regulation.natural.courses import pair, simulated


def test_independent_people_close_it_in_one_of_five():
    ps = [common_input([session]).p for session in simulated(NATURAL_LAWS["none"], 100, 1800, 5)]
    assert 0.1 <= np.mean(np.array(ps) < OPEN) <= 0.32
    assert 0.35 <= np.mean(ps) <= 0.65


def test_a_fast_common_input_closes_it():
    ps = [common_input([session]).p for session in simulated(NATURAL_LAWS["input of 20 s"], 20, 5400, 6)]
    assert np.mean(np.array(ps) < OPEN) >= 0.9


def test_sessions_are_pooled_by_the_sum_of_their_z():
    sessions = simulated(NATURAL_LAWS["both hit"], 4, 2400, 7)
    each = [common_input([session]) for session in sessions]
    together = common_input(sessions)
    assert together.p < max(single.p for single in each)
    assert min(e.correlation for e in each) <= together.correlation <= max(e.correlation for e in each)


@pytest.mark.parametrize(("p", "is_open"), [(0.199, False), (0.2, True), (0.201, True), (math.nan, False)])
def test_it_is_open_from_a_fifth(p: float, is_open: bool):
    assert InnovationCorrelation(0.0, p).is_open == is_open


@pytest.mark.parametrize(("steps", "enough"), [(29, False), (30, True), (31, True)])
def test_thirty_steps_with_an_innovation_are_enough(steps: int, enough: bool):
    levels = np.random.default_rng(0).standard_normal((2, 2000))
    from coregulation.regulation.natural.common_input import _rank_correlation

    rho, count = _rank_correlation(levels[0, :steps], levels[1, :steps])
    assert count == steps
    assert (rho != 0.0) == enough


def test_too_little_says_nothing():
    empty = common_input([pair(np.full(600, np.nan), np.zeros(600))])
    assert math.isnan(empty.p)
    assert not empty.is_open
    assert math.isnan(common_input([pair(np.zeros(5), np.zeros(5))]).p)
    assert math.isnan(common_input([pair(np.arange(40.0), np.arange(40.0))]).p)


def test_a_level_that_arrives_every_two_seconds_is_taken_as_it_is():
    values = np.random.default_rng(1).standard_normal((2, 900))
    assert 0 < common_input([pair(values[0], values[1], rate=0.5)]).p < 1
