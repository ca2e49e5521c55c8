"""The coupled oscillator: the printed digits, refusals, and laws."""

from __future__ import annotations

import math

import numpy as np
import pytest

from coregulation.coupling.measures import oscillator
from coregulation.coupling.measures.inertia import AbsMaxCC, inertia_coordination
from coregulation.coupling.measures.oscillator import (
    CoupledOscillator,
    Embedding,
    InSample,
    OscillatorFit,
    OscillatorTerms,
    OutOfSample,
    coupled_oscillator,
)
from coregulation.errors import DataError, UsageError
from tests.coupling.measures.couples import couples, needs_dial, noise, pair
from tests.coupling.measures.test_inertia import described


@needs_dial
@pytest.mark.parametrize(
    ("couple", "own", "speed", "other", "other_speed", "periods"),
    [
        (2, (-0.02339, -0.02711), (0.00181, 0.00531), (-0.00061, -0.00045), (0.00592, 0.01094), (41.09, 38.16)),
        (3, (-0.01494, -0.01082), (-0.00738, 0.00088), (0.00453, 0.00405), (-0.00659, 0.00283), (51.40, 60.41)),
    ],
)
def test_oscillator_gives_the_printed_digits(couple, own, speed, other, other_speed, periods) -> None:
    fit = coupled_oscillator(*pair(couple), choice=InSample(), close_gaps=True)
    assert fit.embedding == Embedding(5, 5)
    for at, one in enumerate((fit.first, fit.second)):
        told = [one.own, one.own_speed, one.other, one.other_speed]
        np.testing.assert_allclose(told, [own[at], speed[at], other[at], other_speed[at]], atol=5.1e-6)
        assert one.period == pytest.approx(periods[at], abs=0.0051)


@needs_dial
def test_compatibility_means_over_all_80_couples_with_couple_19_as_published() -> None:
    inert, coordinated, both, future, uncoupled = [], [], [], 0, []
    for couple in sorted(couples()):
        first, second = pair(couple)
        if couple == 19:  # one series twice: we refuse it; R drops the aliased terms, so partner terms add nothing
            with pytest.raises(DataError, match="same values"):
                coupled_oscillator(first, second)
            continue
        fit = inertia_coordination(first, second, AbsMaxCC(), close_gaps=True)
        swing = coupled_oscillator(first, second, choice=InSample(), close_gaps=True)
        inert.append(fit.r2_inertia)
        coordinated.append(fit.r2_coordination)
        both.append(fit.r2)
        future += fit.lag < 0
        uncoupled.append(swing.r2_uncoupled)
    # what couple 19 must add to reach the printed means; inertia alone and coordination alone are the same model there
    added = [80 * 0.472638 - sum(inert), 80 * 0.135969 - sum(coordinated), 80 * 0.49623 - sum(both)]
    assert added == pytest.approx([added[0]] * 3, abs=2e-3)
    assert future == 49
    assert 80 * 0.3887 - sum(uncoupled) == pytest.approx(0.51, abs=0.005)
    assert np.min(uncoupled) == pytest.approx(0.1710, abs=5e-5)
    assert np.max(uncoupled) == pytest.approx(0.6478, abs=5e-5)


def test_identical_partners_constant_series_and_short_series_are_refused() -> None:
    a, b = noise(0)
    for first, second, why in ((a, a, "same values"), (a, np.ones_like(a), "does not vary"), (a[:4], b[:4], "too few")):
        with pytest.raises(DataError, match=why):
            coupled_oscillator(first, second)
    for tau, size in ((0, 3), (1, 2)):
        with pytest.raises(UsageError, match="size"):
            Embedding(tau, size)
    assert Embedding(1, 3).derivatives(np.arange(3.0)).shape == (1, 3)
    with pytest.raises(DataError, match="2 values are too few for an embedding over 3"):
        Embedding(1, 3).derivatives(np.arange(2.0))


def test_swapping_the_partners_swaps_the_answer() -> None:
    a, b = noise(1)
    swing, turned = coupled_oscillator(a, b), coupled_oscillator(b, a)
    assert swing.first.own == pytest.approx(turned.second.own)


def test_derivatives_of_a_parabola_are_exact() -> None:
    t = np.arange(50.0)
    found = Embedding(2, 5).derivatives(3 + 2 * t + t**2)
    middle = t[4:-4]
    np.testing.assert_allclose(
        found, np.column_stack([3 + 2 * middle + middle**2, 2 + 2 * middle, 2 + 0 * middle]), atol=1e-8
    )


def test_an_oscillation_keeps_its_period_and_a_gap_stays_one() -> None:
    t = np.arange(600.0)
    rng = np.random.default_rng(3)
    a = np.sin(2 * np.pi * t / 40) + 0.01 * rng.standard_normal(600)
    b = np.cos(2 * np.pi * t / 60) + 0.01 * rng.standard_normal(600)
    a[200:230] = np.nan
    fit = coupled_oscillator(a, b, (Embedding(1, 5), Embedding(2, 5)), OutOfSample())
    assert fit.first.swings
    assert fit.first.period == pytest.approx(40, rel=0.1)
    assert fit.second.period == pytest.approx(60, rel=0.1)


@pytest.mark.parametrize(("own", "swings"), [(-0.01, True), (0.0, False), (0.01, False)])
def test_a_description_has_periods_in_seconds_where_somebody_swings(monkeypatch, own, swings) -> None:
    first, second = OscillatorTerms(-0.04, 0.0, 0.0, 0.0), OscillatorTerms(own, 0.0, 0.0, 0.0)
    fit = OscillatorFit(first, second, Embedding(4, 3), 0.7, 0.6)
    monkeypatch.setattr(oscillator, "coupled_oscillator", lambda *_, **__: fit)
    values = described(CoupledOscillator(), *noise(1), 2.0)
    assert values["period of the first, s"] == pytest.approx(2 * math.pi / 0.2 / 2)
    assert math.isnan(values["period of the second, s"]) is not swings
    assert (values["adjusted R²"], values["adjusted R² without the partner"]) == (0.7, 0.6)


def test_a_description_is_that_of_the_fit() -> None:
    a, b = noise(1)
    fit = coupled_oscillator(a, b, choice=OutOfSample(4))
    values = described(CoupledOscillator(4), a, b, 1.0)
    assert (values["adjusted R²"], values["adjusted R² without the partner"]) == (fit.r2, fit.r2_uncoupled)
