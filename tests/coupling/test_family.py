"""The p-values of a family: its largest studentised statistic, from one randomisation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coregulation.coupling.family import adjust_family
from coregulation.coupling.inference import p_value


def slow(statistics, nulls):
    """Written as it reads."""
    out = []
    scores = [[(value - np.mean(null)) / np.std(null) for value in null] for null in nulls]
    peaks = [max(column) for column in zip(*scores, strict=True)]
    for statistic, null in zip(statistics, nulls, strict=True):
        score = (statistic - np.mean(null)) / np.std(null)
        out.append((1 + sum(peak >= score - 1e-12 for peak in peaks)) / (1 + len(peaks)))
    return out


@given(st.integers(2, 5), st.integers(5, 60), st.integers(0, 9999))
def test_it_is_the_slow_one_and_never_below_the_own_p(members, count, seed):
    rng = np.random.default_rng(seed)
    nulls = [rng.exponential(1 + k, count) for k in range(members)]
    statistics = [float(rng.exponential(2 + k)) for k in range(members)]
    adjusted = adjust_family(statistics, nulls)
    assert adjusted == pytest.approx(slow(statistics, nulls))
    assert all(a >= p_value(s, null) for a, s, null in zip(adjusted, statistics, nulls, strict=True))


def test_of_one_it_is_its_own_p_and_of_none_nothing():
    null = np.random.default_rng(1).exponential(1.0, 99)
    assert adjust_family([2.0], [null]) == [p_value(2.0, null)]
    assert adjust_family([], []) == []


def test_the_unit_of_a_member_does_not_matter():
    rng = np.random.default_rng(3)
    nulls = [rng.exponential(1.0, 199) for _ in range(3)]
    statistics = [2.0, 3.0, 1.0]
    scaled = [100 * null for null in nulls[:1]] + nulls[1:]
    assert adjust_family([200.0, 3.0, 1.0], scaled) == pytest.approx(adjust_family(statistics, nulls))


def test_other_numbers_of_surrogates_are_other_families_and_are_paid_for():
    rng = np.random.default_rng(4)
    short, long = rng.exponential(1.0, 99), rng.exponential(1.0, 199)
    assert adjust_family([3.0, 4.0], [short, long]) == [2 * p_value(3.0, short), 2 * p_value(4.0, long)]


def test_a_null_that_never_changes_is_no_division_by_zero():
    assert adjust_family([1.0, 1.0], [np.ones(99), np.ones(99)]) == [1.0, 1.0]


def test_members_that_go_together_cost_less_than_members_that_do_not():
    rng = np.random.default_rng(5)
    shared, own = rng.exponential(1.0, 1999), rng.exponential(1.0, (8, 1999))
    together = adjust_family([4.0] * 8, [shared + 1e-3 * null for null in own])
    apart = adjust_family([4.0] * 8, list(own))
    assert max(together) < 0.6 * min(apart)


def test_what_is_paid_for_several_families_is_never_above_one():
    small, large = np.linspace(0.0, 1.0, 99), np.linspace(0.0, 1.0, 199)
    assert adjust_family([0.1, 0.1], [small, large]) == [1.0, 1.0]
