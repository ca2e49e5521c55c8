import math

import numpy as np
import pytest

from coregulation.coupling.surface import FISHER_Z, Surface, Unchanged, WindowSums, pool_sums, same_grid, sum_windows
from coregulation.errors import UsageError
from coregulation.signals import Signal, Unit


def surface(r, scale=FISHER_Z):
    r = np.asarray(r, float)
    return Surface(r, np.arange(r.shape[1]) - 1.0, np.arange(len(r)) * 1.0, scale)


R = [[0.5, -0.2, np.nan], [0.1, np.nan, np.nan]]


def test_correlations_are_averaged_as_fisher_s_z():
    z = math.atanh(0.5) + math.atanh(0.1)
    assert surface(R).profile == pytest.approx([z / 2, math.atanh(-0.2), math.nan], nan_ok=True)
    assert FISHER_Z.back(math.atanh(0.3)) == pytest.approx(0.3)


def test_other_values_are_averaged_as_they_are():
    assert surface(R, Unchanged()).profile == pytest.approx([0.3, -0.2, math.nan], nan_ok=True)
    assert Unchanged().back(7.0) == 7.0
    assert FISHER_Z.title != Unchanged().title


@pytest.mark.parametrize("scale", [FISHER_Z, Unchanged()])
def test_sums_over_windows_are_those_of_the_surface(scale):
    sums = sum_windows(surface(R, scale))
    assert sums.count.tolist() == [2, 1, 0]
    assert sums.largest.tolist() == [0.5, 0.2, 0.0]
    assert sums.mean == pytest.approx(np.nan_to_num(surface(R, scale).profile))
    assert sum_windows(surface(np.empty((0, 3)))).count.tolist() == [0, 0, 0]


def test_sums_of_segments_add_up():
    first, second = sum_windows(surface(R)), sum_windows(surface([[0.9, 0.1, -0.95]]))
    pooled = pool_sums([first, second], 3)
    assert pooled.z == pytest.approx(first.z + second.z)
    assert pooled.count.tolist() == [3, 2, 1]
    assert pooled.largest.tolist() == [0.9, 0.2, 0.95]
    none = pool_sums([], 3)
    assert none.mean.tolist() == [0.0, 0.0, 0.0]
    assert isinstance(none, WindowSums)


def on(n=10, rate=2.0, start=1.0):
    return Signal(np.zeros(n), rate, start, Unit.ARBITRARY)


@pytest.mark.parametrize("start", [1.0, 1.0049, 0.9951])
def test_a_start_a_hundredth_of_a_sample_away_is_the_same(start):
    same_grid(on(), on(start=start))


@pytest.mark.parametrize("other", [on(n=11), on(rate=1.0), on(start=1.0051), on(start=0.9949)])
def test_another_length_rate_or_start_is_not(other):
    with pytest.raises(UsageError, match=r"one grid were expected; 10 samples at 2 Hz from 1 s and 1[01] at"):
        same_grid(on(), other)


@pytest.mark.parametrize(
    ("squares", "power", "background"),
    [(2.0, 0.5, 2.0), (2.0, 0.0, 1.0), (0.0, 0.5, 1.0), (2.0, 2.0, 1.0)],
)
def test_the_background_is_one_without_sums_far_from_any_lag(squares, power, background):
    far = np.array([np.sqrt(squares)])
    sums = WindowSums(np.zeros(3), np.zeros(3, int), np.zeros(3), np.zeros(3), far, np.array([power]))
    assert sums.background == pytest.approx(background)
