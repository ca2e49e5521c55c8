"""Rupture and repair: both rise, and how long until both are back.

Descriptive: an episode says that both were up at once, not why; a loud noise in the room does the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coregulation.errors import UsageError
from coregulation.signals import Bools, Floats


@dataclass(frozen=True, slots=True)
class CoEscalation:
    """Both up at once: when both had risen, how high each got, and when both were back for good.

    Parameters
    ----------
    onset
        The first moment at which both were up, s.
    peaks
        Each one's height over the own resting level, in rest SDs.
    repaired
        When both were below half their peaks and stayed so, s; None if that was not seen.
    until
        The last moment in view, s.
    """

    onset: float
    peaks: tuple[float, float]
    repaired: float | None
    until: float

    @property
    def time_to_repair(self) -> float | None:
        """Seconds from onset to repair, None if repair was not seen."""
        return None if self.repaired is None else self.repaired - self.onset


@dataclass(frozen=True, slots=True)
class CoEscalationDetector:
    """How an episode is found.

    Another one begins only after one of the two has been below `up` again.

    Parameters
    ----------
    up
        Both must be above this, in rest SDs.
    hold
        For so long, s.
    stay
        Repaired is when both are below half their peaks for so long, s.
    """

    up: float = 2.0
    hold: float = 5.0
    stay: float = 10.0

    def __post_init__(self) -> None:
        if min(self.up, self.hold, self.stay) <= 0:
            raise UsageError("up, hold and stay must be positive.")

    def find(self, times: Floats, heights: Floats) -> tuple[CoEscalation, ...]:
        """Find the episodes in two people's heights over their own resting levels.

        Parameters
        ----------
        times
            Increasing, s, shape (n,).
        heights
            In each one's own rest SDs, NaN where missing, shape (n, 2); missing counts as not up and not back.

        Returns
        -------
        tuple of CoEscalation
            In time order.

        Raises
        ------
        UsageError
            If the shapes do not fit.
        """
        if heights.shape != (len(times), 2):
            raise UsageError(
                "Heights of two people were expected, shape ({times}, 2); {shape} came.",
                times=len(times),
                shape=str(heights.shape),
            )
        up = self._held(times, np.asarray((heights > self.up).all(axis=1), bool), self.hold)
        episodes, at = [], 0
        while up[at:].any():
            first = at + int(up[at:].argmax())
            episode, at = self._episode(times, heights, first)
            episodes.append(episode)
            still = np.asarray((heights[at:] > self.up).all(axis=1), bool)  # on its way down it is no new one
            at += int(np.argmin(still)) if not still.all() else len(still)
        return tuple(episodes)

    def _episode(self, times: Floats, heights: Floats, first: int) -> tuple[CoEscalation, int]:
        peaks = np.fmax.accumulate(heights[first:])
        back = self._held(times[first:], np.asarray((heights[first:] <= peaks / 2).all(axis=1), bool), self.stay)
        last = int(back.argmax()) if back.any() else len(back) - 1
        top = (float(peaks[last, 0]), float(peaks[last, 1]))
        repaired = float(times[first + last]) if back.any() else None
        return CoEscalation(float(times[first]), top, repaired, float(times[-1])), first + last + 1

    @staticmethod
    def _held(times: Floats, flags: Bools, seconds: float) -> Bools:
        """Return where a flag begins to hold for so long; not where the record ends before."""
        broken = np.append(np.where(flags, np.inf, times), np.inf)
        following = np.minimum.accumulate(broken[::-1])[::-1][:-1]
        return np.asarray(flags & (np.minimum(following, times[-1] + 1e-9) - times >= seconds - 1e-9), bool)
