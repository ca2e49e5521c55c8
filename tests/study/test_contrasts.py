"""Conditions and covariates: known differences are found, and none where there is none."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest, spearmanr, ttest_ind, ttest_rel

from coregulation.study.contrasts import associate, contrast


def by_pair(values: np.ndarray, offset: int = 0) -> dict[str, float]:
    return {f"pair-{k + offset:03}": float(value) for k, value in enumerate(values)}


def test_between_pairs_the_difference_and_interval_are_welchs():
    rng = np.random.default_rng(0)
    first, second = rng.normal(0.3, 0.1, 20), rng.normal(0.0, 0.3, 12)
    found = contrast("heart_rate", ("a", "b"), (by_pair(first), by_pair(second, 100)), 999, 0)
    oracle = ttest_ind(first, second, equal_var=False)
    assert found is not None
    assert not found.within
    assert found.interval == pytest.approx(tuple(oracle.confidence_interval()))
    assert found.p <= 0.01


def test_within_pairs_each_pair_is_its_own_control():
    rng = np.random.default_rng(1)
    own = rng.normal(0, 1.0, 15)
    first, second = own + 0.2 + rng.normal(0, 0.1, 15), own
    found = contrast("heart_rate", ("a", "b"), (by_pair(first), by_pair(second)), 999, 0)
    oracle = ttest_rel(first, second)
    assert found is not None
    assert found.within
    assert found.interval == pytest.approx(tuple(oracle.confidence_interval()))


@pytest.mark.parametrize(("count", "answered"), [(4, False), (5, True), (6, True)])
def test_five_pairs_are_needed_on_each_side(count: int, answered: bool):
    rng = np.random.default_rng(2)
    sides = by_pair(rng.normal(size=count)), by_pair(rng.normal(size=20), 100)
    assert (contrast("eda", ("a", "b"), sides, 99, 0) is not None) is answered


def test_conditions_that_are_alike_are_rarely_told_apart():
    rng, rejected = np.random.default_rng(3), 0
    for number in range(200):
        sides = by_pair(rng.normal(0, 0.1, 8)), by_pair(rng.normal(0, 0.5, 16), 100)
        found = contrast("eda", ("a", "b"), sides, 199, number)
        assert found is not None
        rejected += found.p <= 0.05
    assert binomtest(rejected, 200, 0.05, alternative="greater").pvalue > 0.001


def test_a_covariate_by_ranks():
    rng = np.random.default_rng(4)
    linkage = rng.normal(size=30)
    numbers = np.where(np.arange(30) < 2, np.nan, linkage + rng.normal(size=30))
    found = associate("eda", "empathy", "", linkage, numbers, 999, 0)
    oracle = spearmanr(linkage[2:], numbers[2:])
    assert found is not None
    assert found.pairs == 28
    assert found.rho == pytest.approx(oracle.statistic)
    assert found.p == pytest.approx(oracle.pvalue, abs=0.02)


def test_a_constant_covariate_has_no_answer():
    assert associate("eda", "empathy", "", np.arange(9.0), np.ones(9), 99, 0) is None
