"""Group statistics: against slow transcriptions, and the size and coverage of what is printed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from coregulation.study.group_tests import (
    StratumValues,
    combine,
    group_estimates,
    holm,
    leave_one_out,
    mean_difference,
    permutations_within,
    permuted_statistics,
    standard_error,
)


def table(
    rng: np.random.Generator, pairs: int, *, mean: float = 0.0, spread: float = 0.0, missing: float = 0.0
) -> StratumValues:
    """Draw everybody with everybody's partner: what the person and the partner bring, noise, and what is the pair's own."""
    first, second = rng.standard_normal((2, pairs))
    z = 0.1 * rng.standard_normal((pairs, pairs)) + 0.05 * np.outer(first, second) + 0.05 * second
    own = np.diag(z) + mean + spread * rng.standard_normal(pairs)
    strangers = np.where(np.eye(pairs, dtype=bool) | (rng.random((pairs, pairs)) < missing), np.nan, z)
    return StratumValues(own, strangers, np.broadcast_to(np.arange(pairs), z.shape), np.zeros(pairs, dtype=np.int64))


def slow_mean_difference(values: StratumValues, kept: set[int]) -> float:
    own = [values.own[k] for k in kept]
    strangers = [
        z
        for k in kept
        for partner, z in zip(values.partners[k], values.strangers[k], strict=True)
        if partner in kept and np.isfinite(z)
    ]
    return float(np.mean(own) - np.mean(strangers))


@given(st.integers(0, 2**32 - 1), st.integers(5, 9), st.sampled_from([0.0, 0.2]))
def test_leaving_out_a_pair_leaves_out_every_comparison_with_its_people(seed: int, pairs: int, missing: float):
    values = table(np.random.default_rng(seed), pairs, missing=missing)
    everybody = set(range(pairs))
    assert mean_difference(values) == pytest.approx(slow_mean_difference(values, everybody), abs=1e-12)
    slow = [slow_mean_difference(values, everybody - {k}) for k in range(pairs)]
    assert leave_one_out(values) == pytest.approx(slow, abs=1e-12)


@given(st.integers(0, 2**32 - 1), st.integers(5, 9))
def test_a_permuted_statistic_is_that_of_the_permuted_table(seed: int, pairs: int):
    rng = np.random.default_rng(seed)
    values = table(rng, pairs, missing=0.1)
    order = rng.permutation(pairs)
    full = np.where(np.eye(pairs, dtype=bool), values.own, values.strangers)[:, order]
    permuted = StratumValues(
        np.diag(full).copy(), np.where(np.eye(pairs, dtype=bool), np.nan, full), values.partners, values.blocks
    )
    if not np.isfinite(permuted.own).all():
        return
    expected = mean_difference(permuted) / standard_error(permuted)
    assert permuted_statistics(values, order[None])[0] == pytest.approx(expected, rel=1e-9)


def test_the_real_partners_are_the_statistic_of_the_identity():
    values = table(np.random.default_rng(1), 12)
    expected = mean_difference(values) / standard_error(values)
    assert permuted_statistics(values, np.arange(12)[None])[0] == pytest.approx(expected)


def test_partners_change_places_inside_their_condition_only():
    blocks = np.array([0, 0, 0, 1, 1, 1, 1])
    for order in permutations_within(blocks, 50, 3):
        assert sorted(order) == list(range(7))
        assert (blocks[order] == blocks).all()


@given(st.integers(0, 2**32 - 1))
def test_conditions_together_are_the_pairs_of_each(seed: int):
    rng = np.random.default_rng(seed)
    parts = [table(rng, 5), table(rng, 7)]
    both = combine(parts)
    expected = (
        np.concatenate([part.own for part in parts]).mean()
        - np.concatenate([part.strangers[np.isfinite(part.strangers)] for part in parts]).mean()
    )
    assert mean_difference(both) == pytest.approx(expected)
    assert np.isnan(both.strangers[:5, 5:]).all()
    assert np.isnan(both.strangers[5:, :5]).all()


def test_holm_by_hand():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.6, 0.7]) == [1.0, 1.0]


def rejections(pairs: int, spread: float, exact: bool, studies: int, seed: int) -> tuple[int, int]:
    """Count the studies without a mean effect that reject it, and those whose interval does not cover zero."""
    rng = np.random.default_rng(seed)
    rejected = uncovered = 0
    for number in range(studies):
        one = group_estimates({"a": table(rng, pairs, spread=spread)}, exact, 199, number)["a"]
        rejected += one.p <= 0.05
        uncovered += not one.interval[0] <= 0 <= one.interval[1]
    return rejected, uncovered


@pytest.mark.parametrize(("pairs", "spread"), [(8, 0.0), (20, 0.2)])
@pytest.mark.parametrize("exact", [True, False])
def test_a_study_without_an_effect_is_rarely_told_as_one(pairs: int, spread: float, exact: bool):
    rejected, uncovered = rejections(pairs, spread, exact, 300, 5)
    assert binomtest(rejected, 300, 0.05, alternative="greater").pvalue > 0.001
    assert binomtest(uncovered, 300, 0.05, alternative="greater").pvalue > 0.001


@pytest.mark.nightly
@pytest.mark.parametrize("pairs", [5, 8, 20, 64])
@pytest.mark.parametrize("spread", [0.0, 0.1, 0.4])
@pytest.mark.parametrize("exact", [True, False])
def test_the_size_of_the_group_p_over_many_studies(pairs: int, spread: float, exact: bool):
    rejected, uncovered = rejections(pairs, spread, exact, 2000, 6)
    assert binomtest(rejected, 2000, 0.06, alternative="greater").pvalue > 0.001
    assert binomtest(uncovered, 2000, 0.07, alternative="greater").pvalue > 0.001


def test_a_family_without_an_effect_is_rarely_told_as_one():
    rng, rejected = np.random.default_rng(7), 0
    for number in range(200):
        family = {name: table(rng, 12) for name in "abcd"}
        rejected += min(e.family for e in group_estimates(family, True, 199, number).values()) <= 0.05
    assert binomtest(rejected, 200, 0.05, alternative="greater").pvalue > 0.001


def test_a_mean_effect_is_found_and_its_size_is_right():
    values = table(np.random.default_rng(8), 40, mean=0.2)
    found = group_estimates({"a": values}, True, 999, 0)["a"]
    assert found.p == pytest.approx(0.001)
    assert found.interval[0] < 0.2 < found.interval[1]
