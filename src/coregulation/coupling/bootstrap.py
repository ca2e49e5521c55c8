"""Intervals by a block bootstrap over windows.

Neighbouring windows share samples and are alike, so whole runs of them are drawn (moving blocks; Künsch, 1989), on a circle
(Politis & Romano, 1992). With a handful of blocks the percentiles are too narrow; the standard error goes with a t quantile on
(blocks - 1) degrees of freedom instead.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from coregulation.settings import LEVEL
from coregulation.signals import Floats


@dataclass(frozen=True, slots=True)
class BlockBootstrap:
    """A circular block bootstrap over windows.

    Parameters
    ----------
    draws
        Number of resamples.
    windows_per_block
        Length of a block, in windows' lengths.
    level
        Of the interval, 0 to 1.

    References
    ----------
    Künsch HR (1989), Annals of Statistics 17:1217, doi:10.1214/aos/1176347265
    Politis DN, Romano JP (1992), Exploring the Limits of Bootstrap, 263
    """

    draws: int = 999
    windows_per_block: float = 2.0
    level: float = LEVEL

    def profiles(self, z: Floats, block: int, rng: np.random.Generator) -> Floats:
        """Average over resampled windows.

        Parameters
        ----------
        z
            Values by window and lag, shape (windows, lags); NaN where a window is not valid.
        block
            Number of neighbouring windows drawn at once.
        rng
            Source of the draws.

        Returns
        -------
        Floats
            Mean over the windows of each resample, shape (draws, lags); NaN where none is valid.
        """
        n = len(z)
        block = max(1, min(block, n))
        pieces = max(1, round(n / block))
        starts = rng.integers(0, n, (self.draws, pieces))
        valid = np.isfinite(z)
        total = _block_sums(np.where(valid, z, 0.0), block)
        count = _block_sums(valid.astype(np.float64), block)
        out = np.zeros((self.draws, z.shape[1]))
        weight = np.zeros_like(out)
        for piece in range(pieces):
            out += total[starts[:, piece]]
            weight += count[starts[:, piece]]
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(weight > 0, out / weight, np.nan)

    def interval(self, value: float, resampled: Floats, blocks: int) -> tuple[float, float]:
        """Compute the interval of a mean.

        Parameters
        ----------
        value
            The mean.
        resampled
            The mean of each resample, shape (draws,).
        blocks
            Number of independent blocks that the mean rests on.

        Returns
        -------
        tuple of float
            Lower and upper end, from a t quantile on (blocks - 1) degrees of freedom.
        """
        spread = float(np.nanstd(resampled, ddof=1))
        half = self.quantile(blocks) * spread * math.sqrt(blocks / max(1, blocks - 1))
        return value - half, value + half

    def quantile(self, blocks: int) -> float:
        """Return the t quantile of an interval.

        Parameters
        ----------
        blocks
            Number of independent blocks that a mean rests on.

        Returns
        -------
        float
            On (blocks - 1) degrees of freedom, at least one.
        """
        from scipy.special import stdtrit

        return float(stdtrit(max(1, blocks - 1), 0.5 + self.level / 2))


def _block_sums(values: Floats, block: int) -> Floats:
    """Return the sum over the `block` rows from each row on, on a circle."""
    running = np.concatenate(
        [np.zeros((1, values.shape[1])), np.cumsum(np.concatenate([values, values[:block]]), axis=0)]
    )
    sums: Floats = running[block : block + len(values)] - running[: len(values)]
    return sums
