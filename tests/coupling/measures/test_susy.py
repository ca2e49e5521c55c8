import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coregulation.coupling.measures.susy import Susy
from coregulation.errors import DataError, UsageError
from tests import naive


def noise(seed, n):
    x, y = np.random.default_rng(seed).standard_normal((2, n))
    return x, 0.5 * np.roll(x, 3) + y


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10**6), st.integers(40, 140), st.integers(8, 19), st.integers(1, 7))
def test_it_equals_the_slow_transcription(seed, n, size, most):
    x, y = noise(seed, n)
    fast = Susy(size / 2, most / 2)(x, y, 2.0)
    assert fast.segments == n // size
    for name, value in naive.susy(x, y, size, most).items():
        assert getattr(fast, name) == pytest.approx(value, abs=1e-12, rel=1e-11), name


def test_who_leads_has_negative_lags():
    x, y = noise(1, 3000)  # y follows x by three samples
    found = Susy(60.0, 5.0)(x, y, 1.0)
    assert found.by_lag.argmax() == 5 - 3
    assert found.z_first_leads > found.z_second_leads
    assert found.z > found.z_pseudo


def test_without_lags_nobody_leads_and_there_is_no_spread_over_lags():
    found = Susy(20.0, 0.0)(*noise(1, 100), 1.0)
    assert np.isnan([found.z_first_leads, found.z_second_leads, found.effect_size]).all()


@pytest.mark.parametrize(
    ("x", "why"),
    [
        (noise(1, 30)[0], "two segments"),
        (np.where(np.arange(100) == 50, np.nan, noise(1, 100)[0]), "missing"),
        (np.where(np.arange(100) < 20, 0.1, noise(1, 100)[0]), "never changes"),
        (-noise(2, 100)[1], "the same"),
    ],
)
def test_what_has_no_z_is_refused(x, why):
    with pytest.raises(DataError, match=why):
        Susy(20.0, 2.0)(x, noise(2, len(x))[1], 1.0)


@pytest.mark.parametrize("call", [lambda x: Susy(3.0, 3.0)(x, x, 1.0), lambda x: Susy(20.0, 2.0)(x, x[1:], 1.0)])
def test_a_call_that_cannot_be_meant(call):
    with pytest.raises(UsageError):
        call(noise(1, 100)[0])
