import math

import numpy as np
import pytest

from coregulation.coupling.measures.concordance import Concordance, ConcordanceResult
from coregulation.errors import UsageError
from coregulation.signals import Signal, Unit


def signal(values, rate=2.0):
    return Signal(values, rate, 0.0, Unit.MICROSIEMENS)


def test_it_equals_slopes_correlated_one_by_one():
    rng = np.random.default_rng(1)
    x, y = np.cumsum(rng.standard_normal((2, 120)), axis=1)
    found = Concordance()(signal(x), signal(y)).r
    slopes = [
        [np.polyfit(np.arange(10) / 2, values[a : a + 10], 1)[0] for a in range(0, 111, 2)] for values in (x, y)
    ]  # fmt: skip
    slow = [np.corrcoef(slopes[0][k : k + 15], slopes[1][k : k + 15])[0, 1] for k in range(len(slopes[0]) - 14)]
    assert found == pytest.approx(np.array(slow), abs=1e-10)


def test_alike_and_opposite():
    x = np.sin(np.arange(400) / 9) + 0.001 * np.arange(400)
    assert Concordance()(signal(x), signal(3 * x + 1)).share == 1.0
    assert Concordance()(signal(x), signal(-x)).share == 0.0
    assert math.isnan(Concordance()(signal(x), signal(x)).index)  # nothing negative to compare with


def test_the_index_is_the_log_of_up_over_down():
    result = ConcordanceResult(np.array([0.5, 0.3, -0.2, np.nan]))
    assert result.index == pytest.approx(math.log(0.8 / 0.2))
    assert result.share == pytest.approx(2 / 3)


def test_gaps_straight_lines_and_short_ones_give_no_number():
    rng = np.random.default_rng(1)
    x, y = np.cumsum(rng.standard_normal((2, 200)), axis=1)
    x[100] = np.nan
    r = Concordance()(signal(x), signal(y)).r
    assert np.isnan(r[40:45]).all()
    assert np.isfinite(r[:20]).all()
    line = Concordance()(signal(0.1 * np.arange(200)), signal(y))
    assert np.isnan(line.r).all()
    assert math.isnan(line.share)
    for n in (3, 20):
        assert len(Concordance()(signal(y[:n]), signal(y[:n])).r) == 0


def test_two_grids():
    with pytest.raises(UsageError):
        Concordance()(signal(np.zeros(50)), signal(np.zeros(51)))
