import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coregulation.coupling.nulls.pseudo_dyads import PseudoMember, match_support, pseudo_dyads, stand_in_partners
from coregulation.signals import Signal, Unit


def signal(values, start=0.0):
    return Signal(values, 1.0, start, Unit.ARBITRARY)


def member(person, session, role=None):
    return PseudoMember(person, role, session, signal(np.zeros(3)))


POOL = [
    member("pat", 0, "patient"), member("th", 0, "therapist"),
    member("pat 2", 1, "patient"), member("th", 1, "therapist"),
    member("who", 2), member("pat", 3, "patient"),
]  # fmt: skip


def names(pairs):
    return [((a.person, a.session), (b.person, b.session)) for a, b in pairs]


def test_a_stand_in_has_the_role_comes_from_elsewhere_and_is_somebody_else():
    assert [(m.person, m.session) for m in stand_in_partners(POOL[0], POOL[1], POOL)] == [("th", 1), ("who", 2)]
    assert [(m.person, m.session) for m in stand_in_partners(POOL[1], POOL[0], POOL)] == [
        ("pat 2", 1),
        ("who", 2),
        ("pat", 3),
    ]
    assert names(pseudo_dyads(POOL[0], POOL[1], POOL)) == [
        (("pat", 0), ("th", 1)), (("pat", 0), ("who", 2)),
        (("pat 2", 1), ("th", 0)), (("who", 2), ("th", 0)), (("pat", 3), ("th", 0)),
    ]  # fmt: skip


def test_somebody_without_a_role_can_be_replaced_by_anybody():
    nobody = member("x", 0)
    assert len(stand_in_partners(POOL[1], nobody, POOL)) == 3


@given(st.integers(-30, 30), st.integers(0, 40), st.lists(st.integers(0, 19), max_size=5))
def test_a_stand_in_covers_the_same_time_with_the_same_gaps(late, length, gaps):
    values = np.arange(20.0)
    values[gaps] = np.nan
    mine, other = signal(values, 5.0), signal(100.0 + np.arange(length), 5.0 + late)
    found = match_support(other, mine)
    assert (found.start, len(found), found.rate) == (5.0, 20, 1.0)
    for k in range(20):
        there = 0 <= k - late < length and k not in gaps
        assert found.values[k] == pytest.approx(100.0 + k - late if there else math.nan, nan_ok=True)
