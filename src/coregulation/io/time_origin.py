"""From where files count their time, and where the session clock's zero lies."""

from __future__ import annotations

import datetime
import enum
from dataclasses import dataclass

import numpy as np

from coregulation.errors import DataError, UsageError
from coregulation.signals import Floats

_HOUR, _CLOSE_ROWS = 3600.0, 120.0  # s
_ABSOLUTE = 1e8  # s; no session is three years long, so a larger number counts from 1970


class ClockAnchor(enum.Enum):
    """What a file's zero of time is, where it is more than the file's own beginning."""

    ZONED = "dates with a time zone"
    LOCAL = "dates without a time zone"
    DAY = "times of day without a date"


@dataclass(frozen=True, slots=True, eq=False)
class RowTimes:
    """The time of each row in s: since 1970, since midnight, or (no anchor) since the file's own zero.

    Parameters
    ----------
    seconds
        Shape (n,); NaN where a row has no time.
    anchor
        What the seconds count from; None is the file's own zero.
    moved
        Whether dates without a time zone were put into one that was stated.
    """

    seconds: Floats
    anchor: ClockAnchor | None = None
    moved: bool = False  # into a time zone that was stated

    @classmethod
    def of_numbers(cls, seconds: Floats) -> RowTimes:
        """Take numbers; those too large for a session count from 1970."""
        valid = seconds[np.isfinite(seconds)]
        large = bool(len(valid)) and float(valid.min()) > _ABSOLUTE
        return cls(seconds, ClockAnchor.ZONED if large else None)

    def in_zone(self, zone: datetime.tzinfo | str | None, origin: str) -> RowTimes:
        """Return dates without a time zone as dates in `zone`; other times stay as they are.

        Raises
        ------
        UsageError
            For times of day, which a zone alone does not make into moments.
        """
        if zone is None or self.anchor not in (ClockAnchor.LOCAL, ClockAnchor.DAY):
            return self
        if self.anchor is ClockAnchor.DAY:
            raise UsageError(
                "{origin}: its times of day have no date, so a time zone does not say which moment they are. Leave out "
                "--zone (zone = … in the manifest), or export the recording with dates.",
                origin=origin,
            )
        assert isinstance(zone, datetime.tzinfo)
        valid = self.seconds[np.isfinite(self.seconds)]
        first = datetime.datetime.fromtimestamp(float(valid[0]) if len(valid) else 0.0, datetime.UTC)
        offset = zone.utcoffset(first.replace(tzinfo=None)) or datetime.timedelta()
        return RowTimes(self.seconds - offset.total_seconds(), ClockAnchor.ZONED, moved=True)


def forward_hours(seconds: Floats) -> int:
    """Count the steps of an hour and one row that end just behind a full hour, as where a clock is set to summer time.

    Parameters
    ----------
    seconds
        Shape (n,), of each row by the file's own clock; NaN where a row has no time.

    Returns
    -------
    int
        0 where rows are more than two minutes apart, since then a pause looks the same.
    """
    known = seconds[np.isfinite(seconds)]
    steps = np.diff(known)
    usual = float(np.median(steps)) if len(steps) else 0.0
    if not 0 < usual <= _CLOSE_ROWS:
        return 0
    beyond = steps - _HOUR
    return int(((beyond > 0) & (beyond <= 3 * usual) & (known[1:] % _HOUR < 3 * usual)).sum())


@dataclass(frozen=True, slots=True)
class TimeOrigin:
    """Where the session clock's zero lies: s since 1970 or midnight, or nothing where no file tells.

    Parameters
    ----------
    seconds
        Seconds since 1970 or since midnight; 0 where no file tells.
    anchor
        Which of the two; None where no file tells.
    from_files
        Whether nobody stated it, so that it is the earliest moment of the files.
    """

    seconds: float = 0.0
    anchor: ClockAnchor | None = None
    from_files: bool = False

    @classmethod
    def of_start(cls, start: datetime.datetime) -> TimeOrigin:
        """Take a date and time."""
        if start.tzinfo is None:
            return cls(start.replace(tzinfo=datetime.UTC).timestamp(), ClockAnchor.LOCAL)
        return cls(start.timestamp(), ClockAnchor.ZONED)

    def since(self, anchor: ClockAnchor | None) -> float:
        """Return what to subtract from times with an anchor; `DataError` where the two cannot be compared."""
        if anchor is self.anchor or anchor is None:
            return self.seconds if anchor is not None else 0.0
        if anchor is ClockAnchor.DAY and self.anchor is not None:
            return self.seconds % 86400.0
        raise DataError(
            "Times come as {anchor} here and as {other} elsewhere; they can only be put together if all are "
            "of one kind. Where dates have no time zone, say --zone +02:00 (zone in the manifest, for each file).",
            anchor=anchor.value,
            other=self.anchor.value if self.anchor else "seconds",
        )
