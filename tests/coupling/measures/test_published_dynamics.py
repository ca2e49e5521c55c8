"""Inertia-coordination and the coupled oscillator: the printed digits (SCIENCE.md D5, PEERS.md 5.2), refusals, and laws."""

from __future__ import annotations

import csv
import gzip
from functools import cache

import numpy as np
import pytest

from coregulation.coupling.measures.inertia import AbsMaxCC, FixedLag, inertia_coordination
from coregulation.coupling.measures.oscillator import Embedding, InSample, OutOfSample, coupled_oscillator
from coregulation.coupling.measures.regression import regress
from coregulation.errors import DataError, UsageError
from tests.paths import SHARED

DIAL = SHARED / "couples-dial/couples_dial.csv.gz"
needs_dial = pytest.mark.skipif(
    not DIAL.exists(), reason="couples-dial is GPL-3 and not shipped; it is not beside this checkout"
)


@cache
def couples() -> dict[int, dict[int, dict[int, float]]]:
    found: dict[int, dict[int, dict[int, float]]] = {}
    with gzip.open(DIAL, "rt") as file:
        for row in csv.DictReader(file):
            value = float(row["dial"]) if row["dial"] not in ("", "NA") else np.nan
            found.setdefault(int(row["couple"]), {}).setdefault(int(row["female"]), {})[int(row["time"])] = value
    return found


def pair(couple: int) -> tuple[np.ndarray, np.ndarray]:
    both = couples()[couple]
    times = sorted(set(both[0]) | set(both[1]))
    first, second = (np.array([both[who].get(t, np.nan) for t in range(times[0], times[-1] + 1)]) for who in (0, 1))
    return first, second


@needs_dial
def test_inertia_with_the_published_lag_gives_the_printed_digits() -> None:
    two = inertia_coordination(*pair(2), AbsMaxCC(), close_gaps=True)
    told = [two.first.intercept, two.second.intercept, two.first.inertia, two.first.coordination, two.second.inertia]
    np.testing.assert_allclose(
        [*told, two.second.coordination], [-0.00518, 0.00637, 0.10804, -0.22004, 0.26794, 0.16868], atol=5e-6
    )
    five = inertia_coordination(*pair(5), AbsMaxCC(), close_gaps=True)
    told = [five.first.inertia, five.first.coordination, five.second.inertia, five.second.coordination]
    np.testing.assert_allclose(told, [0.89872, 0.01770, 0.86085, 0.05884], atol=5e-6)
    assert two.lag < 0, "the published lag regresses couple 2 on the future"


@needs_dial
def test_inertia_with_a_fixed_lag_gives_the_digits_of_the_right_path() -> None:
    two = inertia_coordination(*pair(2), FixedLag(5), close_gaps=True)
    told = [two.first.inertia, two.first.coordination, two.second.inertia, two.second.coordination]
    np.testing.assert_allclose(
        [*told, two.first.intercept, two.second.intercept],
        [0.08081, 0.39684, 0.30510, -0.10923, -0.01331, -0.00745], atol=5e-6,
    )  # fmt: skip


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


def noise(seed: int, n: int = 400) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.standard_normal(n).cumsum(), rng.standard_normal(n).cumsum()


def test_identical_partners_constant_series_and_short_series_are_refused() -> None:
    a, b = noise(0)
    for first, second, why in ((a, a, "same values"), (a, np.ones_like(a), "does not vary"), (a[:4], b[:4], "too few")):
        with pytest.raises(DataError, match=why):
            coupled_oscillator(first, second)
    with pytest.raises(DataError, match="one length"):
        inertia_coordination(a, b[:-1], FixedLag(1))
    with pytest.raises(UsageError, match="at least one"):
        FixedLag(0)
    with pytest.raises(UsageError, match="size"):
        Embedding(1, 2)


@pytest.mark.parametrize(("digits", "scale"), [(0.0, 1.0), (1e-13, 1.0), (1e-12, 1e-12), (1e-12, 1e12)])
def test_a_column_that_follows_from_others_is_refused_whatever_its_last_digits(digits: float, scale: float) -> None:
    rng = np.random.default_rng(1)
    first, second, last = rng.standard_normal((3, 300))
    design = np.column_stack([first, second, scale * (first - second + digits * last)])
    with pytest.raises(DataError, match="not independent"):
        regress(design, rng.standard_normal(300))
    design[:, 2] = scale * last  # in a small unit a column is no less independent
    assert regress(design, last).coefficients == pytest.approx([0, 0, 1 / scale], rel=1e-9, abs=1e-9)


def test_swapping_the_partners_swaps_the_answer() -> None:
    a, b = noise(1)
    one, other = inertia_coordination(a, b, FixedLag(2)), inertia_coordination(b, a, FixedLag(2))
    np.testing.assert_allclose(
        [one.first.inertia, one.first.coordination], [other.second.inertia, other.second.coordination], rtol=1e-9
    )
    swing, turned = coupled_oscillator(a, b), coupled_oscillator(b, a)
    assert swing.first.own == pytest.approx(turned.second.own)


def test_a_driven_partner_is_found_at_its_lag() -> None:
    rng = np.random.default_rng(2)
    leader = rng.standard_normal(3000)
    follower = 0.8 * np.roll(leader, 3) + 0.3 * rng.standard_normal(3000)
    fit = inertia_coordination(leader, follower, FixedLag(3))
    assert fit.second.coordination == pytest.approx(0.8, abs=0.03)
    assert fit.first.coordination == pytest.approx(0.0, abs=0.06)


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


def test_dependent_columns_are_refused() -> None:
    x = np.arange(10.0)
    with pytest.raises(DataError, match="not independent"):
        regress(np.column_stack([x, 2 * x]), x)
