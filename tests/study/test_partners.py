"""Who stands in for whom: never somebody of the same pair, everybody equally often, the same for the same seed."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coregulation.study.partners import StudySession, stand_ins, strata
from coregulation.study.plan import FULL_MATRIX_PAIRS, StudyPlan


def sessions(pairs: int, visits: int = 1, condition: str = "") -> list[StudySession]:
    return [
        StudySession(f"{condition}{pair:04}-{visit}", f"{pair:04}", condition)
        for pair in range(pairs)
        for visit in range(visits)
    ]


@given(st.integers(5, 20), st.integers(1, 3))
def test_with_few_pairs_everybody_is_compared_with_everybody_else(pairs: int, visits: int):
    (stratum,) = strata(sessions(pairs, visits))
    chosen = stand_ins(stratum, StudyPlan())
    pair_of = {session.name: session.pair for session in stratum.sessions}
    for name, others in chosen.items():
        assert len(others) == (pairs - 1) * visits
        assert pair_of[name] not in {pair_of[other] for other in others}


@given(st.integers(FULL_MATRIX_PAIRS + 1, 150), st.integers(1, 3), st.integers(0, 100))
def test_with_many_pairs_each_round_gives_each_session_another_pairs_partner_once(pairs: int, visits: int, seed: int):
    (stratum,) = strata(sessions(pairs, visits))
    chosen = stand_ins(stratum, StudyPlan(seed=seed))
    pair_of = {session.name: session.pair for session in stratum.sessions}
    for number in range(20):
        assert set(Counter(others[number] for others in chosen.values()).values()) == {1}
    for name, others in chosen.items():
        assert len(set(others)) == 20
        assert pair_of[name] not in {pair_of[other] for other in others}
    assert chosen == stand_ins(stratum, StudyPlan(seed=seed))


@pytest.mark.parametrize(("pairs", "exact"), [(FULL_MATRIX_PAIRS, True), (FULL_MATRIX_PAIRS + 1, False)])
def test_up_to_sixty_four_pairs_partners_are_permuted(pairs: int, exact: bool):
    (stratum,) = strata(sessions(pairs))
    assert stratum.exact is exact


def test_strangers_come_from_the_same_condition():
    layers = strata([*sessions(6, condition="calm"), *sessions(7, condition="stress")])
    assert [(layer.condition, len(layer.sessions)) for layer in layers] == [("calm", 6), ("stress", 7)]
    assert all(other.startswith("calm") for others in stand_ins(layers[0], StudyPlan()).values() for other in others)
