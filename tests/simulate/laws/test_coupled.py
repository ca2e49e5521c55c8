import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coregulation.errors import UsageError
from coregulation.simulate.laws.coupled import Coupled
from coregulation.simulate.laws.independent import Independent


@settings(deadline=None)  # the first call loads scipy
@given(st.floats(-1, 1), st.integers(0, 8))
def test_coupling_keeps_the_variance_and_shows_at_its_lag(strength, half_seconds):
    law = Coupled(strength, half_seconds / 2)
    x = law.draw(np.random.default_rng(2), 3000, 10, 2.0)
    assert x[:, 1].var() == pytest.approx(1.4, abs=0.1)
    a, b = x[:, 0, 3], x[:, 1, 3 + half_seconds]
    assert np.corrcoef(a, b)[0, 1] == pytest.approx(strength, abs=0.08)


def test_no_coupling_is_no_link():
    assert Coupled(0.0).link == Independent().link


@pytest.mark.parametrize(("strength", "lag"), [(1.0, 0.0), (-1.0, 0.0), (0.5, 3.0)])
def test_strengths_up_to_one_and_lags_from_nothing_are_allowed(strength, lag):
    assert Coupled(strength, lag).link.beyond_script


@pytest.mark.parametrize(
    ("strength", "lag", "message"),
    [
        (1.001, 0.0, "between -1 and 1"),
        (-1.001, 0.0, "between -1 and 1"),
        (0.5, -0.001, "from 0 up"),
        (0.5, math.nan, "from 0 up"),
    ],
)
def test_what_cannot_be_meant_is_refused(strength, lag, message):
    with pytest.raises(UsageError, match=message):
        Coupled(strength, lag)


def test_a_lag_between_samples_is_refused():
    with pytest.raises(UsageError, match="no whole number of samples"):
        Coupled(0.5, 0.3).draw(np.random.default_rng(1), 1, 60, 2.0)
