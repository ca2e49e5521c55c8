"""Negative controls: right in size where nothing is wrong, and seen where a slow state decides."""

from __future__ import annotations

import numpy as np
import pytest

from coregulation.regulation.natural.answer import _collect
from coregulation.regulation.natural.controls import CLOSED, MIN_SHIFTS, negative_controls
from coregulation.regulation.natural.partner import PartnerStates
from coregulation.regulation.natural.regression import RiseTable
from coregulation.simulate.natural_pairs import NATURAL_LAWS
from tests.regulation.natural.courses import simulated


def table_of(rows: int, effect: float = 0.0, seed: int = 0, rises: int = 40) -> RiseTable:
    """Rises whose end depends on the other's state long before, as it was (row 0)."""
    rng = np.random.default_rng(seed)
    states = [rng.random((rows, rises)) for _ in range(5)]
    left = effect * states[3][0] + 0.3 * rng.standard_normal(rises)
    return RiseTable(np.zeros(rises, dtype=int), left, rng.standard_normal((rises, 3)), PartnerStates(*states))


def test_the_size_is_right_without_an_effect():
    ps = np.array([negative_controls(table_of(100, seed=seed)) for seed in range(300)])
    assert 0.02 <= np.mean(ps < CLOSED) <= 0.09


def test_what_the_other_was_long_before_is_seen():
    assert negative_controls(table_of(200, effect=2.0)) < 0.02


def test_help_does_not_close_it_more_often():
    sessions = simulated(NATURAL_LAWS["help"], 60, 5400, 8)
    ps = [negative_controls(_collect([session], np.random.default_rng(0), 99).table) for session in sessions]
    assert np.mean(np.array(ps) < CLOSED) <= 0.15


@pytest.mark.parametrize(("moves", "answered"), [(98, False), (99, True), (100, True)])
def test_ninety_nine_moves_give_a_p(moves: int, answered: bool):
    assert MIN_SHIFTS == 99
    assert np.isfinite(negative_controls(table_of(1 + moves))) == answered


def test_without_a_state_long_after_there_is_no_p():
    table = table_of(120)
    table.partner.long_after[:] = np.nan
    assert np.isnan(negative_controls(table))
