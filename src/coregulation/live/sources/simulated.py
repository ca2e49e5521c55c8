"""A simulated pair that comes in like two straps: marked as simulated on every screen and in every file.

At rest each goes its own way; when they practise, the second follows the first, two seconds later (or does not).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from coregulation.live.signals.heart_packets import TICK, HeartPacket, encode_heart_packet
from coregulation.signals import Floats
from coregulation.simulate.laws.coupled import Coupled
from coregulation.simulate.laws.independent import Independent

RATE = 4.0  # Hz of the drawn heart rates
RESTING = (72.0, 66.0, 69.0, 75.0)  # 1/min, of the first, the second, …
SWING = 3.5  # 1/min for each standard deviation
LATE = 0.04  # s that a packet takes on its way
AGAIN = 3600.0  # s after which a drawn hour begins anew


@dataclass(frozen=True, slots=True)
class Notification:
    """What a strap sends at a time of the session, as bytes."""

    person: int
    at: float
    data: bytes


@dataclass(frozen=True, slots=True, eq=False)
class SimulatedPair:
    """Two (or more) hearts by the second.

    Args:
        people: how many.
        linked: whether they follow each other while they practise.
        seed: of everything.
    """

    people: int = 2
    linked: bool = True
    seed: int = 1

    def packets(self, start: float, together: Callable[[float], bool]) -> Iterator[list[Notification]]:
        """Yield what all straps send in each second from `start` (session s) on; `together` tells whether they practise."""
        rng = np.random.default_rng(self.seed)
        alone, linked = self._drawn(rng, practising=False), self._drawn(rng, practising=True)
        straps = [EmulatedStrap(start + 0.3 * rng.random()) for _ in range(self.people)]
        second = 0
        while True:
            second += 1
            rates = linked if together(start + second) else alone
            yield [
                Notification(number, start + second + LATE, strap.until(start + second, rates[number], start))
                for number, strap in enumerate(straps)
            ]

    def _drawn(self, rng: np.random.Generator, practising: bool) -> list[Floats]:
        law = Coupled(0.7, 2.0) if practising and self.linked else Independent()
        first, second = law.draw(rng, 1, AGAIN, RATE)[0]
        others = [Independent().draw(rng, 1, AGAIN, RATE)[0, 0] for _ in range(self.people - 2)]
        series: Sequence[Floats] = (first, second, *others)
        return [
            RESTING[n % len(RESTING)] + SWING * np.clip(values, -4, 4) for n, values in enumerate(series[: self.people])
        ]


@dataclass(slots=True)
class EmulatedStrap:
    """One strap: when its last beat was."""

    beat: float

    def until(self, now: float, rates: Floats, start: float) -> bytes:
        """Return the notification of the second that ends now."""
        ticks: list[int] = []
        while True:
            rate = float(rates[int((self.beat - start) * RATE) % len(rates)])
            tick = round(60.0 / rate / TICK)
            if self.beat + tick * TICK > now:
                return encode_heart_packet(HeartPacket(round(rate), tuple(ticks), contact=True))
            self.beat += tick * TICK
            ticks.append(tick)
