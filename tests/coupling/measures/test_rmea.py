import math

import numpy as np
import pytest

from coregulation.coupling.measures.rmea import Rmea
from coregulation.errors import DataError, UsageError
from tests.paths import SHARED

THERAPY = SHARED / "therapy-motion/normal/200_01.txt"


@pytest.mark.skipif(not THERAPY.exists(), reason="the therapy recordings are not here; they may not ship")
def test_the_digits_of_the_r_package():
    patient, therapist = np.loadtxt(THERAPY, skiprows=1, unpack=True)
    found = Rmea()(patient, therapist, 25.0)
    assert found.grand_mean == pytest.approx(0.0757660139, abs=5e-11)
    assert len(found.z) == 18
    assert found.all_lags[:5].round(6).tolist() == [0.098485, 0.080343, 0.104916, 0.065556, 0.051254]
    assert found.first_leads[:3].round(6).tolist() == [0.099506, 0.050420, 0.090896]
    assert found.second_leads[:3].round(6).tolist() == [0.097855, 0.110327, 0.118209]
    assert found.lag_zero[:3].round(6).tolist() == [0.049626, 0.072764, 0.195936]
    assert found.best_lag[:3].round(2).tolist() == [-4.52, -1.56, -4.92]


def test_it_equals_a_correlation_of_the_pieces():
    x, y = np.random.default_rng(1).standard_normal((2, 137))
    x[40] = y[77] = np.nan
    found = Rmea(3.0, 20.0, 7.0, absolute=False)(x, y, 1.0)
    assert len(found.z) == math.ceil((137 - 20 - 3 + 1) / 7)
    for i in range(len(found.z)):
        for column, lag in enumerate(range(-3, 4)):
            a = x[i * 7 + max(0, -lag) :][:20]
            b = y[i * 7 + max(0, lag) :][:20]
            both = np.isfinite(a) & np.isfinite(b)
            assert found.z[i, column] == pytest.approx(math.atanh(np.corrcoef(a[both], b[both])[0, 1]), abs=1e-12)
    assert np.allclose(np.abs(found.z), Rmea(3.0, 20.0, 7.0)(x, y, 1.0).z)


def test_who_leads_has_positive_lags():
    x = np.random.default_rng(1).standard_normal(500)
    found = Rmea(5.0, 60.0, 30.0)(x, np.roll(x, 3) + 0.1 * np.random.default_rng(2).standard_normal(500), 1.0)
    assert (found.best_lag == 3).all()
    assert found.first_leads.mean() > found.second_leads.mean()


def test_of_lags_as_strong_the_shortest_is_the_best():
    """A swing of 4 s comes again after 4 s: the last digits must not choose between the lags."""
    x = np.sin(2 * np.pi * np.arange(400) / 4 + 0.3)
    found = Rmea(9.0, 60.0, 30.0)(x, np.roll(x, 1), 1.0)
    assert np.ptp(np.abs(found.best_lag)) == 0
    assert abs(found.best_lag[0]) == 1


def test_what_is_missing_the_same_or_still_has_no_value():
    x, y = np.random.default_rng(1).standard_normal((2, 100))
    x[:11] = np.nan  # more than half of the first window
    x[40:60] = y[40:60]
    y[80:] = 0.1
    z = Rmea(0.0, 20.0, 20.0)(x, y, 1.0)
    assert np.isfinite(z.z[:, 0]).tolist() == [False, True, False, True, False]
    assert np.isnan(z.best_lag).tolist() == [True, False, True, False, True]
    assert np.isnan(z.all_lags).tolist() == [True, False, True, False, True]
    assert math.isfinite(z.grand_mean)
    nothing = Rmea(0.0, 20.0, 20.0)(np.full(40, np.nan), np.full(40, np.nan), 1.0)
    assert math.isnan(nothing.grand_mean)


def test_a_perfect_correlation_is_cut_at_ten():
    x = np.random.default_rng(1).standard_normal(50)
    z = Rmea(0.0, 20.0, 20.0, absolute=False)(x, -2 * x, 1.0).z
    assert (z < -9).all()
    assert (z >= -10).all()


def test_too_short():
    with pytest.raises(DataError, match="no window"):
        Rmea(5.0, 60.0, 30.0)(np.zeros(64), np.zeros(64), 1.0)


@pytest.mark.parametrize("call", [lambda x: Rmea()(x, x[1:], 1.0), lambda x: Rmea(increment=0.1)(x, x, 1.0)])
def test_a_call_that_cannot_be_meant(call):
    with pytest.raises(UsageError):
        call(np.zeros(100))


def test_the_lengths_are_those_of_the_package():
    assert (Rmea().max_lag, Rmea().window, Rmea().increment, Rmea().absolute) == (5.0, 60.0, 30.0, True)
