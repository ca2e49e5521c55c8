"""Restless at the same times, and in nothing else alike."""

import numpy as np
import pytest

from coregulation.simulate.laws.liveliness import LAWS, CommonLiveliness


def test_sizes_go_together_and_signs_do_not():
    series = CommonLiveliness().draw(np.random.default_rng(1), 60, 600.0, 2.0)
    first, second = series[:, 0], series[:, 1]
    signed = [np.corrcoef(a, b)[0, 1] for a, b in zip(first, second, strict=True)]
    sizes = [np.corrcoef(abs(a), abs(b))[0, 1] for a, b in zip(first, second, strict=True)]
    assert abs(np.mean(signed)) < 0.1
    assert np.mean(sizes) > 0.2


def test_without_spread_it_is_each_ones_own():
    law = CommonLiveliness(0.0)
    assert np.isfinite(law.draw(np.random.default_rng(1), 2, 60.0, 2.0)).all()
    assert law.link == LAWS[0].generator.link
    assert not law.link.beyond_own
    assert LAWS[0].seconds == pytest.approx(600.0)
