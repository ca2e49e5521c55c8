import numpy as np
import pytest

from coregulation.coupling.comparison import compare_signals
from coregulation.coupling.measures.lagged_correlation import LaggedCorrelation
from coregulation.errors import UsageError
from coregulation.signals import Signal, Unit, Window
from tests import naive

MEASURE = LaggedCorrelation(10.0, 2.0)


def signal(values, start=0.0):
    return Signal(values, 1.0, start, Unit.ARBITRARY)


def test_the_statistic_is_the_largest_mean_over_lags():
    x, y = np.random.default_rng(1).standard_normal((2, 120))
    slow = naive.circular_statistic([(x, y)], 10, 1, 2, [0])
    assert compare_signals(signal(x), signal(y), MEASURE).statistic == pytest.approx(slow)
    cut = [(x[:50], y[:50]), (x[50:], y[50:])]
    spans = [Window(0, 50), Window(50, 120)]
    assert compare_signals(signal(x), signal(y), MEASURE, spans).statistic == pytest.approx(
        naive.circular_statistic(cut, 10, 1, 2, [0, 0])
    )  # fmt: skip


def test_too_little_has_no_statistic():
    x, y = np.random.default_rng(1).standard_normal((2, 30))
    assert compare_signals(signal(x), signal(y), MEASURE).windows == pytest.approx(2.1)
    for a, b in ((x[:9], y[:9]), (np.zeros(30), y)):
        nothing = compare_signals(signal(a), signal(b), MEASURE)
        assert (nothing.windows, nothing.statistic) == (0.0, 0.0)


def test_windows_are_counted_where_most_are_valid():
    x, y = np.random.default_rng(1).standard_normal((2, 100))
    whole = compare_signals(signal(x), signal(y), MEASURE)
    assert whole.windows == 91 / 10
    x[50] = np.nan
    assert compare_signals(signal(x), signal(y), MEASURE).windows == (91 - 10) / 10


def test_a_surface_goes_over_all_segments():
    x, y = (signal(v) for v in np.random.default_rng(1).standard_normal((2, 100)))
    comparison = compare_signals(x, y, MEASURE, [Window(0, 40), Window(40, 45), Window(60, 100)])
    surface = comparison.surface()
    assert len(surface.r) == 2 * 31
    assert surface.centres[[0, 31]].tolist() == [4.5, 64.5]
    assert np.abs(surface.profile).max() == pytest.approx(np.abs(comparison.observed.mean).max())
    none = compare_signals(x, y, MEASURE, [Window(40, 45)]).surface()
    assert none.r.shape == (0, 5)
    assert none.lags.tolist() == [-2, -1, 0, 1, 2]


def test_two_signals_on_two_grids():
    with pytest.raises(UsageError, match="one grid"):
        compare_signals(signal(np.zeros(50)), signal(np.zeros(50), 0.5), MEASURE)
