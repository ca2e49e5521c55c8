"""Own rises: where they begin and peak, what is left of them, and which are somebody else's."""

from __future__ import annotations

import numpy as np
import pytest

from coregulation.regulation.natural import rises as module
from coregulation.regulation.natural.rises import find_rises, smoothed
from tests.regulation.natural.courses import course, nothing

T = 900


def find(level, driven=None, events=None, rate=1.0):
    none = nothing(len(level))
    return find_rises(level, rate, none if driven is None else driven, none if events is None else events)


def test_rises_are_found_where_they_are_and_what_is_left_is_measured():
    found = find(course(T, [200, 400, 700], decay=20.0))
    assert np.abs(found.peaks - [200, 400, 700]).max() <= 2
    assert ((found.peaks - found.starts > 8) & (found.peaks - found.starts < 17)).all()
    expected = np.log(np.exp(-np.arange(5, 40) / 20.0).mean())
    assert np.allclose(found.left, expected, atol=0.15)


def test_slower_ones_have_more_left():
    found = find(course(T, [200, 500], decay=[10.0, 40.0]))
    assert found.left[0] < found.left[1] - 0.5


def test_what_is_left_counts_at_least_a_twentieth():
    level = course(T, [200])
    level[203:260] = -1.0
    assert find(level).left[0] == pytest.approx(np.log(0.05))


@pytest.mark.parametrize(("height", "count"), [(1.49, 0), (1.5, 1), (1.51, 1)])
def test_a_peak_is_one_and_a_half_spreads_high(height: float, count: int):
    level = course(T, [300])
    smooth = smoothed(level, 1.0)
    assert len(find(level * height / smooth.max()).peaks) == count


@pytest.mark.parametrize(("climb", "count"), [(0.999, 0), (1.0 + 1e-9, 1), (1.001, 1)])
def test_a_climb_is_one_spread(climb: float, count: int):
    level = course(T, [300], decay=300.0)
    level = level / smoothed(level, 1.0).max() * climb
    assert len(find(level + 2.0).peaks) == count


@pytest.mark.parametrize(("length", "count"), [(25, 1), (30, 1), (80, 0)])
def test_a_climb_happens_in_half_a_minute(length: int, count: int):
    level = np.interp(np.arange(T), [0, 300 - length, 300, 400, T], [0, 0, 2.2, 0, 0])
    assert len(find(level).peaks) == count


@pytest.mark.parametrize(("apart", "count"), [(35, 1), (36, 2), (37, 2)])
def test_peaks_are_over_thirty_five_seconds_apart(apart: int, count: int):
    found = find(np.maximum(course(T, [300], decay=5.0), course(T, [300 + apart], decay=5.0, height=2.9)))
    assert len(found.peaks) == count
    assert abs(found.peaks[0] - 300) <= 1


@pytest.mark.parametrize(("missing", "count"), [(17, 1), (18, 0), (19, 0)])
def test_half_of_the_time_after_a_peak_must_be_known(missing: int, count: int):
    level = course(T, [300])
    peak = find(level).peaks[0]
    level[peak + 40 + 2 - missing - 2 : peak + 60] = np.nan
    known = np.isfinite(smoothed(level, 1.0)[peak + 5 : peak + 40]).sum()
    assert len(find(level).peaks) == (known >= 17.5)
    assert (known >= 17.5) == (count == 1)


@pytest.mark.parametrize(("known", "count"), [(14, 0), (15, 1), (16, 1)])
def test_half_of_a_climb_must_be_known(known: int, count: int):
    level = course(T, [300])
    peak = find(level).peaks[0]
    smooth = smoothed(level, 1.0)
    smooth[peak - 60 : peak - known] = np.nan
    assert module._climbs(smooth, int(peak), 1.0) == (count == 1)


@pytest.mark.parametrize(("share", "count"), [(0.49, 1), (0.5, 0), (0.51, 0)])
def test_a_climb_in_speech_is_no_own_rise(share: float, count: int):
    driven = np.zeros(1000, dtype=bool)
    driven[: round(1000 * share)] = True
    assert module._explained(driven, nothing(1000), 0, 999, 1.0) == (count == 0)
    level, talks = course(T, [300]), nothing(T)
    talks[280:305] = True
    found = find(level, driven=talks)
    assert (len(found.peaks), found.left_out) == (0, 1)


@pytest.mark.parametrize(("before", "own"), [(9, False), (10, False), (11, True)])
def test_an_event_up_to_ten_seconds_before_a_climb_explains_it(before: int, own: bool):
    level, events = course(T, [300]), nothing(T)
    start = find(level).starts[0]
    events[start - before] = True
    assert len(find(level, events=events).peaks) == own


def test_an_event_after_the_peak_explains_nothing_and_speech_there_is_counted():
    level, events = course(T, [300]), nothing(T)
    events[320] = True
    found = find(level, driven=events | (np.arange(T) > 317), events=events)
    assert len(found.peaks) == 1
    assert found.driven_after[0] == pytest.approx(23 / 35, abs=0.05)


def test_a_left_out_rise_still_stands_before_its_smaller_neighbour():
    level = np.maximum(course(T, [300], decay=5.0), course(T, [330], decay=5.0, height=2.0))
    talks = nothing(T)
    talks[280:303] = True
    assert len(find(level, driven=talks).peaks) == 0


def test_a_flat_or_missing_level_has_no_rises():
    assert len(find(np.zeros(T)).peaks) == 0
    assert len(find(np.full(T, np.nan)).peaks) == 0


def test_a_slower_grid_finds_the_same_rises():
    level = course(2 * T, [400, 800])
    assert np.abs(2 * find(level[::2], rate=0.5).peaks - [400, 800]).max() <= 4
