"""An exact simulator of the model of REGULATION.md 2, with a drift that may change from span to span."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import expm

from coregulation.regulation.design import Design, DesignSpan, Probe
from coregulation.regulation.panel import Panel

A, B = "ada", "ben"


@dataclass(frozen=True)
class Truth:
    """Known truth for a pair; `setpoint_shift` moves the resting level together, `cross_exposure[i]` hits i when the other is."""

    k: tuple[float, float] = (0.04, 0.04)
    d: tuple[float, float] = (0.0, 0.0)
    p: tuple[float, float] = (0.0, 0.0)  # p[i]: what reaches i
    sigma: float = 0.05
    noise: float = 0.2  # share of the observed resting variance that is measurement noise
    dose: float = 0.05
    cross_exposure: tuple[float, float] = (0.0, 0.0)
    setpoint_shift: tuple[float, float] = (0.0, 0.0)
    level: tuple[float, float] = (0.3, -0.2)
    common: float = 0.0  # correlation of the white input together
    script: float = 0.0  # sd of a slow input that both get together
    habituation: float = 0.0  # ln k gained from the first probe to the last
    missing: float = 0.0


def timetable(
    each: int = 3,
    rest: float = 60.0,
    hit: float = 20.0,
    recover: float = 100.0,
    order: str = "crossed",
    who: tuple[str, ...] = (A, B),
    both: bool = False,
    **facts: object,
) -> Design:
    """A rest alone, a rest together, then `each` probes of each person under each condition."""
    wanted = [(person, together) for together in (False, True) for person in who] * each
    if order == "alone first":
        wanted.sort(key=lambda item: item[1])
    at, spans, probes = 0.0, [], []
    for together in (False, True):
        spans.append(DesignSpan(at, at + rest, (A, B) if together else ()))
        at += rest
    for person, together in wanted:
        spans.append(DesignSpan(at, at + hit + recover, (A, B) if together else ()))
        probes.append(Probe((A, B) if both else (person,), at, at + hit, at + hit + recover, together))
        at += hit + recover
    return Design((A, B), tuple(spans), tuple(probes), **facts)  # type: ignore[arg-type]


def simulate(truth: Truth, design: Design, rng: np.random.Generator, rate: float = 1.0) -> tuple[Panel, np.ndarray]:
    """Return what would be recorded, and the latent arousal, shape (t, 2)."""
    step = 1.0 / rate
    times = np.arange(design.spans[0].start, design.spans[-1].end, step)
    company = design.company(times + step / 2)[:, 0, 1]
    sd = np.sqrt(truth.sigma**2 / (2 * np.array(truth.k)))
    x = np.empty((len(times), 2))
    x[0] = sd * rng.standard_normal(2)
    cache: dict[tuple[bool, int], tuple[np.ndarray, np.ndarray, np.ndarray]] = {}
    slow = 0.0
    for t in range(len(times) - 1):
        now = times[t] + step / 2
        done = sum(probe.start <= now for probe in design.probes) - 1
        together = bool(company[t])
        key = (together, done if truth.habituation else 0)
        if key not in cache:
            cache[key] = _discrete(truth, together, done / max(1, len(design.probes) - 1), step)
        phi, gamma, root = cache[key]
        slow = slow * np.exp(-step / 20) + np.sqrt(1 - np.exp(-step / 10)) * rng.standard_normal()
        push = _push(truth, design, now, together) + truth.script * slow * together
        drift_level = np.array(truth.setpoint_shift) * together
        x[t + 1] = drift_level + phi @ (x[t] - drift_level) + gamma @ push + root @ rng.standard_normal(2)
    measured = sd * np.sqrt(truth.noise / (1 - truth.noise)) if truth.noise else np.zeros(2)
    y = x + np.array(truth.level) + measured * rng.standard_normal(x.shape)
    y[rng.random(y.shape) < truth.missing] = np.nan
    return Panel(times, y), x


def _discrete(truth: Truth, together: bool, progress: float, step: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    k = np.array(truth.k) * np.exp(truth.habituation * progress)
    d, p = np.array(truth.d) * together, np.array(truth.p) * together
    drift = np.array([[-k[0] - d[0], p[0]], [p[1], -k[1] - d[1]]])
    rho = truth.common * together
    noise = truth.sigma**2 * np.array([[1.0, rho], [rho, 1.0]])
    block = np.zeros((4, 4))
    block[:2, :2], block[:2, 2:] = drift, np.eye(2)
    both = expm(block * step)
    fine = np.linspace(0, step, 21)
    powers = np.array([expm(drift * s) @ noise @ expm(drift * s).T for s in fine])
    covariance = np.trapezoid(powers, fine, axis=0)
    return both[:2, :2], both[:2, 2:], np.linalg.cholesky(covariance)


def _push(truth: Truth, design: Design, now: float, together: bool) -> np.ndarray:
    push = np.zeros(2)
    for probe in design.probes:
        if probe.start < now < probe.end:
            hit = np.array([A in probe.hit, B in probe.hit])
            push += truth.dose * hit
            push += np.array(truth.cross_exposure) * (~hit) * together
    return push
