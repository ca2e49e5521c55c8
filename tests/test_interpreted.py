"""Every compiled loop gives what its Python gives."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np

from coregulation.coupling.measures import kernels, series_kernels
from coregulation.coupling.measures.lagged_correlation import WindowGrid, prepare, scale_rows
from coregulation.physiology import beat_evidence, beat_memory
from coregulation.physiology.ecg import EarlyEcg, EcgBeats
from coregulation.physiology.ppg import PpgBeats
from coregulation.regulation import counterfactual
from coregulation.regulation.panel import model_grid
from coregulation.regulation.posterior import posterior_of
from coregulation.regulation.statespace import StateSpace
from coregulation.signals import Signal, Unit, Window
from coregulation.simulate import gaussian_waves
from coregulation.simulate.nervous_system import ScenarioMember, states
from coregulation.simulate.plan import Plan, PlanSpan
from coregulation.simulate.profiles import PROFILES
from coregulation.stage import Piece, run
from tests.coupling.measures.test_lagged_correlation import pair
from tests.interpreted import compiled, interpret
from tests.regulation.truth import Truth, timetable
from tests.regulation.truth import simulate as exact_pair

RATE, PAIR = 128.0, ("ada", "ben")


def waves(unit: Unit) -> Signal:
    """A wave with a peak each 0.8 s, one of them far too high, then a missing part, a rail, and silence."""
    t = np.arange(0, 28, 1 / RATE)
    phase = (t / 0.8) % 1.0
    values = np.exp(-0.5 * ((phase - 0.5) / (0.02 if unit is Unit.MILLIVOLT else 0.12)) ** 2)
    values += 0.02 * np.random.default_rng(0).standard_normal(len(t))
    values[(t > 17.6) & (t < 18.4)] *= 15.0
    values[(t > 20.0) & (t < 20.3)], values[(t > 22.0) & (t < 22.2)] = np.nan, 3.0
    values[t > 24.0] *= 0.05
    return Signal(values, RATE, 0.0, unit)


def spikes() -> Signal:
    """Noise with spikes of any height, which is no heart however long one waits."""
    values = np.clip(np.random.default_rng(0).standard_cauchy(round(45 * RATE)), -50.0, 50.0)
    return Signal(values, RATE, 0.0, Unit.MILLIVOLT)


def beats() -> Iterator[float]:
    detectors = (EcgBeats(), Unit.MILLIVOLT), (EarlyEcg(), Unit.MILLIVOLT), (PpgBeats(), Unit.ARBITRARY)
    recordings = [(detector, waves(unit)) for detector, unit in detectors]
    for detector, wave in (*recordings, (EcgBeats(), spikes())):
        pieces = run(detector, [Piece(wave.within(part), part.end) for part in _parts(wave)])
        for beat in (beat for piece in pieces for beat in piece.data):
            yield from (beat.time, getattr(beat, "confidence", 1.0), float(getattr(beat, "breaks", False)))


def late_beats() -> Iterator[float]:
    """Beats that wait in vain for evidence of a heart: after half a minute the oldest are lost."""
    memory = beat_memory.memory()[0]
    for time in (1.0, 2.0, 33.0, 34.0, 70.0):
        beat_evidence._wait(memory, time, False)
        memory["rows"][memory["pending"] - 1]["time"] = time
        yield from (memory["pending"], memory["lost_to"], memory["emitted"], memory["rows"][0]["time"])


def _parts(wave: Signal) -> list[Window]:
    return [Window(0.0, 7.0), Window(7.0, 7.5), Window(7.5, wave.window.end)]


def nervous_systems() -> Iterator[float]:
    """Two people for a few seconds: a stressor, cues between them, then a pacer that both follow."""
    spans = (PlanSpan("talk", 2.0, {"ada": 1.0}), PlanSpan("breathe", 2.0, guide=0.1, shared=0.2))
    run = states({name: ScenarioMember(PROFILES["secure"]) for name in PAIR}, Plan(PAIR, spans), seed=3)
    yield from run.values.ravel()


def waves_of_sensors() -> Iterator[float]:
    out = np.zeros(200)
    gaussian_waves.add_gaussian_waves(out, 100.0, np.array([0.5, 1.0]), np.array([0.05, 0.1]), np.array([1.0, -0.5]))
    yield from out


def state_space() -> Iterator[float]:
    """One evaluation of the posterior, one simulated path, and what a person would be without the other."""
    design = timetable(1, rest=20.0, hit=5.0, recover=20.0)
    panel, _ = exact_pair(Truth(missing=0.1), design, np.random.default_rng(0))
    model = StateSpace()
    grid = model_grid(panel, design)
    target = posterior_of(grid, model.layout(grid, design), model.weak)
    point = target.at(target.centre)
    assert point is not None
    dynamics = target.layout.dynamics(target.centre)
    path = counterfactual.draw_path(SimpleNamespace(target=target), dynamics, point.effects, np.random.default_rng(1))
    yield from (point.loss, *point.effects, *path.ravel())
    yield from counterfactual._without(grid, dynamics, point.effects, path).ravel()


def windows() -> Iterator[float]:
    x, y = pair(4, 60, [(0, 20, 5), (1, 40, 3)])
    grid, offsets = WindowGrid(12, 2, 5, 1.0), np.arange(-7, 20, 3)
    x = x + np.where(
        np.arange(len(x)) < 20, 1e4 * np.arange(len(x)), 0.0
    )  # a part so steep that its residuals must be added up
    for detrend in (True, False):
        first, second = (prepare(values, grid, detrend) for values in (x, y))
        traces = first.values, second.values, first.terms, second.terms
        yield from kernels.window_r(*traces, grid.width, grid.lags).ravel()
        for sums in kernels.window_sums(*traces, first.energy, second.energy, grid.width, offsets):
            yield from np.ravel(sums)
        (rows_x, missing_x), (rows_y, missing_y) = (scale_rows(values[None], grid) for values in (x, y))
        for sums in kernels.redrawn_sums(rows_x, rows_y, missing_x, missing_y, grid.width, grid.hop, detrend, offsets):
            yield from np.ravel(sums)


def secondary_measures() -> Iterator[float]:
    """Two people's series with a gap, a flat part and a part that is the same in both."""
    x, others = np.random.default_rng(3).standard_normal((2, 60)).cumsum(axis=1), np.random.default_rng(4)
    x = x[0]
    y = np.array([others.standard_normal(60).cumsum() for _ in range(3)])
    yield from series_kernels.warp(x, y, np.array([0, 35]), np.array([30, 60]), 4)
    valid = np.arange(56) % 17 != 16
    yield from series_kernels.recurrences(x, y, valid, 2, 3, 4, 0.1)
    for part in series_kernels.distances(x, y[0], valid, 2, 3, 4):
        yield from np.ravel(part)[:4]
    x[10:12], y[:, 40:44], y[1, 20:32] = np.nan, np.nan, 1.0
    y[2, 12:34] = x[12:34]
    yield from series_kernels.shifted_correlations(x, y, np.array([0, 12, 24, 36]), 12, 3)


EXERCISES = (beats, late_beats, nervous_systems, waves_of_sensors, state_space, windows, secondary_measures)


def test_the_python_of_every_loop_gives_the_same(monkeypatch):
    fast = {exercise: np.array(list(exercise())) for exercise in EXERCISES}
    every = set(compiled())
    ran = interpret(monkeypatch)
    for exercise, expected in fast.items():
        assert len(expected) > 3
        np.testing.assert_allclose(
            np.array(list(exercise())), expected, rtol=1e-9, atol=1e-10, err_msg=exercise.__name__
        )
    assert every == ran
