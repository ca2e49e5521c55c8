import itertools

import numpy as np
import pytest

from coregulation.coupling.inference import p_value
from coregulation.coupling.nulls.permutation import draw_person_shifts, mean_over_pairs, permute_sessions


def test_turns_are_shares_for_everybody():
    found = draw_person_shifts(3, 2, 50, np.random.default_rng(1))
    assert found.shape == (50, 3, 2)
    assert 0 <= found.min() < 0.1 < 0.9 < found.max() < 1


def test_means_over_pairs_with_and_without_somebody():
    statistics = {(0, 1): np.array([1.0, 2.0]), (0, 2): np.array([3.0, 4.0]), (1, 2): np.array([8.0, 9.0])}
    assert mean_over_pairs(statistics).tolist() == [4.0, 5.0]
    assert mean_over_pairs(statistics, without=1).tolist() == [3.0, 4.0]
    assert len(mean_over_pairs({(0, 1): np.zeros(2)}, without=0)) == 0


def test_exchanges_keep_sizes_and_strata():
    """Each cell of the matrix names its two members in binary, so the people in every exchange can be read off."""
    members, sessions = 5, [0, 0, 0, 1, 1]
    matrix = np.full((members, members), np.nan)
    for a, b in itertools.combinations(range(members), 2):
        matrix[a, b] = 2.0**a + 2.0**b
    value, nulls = permute_sessions(
        matrix, sessions, ["role", "role", "own", "role", "own"], 400, np.random.default_rng(1)
    )
    assert value == pytest.approx(2 * (1 + 2 + 4) / 3)
    seen = {round(null * 3 / 2) for null in nulls}
    possible = {sum(2**k for k in (*two, third)) for two in itertools.combinations((0, 1, 3), 2) for third in (2, 4)}
    assert seen == possible


def test_the_p_of_an_exchange_is_uniform_where_nobody_is_linked():
    rng = np.random.default_rng(7)
    ps = []
    for _ in range(300):
        matrix = np.triu(rng.standard_normal((8, 8)))
        value, nulls = permute_sessions(matrix, [0] * 4 + [1] * 4, ["one"] * 8, 99, rng)
        ps.append(p_value(value, nulls))
    assert 0.02 <= np.mean(np.array(ps) <= 0.05) <= 0.09
    assert np.mean(ps) == pytest.approx(0.5, abs=0.06)


def test_a_missing_pairing_is_left_out_of_the_mean():
    matrix = np.array([[np.nan, 1.0, np.nan], [np.nan, np.nan, 3.0], [np.nan, np.nan, np.nan]])
    value, nulls = permute_sessions(matrix, [0, 0, 0], ["one"] * 3, 5, np.random.default_rng(1))
    assert value == 2.0
    assert nulls.tolist() == [2.0] * 5


def test_nobody_to_compare_is_no_number():
    value, nulls = permute_sessions(np.full((4, 4), np.nan), [0, 0, 1, 1], ["one"] * 4, 5, np.random.default_rng(1))
    assert np.isnan(value)
    assert np.isnan(nulls).all()
