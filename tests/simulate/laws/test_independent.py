import numpy as np

from coregulation.simulate.laws.independent import LAWS
from tests.simulate.laws.drawn import correlation


def test_the_slower_people_are_the_further_chance_carries_them():
    spread = []
    for law in LAWS:
        x = law.generator.draw(np.random.default_rng(1), 300, 300, 2.0)
        spread.append(correlation(x[:, 0], x[:, 1]).std())
        assert not law.generator.link.beyond_own
    assert [law.generator.own.tau for law in LAWS] == [5.0, 12.0, 30.0, 60.0]
    assert spread == sorted(spread)
