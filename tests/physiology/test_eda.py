"""Skin: the laws, known responses recovered, artefacts and skins that do not respond."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coregulation.physiology import Scr, analyze_skin
from coregulation.physiology.eda import responses, skin_driver, tonic_level
from coregulation.physiology.reason_codes import PhysiologyReason
from coregulation.physiology.scr_rate import ScrRate
from coregulation.signals import Signal, Unit, Window
from coregulation.stage import Piece, chain
from tests.laws.stages import check_bound, check_stage, cut
from tests.physiology.made import made_skin

STAGES = {
    "driver": skin_driver(),
    "tonic": chain(skin_driver(), tonic_level()),
    "responses": chain(skin_driver(), responses()),
    "rate": chain(skin_driver(), responses(), ScrRate()),
}


def with_islands(seed: int, seconds: float = 150.0) -> Signal:
    signal, _ = made_skin(seed, seconds, rate=20.0)
    rng = np.random.default_rng(seed)
    values = signal.values.copy()
    for kind in (np.nan, 0.0, 40.0):
        at = int(rng.integers(0, len(values) - 10))
        values[at : at + int(rng.integers(1, 300))] = kind
    return Signal(values, signal.rate, -3.37, signal.unit)


@pytest.mark.parametrize("stage", STAGES.values(), ids=STAGES)
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), at=st.lists(st.integers(1, 2999), max_size=20))
def test_laws(stage, seed, at):
    signal = with_islands(seed)
    check_stage(stage, Piece(signal, signal.window.end), cut(signal, at))


@pytest.mark.parametrize("stage", STAGES.values(), ids=STAGES)
def test_the_state_does_not_grow(stage):
    signal, _ = made_skin(1, 600, rate=20.0)
    pieces = cut(signal, range(0, len(signal), 20))
    check_bound(stage, pieces[:120], pieces)


@pytest.mark.parametrize(
    ("per_minute", "noise", "found"), [(3, 0.0, 0.98), (5, 0.003, 0.97), (5, 0.01, 0.97), (12, 0.003, 0.94)]
)
def test_known_responses_are_found(per_minute, noise, found):
    signal, truth = made_skin(11, 1800, per_minute=per_minute, noise=noise)
    told = np.array([(scr.onset, scr.amplitude) for scr in analyze_skin(signal).scrs])
    real = truth[truth[:, 1] >= 0.05]
    nearest = np.abs(told[:, 0] - real[:, :1]).argmin(axis=1)
    off = told[nearest, 0] - real[:, 0]
    hit = np.abs(off) < 0.5
    invented = np.abs(truth[:, 0] - told[:, :1]).min(axis=1) > 0.5
    assert hit.mean() >= found
    assert invented.sum() == 0
    assert np.abs(off[hit].mean()) < 0.02
    assert off[hit].std() < 0.06
    assert np.median(told[nearest, 1][hit] / real[hit, 1]) == pytest.approx(1.0, abs=0.03 if per_minute < 10 else 0.1)


def test_the_tonic_level_is_not_moved_by_responses():
    signal, _ = made_skin(12, 1200)
    scl = analyze_skin(signal).scl
    truth = 4 + 0.5 * np.sin(2 * np.pi * scl.times / 400)
    assert np.nanmedian(np.abs(scl.values - truth)) < 0.03
    assert np.nanquantile(np.abs(scl.values - truth), 0.95) < 0.15
    assert scl.coverage > 0.98


def test_two_overlapping_responses_are_two():
    signal, _ = made_skin(1, 120, per_minute=0.01)
    times = signal.times
    shape = sum(np.where(times > at, np.exp(-(times - at) / 2) - np.exp(-(times - at) / 0.7), 0) for at in (60.0, 62.0))
    found = analyze_skin(Signal(signal.values + shape, 50.0, 0.0, signal.unit)).scrs
    np.testing.assert_allclose([scr.onset for scr in found], [60, 62], atol=0.15)
    assert found[0].amplitude == pytest.approx(found[1].amplitude, rel=0.1)


def test_a_slow_rise_is_no_response():
    times = np.arange(0, 300, 0.1)
    found = analyze_skin(Signal(3 + 0.01 * times, 10.0, 0.0, Unit.MICROSIEMENS))
    assert found.scrs == ()
    assert found.responder is False
    assert found.scr_rate.interval[0] == 0.0
    assert found.scr_rate.interval[1] < 1.0


@pytest.mark.parametrize("wrong", [0.0, 30.0])
def test_what_no_skin_does_is_taken_out(wrong):
    signal, _ = made_skin(3, 300, rate=20.0)
    values = signal.values.copy()
    values[2000:2040] = wrong
    found = analyze_skin(Signal(values, 20.0, 0.0, signal.unit))
    near = found.driver.within(Window(99, 103))
    assert np.isnan(near.values).all()
    assert not any(98 < scr.onset < 104 for scr in found.scrs)
    assert found.driver.within(Window(110, 200)).coverage == 1.0


@pytest.mark.parametrize(
    "values",
    [np.full(3000, np.nan), np.zeros(3000), np.zeros(0), np.full(3000, 0.01)],
    ids=["nan", "zero", "empty", "low"],
)
def test_what_is_no_skin(values):
    found = analyze_skin(Signal(values, 10.0, 0.0, Unit.MICROSIEMENS))
    assert found.scrs == ()
    assert found.scr_rate.value is None
    assert found.responder is None
    assert not np.isfinite(found.scl.values).any()


def test_twenty_seconds_give_no_rate():
    signal, _ = made_skin(5, 20)
    found = analyze_skin(signal)
    assert found.scr_rate.value is None
    assert found.scr_rate.why.code == PhysiologyReason.SKIN_TOO_SHORT
    assert found.scr_rate.why.facts["needed"] == 60.0


def test_a_responder_is_told_and_a_response_prints():
    signal, _ = made_skin(6, 600)
    found = analyze_skin(signal)
    assert found.responder is True
    low, high = found.scr_rate.interval
    assert low < found.scr_rate.value < high
    assert "onset" in repr(Scr(1.0, 0.2))


def test_the_rate_counts_the_minute_before():
    values = np.zeros(8 * 180)
    values[[8 * 30, 8 * 40, 8 * 100]] = 0.2
    stage = ScrRate()
    _, out = stage.step(stage.start(), Piece(Signal(values, 8.0, 0.0, Unit.MICROSIEMENS), 180.0))
    at = {int(t): v for t, v in zip(out.data.times, out.data.values, strict=True) if t % 1 == 0}
    assert np.isnan(at[10])
    assert at[80] == 2.0
    assert at[95] == 1.0
    assert at[130] == 1.0
    assert at[170] == 0.0
