"""One channel of one person as a file holds it, and where its times lie."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np

from coregulation.clock import Clock
from coregulation.errors import DataError, UsageError
from coregulation.io.remarks import Note
from coregulation.io.tables.table import FileEvents
from coregulation.io.time_origin import ClockAnchor, RowTimes, TimeOrigin
from coregulation.session import Person
from coregulation.signals import Bools, Floats, Unit


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """One channel of one person as a file holds it.

    Parameters
    ----------
    person
        Whose.
    channel
        Its name.
    origin
        The file as the caller named it, for errors.
    numbers
        Shape (n,), as in the file; NaN where missing.
    times
        Of each row; None where `rate` says it, or where intervals add up.
    rate
        Hz; of intervals, that they are not one per beat but evenly sampled.
    start
        Seconds on the device's clock of the first row (with `times`: added to them), or the moment of it.
    unit
        Of number · scale; None where the channel states it.
    scale
        See `unit`.
    clock
        From device time to session time.
    ok
        Of beats, which can be trusted.
    breaks
        Of beats, before which others were lost.
    applied
        Whether the times in the file are the session's already, so that the clock only tells about them.
    remarks
        What the reader noticed, each with its count.
    events
        What was marked in its file.
    of_file
        What the reader noticed of the whole file.
    in_zone
        Whether a stated time zone was used for its dates.
    """

    person: Person
    channel: str
    origin: str
    numbers: Floats
    times: RowTimes | None = None
    rate: float | None = None
    start: float | datetime.datetime | None = None
    unit: Unit | None = None
    scale: float | None = None
    clock: Clock = field(default_factory=Clock)
    ok: Bools | None = None
    breaks: Bools | None = None
    applied: bool = False
    remarks: tuple[Note, ...] = ()
    events: FileEvents | None = None
    of_file: tuple[Note, ...] = ()
    in_zone: bool = False

    @property
    def anchor(self) -> ClockAnchor | None:
        """What its times count from, if more than the file's own zero."""
        if isinstance(self.start, datetime.datetime):
            return TimeOrigin.of_start(self.start).anchor
        return self.times.anchor if self.times else None

    @property
    def earliest(self) -> float:
        """The first moment in it, in its own seconds."""
        if isinstance(self.start, datetime.datetime):
            return TimeOrigin.of_start(self.start).seconds
        return float(np.nanmin(self.times.seconds)) if self.times else 0.0


def find_time_origin(tracks: Iterable[Track]) -> TimeOrigin:
    """Return the earliest moment where files tell moments; the files' own zero where none does.

    Parameters
    ----------
    tracks
        Of all people of a session.

    Returns
    -------
    TimeOrigin
        Marked as found where files tell moments; else zero without an anchor.

    Raises
    ------
    DataError
        If some tell moments and others do not, since nobody knows then how they lie to each other.
    """
    tracks = list(tracks)
    anchors = {track.anchor for track in tracks}
    if anchors == {None}:
        return TimeOrigin()
    if len(anchors) > 1:
        kinds = sorted(anchor.value if anchor else "seconds since its own start" for anchor in anchors)
        raise DataError(
            "The files count time differently ({known}), so how they lie to each other is unknown. {advice}",
            known="; ".join(kinds),
            advice=_advice(anchors),
        )
    return TimeOrigin(min(track.earliest for track in tracks), anchors.pop(), from_files=True)


def _advice(anchors: set[ClockAnchor | None]) -> str:
    if anchors == {ClockAnchor.ZONED, ClockAnchor.LOCAL}:
        return 'Say in which time zone the dates without one are: --zone +02:00 (zone = "+02:00" of the file in a manifest).'
    if ClockAnchor.DAY in anchors:
        return "Export all of them with dates, or state each file's start in a manifest."
    return "State each file's start in a manifest."


def place_on_clock(track: Track, zero: TimeOrigin) -> tuple[Clock, float]:
    """Find how the times of a file lie on the session clock.

    Parameters
    ----------
    track
        One channel of one person.
    zero
        What the session clock counts from.

    Returns
    -------
    tuple of Clock and float
        The clock that counts from the session's zero, and the device time to add to the rows, in s.

    Raises
    ------
    UsageError
        If a start was stated of a file whose rows tell moments.
    """
    if isinstance(track.start, datetime.datetime) and track.times is not None and track.times.anchor is not None:
        raise UsageError("{origin}: its rows tell moments already; leave out the start.", origin=track.origin)
    shift = -zero.since(track.anchor)
    if isinstance(track.start, datetime.datetime):
        shift += TimeOrigin.of_start(track.start).seconds
        start = 0.0
    else:
        start = float(track.start or 0.0)
    if track.times is not None and track.times.anchor is not None:
        start, shift = start + shift, 0.0  # keep device time small, so that a drift counts from the session's zero
    return replace(track.clock, offset=track.clock.offset + shift), start
