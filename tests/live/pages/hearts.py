"""Two hearts that follow the simulator's pair second by second: a task stirs, and who is there may damp or not.

The equation is that of `PairModel` (arousal of each, with own return, extra damping together, diffusion), read out as a heart rate
with a breath in it. What the room asks for, and what people do, is not known beforehand, so it is stepped as it comes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from coregulation.live.sources.simulated import LATE, Notification, _Strap
from coregulation.simulate.pair_model import PairModel

RATE = 4.0  # Hz
RESTING = (68.0, 64.0)  # 1/min
GAIN = 12.0  # 1/min for one a.u. of arousal
BREATH, DEPTH = 0.24, 1.5  # Hz, 1/min
OWN = PairModel(k=(0.022, 0.022), g=(0.045, 0.045), sigma=(0.006, 0.006))
LENT = PairModel(k=OWN.k, d=(0.09, 0.0), g=OWN.g, sigma=OWN.sigma)


@dataclass(frozen=True, slots=True)
class Lived:
    """What is the case in one second: whom a task is stirring, and whether the two are together."""

    stirred: tuple[int, ...] = ()
    together: bool = False


@dataclass(slots=True)
class FollowingHearts:
    """Hearts of two people.

    Args:
        pair: its rates.
        seed: of everything.
    """

    pair: PairModel = OWN
    seed: int = 1
    rng: np.random.Generator = field(init=False)

    def __post_init__(self) -> None:
        self.rng = np.random.default_rng(self.seed)

    def packets(self, lived: Callable[[], Lived]) -> Iterator[list[Notification]]:
        """Yield what both straps send in each second; `lived` is asked for each of them."""
        arousal = np.zeros(2)
        rates: tuple[list[float], list[float]] = ([], [])
        straps = [_Strap(0.2 + 0.3 * k) for k in (0, 1)]
        second = 0
        while True:
            now = lived()
            for _ in range(round(RATE)):
                arousal = self._stepped(arousal, now)
                for k in (0, 1):
                    phase = 2 * math.pi * (BREATH + 0.03 * k) * len(rates[k]) / RATE
                    rates[k].append(
                        RESTING[k] + GAIN * arousal[k] + DEPTH * math.sin(phase) + 0.4 * self.rng.standard_normal()
                    )
            second += 1
            yield [
                Notification(k, second + LATE, strap.until(second, _Padded(rates[k]), 0.0))
                for k, strap in enumerate(straps)
            ]

    def _stepped(self, arousal: np.ndarray, now: Lived) -> np.ndarray:
        step = 1 / RATE
        rate = np.array(self.pair.k) + np.array(self.pair.d) * now.together
        push = np.array([self.pair.g[k] if k in now.stirred else 0.0 for k in (0, 1)])
        noise = np.array(self.pair.sigma) * math.sqrt(step) * self.rng.standard_normal(2)
        return arousal + step * (push - rate * arousal) + noise


class _Padded(list):
    """Rates so far; a beat that looks a moment ahead meets the last one."""

    def __init__(self, rates: list[float]):
        super().__init__([*rates, *rates[-1:] * 20])
