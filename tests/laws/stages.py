"""The laws that every stage keeps; a test module calls `check_stage(stage, pieces, flatten)` for each stage it has.

chunking: any cut gives the same result.  prefix: what was emitted never changes.  purity: a step leaves its
input state as it was.  resume: a state survives bytes.  bound: a state does not grow with time.
"""

from __future__ import annotations

import itertools
import pickle
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from coregulation.signals import Beats, Signal
from coregulation.stage import Piece, run

RELATIVE = 1e-9


def cut(signal: Signal, at: Sequence[int]) -> list[Piece[Signal]]:
    """Return a signal as pieces, cut before the given sample numbers."""
    edges = [0, *sorted(set(at) & set(range(1, len(signal)))), len(signal)]
    parts = [
        Signal(signal.values[a:b], signal.rate, signal.start + a / signal.rate, signal.unit)
        for a, b in itertools.pairwise(edges)
    ]
    return [Piece(part, part.window.end) for part in parts]


def flat(pieces: Sequence[Piece[Any]]) -> np.ndarray:
    """Return all that a stream said as one array of numbers (signals, beats, and tuples of what has values)."""
    return np.concatenate([np.atleast_1d(_numbers(piece.data)) for piece in pieces] or [np.empty(0)])


def _numbers(data: Any) -> np.ndarray:
    if isinstance(data, Signal):
        return np.stack([data.times, data.values], axis=1).ravel() if len(data) else np.empty(0)
    if isinstance(data, Beats):
        return np.stack([data.times, data.ok, data.breaks], axis=1).astype(float).ravel()
    if isinstance(data, (tuple, list)):
        return np.concatenate([np.atleast_1d(_numbers(item)) for item in data] or [np.empty(0)])
    if hasattr(data, "__dataclass_fields__"):
        return _numbers(tuple(getattr(data, name) for name in data.__dataclass_fields__))
    if isinstance(data, (str, bytes)) or data is None:
        return np.empty(0)
    return np.atleast_1d(np.asarray(data, float)).ravel()


def assert_same(first: np.ndarray, other: np.ndarray) -> None:
    """Fail unless two streams said the same numbers, to 1e-9 relative."""
    assert first.shape == other.shape
    scale = np.nanmax(np.abs(first), initial=1.0)
    np.testing.assert_allclose(first, other, rtol=RELATIVE, atol=RELATIVE * scale, equal_nan=True)


def check_stage(
    stage: Any,
    complete: Piece[Any],
    parts: Sequence[Piece[Any]],
    flatten: Callable[[Sequence[Piece[Any]]], np.ndarray] = flat,
) -> None:
    """Hold a stage to chunking, prefix, purity and resume, on one cutting of one stream."""
    expected = list(run(stage, [complete]))
    got = []
    state = stage.start()
    for piece in parts:
        before = pickle.dumps(state)
        state, out = stage.step(pickle.loads(before), piece)
        again, _ = stage.step(pickle.loads(before), piece)
        kept = pickle.loads(before)
        stage.step(kept, piece)
        assert pickle.dumps(kept) == before, "a step changed the state it was given"
        assert pickle.dumps(again) == pickle.dumps(state), "a step is not a function of state and piece"
        got.append(out)
    got.append(stage.finish(state))
    assert_same(flatten(expected), flatten(got))
    untils = [piece.until for piece in got]
    assert untils == sorted(untils), "`until` went back"


def check_bound(stage: Any, short: Sequence[Piece[Any]], long: Sequence[Piece[Any]], slack: float = 1.5) -> None:
    """Hold a stage to a state that does not grow: after a long stream it is no larger than after a short one."""

    def size(pieces: Sequence[Piece[Any]]) -> int:
        state = stage.start()
        largest = 0
        for piece in pieces:
            state, _ = stage.step(state, piece)
            largest = max(largest, len(pickle.dumps(state)))
        return largest

    assert size(long) <= slack * size(short)
