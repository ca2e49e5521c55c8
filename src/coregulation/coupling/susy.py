"""SUSY's aggregate (Tschacher & Meier 2020), as a named setting to compare with published work.

Written from its description (PEERS.md 4.1), not from its code. Its "effect size" divides by a standard deviation over *lags*: it is not
a significance level and grows with the number of surrogates, so no p is derived from it here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coregulation.errors import DataError, UsageError
from coregulation.signals import Floats


@dataclass(frozen=True, slots=True)
class SusyResult:
    """What SUSY tells of a pair; lags in samples, negative where the first series leads (SUSY's sign).

    Args:
        z: mean |z| over lags.
        z_pseudo: the same over all other pairings of segments.
        effect_size: (z - z_pseudo) / sd over lags of the pseudo means.
        z_signed, z_signed_pseudo, effect_size_signed: the same without taking magnitudes.
        z_first_leads, z_second_leads: mean |z| over the lags where one leads.
        by_lag, pseudo_by_lag: mean |z| at each lag.
        segments: how many.
    """

    z: float
    z_pseudo: float
    effect_size: float
    z_signed: float
    z_signed_pseudo: float
    effect_size_signed: float
    z_first_leads: float
    z_second_leads: float
    by_lag: Floats
    pseudo_by_lag: Floats
    segments: int


@dataclass(frozen=True, slots=True)
class Susy:
    """Cross-correlate segments of `segment` s at lags up to `max_lag` s; every other pairing of segments is a surrogate.

    Args:
        segment: s.
        max_lag: s; SUSY's default is 3.
    """

    segment: float
    max_lag: float = 3.0

    def __call__(self, x: Floats, y: Floats, rate: float) -> SusyResult:
        """Return the aggregate of two series of shape (n,), in Hz `rate`, without missing samples.

        Raises:
            DataError: if fewer than two segments are there, a sample is missing, a segment never changes, or two are the same.
            UsageError: if the lag is longer than a segment, or the series are not equally long.
        """
        if len(x) != len(y):
            raise UsageError(f"Two series of one length were expected; {len(x)} and {len(y)} samples came.")
        size, most = round(self.segment * rate), round(self.max_lag * rate)
        if not 0 <= most < size:
            raise UsageError(f"A lag of {self.max_lag:g} s needs longer segments than {self.segment:g} s.")
        z = _segment_z(_segments(x, size), _segments(y, size), most)
        pieces = len(z)
        own = np.eye(pieces, dtype=bool)
        real, pseudo = np.abs(z[own]).mean(axis=0), np.abs(z[~own]).mean(axis=0)
        signed, signed_pseudo = z[own].mean(axis=0), z[~own].mean(axis=0)
        return SusyResult(
            float(real.mean()), float(pseudo.mean()), _effect(real, pseudo),
            float(signed.mean()), float(signed_pseudo.mean()), _effect(signed, signed_pseudo),
            float(real[:most].mean()) if most else float("nan"),
            float(real[most + 1 :].mean()) if most else float("nan"),
            real, pseudo, pieces,
        )  # fmt: skip


def _segments(values: Floats, size: int) -> Floats:
    values = np.asarray(values, dtype=np.float64)
    pieces = len(values) // size
    if pieces < 2:
        raise DataError(f"At least two segments of {size} samples are needed; {len(values)} samples came.")
    segments = values[: pieces * size].reshape(pieces, size)
    if not np.isfinite(segments).all():
        raise DataError("This aggregate knows no missing samples; some came.")
    centred = segments - segments.mean(axis=1, keepdims=True)
    length = np.sqrt((centred**2).sum(axis=1, keepdims=True))
    if (length <= 1e-13 * np.abs(segments).max(axis=1, keepdims=True)).any():
        raise DataError("A segment never changes, so it correlates with nothing.")
    scaled: Floats = centred / length
    return scaled


def _segment_z(a: Floats, b: Floats, most: int) -> Floats:
    """Return z of every segment of a with every segment of b at every lag, shape (segments, segments, lags).

    The mean and spread are those of the whole segment, so r shrinks towards 0 as the lag grows. lag k compares
    a[t + k] with b[t]: one matrix product a lag.
    """
    size = a.shape[1]
    out = np.empty((len(a), len(b), 2 * most + 1))
    for column, lag in enumerate(range(-most, most + 1)):
        late = a[:, max(0, lag) : size + min(0, lag)]
        early = b[:, max(0, -lag) : size + min(0, -lag)]
        out[:, :, column] = late @ early.T
    if np.abs(out).max() > 1 - 1e-14:
        raise DataError("Two segments are the same, or one the other turned over: their z is infinite.")
    z: Floats = 0.5 * np.log((1 + out) / (1 - out))
    return z


def _effect(real: Floats, pseudo: Floats) -> float:
    spread = float(pseudo.std(ddof=1)) if len(pseudo) > 1 else 0.0
    return float((real.mean() - pseudo.mean()) / spread) if spread > 0 else float("nan")
