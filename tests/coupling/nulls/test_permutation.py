import itertools

import numpy as np
import pytest

from coregulation.coupling.inference import p_value
from coregulation.coupling.nulls.permutation import (
    add_observed,
    draw_person_shifts,
    fold_lags,
    permute_sessions,
    pooled_statistics,
)
from coregulation.coupling.surface import WindowSums


def test_turns_are_shares_for_everybody():
    found = draw_person_shifts(3, 2, 50, np.random.default_rng(1))
    assert found.shape == (50, 3, 2)
    assert 0 <= found.min() < 0.1 < 0.9 < found.max() < 1


def sums(z, power=None):
    z = np.asarray(z, float)
    power = np.ones_like(z) if power is None else np.asarray(power, float)
    none = np.zeros((*z.shape[:-1], 0))
    return WindowSums(z, (power > 0).astype(np.int64), np.zeros_like(z), power, none, none)


def test_opposite_lags_are_added_and_lag_zero_counts_once():
    folded = fold_lags(sums([1.0, 2.0, 4.0, 8.0, 16.0], [1, 1, 3, 1, 2]))
    assert folded.z.tolist() == [4.0, 10.0, 17.0]
    assert folded.power.tolist() == [3.0, 2.0, 3.0]
    assert fold_lags(sums([[5.0], [6.0]])).z.tolist() == [[5.0], [6.0]]


def test_the_statistic_of_a_group_is_the_largest_studentised_sum_over_pairs_with_and_without_somebody():
    pairs = {(0, 1): sums([[1.0, 2.0]]), (0, 2): sums([[3.0, -6.0]]), (1, 2): sums([[5.0, 1.0]])}
    assert pooled_statistics(pairs).tolist() == [pytest.approx(9 / 3**0.5)]
    assert pooled_statistics(pairs, without=1).tolist() == [pytest.approx(6.0)]
    assert len(pooled_statistics({(0, 1): sums([[1.0]])}, without=0)) == 0


def test_what_all_pairs_have_in_common_is_stronger_than_what_each_has_by_chance():
    common, own = ({(0, k): sums([row]) for k, row in enumerate(rows)} for rows in ([[1.0, 0, 0]] * 3, np.eye(3)))
    assert pooled_statistics(common)[0] == pytest.approx(3 * pooled_statistics(own)[0])


def test_the_data_stand_before_their_surrogates():
    joined = add_observed(sums([1.0, 2.0]), sums([[3.0, 4.0], [5.0, 6.0]]))
    assert joined.z.tolist() == [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]


def pairings(matrix):
    """One lag, with power 1 where two people can be compared."""
    both = np.where(np.isfinite(matrix), matrix, 0.0)
    both = both + both.T
    known = np.isfinite(matrix) | np.isfinite(matrix.T)
    return sums(both[..., None], known[..., None])


def test_exchanges_keep_sizes_and_strata():
    """Each cell of the matrix names its two members in binary, so the people in every exchange can be read off."""
    members, sessions = 5, [0, 0, 0, 1, 1]
    matrix = np.full((members, members), np.nan)
    for a, b in itertools.combinations(range(members), 2):
        matrix[a, b] = 2.0**a + 2.0**b
    value, nulls = permute_sessions(
        pairings(matrix), sessions, ["role", "role", "own", "role", "own"], 400, np.random.default_rng(1)
    )
    assert value == pytest.approx(2 * (1 + 2 + 4) / 3**0.5)
    seen = {round(null * 3**0.5 / 2) for null in nulls}
    possible = {sum(2**k for k in (*two, third)) for two in itertools.combinations((0, 1, 3), 2) for third in (2, 4)}
    assert seen == possible


def test_the_p_of_an_exchange_is_uniform_where_nobody_is_linked():
    rng = np.random.default_rng(7)
    ps = []
    for _ in range(300):
        matrix = np.where(np.triu(np.ones((10, 10)), 1) > 0, rng.standard_normal((10, 10)), np.nan)
        value, nulls = permute_sessions(pairings(matrix), [0] * 5 + [1] * 5, ["one"] * 10, 99, rng)
        ps.append(p_value(value, nulls))
    assert 0.02 <= np.mean(np.array(ps) <= 0.05) <= 0.09
    assert np.mean(ps) == pytest.approx(0.5, abs=0.06)


def test_a_missing_pairing_is_left_out():
    matrix = np.array([[np.nan, 1.0, np.nan], [np.nan, np.nan, 3.0], [np.nan, np.nan, np.nan]])
    value, nulls = permute_sessions(pairings(matrix), [0, 0, 0], ["one"] * 3, 5, np.random.default_rng(1))
    assert value == pytest.approx(4 / 2**0.5)
    assert nulls == pytest.approx([value] * 5)


def test_nobody_to_compare_is_no_number():
    none = pairings(np.full((4, 4), np.nan))
    value, nulls = permute_sessions(none, [0, 0, 1, 1], ["one"] * 4, 5, np.random.default_rng(1))
    assert np.isnan(value)
    assert np.isnan(nulls).all()
