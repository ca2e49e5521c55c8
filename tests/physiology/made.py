"""Bodies whose truth is known: beats with a rhythm, a breath with known cycles, skin with known responses."""

import numpy as np

from coregulation.signals import Beats, Signal, Unit


def modulated_beats(rhythms: dict[float, float], mean: float = 900.0, seconds: float = 600.0) -> Beats:
    """Beats whose interval at its end is mean + sum of amplitude · sin(2π f t); all in ms and Hz."""
    times = [0.0]
    while times[-1] < seconds:
        rr = mean / 1000
        for _ in range(12):
            at = times[-1] + rr
            rr = (mean + sum(a * np.sin(2 * np.pi * f * at) for f, a in rhythms.items())) / 1000
        times.append(times[-1] + rr)
    return Beats(np.array(times))


def made_breath(
    seed: int, seconds: float = 600.0, rate: float = 50.0, noise: float = 0.02
) -> tuple[Signal, np.ndarray]:
    """Return a respiration signal and its true cycles, shape (n, 4): start, peak, end, depth; inspiration takes 40 %."""
    rng = np.random.default_rng(seed)
    edges = np.cumsum(rng.uniform(2.5, 6.0, int(seconds / 2.5)))
    edges = edges[edges < seconds]
    start, end = edges[:-1], edges[1:]
    peak, depth = start + 0.4 * (end - start), rng.uniform(0.8, 1.2, len(start))
    times = np.arange(0, seconds, 1 / rate)
    at = np.clip(np.searchsorted(start, times, "right") - 1, 0, len(start) - 1)
    rising = times < peak[at]
    share = np.where(
        rising, (times - start[at]) / (peak - start)[at] / 2, 0.5 + (times - peak[at]) / (end - peak)[at] / 2
    )
    wave = depth[at] * (1 - np.cos(2 * np.pi * np.clip(share, 0, 1))) / 2
    drift = 0.5 * np.sin(2 * np.pi * times / 200)
    values = wave + drift + noise * rng.standard_normal(len(times))
    return Signal(values, rate, 0.0, Unit.ARBITRARY), np.stack([start, peak, end, depth], axis=1)


def made_skin(seed: int, seconds: float = 600.0, rate: float = 50.0, per_minute: float = 5.0, noise: float = 0.003):
    """Return skin conductance (µS) and its true responses, shape (n, 2): burst (s) and amplitude (µS)."""
    rng = np.random.default_rng(seed)
    onset = np.cumsum(1.5 + rng.exponential(60 / per_minute - 1.5, int(seconds)))
    onset = onset[onset < seconds - 10]
    size = np.exp(rng.normal(np.log(0.3), 0.6, len(onset)))
    times = np.arange(0, seconds, 1 / rate)
    values = 4 + 0.5 * np.sin(2 * np.pi * times / 400) + noise * rng.standard_normal(len(times))
    top = np.log(2 / 0.7) * 1.4 / 1.3
    for t, a in zip(onset, size, strict=True):
        first = int(np.ceil(t * rate))
        since = times[first : first + int(30 * rate)] - t
        values[first : first + len(since)] += (
            a * (np.exp(-since / 2) - np.exp(-since / 0.7)) / (np.exp(-top / 2) - np.exp(-top / 0.7))
        )
    return Signal(values, rate, 0.0, Unit.MICROSIEMENS), np.stack([onset, size], axis=1)
