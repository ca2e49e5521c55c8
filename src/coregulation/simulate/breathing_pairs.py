"""Pairs whose hearts follow their own breath: truth for what is left of a link when breath is taken out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.signal import butter, sosfiltfilt

from coregulation.channels import HEART_RATE
from coregulation.errors import UsageError
from coregulation.session import Person, Recording, Session
from coregulation.signals import Floats, Signal, Unit

RATE = 4.0  # Hz of both signals
_BREATHING = (0.15, 0.35)  # Hz: 9 to 21 breaths in one minute; assumed
_SLOWER = 0.04  # Hz, below which nothing of a breath reaches; assumed
_DELAY = 1.5  # s from breath to heart; assumed
_RESTING, _SWING, _SINUS, _JITTER = (
    70.0,
    2.0,
    4.0,
    0.3,
)  # 1/min: mean, slow waves, breath's part, noise of a sensor; assumed


@dataclass(frozen=True, slots=True)
class BreathingPair:
    """Two people whose breaths may go together, and whose hearts may share something slower beside that.

    Parameters
    ----------
    shared_breath
        Share of the breaths' variance that is common, 0 to 1.
    shared_slow
        Share of the slow waves' variance that is common, 0 to 1: what stays when breath is taken out.

    Raises
    ------
    UsageError
        If a share is not between 0 and 1.
    """

    shared_breath: float = 0.0
    shared_slow: float = 0.0

    def __post_init__(self) -> None:
        if not all(0 <= share <= 1 for share in (self.shared_breath, self.shared_slow)):
            raise UsageError(
                "Shares of a variance lie between 0 and 1; {came:and} came.",
                came=(self.shared_breath, self.shared_slow),
            )

    def simulate(self, seed: int, seconds: float = 600.0) -> Session:
        """Simulate one pair's heart rate and breath.

        Parameters
        ----------
        seed
            Of the draws.
        seconds
            Length, in s.

        Returns
        -------
        Session
            With the channels "heart_rate" (1/min) and "resp" (arbitrary) at 4 Hz, and nothing shared.
        """
        rng, n = np.random.default_rng(seed), round(seconds * RATE)
        breaths = _alike(rng, n, self.shared_breath, butter(2, _BREATHING, "band", fs=RATE, output="sos"))
        waves = _alike(rng, n, self.shared_slow, butter(2, _SLOWER, fs=RATE, output="sos"))
        hearts = [
            _RESTING + _SWING * wave + _SINUS * np.roll(breath, round(_DELAY * RATE)) + _JITTER * rng.standard_normal(n)
            for breath, wave in zip(breaths, waves, strict=True)
        ]
        people = ("ada", "ben")
        recordings = tuple(map(_recording, people, hearts, breaths))
        return Session(f"breathing-{seed}", recordings, shared=(), simulated=True)


def _alike(rng: np.random.Generator, n: int, share: float, band: Floats) -> list[Floats]:
    """Draw two people's filtered noise of unit spread, of which a share of the variance is common."""
    common, *own = (_filtered(rng, n, band) for _ in range(3))
    return [np.sqrt(share) * common + np.sqrt(1 - share) * each for each in own]


def _filtered(rng: np.random.Generator, n: int, band: Floats) -> Floats:
    values: Floats = sosfiltfilt(band, rng.standard_normal(n))
    scaled: Floats = values / values.std()
    return scaled


def _recording(who: str, heart: Floats, breath: Floats) -> Recording:
    heart_rate, resp = Signal(heart, RATE, 0.0, Unit.PER_MINUTE), Signal(breath, RATE, 0.0, Unit.ARBITRARY)
    return Recording(Person(who), {HEART_RATE: heart_rate, "resp": resp})
