import numpy as np

from coregulation.simulate.laws.paced_rhythm import PacedRhythm
from tests.simulate.laws.drawn import correlation


def test_a_pacer_is_followed_in_step_and_is_in_the_script():
    paced = PacedRhythm(height=5.0, phase_sd=0.0).draw(np.random.default_rng(1), 20, 200, 2.0)
    assert correlation(paced[:, 0], paced[:, 1]).mean() > 0.8
    assert PacedRhythm().link.beyond_own
    assert not PacedRhythm().link.beyond_script
