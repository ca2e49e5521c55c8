"""Pulses in movement are set aside; beats of an ECG are not."""

from dataclasses import replace

import numpy as np
import pytest

from coregulation.analysis.beat_source import BeatSeries
from coregulation.analysis.moved_pulses import set_moved_pulses_aside
from coregulation.analysis.person_reasons import PersonReason
from coregulation.physiology import clean_beats, compute_hrv
from coregulation.signals import Beats, Signal, Unit

TIMES = 0.8 * np.arange(1, 301)
LEVEL = 0.05


def series(times=TIMES, is_pulse=True):
    return BeatSeries("ppg" if is_pulse else "ecg", clean_beats(Beats(times)), is_pulse=is_pulse)


def movement(start, end, height=0.2, seconds=250.0):
    values = np.where((np.arange(0, seconds, 0.5) >= start) & (np.arange(0, seconds, 0.5) < end), height, 0.01)
    return Signal(values, 2.0, 0.0, Unit.ARBITRARY)


def test_pulses_in_movement_are_marked_counted_and_told():
    found = set_moved_pulses_aside(series(), movement(100.0, 120.0), LEVEL)
    marked = found.cleaned.beats.times[~found.cleaned.beats.ok]
    assert marked.min() >= 99.7
    assert marked.max() < 120.3
    (remark,) = found.remarks
    assert (remark.code, dict(remark.facts)) == (PersonReason.PULSES_MOVED, {"count": len(marked), "total": 300})
    assert found.refused is None


@pytest.mark.parametrize(("height", "is_marked"), [(0.049, False), (0.05, False), (0.051, True)])
def test_movement_is_what_is_above_the_level(height, is_marked):
    found = set_moved_pulses_aside(series(), movement(100.0, 120.0, height), LEVEL)
    assert (not found.cleaned.beats.ok.all()) is is_marked


def test_an_ecg_is_read_on_while_its_wearer_moves():
    given = series(is_pulse=False)
    assert set_moved_pulses_aside(given, movement(100.0, 120.0), LEVEL) is given


def test_movement_that_is_not_known_sets_nothing_aside():
    for motion in (
        replace(movement(0.0, 0.0), values=np.full(500, np.nan)),
        Signal([], 2.0, 0.0, Unit.ARBITRARY),
        movement(0, 9, seconds=10),
    ):
        late = Beats(TIMES + 20.0)
        given = BeatSeries("ppg", clean_beats(late), is_pulse=True)
        assert set_moved_pulses_aside(given, motion, LEVEL) is given


@pytest.mark.parametrize(("seconds", "is_refused"), [(46.0, False), (50.0, True)])
def test_over_a_fifth_in_movement_gives_no_variability(seconds, is_refused):
    found = set_moved_pulses_aside(series(), movement(100.0, 100.0 + seconds), LEVEL)
    assert (found.refused is not None) is is_refused


def test_shifted_pulses_of_a_moving_wrist_do_not_make_variability():
    rng = np.random.default_rng(3)
    quiet = TIMES + 0.01 * rng.standard_normal(300)
    moved = quiet + np.where((TIMES > 100) & (TIMES < 130), 0.06, 0.0) * rng.standard_normal(300)
    given = series(moved)
    found = set_moved_pulses_aside(given, movement(100.0, 130.0), LEVEL)
    before, after, true = (compute_hrv(each.cleaned.beats).rmssd.value for each in (given, found, series(quiet)))
    assert after == pytest.approx(true, rel=0.1)
    assert before > 1.5 * true
