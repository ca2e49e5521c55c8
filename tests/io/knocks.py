"""Made recordings of two straps without a common clock, whose shared knocks are known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coregulation.signals import Signal, Unit


@dataclass(frozen=True)
class Strap:
    """How one strap records: Hz; its zero (s) and speed (ppm) against the true time; noise and movement in g; full scale in g."""

    rate: float = 100.0
    zero: float = 0.0
    drift_ppm: float = 0.0
    noise: float = 0.01
    walking: tuple[float, float] | None = None
    fidgets: int = 0
    full_scale: float = 16.0
    tilt: tuple[float, float, float] = (0.0, 0.0, 1.0)
    axes: int = 3


def recorded(strap: Strap, knocks, length: float, seed: int, alone=()) -> dict[str, Signal]:
    """Return what a strap records of knocks at true times (s): each rings for about 30 ms, differently on each axis and strap."""
    rng = np.random.default_rng(seed)
    step = 0.0005  # s of the true time; the strap averages over its own step
    device = np.arange(0, length - abs(strap.zero) - 1, 1 / strap.rate)
    true = (device / (1 + strap.drift_ppm * 1e-6)) + strap.zero
    found = {}
    tilt = np.array(strap.tilt) / np.linalg.norm(strap.tilt)
    jolts = [(t, rng.uniform(0.7, 1.5)) for t in (*knocks, *alone)]
    for axis in range(strap.axes):
        values = tilt[axis] + strap.noise * rng.standard_normal(len(true))
        values += 0.05 * np.sin(2 * np.pi * 0.25 * true + axis)  # breath
        if strap.walking:
            inside = (true > strap.walking[0]) & (true < strap.walking[1])
            values += (
                inside * 0.5 * np.maximum(0, np.sin(2 * np.pi * 1.8 * true)) ** 6 * (1 + 0.2 * rng.standard_normal())
            )
        for at in rng.uniform(0, length, strap.fidgets):
            values += rng.normal(0, 0.4) * np.exp(-(((true - at) / 0.5) ** 2))
        for at, size in jolts:
            near = np.abs(true - at) < 1
            fine = np.arange(-0.05, 0.4, step)
            ring = (
                4
                * size
                * rng.uniform(0.5, 1)
                * np.where(fine >= 0, np.exp(-fine / 0.03) * np.cos(2 * np.pi * 18 * fine), 0)
            )
            held = np.cumsum(ring) * step * strap.rate
            ends = np.interp(true[near] - at, fine, held), np.interp(true[near] - at - 1 / strap.rate, fine, held)
            values[near] += ends[0] - ends[1]
        values = np.clip(values, -strap.full_scale, strap.full_scale)
        found[f"chest_acceleration_{'xyz'[axis]}"] = Signal(values, strap.rate, 0.0, Unit.ARBITRARY)
    return found


def true_own_time(strap: Strap, true: float) -> float:
    """Return a strap's own time (s) at a true time."""
    return (true - strap.zero) * (1 + strap.drift_ppm * 1e-6)
