"""PPG to beats: the laws, known truth, movement, and a wristband's own intervals."""

import gzip

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coregulation.errors import DataError
from coregulation.physiology.beats import Detected, collect_beats
from coregulation.physiology.ppg import EarlyPpg, PpgBeats, upright
from coregulation.signals import Signal, Unit
from coregulation.stage import Piece, run
from tests.bodies import ppg_of
from tests.laws.stages import check_bound, check_stage, cut
from tests.paths import SHARED
from tests.physiology import hearts, mitdb


def pulses(heart: hearts.Heart, seconds: float, rate: float) -> np.ndarray:
    """Return a PPG whose upstroke is steepest 0.2 s after each beat, with a dicrotic wave and breathing in its level."""
    t = np.arange(round(seconds * rate)) / rate
    values = 0.4 * np.sin(2 * np.pi * 0.22 * t)
    shape = ((0.30, 0.1, 1.0), (0.55, 0.12, 0.35))
    for beat in heart.times:
        hearts.add(values, t, beat, shape)
    return values + 0.01 * np.random.default_rng(3).standard_normal(len(t))


def detect(values: np.ndarray, rate: float, upward: bool = True) -> Detected:
    signal = hearts.signal(values, rate, unit=Unit.ARBITRARY)
    return collect_beats(run(PpgBeats(upward), [Piece(signal, signal.window.end)]))


@pytest.mark.parametrize("stage", [PpgBeats(), PpgBeats(upward=False), EarlyPpg()], ids=repr)
@settings(max_examples=10, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    at=st.lists(st.integers(1, 1999), max_size=30),
    rate=st.sampled_from([25.0, 64.0, 100.0]),
)
def test_laws(stage, seed, at, rate):
    random = np.random.default_rng(seed)
    values = pulses(hearts.sinus(2000 / rate, random), 2000 / rate, rate) + 0.1 * random.standard_normal(2000)
    values[700 : 700 + int(random.integers(1, 200))] = random.choice([np.nan, 0.0, 9.0])
    signal = hearts.signal(values, rate, -15.013, Unit.ARBITRARY)
    check_stage(stage, Piece(signal, signal.window.end), cut(signal, at))


def test_state_does_not_grow():
    signal = hearts.signal(pulses(hearts.sinus(300, np.random.default_rng(1)), 300, 64.0), 64.0)
    pieces = cut(signal, range(0, len(signal), 32))
    check_bound(PpgBeats(), pieces[:100], pieces)


@pytest.mark.parametrize("bpm", [45.0, 70.0, 120.0])
@pytest.mark.parametrize("rate", [25.0, 30.0, 64.0, 100.0, 500.0])
def test_every_pulse_is_found_at_its_upstroke(rate, bpm):
    heart = hearts.sinus(120, np.random.default_rng(1), bpm)
    found = detect(pulses(heart, 120, rate), rate)
    one, other = hearts.matched(heart.times + 0.2, found.beats.times, 0.1)
    late = found.beats.times[other] - heart.times[one]
    assert len(one) >= len(heart.times) - 6  # five alike, evenly spaced, show that this is a pulse
    assert len(found.beats) <= len(one) + 1
    assert late.std() < 0.008
    assert found.beats.ok[other].all()


def test_a_signal_of_reflected_light_is_upside_down():
    values = pulses(hearts.sinus(60, np.random.default_rng(1)), 60, 64.0)
    np.testing.assert_allclose(detect(values, 64.0).beats.times, detect(-values, 64.0, upward=False).beats.times)


def test_movement_is_lost_or_marked_and_says_so():
    heart = hearts.sinus(120, np.random.default_rng(1))
    values = pulses(heart, 120, 64.0)
    moved = slice(40 * 64, 70 * 64)
    values[moved] = 0.6 * np.random.default_rng(2).standard_normal(30 * 64)
    found = detect(values, 64.0)
    times = found.beats.times
    inside = (times > 42.0) & (times < 69.0)
    assert (inside & found.beats.ok).sum() <= 10
    assert any(lost.start < 60.0 < lost.end for lost in found.lost)
    assert found.beats.breaks[np.flatnonzero(times > 70.0)[:8]].any()


