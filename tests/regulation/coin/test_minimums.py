"""How much data the coin's answer needs: just below, at, and just above."""

from __future__ import annotations

import numpy as np
import pytest

from coregulation.errors import DataError
from coregulation.regulation.coin.outcomes import MIN_VALID, CoinOutcomes, _mean
from coregulation.regulation.coin.randomisation import ask_coin
from coregulation.signals import Signal, Unit


@pytest.mark.parametrize(("cues", "enough"), [(3, False), (4, True), (5, True), (7, True), (8, True), (9, False)])
def test_four_flips_of_each_kind_are_needed(cues: int, enough: bool) -> None:
    rng = np.random.default_rng(0)
    outcomes = CoinOutcomes(
        rng.standard_normal(12), rng.standard_normal((12, 2)), np.arange(12) < cues, np.ones(12, bool)
    )
    if enough:
        assert ask_coin([outcomes], draws=99).flips == 12
    else:
        with pytest.raises(DataError, match="at least 4 of each kind"):
            ask_coin([outcomes], draws=99)


@pytest.mark.parametrize(("valid", "known"), [(49, False), (50, True), (51, True)])
def test_half_of_a_span_must_be_valid(valid: int, known: bool) -> None:
    values = np.ones(100)
    values[valid:] = np.nan
    assert MIN_VALID == 0.5
    assert np.isfinite(_mean(Signal(values, 1.0, 0.0, Unit.ARBITRARY), 0.0, (0.0, 100.0))) == known
