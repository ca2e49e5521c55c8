"""What streams of rows, and of several signals at once, said, as one array of numbers."""

import numpy as np

from coregulation.physiology.aligned_rows import Rows
from coregulation.signals import Signal


def flat_rows(pieces) -> np.ndarray:
    """Each row with its time, whatever pieces it came in."""
    parts = [
        np.column_stack([(p.data.first + np.arange(len(p.data))) / p.data.rate, p.data.values])
        for p in pieces
        if isinstance(p.data, Rows) and len(p.data)
    ]
    return np.concatenate(parts).ravel() if parts else np.empty(0)


def flat_told(pieces) -> np.ndarray:
    """Each signal by its name, whatever pieces it came in."""
    names = sorted({name for piece in pieces for name in piece.data})
    rows = [[piece.data[name].data for piece in pieces if name in piece.data] for name in names]
    return np.concatenate([_flat(part) for parts in rows for part in parts] or [np.empty(0)])


def _flat(signal: Signal) -> np.ndarray:
    return np.stack([signal.times, signal.values], axis=1).ravel()
