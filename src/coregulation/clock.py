"""Device time to session time, with what is not known about it.

A clock error is a fake lag: whatever is uncertain here reaches every lag that is reported.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import overload

from coregulation.errors import UsageError
from coregulation.signals import Floats


@dataclass(frozen=True, slots=True)
class Clock:
    """How one file's time maps to the session's: session = offset + (1 + drift) · device.

    Parameters
    ----------
    offset
        This file's zero on the session clock, in s.
    offset_sd
        Its standard uncertainty in s; None where nobody stated it.
    drift_ppm
        How much faster session time runs than the device's, in parts per million.
    drift_sd_ppm
        Its standard uncertainty.
    name
        Which device's clock it is. Channels on clocks of one name have no uncertainty between them; a clock without a
        name is a device of its own.
    """

    offset: float = 0.0
    offset_sd: float | None = 0.0
    drift_ppm: float = 0.0
    drift_sd_ppm: float = 0.0
    name: str | None = None

    def __post_init__(self) -> None:
        for name in ("offset", "offset_sd", "drift_ppm", "drift_sd_ppm"):
            value = getattr(self, name)
            if value is not None and not math.isfinite(value):
                raise UsageError("The clock's {name} must be a finite number; {value} came.", name=name, value=value)
        if (self.offset_sd or 0.0) < 0 or self.drift_sd_ppm < 0:
            raise UsageError("A clock's uncertainty cannot be negative.")

    @overload
    def session_time(self, device: float) -> float: ...
    @overload
    def session_time(self, device: Floats) -> Floats: ...
    def session_time(self, device: float | Floats) -> float | Floats:
        """Turn device time (s) into session time (s)."""
        return self.offset + device * (1.0 + self.drift_ppm * 1e-6)

    def sd(self, device: float) -> float | None:
        """Standard uncertainty of session time at a device time, in s; None if nobody stated it.

        Parameters
        ----------
        device
            Time on the device, in s.

        Returns
        -------
        float or None
            From the uncertainties of offset (s) and drift (ppm), which are independent.
        """
        if self.offset_sd is None:
            return None
        return math.hypot(self.offset_sd, device * self.drift_sd_ppm * 1e-6)


def lag_sd(first: Clock, second: Clock, at: float) -> float | None:
    """Compute the standard uncertainty that two clocks put on a lag between them.

    Parameters
    ----------
    first
        Clock of one channel.
    second
        Clock of the other channel.
    at
        Session time for which it holds, in s; the uncertainty of a drift grows with time.

    Returns
    -------
    float or None
        In s. Zero if both have the same name, and so are one device's clock; None if the uncertainty of one was never
        stated.
    """
    if first.name is not None and first.name == second.name:
        return 0.0
    sds = (first.sd(at - first.offset), second.sd(at - second.offset))
    if sds[0] is None or sds[1] is None:
        return None
    return math.hypot(sds[0], sds[1])