@pytest.mark.parametrize("noise", [0.0, 1.0])
def test_silence_has_no_pulse(noise):
    values = noise * np.random.default_rng(1).standard_normal(64 * 120)
    assert len(detect(values, 64.0).beats) == 0


def test_the_early_signal_is_early():
    signal = hearts.signal(pulses(hearts.sinus(60, np.random.default_rng(1)), 60, 64.0), 64.0)
    stage, state, waits = EarlyPpg(), EarlyPpg().start(), []
    for piece in cut(signal, range(0, len(signal), 3)):
        state, out = stage.step(state, piece)
        waits += [piece.until - beat.time for beat in out.data]
    assert len(waits) > 60
    assert max(waits[4:]) < 0.5


def test_intervals_of_pulses_are_not_hrv():
    assert PpgBeats().variability == "PRV"


def test_other_rates_are_refused():
    with pytest.raises(DataError, match="20 and 1000 Hz"):
        detect(np.zeros(100), 10.0)


WRISTBAND = mitdb.SHARED / "stress-predict"


@pytest.mark.skipif(not WRISTBAND.exists(), reason="the wristbands of ../shared/data/stress-predict are not here")
@pytest.mark.parametrize("person", ["S03", "S05", "S08"])
def test_a_wristband_agrees_where_it_trusts_itself(person):
    with gzip.open(WRISTBAND / person / "BVP.csv.gz", "rt") as file:
        values = np.array(file.read().split()[2:], float)
    with gzip.open(WRISTBAND / person / "IBI.csv.gz", "rt") as file:
        theirs = np.array([line.split(",") for line in file.read().split()[2:] if line.count(",") == 1], float)
    beats = detect(values, 64.0).beats
    near = np.clip(np.searchsorted(beats.times, theirs[:, 0]), 1, len(beats) - 1)
    near -= theirs[:, 0] - beats.times[near - 1] < beats.times[near] - theirs[:, 0]
    difference = np.diff(beats.times, prepend=np.nan)[near] - theirs[:, 1]
    assert np.nanmedian(np.abs(difference)) < 0.010
    assert np.mean(np.abs(difference) < 0.040) > 0.89


@pytest.mark.parametrize("rate", [25.0, 64.0, 250.0])
@pytest.mark.parametrize("noise", [0.01, 0.1])
def test_which_way_is_up_is_told_by_the_slope(rate, noise):
    wave = ppg_of(np.arange(1, 120, 0.85), 120.0, rate)
    noisy = wave.values + noise * np.random.default_rng(1).standard_normal(len(wave))
    assert upright(Signal(noisy, rate, 0.0, wave.unit))
    assert not upright(Signal(-noisy, rate, 0.0, wave.unit))


def test_where_there_is_no_pulse_up_is_up():
    for values in (np.empty(0), np.zeros(3000), np.full(3000, np.nan), np.arange(100.0)):
        assert upright(Signal(values, 25.0, 0.0, Unit.ARBITRARY))


WATCHES = SHARED / "concert-hr"


@pytest.mark.skipif(not WATCHES.exists(), reason="the concert's watches may not ship and are not here")
def test_real_watches_have_more_blood_up():
    for path in sorted(WATCHES.glob("*.csv.gz")):
        lines = gzip.decompress(path.read_bytes()).decode().splitlines()[2:-1]
        raw = np.array([float(line.split(",")[3]) for line in lines if line.count(",") == 4])
        assert upright(Signal(raw, 25.0, 0.0, Unit.ARBITRARY)), path.name
        assert not upright(Signal(-raw, 25.0, 0.0, Unit.ARBITRARY)), path.name
