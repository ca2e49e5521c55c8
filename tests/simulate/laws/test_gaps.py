"""Each pattern of gaps is what it says it is."""

import numpy as np
import pytest

from coregulation.simulate.laws.coupled import Coupled
from coregulation.simulate.laws.gaps import LAWS, Gappy, InTurn, RandomGaps, Staggered

N, RATE = 2400, 2.0


def missing(pattern, seed=1, n=N):
    return pattern.missing(np.random.default_rng(seed), n, RATE)


@pytest.mark.parametrize("common", [True, False])
def test_half_of_the_time_is_missing_to_both_at_once_or_to_each_on_their_own(common):
    drawn = [missing(RandomGaps(common), seed, 40_000) for seed in range(5)]
    assert np.mean(drawn) == pytest.approx(0.5, abs=0.1)
    assert all(np.array_equal(*each) for each in drawn) is common
    edges = np.flatnonzero(np.diff(drawn[0][0].astype(int)))
    assert np.diff(edges).mean() / RATE == pytest.approx(120, rel=0.3)


def test_staggered_people_have_a_fifth_of_the_time_in_common():
    gone = missing(Staggered())
    assert (~gone).mean(axis=1).tolist() == [0.6, 0.6]
    assert (~gone).all(axis=0).mean() == pytest.approx(0.2)
    assert not gone[0][0]
    assert not gone[1][-1]


def test_one_of_two_is_lost_then_none_then_the_other():
    gone = missing(InTurn(180.0, 90.0))
    assert not gone.all(axis=0).any()
    assert gone[:, [0, 359]].T.tolist() == [[True, False]] * 2
    assert gone[:, [360, 539]].T.tolist() == [[False, False]] * 2
    assert gone[:, [540, 899]].T.tolist() == [[False, True]] * 2


def test_what_is_there_is_the_law():
    law = Gappy(Staggered(), Coupled(0.5, 2.0))
    plain, gappy = (each.draw(np.random.default_rng(1), 3, 300.0, RATE) for each in (law.of, law))
    there = np.isfinite(gappy)
    assert np.array_equal(gappy[there], plain[there])
    assert law.link == law.of.link


def test_every_law_but_one_links_nobody():
    assert [law.name for law in LAWS if law.generator.link.coupled] == ["gaps-coupled"]
