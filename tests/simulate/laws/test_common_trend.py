import math

import numpy as np
import pytest

from coregulation.simulate.laws.common_trend import CommonTrend


def test_a_trend_settles_in_both_and_links_nobody():
    settling = CommonTrend(height=3.0).draw(np.random.default_rng(1), 500, 600, 2.0)
    assert settling[..., 0].mean() == pytest.approx(3.0, abs=0.15)
    assert settling[..., -1].mean() == pytest.approx(3.0 * math.exp(-4), abs=0.15)
    assert not CommonTrend().link.beyond_own
