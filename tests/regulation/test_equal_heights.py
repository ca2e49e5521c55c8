"""Clocks that start at one height: a ceiling and a smaller rise no longer look like a quicker return, and a quicker one still does."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coregulation.regulation.equal_heights import time_from_equal_heights
from coregulation.regulation.panel import Panel
from coregulation.regulation.recovery import measure_recoveries
from coregulation.regulation.recovery_comparison import compare_recoveries
from coregulation.signals import Floats
from tests.regulation.truth import A, B, timetable

DESIGN = timetable(3, rest=120.0, hit=20.0, recover=200.0)
CURVES: dict[str, Callable[[Floats], Floats]] = {
    "straight": lambda x: x, "ceiling": lambda x: np.tanh(2.5 * x), "root": lambda x: np.sign(x) * np.abs(x) ** 0.6,
}  # fmt: skip


def courses(alone: float, together: float, height: float, curve: Callable[[Floats], Floats]) -> Panel:
    """Returns with these half-lives (s), from 1 alone and from `height` together, seen through a curve."""
    times = np.arange(0, DESIGN.spans[-1].end)
    hidden = np.zeros((len(times), 2))
    for probe in DESIGN.probes:
        half, top = (together, height) if probe.together else (alone, 1.0)
        for who in probe.hit:
            here = (times >= probe.start) & (times < probe.until)
            hidden[here, DESIGN.people.index(who)] = top * 0.5 ** (np.maximum(times[here] - probe.end, 0.0) / half)
    noise = 0.002 * np.random.default_rng(0).standard_normal(hidden.shape)
    return Panel(times, curve(hidden) + noise)


def ratios(panel: Panel) -> tuple[float, float]:
    """Return half-lives together over alone, from own heights and from equal ones."""
    found = measure_recoveries(panel, DESIGN)
    own, equal = compare_recoveries(found, A), compare_recoveries(time_from_equal_heights(panel, DESIGN, found), A)
    assert own is not None
    assert equal is not None
    return own.ratio.value, equal.ratio.value


@pytest.mark.parametrize("curve", CURVES)
@pytest.mark.parametrize("height", [0.3, 0.5, 1.0])
def test_between_equal_heights_no_curve_makes_a_difference(curve: str, height: float) -> None:
    own, equal = ratios(courses(40.0, 40.0, height, CURVES[curve]))
    assert equal == pytest.approx(1.0, abs=0.06)
    if curve == "ceiling" and height < 0.6:
        assert own < 0.85  # what would pass for help


@pytest.mark.parametrize("curve", CURVES)
def test_a_quicker_return_is_seen_under_every_curve(curve: str) -> None:
    assert ratios(courses(45.0, 15.0, 0.5, CURVES[curve]))[1] == pytest.approx(1 / 3, abs=0.05)


@given(st.floats(10, 60), st.floats(10, 60), st.floats(0.3, 1.5))
def test_from_equal_heights_the_ratio_is_that_of_the_rates(alone: float, together: float, height: float) -> None:
    assert ratios(courses(alone, together, height, CURVES["straight"]))[1] == pytest.approx(together / alone, rel=0.2)


def test_who_lacks_a_kind_and_who_is_already_lower_stay_as_they_are() -> None:
    panel = courses(40.0, 40.0, 0.5, CURVES["straight"])
    found = measure_recoveries(panel, DESIGN)
    again = time_from_equal_heights(panel, DESIGN, found)
    lower = [(one, other) for one, other in zip(found, again, strict=True) if one.together and one.peak <= other.peak]
    assert lower
    assert all(one == other for one, other in lower)
    alone = [one for one in found if not one.together]
    assert time_from_equal_heights(panel, DESIGN, alone) == tuple(alone)
    other_probes = replace(DESIGN, probes=DESIGN.probes[:0])
    assert time_from_equal_heights(panel, other_probes, found) == found


def test_who_never_comes_down_to_that_height_is_a_bound() -> None:
    panel = courses(1e6, 20.0, 0.4, CURVES["straight"])
    found = measure_recoveries(panel, DESIGN)
    again = [one for one in time_from_equal_heights(panel, DESIGN, found) if one.person == B and not one.together]
    assert all(one.censored for one in again)
    assert all(math.isclose(one.half_life, 199.0, abs_tol=2.0) for one in again)
