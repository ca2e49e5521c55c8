"""The other's state around rises, held against a slow loop."""

from __future__ import annotations

import numpy as np
import pytest

from coregulation.regulation.natural.partner import (
    BEFORE,
    EARLIER,
    LATER,
    LONG_AFTER,
    LONG_BEFORE,
    draw_shifts,
    own_levels,
    partner_states,
    settledness,
)
from tests.regulation.natural.courses import rises_at

T = 1500


def slow_mean(level, at, span, shift):
    """Mean of a course that was rolled, from the samples inside the recording; NaN where under half is known."""
    rolled, first, last = np.roll(level, shift), round(at + span[0]), round(at + span[1])
    part = rolled[max(0, first) : max(0, min(len(level), last))]
    known = part[np.isfinite(part)]
    return known.mean() if len(known) and len(known) >= 0.5 * (last - first) else np.nan


def test_the_batch_equals_a_slow_loop_with_gaps_edges_and_shifts():
    rng = np.random.default_rng(0)
    level = np.cumsum(rng.standard_normal(T)) / 10
    level[400:520] = np.nan
    rises, shifts = rises_at(np.array([30, 210, 500, 900, 1300, 1450])), np.array([0, 60, 777, T - 60])
    states = partner_states(level, rises, 1.0, shifts)
    for row, shift in enumerate(shifts):
        for column, start in enumerate(rises.starts):
            expected = [slow_mean(level, start, span, shift) for span in (BEFORE, EARLIER, LONG_BEFORE, LONG_AFTER)]
            expected.append(slow_mean(level, rises.peaks[column], LATER, shift))
            got = [states.settled, None, states.long_before, states.long_after, None]
            plain = [None, states.earlier, None, None, states.later]
            for value, soft, hard in zip(expected, got, plain, strict=True):
                if soft is not None:
                    assert soft[row, column] == pytest.approx(settledness(np.array(value)), nan_ok=True)
                else:
                    assert hard[row, column] == pytest.approx(value, nan_ok=True)


@pytest.mark.parametrize(("known", "valid"), [(8, False), (9, True), (10, True)])
def test_half_of_the_time_just_before_must_be_known(known: int, valid: bool):
    level = np.zeros(T)
    level[480 : 498 - known] = np.nan
    settled = partner_states(level, rises_at(np.array([500])), 1.0, np.array([0])).settled
    assert np.isfinite(settled[0, 0]) == valid


def test_one_is_half_settled_a_spread_above_the_floor_and_changes_gradually():
    assert settledness(np.array(1.0)) == 0.5
    assert settledness(np.array(0.0)) > 0.9
    assert settledness(np.array(2.0)) < 0.1
    assert settledness(np.array([1e6, -1e6])) == pytest.approx([0.0, 1.0])


@pytest.mark.parametrize(("seconds", "possible"), [(119, False), (120, False), (121, True)])
def test_a_course_is_moved_by_at_least_a_minute_either_way(seconds: int, possible: bool):
    shifts = draw_shifts(seconds, 1.0, 99, np.random.default_rng(0))
    assert bool(len(shifts)) == possible
    many = draw_shifts(1000, 2.0, 20_000, np.random.default_rng(0))
    assert (many.min(), many.max()) == (120, 880)


def test_own_slow_levels_are_those_of_the_person():
    level = np.arange(T, dtype=float)
    rises = rises_at(np.array([500]))
    assert own_levels(level, rises, 1.0)[0] == pytest.approx([500 - 120.5, 510 + 109.5])
