import numpy as np
import pytest

from coregulation.simulate.laws.common_input import CommonInput
from tests.simulate.laws.drawn import correlation


def test_a_shared_input_is_shared_by_all_pairs_and_a_private_one_by_two():
    shared = CommonInput(weight=3.0).draw(np.random.default_rng(1), 60, 300, 2.0)
    private = CommonInput(weight=3.0, shared=False).draw(np.random.default_rng(1), 60, 300, 2.0)
    for x, strangers in ((shared, 0.8), (private, 0.0)):
        assert correlation(x[:, 0], x[:, 1]).mean() > 0.8
        assert correlation(x[:-1, 0], x[1:, 1]).mean() == pytest.approx(strangers, abs=0.12)


def test_an_input_without_weight_links_nobody():
    assert not CommonInput(weight=0.0, shared=False).link.beyond_own
    assert CommonInput(shared=False).link.beyond_script
    assert not CommonInput().link.beyond_script
