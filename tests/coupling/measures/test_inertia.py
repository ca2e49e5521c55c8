"""Inertia-coordination: the printed digits, refusals, and laws."""

from __future__ import annotations

import math

import numpy as np
import pytest

from coregulation.coupling.description import ComparedPair
from coregulation.coupling.measures.inertia import AbsMaxCC, InertiaCoordination, InertiaLag, inertia_coordination
from coregulation.coupling.surface import Surface
from coregulation.errors import DataError, UsageError
from coregulation.signals import Signal, Unit
from tests.coupling.measures.couples import needs_dial, noise, pair


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
    two = inertia_coordination(*pair(2), InertiaLag(5), close_gaps=True)
    told = [two.first.inertia, two.first.coordination, two.second.inertia, two.second.coordination]
    np.testing.assert_allclose(
        [*told, two.first.intercept, two.second.intercept],
        [0.08081, 0.39684, 0.30510, -0.10923, -0.01331, -0.00745], atol=5e-6,
    )  # fmt: skip


def test_series_of_two_lengths_and_a_lag_of_nothing_are_refused() -> None:
    a, b = noise(0)
    with pytest.raises(DataError, match="one length"):
        inertia_coordination(a, b[:-1], InertiaLag(1))
    with pytest.raises(UsageError, match="at least one"):
        InertiaLag(0)


def test_swapping_the_partners_swaps_the_answer() -> None:
    a, b = noise(1)
    one, other = inertia_coordination(a, b, InertiaLag(2)), inertia_coordination(b, a, InertiaLag(2))
    np.testing.assert_allclose(
        [one.first.inertia, one.first.coordination], [other.second.inertia, other.second.coordination], rtol=1e-9
    )


def test_a_driven_partner_is_found_at_its_lag() -> None:
    rng = np.random.default_rng(2)
    leader = rng.standard_normal(3000)
    follower = 0.8 * np.roll(leader, 3) + 0.3 * rng.standard_normal(3000)
    fit = inertia_coordination(leader, follower, InertiaLag(3))
    assert fit.second.coordination == pytest.approx(0.8, abs=0.03)
    assert fit.first.coordination == pytest.approx(0.0, abs=0.06)


def described(measure, a, b, rate):
    x, y = (Signal(values, rate, 0.0, Unit.ARBITRARY) for values in (a, b))
    values = measure.describe(ComparedPair(x, y, Surface(np.empty((0, 1)), np.zeros(1), np.empty(0))))
    return dict(zip(measure.quantities, values, strict=True))


@pytest.mark.parametrize(("rate", "lag", "steps"), [(2.0, 1.5, 3), (1.0, 3.0, 3), (0.5, 0.1, 1)])
def test_a_description_has_its_lag_in_seconds(rate, lag, steps) -> None:
    a, b = noise(1)
    values = described(InertiaCoordination(lag), a, b, rate)
    fit = inertia_coordination(a, b, InertiaLag(steps))
    assert values["inertia of the first"] == fit.first.inertia
    assert values["coordination of the second"] == fit.second.coordination
    assert values["adjusted R²"] == fit.r2
    assert all(math.isfinite(value) for value in values.values())
