"""Clocks set by shared knocks: within 50 ms on made recordings of many kinds, and refused where nothing is shared."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coregulation.errors import DataError, UsageError
from coregulation.io import open_session
from coregulation.io.knock_alignment import Jolts, KnockAlignment, align, aligned_pairs, find_jolts, knock_signals
from coregulation.signals import Signal, Unit
from tests.io.knocks import Strap, recorded, true_own_time
from tests.io.write import rows

SETTINGS = KnockAlignment()
LENGTH = 300.0


def three(begin, seed=0):
    """Return three uneven knocks."""
    return list(begin + np.cumsum(np.random.default_rng(seed).uniform(0.5, 1.3, 3)))


def aligned(first, second, knocks, seed=0, length=LENGTH, alone=((), ())):
    people = {
        "ada": recorded(first, knocks, length, seed, alone[0]),
        "ben": recorded(second, knocks, length, seed + 1000, alone[1]),
    }
    ((person, clock),) = aligned_pairs(people, SETTINGS)
    assert person == "ben"
    return clock


def worst(clock, first, second, begin, end):
    """Return the largest error (s) between two true times."""
    times = np.linspace(begin, end, 9)
    return max(abs(float(clock.map(true_own_time(second, t))) - true_own_time(first, t)) for t in times)


@settings(max_examples=12, deadline=None)
@given(
    rates=st.tuples(
        st.sampled_from([50.0, 100.0, 130.0, 416.0, 1000.0]), st.sampled_from([52.0, 100.0, 200.0, 1000.0])
    ),
    zero=st.floats(-8, 15),
    drift=st.floats(-250, 250),
    tilt=st.tuples(*[st.sampled_from([0.0, 0.3, 1.0, -1.0])] * 3).filter(any),
    axes=st.sampled_from([1, 3]),
    movement=st.sampled_from(["still", "walking", "fidgets"]),
    full_scale=st.sampled_from([2.0, 16.0]),
    seed=st.integers(0, 10_000),
)
def test_shared_knocks_at_both_ends_align_within_50_ms(rates, zero, drift, tilt, axes, movement, full_scale, seed):
    walking, fidgets = ((40.0, 250.0) if movement == "walking" else None), 20 * (movement == "fidgets")
    first = Strap(rates[0], walking=walking, fidgets=fidgets, full_scale=full_scale)
    second = Strap(rates[1], zero, drift, tilt=tilt, axes=axes, walking=walking, fidgets=fidgets)
    knocks = three(17, seed) + three(270, seed + 1)
    clock = aligned(first, second, knocks, seed)
    assert clock.knocks >= 4
    error = worst(clock, first, second, 17, 275)
    assert error < 0.05
    assert error < 4 * np.hypot(clock.shift_sd, clock.drift_sd_ppm * 1e-6 * 130)


@pytest.mark.parametrize("seed", range(8))
def test_the_slowest_straps_are_aligned_within_their_step_and_say_how_well(seed):
    first, second = Strap(25.0), Strap(25.0, 3.0, 100.0)
    knocks = three(17, seed) + three(270, seed + 1)
    clock = aligned(first, second, knocks, seed)
    error = worst(clock, first, second, 17, 275)
    assert error < 0.06
    assert error < 4 * np.hypot(clock.shift_sd, clock.drift_sd_ppm * 1e-6 * 130)


def test_a_knock_alone_is_enough_where_nothing_else_comes_near():
    first, second = Strap(100), Strap(52, 4.0)
    clock = aligned(first, second, [100.0])
    assert clock.knocks == 1
    assert worst(clock, first, second, 100, 100) < 0.05
    assert (clock.drift_ppm, clock.drift_sd_ppm) == (0.0, pytest.approx(SETTINGS.drift_sd_ppm))


@pytest.mark.parametrize(("zero", "refused"), [(119.0, False), (121.0, True)])
def test_a_knock_alone_counts_only_where_both_files_began_within_two_minutes(zero, refused):
    if refused:
        with pytest.raises(DataError, match="no shared knock"):
            aligned(Strap(100), Strap(100, zero), [200.0])
    else:
        assert aligned(Strap(100), Strap(100, zero), [200.0]).shift == pytest.approx(zero, abs=0.05)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize(
    "alone",
    [
        lambda seed: (three(50, seed), ()),  # seen by one only
        lambda seed: ((), ()),
        lambda seed: (three(50, seed), three(150, seed + 50)),  # each tapped three times, not together
        lambda seed: tuple(list(np.random.default_rng(seed + k).uniform(10, 280, 5)) for k in (0, 1)),
    ],
)
def test_what_is_not_shared_is_refused(alone, seed):
    with pytest.raises(DataError, match=r"no shared knock was found\. Looked for: .* Leave out --align"):
        aligned(Strap(100, fidgets=10), Strap(100, 5.0, fidgets=10), [], seed, alone=alone(seed))


@pytest.mark.parametrize("count", [2, 3])
def test_series_of_knocks_that_were_not_made_together_are_refused(count):
    accepted = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        series = [rng.uniform(10, 500) + np.cumsum(rng.uniform(0.5, 1.3, count)) for _ in range(2)]
        first, second = (Jolts(times, np.full(count, 9.0), 0.01, 600.0) for times in series)
        try:
            align(first, second, SETTINGS)
            accepted += 1
        except DataError:
            pass
    assert accepted <= 6  # 3 %


def test_false_knocks_beside_shared_ones_do_no_harm():
    first, second = Strap(100), Strap(100, 5.0, 50.0)
    clock = aligned(first, second, three(17) + three(270, 1), alone=([80.0, 150.3], [111.0, 200.7]))
    assert clock.knocks == 6
    assert worst(clock, first, second, 17, 270) < 0.05


def test_two_offsets_that_would_do_are_refused():
    even = Jolts(np.array([10.0, 11.0, 12.0]), np.full(3, 9.0), 0.01, 300.0)
    fewer = Jolts(np.array([10.0, 11.0]), np.full(2, 9.0), 0.01, 300.0)
    with pytest.raises(DataError, match="no shared knock"):
        align(fewer, even, SETTINGS)


@pytest.mark.parametrize(("reference", "is_one"), [([200.0, 210, 220, 230], False), ([200.0, 210, 220], True)])
def test_a_second_offset_that_matches_as_many_refuses_whatever_the_accidents(reference, is_one):
    settings = KnockAlignment(max_accidents=math.inf)
    own, other = (Jolts(np.array(t), np.full(len(t), 9.0), 0.01, 600.0) for t in ([100.0, 110, 120], reference))
    if is_one:
        assert align(own, other, settings).shift == pytest.approx(100.0, abs=0.01)
        return
    with pytest.raises(DataError, match="no shared knock"):
        align(own, other, settings)


@pytest.mark.parametrize(("beside", "count"), [(0.068, 4), (0.075, 3)])
def test_matched_knocks_lie_within_the_tolerance(beside, count):
    times = np.array([10.0, 11.3, 13.1, 16.0])
    other = times + np.array([0, 0, 0, 0.0])
    other[1] += beside
    own = Jolts(times, np.full(4, 9.0), 0.01, 300.0)
    assert align(own, Jolts(other, np.full(4, 9.0), 0.01, 300.0), KnockAlignment(max_accidents=9.0)).knocks == count


def test_an_ecg_or_motion_serves_where_there_is_no_acceleration():
    signal = Signal(np.zeros(10), 1.0, 0.0, Unit.ARBITRARY)
    assert (
        knock_signals({"ecg": signal, "chest_acceleration_x": signal, "chest_acceleration_y": signal}) == (signal,) * 2
    )
    assert len(knock_signals({"ecg": signal, "motion": signal})) == 1
    assert knock_signals({"heart_rate": signal}) == ()


def test_a_recording_without_a_jolt_has_none():
    assert len(find_jolts([Signal(np.zeros(3000), 100.0, 0.0, Unit.ARBITRARY)], SETTINGS).times) == 0
    assert len(find_jolts([Signal(np.zeros(3), 100.0, 0.0, Unit.ARBITRARY)], SETTINGS).times) == 0


def written(folder, name, strap, knocks, seed):
    signal = recorded(strap, knocks, LENGTH, seed)["chest_acceleration_x"]
    return rows(folder / f"{name}.csv", "time_s,motion", signal.times.tolist(), np.round(signal.values, 4).tolist())


def test_a_session_is_put_on_the_first_persons_clock_and_tells_how_well(tmp_path):
    first, second = Strap(50), Strap(100, 6.0, 80.0)
    knocks = three(17) + three(270, 1)
    paths = written(tmp_path, "ada", first, knocks, 1), written(tmp_path, "ben", second, knocks, 2)
    session = open_session(*paths, signal="motion", people=("ada", "ben"), align="knock")
    motion = session.recordings[1].signals["motion"]
    assert motion.start == pytest.approx(6.0, abs=0.05)
    assert motion.window.end == pytest.approx(6 + (LENGTH - 7), abs=0.1)
    clock = session.recordings[1].clock("motion")
    assert 0 < clock.offset_sd < 0.05
    assert session.recordings[0].clock("motion").offset_sd == 0
    (remark,) = [remark for remark in session.remarks if remark.reason.code == "read.knocks"]
    assert (remark.person, remark.count) == ("ben", 6)
    assert remark.reason.facts["shift"] == pytest.approx(6, abs=0.05)


def test_one_knock_is_told_as_one(tmp_path):
    paths = written(tmp_path, "ada", Strap(50), [100.0], 1), written(tmp_path, "ben", Strap(100, 6.0), [100.0], 2)
    session = open_session(*paths, signal="motion", people=("ada", "ben"), align=KnockAlignment())
    assert [remark.count for remark in session.remarks if remark.reason.code == "read.one-knock"] == [1]


def test_another_alignment_is_not_known(tmp_path):
    with pytest.raises(UsageError, match="knock was expected"):
        open_session(written(tmp_path, "a", Strap(50), [], 1), signal="motion", align="clap")


def test_a_heart_rate_shows_no_knock(tmp_path):
    paths = [
        rows(tmp_path / f"{name}.csv", "time_s,hr", range(60), (60 + np.arange(60) % 7 + n).tolist())
        for n, name in enumerate("ab")
    ]
    with pytest.raises(DataError, match="neither an acceleration nor an ECG"):
        open_session(*paths, signal="heart_rate", align="knock")
