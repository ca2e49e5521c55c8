"""Intervals stamped with their delivery: beats where they were, no gap that is none, every loss a gap."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coregulation.errors import DataError
from coregulation.io import open_session
from coregulation.io.rr_intervals import beats_from_intervals
from coregulation.packet_clock import DELAY_SD
from tests.io.write import rows


def strap(rate, seed, seconds=600.0, spacing=1.0):
    """True beat times, RR as a strap rounds them, and the stamps of a packet every `spacing` s, 30 ms + exp(20 ms) late."""
    rng = np.random.default_rng(seed)
    count = int(rate * seconds / 60)
    swing = 0.04 * np.sin(2 * np.pi * np.arange(count) * 60 / rate * 0.1)
    rr = 60 / rate * (1 + swing + rng.normal(0, 0.015, count))
    times, phase = np.cumsum(rr), rng.random() * spacing
    packets = np.ceil((times - phase) / spacing) * spacing + phase
    late = 0.03 + rng.exponential(0.02, count)
    return times, np.round(rr, 3), packets + late[np.unique(packets, return_inverse=True)[1]]


@pytest.mark.parametrize("rate", [50, 55, 65, 70, 75, 80, 90, 100])
def test_beats_lie_where_they_were_and_no_gap_is_made(rate):
    for seed in range(8):
        times, rr, stamps = strap(rate, seed)
        found = beats_from_intervals(rr, stamps, 0.0, "x")
        assert found.beats.breaks.sum() == 1
        errors = found.beats.times[1:] - times
        assert np.abs(errors).max() < 0.15
        assert 0.0 < np.median(errors) < 0.07  # the least delay cannot be seen


def test_a_heart_in_step_with_its_packets_is_as_uncertain_as_it_is():
    for seed in range(8):
        times, rr, stamps = strap(60, seed)
        found = beats_from_intervals(rr, stamps, 0.0, "x")
        assert found.beats.breaks.sum() == 1
        assert abs(float(np.median(found.beats.times[1:] - times))) < 0.1 + 3.5 * found.sd


@given(st.integers(0, 50), st.sampled_from([54, 66, 72, 85]), st.integers(150, 350), st.integers(4, 40))
@settings(max_examples=25, deadline=None)
def test_a_loss_is_a_gap_of_its_length(seed, rate, first, lost):
    times, rr, stamps = strap(rate, seed)
    keep = np.ones(len(rr), bool)
    keep[first : first + lost] = False
    beats = beats_from_intervals(rr[keep], stamps[keep], 0.0, "x").beats
    assert beats.breaks.sum() == 2
    assert abs(float(np.median(beats.times[-50:] - times[-50:]))) < 0.1
    assert float(np.diff(beats.times).max()) == pytest.approx(times[first + lost - 1] - times[first - 1], abs=0.5)


def test_a_late_packet_is_no_loss():
    times, rr, stamps = strap(70, 3)
    stamps[300:304] = np.maximum(stamps[300:304], stamps[303] + 2.5)
    stamps = np.maximum.accumulate(stamps)
    beats = beats_from_intervals(rr, stamps, 0.0, "x").beats
    assert beats.breaks.sum() == 1
    assert np.abs(beats.times[1:] - times).max() < 0.15


def test_a_drifting_clock_is_followed():
    times, rr, stamps = strap(70, 4, seconds=3600)
    beats = beats_from_intervals(rr, stamps * (1 + 50e-6), 0.0, "x").beats
    assert beats.breaks.sum() == 1
    assert np.abs(beats.times[1:] - times * (1 + 50e-6)).max() < 0.15


def test_a_long_interval_is_none_in_delivered_ones_either():
    _times, rr, stamps = strap(70, 5)
    rr[200] += 5.0
    beats = beats_from_intervals(rr, stamps + np.where(np.arange(len(rr)) >= 200, 5.0, 0.0), 0.0, "x").beats
    assert beats.breaks.sum() == 2
    assert np.nanmax(beats.rr) < 3.0


def test_intervals_that_add_up_to_more_than_their_packets():
    _, rr, stamps = strap(70, 6)
    twice = np.concatenate((rr[:100], rr[:100], rr[100:]))
    with pytest.raises(DataError, match="more than their time stamps allow"):
        beats_from_intervals(twice, np.concatenate((stamps[:100], np.full(100, stamps[99]), stamps[100:])), 0.0, "x")


def test_the_constant_delay_of_a_strap_is_in_the_clock_and_each_strap_is_a_device(tmp_path):
    _, one, stamps = strap(70, 7)
    _, other, more = strap(66, 8)
    count = min(len(one), len(other))
    first = rows(tmp_path / "a.csv", "time_s,rr_ms", stamps[:count], 1000 * one[:count])
    second = rows(tmp_path / "b.csv", "time_s,rr_ms", more[:count], 1000 * other[:count])
    text = "".join(
        f'[[person]]\nid = "{who}"\n[[person.file]]\npath = "{path.name}"\nchannel = "rr"\nunit = "ms"\n'
        '[person.file.clock]\noffset_sd = 0.1\nname = "laptop"\n'
        for who, path in (("ada", first), ("ben", second))
    )
    (tmp_path / "session.toml").write_text(f'id = "s"\n{text}', encoding="utf-8")
    session = open_session(tmp_path / "session.toml")
    clocks = [session.of(who).clock("beats") for who in ("ada", "ben")]
    assert all(clock.offset_sd >= np.hypot(0.1, DELAY_SD) for clock in clocks)
    assert clocks[0].name != clocks[1].name
    assert {remark.code for remark in session.remarks} == {"read.delivery-stamps"}
