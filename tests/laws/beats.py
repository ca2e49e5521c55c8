"""Beats for the laws: made up, with artefacts, breaks and gaps, and cut into pieces."""

import itertools

import numpy as np

from coregulation.signals import Beats
from coregulation.stage import Piece


def some_beats(seed: int, n: int = 300, start: float = -7.3) -> Beats:
    """Beats with a slow and a fast rhythm, noise, artefacts, breaks, lost spans and impossible intervals."""
    rng = np.random.default_rng(seed)
    rr = 0.9 + 0.05 * np.sin(np.arange(n) * 0.3) + 0.03 * rng.standard_normal(n)
    rr[rng.integers(0, n, 4)] = rng.uniform(0.1, 20, 4)
    ok = rng.random(n) > 0.05
    breaks = rng.random(n) < 0.02
    breaks[0] = True
    return Beats(start + np.cumsum(rr), ok, breaks)


def cut_beats(beats: Beats, at) -> list[Piece[Beats]]:
    """Return beats as pieces, cut at times; an extra empty piece where no beat lies between two cuts."""
    last = float(beats.times[-1])
    edges = [-np.inf, *sorted(t for t in set(at) if t < last), np.inf]
    pieces = []
    for low, high in itertools.pairwise(edges):
        inside = (beats.times >= low) & (beats.times < high)
        part = Beats(beats.times[inside], beats.ok[inside], beats.breaks[inside])
        pieces.append(Piece(part, min(high, last)))
    return pieces
