"""Each threshold of a group's answer: just below, at, and just above it."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from coregulation.analysis.group import is_comparable
from coregulation.coupling.nulls.pseudo_dyads import PseudoMember
from coregulation.coupling.reasons import LinkageRefusal
from coregulation.reasons import because
from coregulation.signals import Signal, Unit
from tests.sessions import QUICK, session, wander


def pool(here, away):
    nothing = Signal(np.zeros(1), 1.0, 0.0, Unit.ARBITRARY)
    return [PseudoMember(f"p{k}", None, int(k >= here), nothing) for k in range(here + away)]


@pytest.mark.parametrize(
    ("here", "away", "cells", "comparable"),
    [(3, 4, 0, False), (3, 4, 1, False), (3, 4, 5, False), (3, 4, 6, True), (3, 4, 7, True), (3, 1, 1, False), (3, 1, 2, True)],
)  # fmt: skip
def test_half_of_the_pairings_across_sessions_must_be_comparable(here, away, cells, comparable):
    matrix = np.full((here + away, here + away), np.nan)
    matrix[:here, :here] = matrix[here:, here:] = 1.0  # those inside a session do not count
    for i, j in list(itertools.product(range(here), range(here, here + away)))[:cells]:
        matrix[i, j] = matrix[j, i] = 1.0
    assert is_comparable(matrix, pool(here, away)) is comparable


def test_without_another_session_nothing_is_comparable():
    assert not is_comparable(np.ones((3, 3)), pool(3, 0))


@pytest.mark.parametrize(("movable", "answered"), [(2, False), (3, True), (4, True)])
def test_three_people_must_be_able_to_change_places(movable, answered):
    here = {f"{n}0": wander(k) for k, n in enumerate("abcd")}
    there = {f"{n}1": wander(20 + k) for k, n in enumerate("abcd")}
    roles = {f"{n}0": n for n in "abcd"} | {f"{n}1": n if k < movable else f"other {n}" for k, n in enumerate("abcd")}
    script = QUICK(session(here, roles=roles), [session(there, roles=roles)]).groups[1]
    assert (script.p is not None) is answered
    assert (script.refused == because(LinkageRefusal.FEW_MOVABLE, count=movable, needed=3)) is not answered


@pytest.mark.parametrize(("people", "pairs"), [("abc", 2), ("abc", 3), ("abcd", 5)])
def test_a_group_needs_three_comparable_pairs(people, pairs):
    series = {name: wander(k, 1200) for k, name in enumerate(people, 1)}
    if pairs in (2, 5):  # b and c are never there together, so one pair is left out
        series["b"][1200:] = series["c"][:1200] = np.nan
    (group,) = QUICK(session(series)).groups
    assert np.isfinite(group.matrix[np.triu_indices(len(people), 1)]).sum() == pairs
    assert (group.p is None) is (pairs < 3)
    assert (len(group.without) == 0) is (pairs < 3)
