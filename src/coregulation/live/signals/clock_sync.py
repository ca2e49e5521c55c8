"""A client's clock against the session's: bursts of pings, the quickest of each, the middle of the last six.

The way there and the way back may differ; that error cannot be seen, only bounded by half the round trip.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

KEPT = 6  # bursts
STEP = 0.5  # s: so much else, and the clock was set or slept; what was before does not count any more


@dataclass(frozen=True, slots=True)
class ClockSample:
    """One ping: session time = client time + `offset`, at most `round_trip` / 2 off, all in s."""

    offset: float
    round_trip: float


@dataclass(frozen=True, slots=True)
class ClockSync:
    """What is known of one client's clock."""

    bursts: tuple[ClockSample, ...] = ()

    @property
    def known(self) -> bool:
        """Whether there was a burst."""
        return bool(self.bursts)

    @property
    def offset(self) -> float:
        """Add this to the client's time to have session time, s."""
        return median(burst.offset for burst in self.bursts)

    @property
    def uncertainty(self) -> float:
        """Half the middle round trip, s; infinite before the first burst."""
        return median(burst.round_trip for burst in self.bursts) / 2 if self.bursts else math.inf

    def after(self, best: ClockSample) -> ClockSync:
        """Return the clock with one burst more."""
        stepped = self.known and abs(best.offset - self.offset) > STEP + best.round_trip
        return ClockSync((best,)) if stepped else ClockSync((*self.bursts, best)[-KEPT:])


def clock_sample(sent: float, t1: float, t2: float, back: float) -> ClockSample:
    """Return what one ping tells: sent and back on the client's clock, t1 and t2 on the session's."""
    return ClockSample(((t1 - sent) + (t2 - back)) / 2, max(0.0, (back - sent) - (t2 - t1)))


def best_sample(burst: Iterable[ClockSample]) -> ClockSample:
    """Return the quickest ping of a burst, which two queues have bent the least."""
    return min(burst, key=lambda sample: sample.round_trip)
