"""What a format itself says about one of its columns, so that nobody has to say it again."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from coregulation.clock import Clock
from coregulation.io.remarks import Note
from coregulation.signals import Floats


@dataclass(frozen=True, slots=True, eq=False)
class ColumnMetadata:
    """What a file says of one column beside its values; None and "" where it says nothing.

    Parameters
    ----------
    channel
        What it is, where the format has a type for it; never guessed from free text.
    unit
        As it is written there.
    rate
        Hz, where rows are evenly spaced.
    start
        Of the first row: s on the file's own clock, or a moment.
    times
        Shape (n,), of each row, in s on the file's own clock or since 1970.
    clock
        From the file's own clock to that of its session, where the file measured it.
    remarks
        What the reader did or noticed, each with its count.
    """

    channel: str | None = None
    unit: str = ""
    rate: float | None = None
    start: float | datetime.datetime | None = None
    times: Floats | None = None
    clock: Clock | None = None
    remarks: tuple[Note, ...] = ()

    @property
    def timed(self) -> bool:
        """Whether it says when each row was taken."""
        return self.rate is not None or self.times is not None


NO_METADATA = ColumnMetadata()
