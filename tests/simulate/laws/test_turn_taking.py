import numpy as np

from coregulation.simulate.laws.turn_taking import TurnTaking
from tests.simulate.laws.drawn import correlation


def test_turns_make_opposites():
    turns = TurnTaking(rise=4.0).draw(np.random.default_rng(1), 50, 600, 2.0)
    assert correlation(turns[:, 0], turns[:, 1]).mean() < -0.3
    assert TurnTaking(shared=True).link.beyond_script is False
    assert TurnTaking().link.beyond_script is True
