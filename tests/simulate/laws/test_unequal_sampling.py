import numpy as np
import pytest

from coregulation.errors import UsageError
from coregulation.simulate.dynamics import HeartRateLike
from coregulation.simulate.laws.coupled import Coupled
from coregulation.simulate.laws.independent import Independent
from coregulation.simulate.laws.unequal_sampling import UnequallySampled
from tests.simulate.laws.drawn import correlation


def test_uneven_readings_lose_detail_only():
    even = Coupled(1.0, own=HeartRateLike(noise=0.0))
    x = UnequallySampled(even, rates=(2.0, 0.5), jitter=0.0).draw(np.random.default_rng(1), 20, 300, 2.0)
    assert 0.85 < correlation(x[:, 0], x[:, 1]).mean() < 0.999


def test_jitter_is_allowed_up_to_three_tenths():
    assert UnequallySampled(Independent(), jitter=0.3).jitter == 0.3
    for wrong in (0.301, -0.001):
        with pytest.raises(UsageError, match=r"jitter in 0 to \.3"):
            UnequallySampled(Independent(), jitter=wrong)


def test_a_rate_must_be_positive():
    with pytest.raises(UsageError, match="Rates must be positive"):
        UnequallySampled(Independent(), rates=(1.0, 0.0))
