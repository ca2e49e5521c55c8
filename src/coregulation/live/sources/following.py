"""Two simulated hearts that follow a comparison second by second: a task stirs, and who is there may damp or not.

The equation is that of `PairModel`: arousal of each, with own return, extra damping together, and diffusion, read out as a heart rate
with a breath in it. What the room asks for, and what people do, is not known beforehand, so it is stepped as it comes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from coregulation.live.sources.simulated import LATE, EmulatedStrap, Notification
from coregulation.signals import Floats
from coregulation.simulate.pair_model import PairModel

RATE = 4.0  # Hz of the drawn heart rates
RESTING = (68.0, 64.0)  # 1/min
GAIN = 12.0  # 1/min for one a.u. of arousal
BREATH, DEPTH = (0.24, 0.27), 1.5  # Hz of each, 1/min
SHAKE = 0.4  # 1/min, standard deviation of what is neither arousal nor breath
AHEAD = 5.0  # s beyond now for which a beat that is still to come meets the present rate

INDEPENDENT = PairModel(k=(0.022, 0.022), g=(0.045, 0.045), sigma=(0.006, 0.006))
STEADYING = PairModel(k=(0.022, 0.022), d=(0.09, 0.09), g=(0.045, 0.045), sigma=(0.006, 0.006))


@dataclass(frozen=True, slots=True)
class LivedSecond:
    """What is the case in one second.

    Args:
        stirred: whom a task is stirring, as numbers of seats.
        together: whether the two are together.
    """

    stirred: tuple[int, ...] = ()
    together: bool = False


@dataclass(frozen=True, slots=True)
class FollowingHearts:
    """The hearts of two people.

    Args:
        pair: its rates.
        seed: of everything.
    """

    pair: PairModel = INDEPENDENT
    seed: int = 1

    def packets(self, lived: Callable[[float], LivedSecond], start: float = 0.0) -> Iterator[list[Notification]]:
        """Yield what both straps send in each second from `start` (session s) on; `lived` tells what was the case at a time."""
        rng = np.random.default_rng(self.seed)
        arousal: Floats = np.zeros(2)
        rates: tuple[list[float], list[float]] = ([], [])
        straps = [EmulatedStrap(start + 0.2 + 0.3 * k) for k in (0, 1)]
        second = 0
        while True:
            now = lived(start + second)
            for _ in range(round(RATE)):
                arousal = self._stepped(arousal, now, rng)
                for k in (0, 1):
                    breath = DEPTH * math.sin(2 * math.pi * BREATH[k] * len(rates[k]) / RATE)
                    rates[k].append(RESTING[k] + GAIN * float(arousal[k]) + breath + SHAKE * rng.standard_normal())
            second += 1
            until = start + second
            yield [
                Notification(k, until + LATE, strap.until(until, np.array([*rates[k], *rates[k][-1:] * round(AHEAD * RATE)]), start))
                for k, strap in enumerate(straps)
            ]  # fmt: skip

    def _stepped(self, arousal: Floats, now: LivedSecond, rng: np.random.Generator) -> Floats:
        step = 1 / RATE
        rate = np.array(self.pair.k) + np.array(self.pair.d) * now.together
        push = np.array([self.pair.g[k] if k in now.stirred else 0.0 for k in (0, 1)])
        noise = np.array(self.pair.sigma) * math.sqrt(step) * rng.standard_normal(2)
        stepped: Floats = arousal + step * (push - rate * arousal) + noise
        return stepped
