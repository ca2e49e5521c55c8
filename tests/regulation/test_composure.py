"""A person's own composure, and both up at once."""

from __future__ import annotations

import numpy as np
import pytest

from coregulation.errors import DataError, UsageError
from coregulation.regulation.co_escalation import CoEscalationDetector
from coregulation.regulation.composure import measure_composure
from coregulation.signals import Window

TIMES = np.arange(600.0)
MOMENTS = [Window(start, start + 60.0) for start in (200.0, 330.0, 460.0)]
REST = [Window(0.0, 150.0)]


def trace(rise: float, seed: int = 0) -> np.ndarray:
    values = np.random.default_rng(seed).standard_normal(600)
    for moment in MOMENTS:
        values[int(moment.start) : int(moment.end)] += rise
    return values


def test_a_rise_with_the_other_is_told_in_rest_sds() -> None:
    told = measure_composure("ben", TIMES, trace(2.0), MOMENTS, REST, (TIMES, 15 + trace(1.0, 1)))
    assert told.rise.low < 2.0 < told.rise.high
    assert told.rise.low > 0
    assert told.breath is not None
    assert told.breath.value == pytest.approx(1.0, abs=0.5)
    calm = measure_composure("ben", TIMES, trace(0.0), MOMENTS, REST)
    assert calm.rise.low < 0 < calm.rise.high
    assert calm.variance.low < 0 < calm.variance.high
    assert calm.breath is None
    assert calm.moments == 3


def test_one_moment_has_no_bounded_interval() -> None:
    assert np.isinf(measure_composure("ben", TIMES, trace(2.0), MOMENTS[:1], REST).rise.high)


def test_steadiness_needs_moments_rest_and_values() -> None:
    with pytest.raises(UsageError, match="none came"):
        measure_composure("ben", TIMES, trace(0.0), [], REST)
    with pytest.raises(DataError, match="no rest"):
        measure_composure("ben", TIMES, trace(0.0), MOMENTS, [])
    with pytest.raises(DataError, match="No moment"):
        measure_composure("ben", TIMES, np.where(TIMES < 150, trace(0.0), np.nan), MOMENTS, REST)
    lost = measure_composure("ben", TIMES, trace(0.0), MOMENTS, REST, (TIMES, np.full(600, np.nan)))
    assert lost.breath is None


def test_a_rupture_is_found_with_its_repair() -> None:
    heights = np.zeros((600, 2))
    heights[100:, 0] = 6 * 0.5 ** ((TIMES[100:] - 100) / 40)
    heights[110:, 1] = 4 * 0.5 ** ((TIMES[110:] - 110) / 20)
    (episode,) = CoEscalationDetector().find(TIMES, heights)
    assert episode.onset == 110
    assert episode.peaks == pytest.approx((6 * 0.5**0.25, 4.0))
    assert episode.repaired == pytest.approx(150, abs=1)
    assert episode.time_to_repair == pytest.approx(40, abs=1)


def test_the_way_down_is_no_new_rupture_and_a_second_rise_is() -> None:
    heights = np.zeros((600, 2))
    for start in (100, 350):
        heights[start:] = 90 * 0.5 ** ((TIMES[start:, None] - start) / 30)
    first, second = CoEscalationDetector().find(TIMES, heights)
    assert (first.onset, second.onset) == (100, 350)
    heights[350:] = 90 * 0.5 ** ((TIMES[350:, None] - 100) / 30)
    assert len(CoEscalationDetector().find(TIMES, heights)) == 1


def test_a_rupture_without_repair_is_kept_and_one_person_up_is_none() -> None:
    heights = np.zeros((600, 2))
    heights[500:] = 5.0
    (episode,) = CoEscalationDetector().find(TIMES, heights)
    assert episode.repaired is None
    assert episode.time_to_repair is None
    assert episode.until == 599
    heights[:, 1] = 0.0
    assert CoEscalationDetector().find(TIMES, heights) == ()
    with pytest.raises(UsageError, match="two people"):
        CoEscalationDetector().find(TIMES, heights[:, :1])
    with pytest.raises(UsageError, match="positive"):
        CoEscalationDetector(up=0.0)
