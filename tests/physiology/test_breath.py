"""Breath: the laws, known cycles recovered, what is no breath, and the belt of a real recording."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coregulation.physiology import Breath, BreathCycles, breathing, detect_breaths, detect_breaths_from_beats
from coregulation.physiology.breath import breathing_from_beats
from coregulation.physiology.breath_track import DEPTH, PHASE, RATE, BreathTrack
from coregulation.signals import Beats, Signal, Unit, Window
from coregulation.stage import Piece, chain, run
from tests.laws.beats import cut_beats, some_beats
from tests.laws.rows import flat_rows
from tests.laws.stages import check_bound, check_stage, cut
from tests.paths import SHARED
from tests.physiology.made import made_breath, modulated_beats

REAL = SHARED / "ecg-resp-eda/systole_task1.npz"


def with_islands(seed: int, seconds: float = 120.0, start: float = -3.37) -> Signal:
    """A breath with stretches missing, noisy and flat."""
    signal, _ = made_breath(seed, seconds, noise=0.1)
    rng = np.random.default_rng(seed)
    values = signal.values.copy()
    for kind in (np.nan, np.nan, 0.0):
        at = int(rng.integers(0, len(values) - 10))
        values[at : at + int(rng.integers(1, 1500))] = kind
    return Signal(values, signal.rate, start, signal.unit)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), at=st.lists(st.integers(1, 5999), max_size=20))
def test_laws(seed, at):
    signal = with_islands(seed)
    check_stage(breathing(), Piece(signal, signal.window.end), cut(signal, at))


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), at=st.lists(st.integers(1, 5999), max_size=20))
def test_laws_of_the_track(seed, at):
    signal = with_islands(seed)
    stage = chain_track()
    check_stage(stage, Piece(signal, signal.window.end), cut(signal, at), flat_rows)


class chain_track:  # noqa: N801 - a stage made of two, whose rows are not joined at the end
    """Breaths, then their track."""

    def __init__(self):
        self.first, self.second = breathing(), BreathTrack()

    def start(self):
        return self.first.start(), self.second.start()

    def step(self, state, piece):
        first, between = self.first.step(state[0], piece)
        second, out = self.second.step(state[1], between)
        return (first, second), out

    def finish(self, state):
        second, _ = self.second.step(state[1], Piece((), -np.inf))
        return self.second.finish(second)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), at=st.lists(st.floats(-10, 300), max_size=20))
def test_laws_from_beats(seed, at):
    beats = some_beats(seed)
    check_stage(breathing_from_beats(), Piece(beats, float(beats.times[-1])), cut_beats(beats, at))


def test_the_state_does_not_grow():
    signal, _ = made_breath(1, 900)
    pieces = cut(signal, range(0, len(signal), 50))
    check_bound(breathing(), pieces[:120], pieces)


def matched(found: tuple[Breath, ...], truth: np.ndarray) -> np.ndarray:
    """Found less true start, peak, end and depth of the breaths that match."""
    rows = np.array([(b.start, b.peak, b.end, b.depth) for b in found])
    nearest = np.abs(truth[:, 0][None] - rows[:, :1]).argmin(axis=1)
    error = rows - truth[nearest]
    return error[(np.abs(error[:, 0]) < 0.5) & (np.abs(error[:, 2]) < 0.5)]


@pytest.mark.parametrize(("noise", "spread"), [(0.0, 0.06), (0.02, 0.06), (0.1, 0.1)])
def test_known_cycles_are_found(noise, spread):
    signal, truth = made_breath(7, 1200, noise=noise)
    found = detect_breaths(signal)
    error = matched(found, truth)
    assert len(found) >= len(truth) - 4  # the first 8 s teach the amplitude
    assert len(error) >= 0.99 * len(found)
    assert np.abs(error[:, :3].mean(axis=0)).max() < 0.06
    assert error[:, :3].std(axis=0).max() < spread
    assert np.abs(error[:, 3]).mean() < 0.03


def test_rate_phase_and_depth_of_known_cycles():
    signal, truth = made_breath(8, 1200)
    stage = BreathTrack()
    _, rows = stage.step(stage.start(), Piece(detect_breaths(signal), np.inf))
    track = rows.data
    times = track.first / 2 + np.arange(len(track)) / 2
    at = np.searchsorted(truth[:, 0], times, "right") - 1
    start, peak, end, depth = truth[at].T
    phase = np.pi * np.where(times < peak, (times - start) / (peak - start), 1 + (times - peak) / (end - peak))
    inside = (at >= 0) & (times < end) & np.isfinite(track.values[:, RATE])
    off = np.angle(np.exp(1j * (track.values[:, PHASE] - phase)))[inside]
    assert inside.mean() > 0.97
    assert np.sqrt(np.mean(off**2)) < 0.15  # radians
    assert np.median(np.abs(track.values[:, RATE] - 60 / (end - start))[inside]) < 0.3
    assert np.median(np.abs(track.values[:, DEPTH] - depth)[inside]) < 0.02


@settings(max_examples=15, deadline=None)
@given(scale=st.floats(1e-3, 1e3), shift=st.floats(-100, 100))
def test_a_belt_has_no_unit(scale, shift):
    signal, _ = made_breath(3, 120)
    moved = Signal(scale * (signal.values + shift), signal.rate, signal.start, signal.unit)
    one, other = detect_breaths(signal), detect_breaths(moved)
    assert len(one) == len(other) > 10
    np.testing.assert_allclose([b.start for b in one], [b.start for b in other], atol=1e-6)
    np.testing.assert_allclose([b.depth * scale for b in one], [b.depth for b in other], rtol=1e-6)


def test_a_sigh_is_told():
    signal, truth = made_breath(4, 300)
    start, _, end, _ = truth[40]
    inside = (signal.times >= start) & (signal.times < end)
    values = np.where(
        inside, signal.values + 2 * np.sin(np.pi * (signal.times - start) / (end - start)) ** 2, signal.values
    )
    found = detect_breaths(Signal(values, signal.rate, 0.0, signal.unit))
    assert [round(b.start) for b in found if b.sigh] == [round(start)]


def test_speech_is_marked_and_counts_for_nothing():
    signal, _ = made_breath(5, 200)
    found = detect_breaths(signal, [Window(60, 90)])
    assert all(b.speaking == (b.start < 90 and b.end > 60) for b in found)
    stage = BreathTrack()
    _, rows = stage.step(stage.start(), Piece(found, np.inf))
    times = rows.data.first / 2 + np.arange(len(rows.data)) / 2
    known = np.isfinite(rows.data.values[:, RATE])
    assert not known[(times > 60) & (times < 90)].any()
    assert known[(times > 100) & (times < 190)].all()


@pytest.mark.parametrize(
    "values",
    [np.zeros(6000), np.full(6000, np.nan), np.full(6000, 3.3), np.arange(6000.0), np.zeros(0), np.full(6000, 1e-9)],
    ids=["flat", "missing", "constant", "drift", "empty", "tiny"],
)
def test_what_is_no_breath(values):
    assert detect_breaths(Signal(values, 50.0, 0.0, Unit.ARBITRARY)) == ()


@pytest.mark.parametrize("period", [0.9, 25.0])
def test_no_breath_is_that_short_or_long(period):
    times = np.arange(0, 300, 0.02)
    assert detect_breaths(Signal(np.sin(2 * np.pi * times / period), 50.0, 0.0, Unit.ARBITRARY)) == ()


def test_missing_samples_break_a_breath():
    signal, _ = made_breath(6, 200)
    found = detect_breaths(signal.without(Window(80, 81)))
    assert not any(b.start < 80 < b.end for b in found)
    assert len(found) >= len(detect_breaths(signal)) - 3


def test_twenty_seconds_tell_only_what_they_hold():
    signal, truth = made_breath(2, 20)
    found = detect_breaths(signal)
    assert len(found) <= len(truth)
    assert len(matched(found, truth)) == len(found)


def test_breath_in_the_beats():
    found = detect_breaths_from_beats(modulated_beats({0.25: 40.0}, seconds=300))
    middle = [b for b in found if 30 < b.start < 270]
    np.testing.assert_allclose([b.rate for b in middle], 15.0, atol=0.3)
    assert len(middle) == pytest.approx(60, abs=2)
    assert detect_breaths_from_beats(Beats(np.empty(0))) == ()


def simple_beats(ecg: np.ndarray, rate: float) -> Beats:
    """R peaks of a clean recording: the largest sample of each stretch well above the median of the slope's energy."""
    from scipy.signal import find_peaks

    slope = np.abs(np.gradient(ecg))
    peaks, _ = find_peaks(
        ecg, height=np.median(ecg) + 0.5 * (np.quantile(ecg, 0.995) - np.median(ecg)), distance=0.4 * rate
    )
    assert slope.max() > 0
    return Beats(peaks / rate)


def test_breath_in_the_beats_against_the_belt():
    if not REAL.exists():
        pytest.skip("the recording with a belt is not here")
    data = np.load(REAL)
    belt = detect_breaths(Signal(data["resp_25hz"], 25.0, 0.0, Unit.ARBITRARY))
    derived = detect_breaths_from_beats(simple_beats(data["ecg_250hz"], 250.0))
    both = []
    for at in np.arange(60, 1480, 30):
        rates = [[b.rate for b in found if at <= b.start < at + 30] for found in (belt, derived)]
        if min(map(len, rates)) >= 3:
            both.append([np.median(rate) for rate in rates])
    error = np.diff(np.array(both), axis=1).ravel()
    assert len(both) > 20
    assert np.median(np.abs(error)) < 1.5, (np.median(error), np.median(np.abs(error)), len(both))


def test_the_track_before_any_breath():
    stage = BreathTrack()
    state, out = stage.step(stage.start(), Piece((), 5.0))
    assert (len(out.data), out.until) == (0, 5.0)
    assert len(stage.finish(state).data) == 0
    list(run(chain(breathing()), []))


def test_a_breath_is_known_when_the_next_has_begun():
    assert BreathCycles().delay == 40.0
