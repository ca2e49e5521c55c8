import numpy as np

from coregulation.simulate.laws.clock_drift import Drifting
from coregulation.simulate.laws.coupled import Coupled


def test_a_drifting_clock_moves_the_second_series_alone():
    ahead = Drifting(Coupled(1.0), ppm=0.0, offset=2.0).draw(np.random.default_rng(1), 3, 50, 2.0)
    assert np.allclose(ahead[:, 1, :-4], ahead[:, 0, 4:])
    behind = Drifting(Coupled(1.0), ppm=0.0, offset=-2.0).draw(np.random.default_rng(1), 3, 50, 2.0)
    assert np.allclose(behind[:, 0, :-4], behind[:, 1, 4:])
