import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from coregulation.linear_algebra import (
    argmax_near_middle,
    is_stable,
    semidefinite_cholesky,
    triangular_factor,
    with_canonical_sign,
)

NUMBERS = st.floats(-10, 10).map(lambda x: round(x, 3))


def turned(seed, n):
    """A random rotation: another library's choice of the same rows."""
    return np.linalg.qr(np.random.default_rng(seed).standard_normal((n, n)))[0]


@given(arrays(float, (3, 5), elements=NUMBERS))
def test_a_root_is_lower_triangular_and_its_square_is_the_covariance(rows):
    root = triangular_factor(rows)
    assert np.array_equal(root, np.tril(root))
    assert (np.diag(root) >= 0).all()
    assert np.allclose(root @ root.T, rows @ rows.T, atol=1e-10)


@given(arrays(float, (3, 5), elements=NUMBERS), st.integers(0, 99))
def test_a_root_does_not_depend_on_how_the_rows_are_turned(rows, seed):
    here, there = triangular_factor(rows), triangular_factor(rows @ turned(seed, 5))
    assert np.allclose(here, there, rtol=0, atol=1e-8)


@pytest.mark.parametrize("factor", [1.0, 1.3, -0.7, 1e-9, 1e9])
def test_what_follows_from_others_gets_nothing_of_its_own(factor):
    rng = np.random.default_rng(1)
    for _ in range(50):
        first, second = rng.standard_normal((2, 15))
        root = triangular_factor(np.array([first, second, factor * (first + 2 * second)]))
        assert root[2, 2] == 0.0
        covariance = root @ root.T
        assert semidefinite_cholesky(covariance)[2, 2] <= 1e-6 * np.sqrt(covariance[2, 2])
    nothing = triangular_factor(np.array([np.zeros(15), first, np.zeros(15)]))
    assert np.count_nonzero(nothing) == 1


@pytest.mark.parametrize(("share", "kept"), [(1e-14, False), (1e-12, True)])
def test_what_is_a_little_its_own_keeps_it(share, kept):
    first, second = np.eye(2)
    root = triangular_factor(np.array([first, first + share * second]))
    assert root[1, 1] == pytest.approx(share if kept else 0.0, rel=1e-3)


def test_a_covariance_has_the_root_that_its_rows_have():
    rows = np.random.default_rng(1).standard_normal((4, 9))
    assert np.allclose(semidefinite_cholesky(rows @ rows.T), triangular_factor(rows), atol=1e-12)
    singular = np.array([[4.0, 2.0, 0.0], [2.0, 1.0, 0.0], [0.0, 0.0, 0.0]])
    assert np.array_equal(semidefinite_cholesky(singular), [[2.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]])


@given(st.floats(0.001, 5), st.floats(0.001, 5), st.floats(0.01, 100))
def test_on_the_verge_nothing_returns(first, second, ratio):
    """p₁ p₂ = k₁ k₂ to the last digit or nearly: an eigenvalue of zero, whose sign rounding chooses."""
    drive = np.sqrt(first * second)
    for share, back in ((1.0, False), (1 + 1e-6, False), (1 - 1e-6, True)):
        drift = np.array([[-first, share * drive * ratio], [share * drive / ratio, -second]])
        assert is_stable(drift) == back


@given(arrays(float, 3, elements=NUMBERS))
def test_a_direction_and_its_opposite_are_turned_the_same_way(direction):
    assert np.array_equal(np.abs(with_canonical_sign(direction)), np.abs(direction))
    assert np.array_equal(with_canonical_sign(direction), with_canonical_sign(-direction)) or not direction.any()


def test_of_components_as_large_the_first_is_made_positive():
    root = np.sqrt(0.5)
    for noise in (0.0, 1e-15, -1e-15):
        assert with_canonical_sign(np.array([-root, root + noise, 0.0]))[0] > 0


@pytest.mark.parametrize("noise", [0.0, 1e-14, -1e-14])
def test_of_largest_values_that_equal_the_one_nearest_the_middle_is_taken(noise):
    values = np.array([0.9, 0.2, 0.9 + noise, 0.1, 0.3, np.nan, 0.9 - noise])
    assert argmax_near_middle(values) == 2
    assert list(argmax_near_middle(np.stack([values, values[::-1], np.arange(7.0)]))) == [2, 4, 6]
    assert argmax_near_middle(np.array([0.9, 0.1, 0.9 + noise])) == 0
    assert argmax_near_middle(np.array([0.9, 0.1, 0.9 + 1e-6])) == 2
