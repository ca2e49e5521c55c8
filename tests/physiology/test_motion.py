"""Motion: activity without gravity, and the breath in the chest's tilt."""

import numpy as np
import pytest

from coregulation.errors import DataError
from coregulation.physiology import activity, analyze_chest, chest_tilt, detect_breaths
from coregulation.physiology.motion import MOVING, axis_activity, movement_threshold
from coregulation.signals import Signal, Unit, Window
from coregulation.stage import Piece
from tests.laws.stages import check_stage, cut
from tests.physiology.made import made_breath


def axes(values: np.ndarray, rate: float = 50.0):
    return tuple(Signal(row, rate, 0.0, Unit.ARBITRARY) for row in values)


def test_laws():
    values = np.random.default_rng(1).standard_normal(3000)
    values[700:900] = np.nan
    signal = Signal(values, 50.0, -3.37, Unit.ARBITRARY)
    check_stage(axis_activity(), Piece(signal, signal.window.end), cut(signal, [3, 500, 501, 1700]))


def test_stillness_is_zero_whatever_gravity():
    still = np.tile(np.array([[0.6], [0.0], [0.8]]), 3000)
    np.testing.assert_allclose(activity(axes(still)).values, 0.0, atol=1e-6)


def test_shaking_is_told_in_its_own_size():
    shaking = np.zeros((3, 3000))
    shaking[1] = 0.3 * np.sin(2 * np.pi * 2 * np.arange(3000) / 50)
    found = activity(axes(shaking))
    assert np.median(found.values) == pytest.approx(0.3 / np.sqrt(2), rel=0.05)
    assert found.rate == 10.0


def test_the_breath_in_the_tilt():
    breath, truth = made_breath(9, 600, noise=0.0)
    tilt = 0.02 * breath.values
    rng = np.random.default_rng(9)
    values = np.outer([0.5, -0.3, 0.8], tilt) + np.array([[0.1], [0.2], [0.97]])
    found = detect_breaths(chest_tilt(axes(values + 0.001 * rng.standard_normal(values.shape))))
    starts = np.array([b.start for b in found])
    error = np.abs(truth[:, 0] - starts[:, None]).min(axis=1)
    assert len(found) == pytest.approx(len(truth), abs=6)
    assert np.median(error) < 0.25


def on_a_chest(seconds=300.0, seed=9, gravity=1.0, moved=()):
    """Axes in any unit of a chest that breathes by a tilt of 0.02, and is shaken in some spans."""
    breath, truth = made_breath(seed, seconds, noise=0.0)
    rng = np.random.default_rng(seed)
    values = np.outer([0.5, -0.3, 0.8], 0.02 * breath.values) + np.array([[0.1], [0.2], [0.97]])
    values += 0.001 * rng.standard_normal(values.shape)
    times = np.arange(values.shape[1]) / 50
    for start, end in moved:
        inside = (times >= start) & (times < end)
        values[:, inside] += 0.3 * rng.standard_normal((3, inside.sum()))
    return axes(gravity * values), truth


@pytest.mark.parametrize("moved", [(), ((40.0, 90.0), (150.0, 200.0))], ids=["whole", "with gaps"])
def test_a_tilt_has_a_sign_that_no_library_chooses(monkeypatch, moved):
    """An eigenvector may point either way; where much is missing the cycle that is there decides all the same."""
    given, _ = on_a_chest(moved=moved)
    real, here = np.linalg.eigh, analyze_chest(given).breath.values

    def turned(matrix):
        sizes, directions = real(matrix)
        return sizes, -directions

    monkeypatch.setattr(np.linalg, "eigh", turned)
    np.testing.assert_allclose(analyze_chest(given).breath.values, here, atol=1e-12)
    upside_down = tuple(Signal(-axis.values, axis.rate, axis.start, axis.unit) for axis in given)
    np.testing.assert_allclose(analyze_chest(upside_down).breath.values, here, atol=1e-12)


@pytest.mark.parametrize("gravity", [1.0, 1000.0, 64.0], ids=["g", "milli-g", "1/64 g"])
def test_a_chest_tells_its_breath_and_movement_in_g_whatever_the_unit(gravity):
    given, truth = on_a_chest(gravity=gravity, moved=((100.0, 110.0),))
    found = analyze_chest(given)
    still, moved = found.movement.within(Window(10, 90)).values, found.movement.within(Window(101, 109)).values
    assert np.nanmax(still) < MOVING / 2
    assert np.nanmin(moved) > 2 * MOVING
    seen = np.array([b.start for b in detect_breaths(found.breath)])
    inside = truth[(truth[:, 0] > 30) & (truth[:, 2] < 90), 0]
    assert np.median(np.abs(seen[:, None] - inside).min(axis=0)) < 0.3
    assert not found.breath.within(Window(101, 109)).coverage


def test_no_breath_is_found_in_noise_nor_where_nothing_is_still():
    rng = np.random.default_rng(3)
    lying = analyze_chest(axes(np.array([[0.1], [0.2], [0.97]]) + 0.002 * rng.standard_normal((3, 15_000))))
    assert lying.breath is None
    assert "mainly in one direction" in lying.why.facts["template"]
    restless, _ = on_a_chest(moved=((0.0, 300.0),))
    assert analyze_chest(restless).why.facts["known"] < 10.0
    with pytest.raises(DataError, match="measured nothing"):
        analyze_chest(axes(np.zeros((3, 3000))))


def test_a_limit_of_movement_is_six_spreads_over_the_own_rest():
    values = np.concatenate([np.tile([1.0, 2.0, 3.0], 100), np.full(300, 50.0)])
    motion = Signal(values, 10.0, 0.0, Unit.ARBITRARY)
    assert movement_threshold(motion, Window(0.0, 30.0)) == pytest.approx(2.0 + 6 * 1.4826)
    assert movement_threshold(motion, Window(30.0, 60.0)) is None
    assert movement_threshold(motion, Window(90.0, 100.0)) is None


def test_axes_belong_together_and_hold_something():
    one, two, three = axes(np.zeros((3, 100)))
    with pytest.raises(DataError, match="three axes"):
        activity((one, two, Signal(three.values, 25.0, 0.0, three.unit)))
    with pytest.raises(DataError, match="10 s are needed"):
        chest_tilt((one, two, three))
