"""One channel of one person as a file holds it, and how it becomes a signal or beats on the session clock."""

from __future__ import annotations

import datetime
import enum
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np

from coregulation.channels import CHANNELS, Channel
from coregulation.clock import Clock
from coregulation.errors import DataError, UsageError
from coregulation.io import rr_intervals
from coregulation.io.grid import on_grid
from coregulation.io.saturation import saturated_samples
from coregulation.session import Person, Remark
from coregulation.signals import Beats, Bools, Floats, Signal, Unit

_ABSOLUTE = 1e8  # s; no session is three years long, so a larger number counts from 1970


class ClockAnchor(enum.Enum):
    """What a file's zero of time is, where it is more than the file's own beginning."""

    ZONED = "dates with a time zone"
    LOCAL = "dates without a time zone"
    DAY = "times of day without a date"


@dataclass(frozen=True, slots=True, eq=False)
class RowTimes:
    """The time of each row in s: since 1970, since midnight, or (no anchor) since the file's own zero."""

    seconds: Floats
    anchor: ClockAnchor | None = None

    @classmethod
    def of_numbers(cls, seconds: Floats) -> RowTimes:
        """Take numbers; those too large for a session count from 1970."""
        there = seconds[np.isfinite(seconds)]
        large = bool(len(there)) and float(there.min()) > _ABSOLUTE
        return cls(seconds, ClockAnchor.ZONED if large else None)


@dataclass(frozen=True, slots=True)
class TimeOrigin:
    """Where the session clock's zero lies: s since 1970 or midnight, or nothing where no file tells.

    `found` is true where nobody stated it, so that it is the earliest moment of the files.
    """

    seconds: float = 0.0
    anchor: ClockAnchor | None = None
    found: bool = False

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
            "of one kind (state each file's start in a manifest).",
            anchor=anchor.value,
            other=self.anchor.value if self.anchor else "seconds",
        )


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """One channel of one person as a file holds it.

    Args:
        person: whose.
        channel: its name.
        origin: the file as the caller named it, for errors.
        numbers: shape (n,), as in the file; NaN where missing.
        times: of each row; None where `rate` says it, or where intervals add up.
        rate: Hz.
        start: s on the device's clock of the first row (with `times`: added to them), or the moment of it.
        unit: of number · scale; None where the channel states it.
        scale: see `unit`.
        clock: from device time to session time.
        ok: of beats, which can be trusted.
        breaks: of beats, before which others were lost.
        applied: whether the times in the file are the session's already, so that the clock only tells about them.
        remarks: what the reader noticed; counts by sentence.
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
    remarks: tuple[tuple[str, int], ...] = ()

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


@dataclass(frozen=True, slots=True, eq=False)
class BuiltChannel:
    """A channel on the session clock."""

    track: Track
    data: Signal | Beats
    clock: Clock
    remarks: tuple[Remark, ...]


def find_time_origin(tracks: Iterable[Track]) -> TimeOrigin:
    """Return the earliest moment where files tell moments; the files' own zero where none does.

    Raises:
        DataError: if some tell moments and others do not, since nobody knows then how they lie to each other.
    """
    tracks = list(tracks)
    anchors = {track.anchor for track in tracks}
    if anchors == {None}:
        return TimeOrigin()
    if len(anchors) > 1:
        kinds = sorted(anchor.value if anchor else "seconds since its own start" for anchor in anchors)
        raise DataError(
            "The files count time differently ({known}), so how they lie to each other is unknown. State "
            "each file's start in a manifest.",
            known="; ".join(kinds),
        )
    return TimeOrigin(min(track.earliest for track in tracks), anchors.pop(), found=True)


def build_channel(track: Track, zero: TimeOrigin) -> BuiltChannel:
    """Turn what a file holds into a signal or beats in the channel's own unit, on the session clock.

    Raises:
        DataError: if nothing is there, or values, times or the rate contradict what was said of them.
        UsageError: if a unit or a rate must be stated.
    """
    channel, factor = _channel(track)
    clock, start = _placed(track, zero)
    mapping = Clock() if track.applied else clock
    if channel.name in ("rr", "beats"):
        beats, notes = _beats(track, channel, factor, mapping, start)
        return BuiltChannel(track, beats, clock, _remarks(track, notes))
    values, notes = _values(track, channel, factor)
    device = None if track.times is None else track.times.seconds + start
    signal, more = on_grid(values, device, track.rate, start, channel, mapping, track.origin)
    return BuiltChannel(track, signal, clock, _remarks(track, [*notes, *more]))


def _channel(track: Track) -> tuple[Channel, float]:
    """Return the channel and the factor from the file's numbers to its unit."""
    channel = CHANNELS.get(track.channel)
    scale = 1.0 if track.scale is None else track.scale
    if channel is None:
        if track.unit is None and track.scale is None:
            raise UsageError(
                "The channel {channel!r} has no unit of its own: state it with --unit (or unit = … in the "
                "manifest; a.u. if it has none), or name one of {known}.",
                channel=track.channel,
                known=", ".join(CHANNELS),
            )
        return Channel(track.channel, track.unit or Unit.ARBITRARY), scale
    if track.unit is None and not channel.stated:
        raise UsageError(
            "{origin}: {channel} is written down in more than one unit: state it with --unit {unit} (or "
            "whichever it is; unit = … in the manifest).",
            origin=track.origin,
            channel=channel.name,
            unit=channel.unit.symbol,
        )
    return channel, scale * (track.unit.factor_to(channel.unit) if track.unit else 1.0)


def _placed(track: Track, zero: TimeOrigin) -> tuple[Clock, float]:
    """Return the clock that counts from the session's zero, and the device time to add to the rows (s)."""
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


def _values(track: Track, channel: Channel, factor: float) -> tuple[Floats, list[tuple[str, int]]]:
    numbers, notes = track.numbers, []
    if channel.clips:
        railed = saturated_samples(numbers)
        if railed.any():
            notes.append(("samples at the rails of the converter left out", int(railed.sum())))
            numbers = np.where(railed, np.nan, numbers)
    if channel.name == "heart_rate":
        unknown = numbers <= 0
        if unknown.any():
            notes.append(("heart rates of zero or less taken as missing", int(unknown.sum())))
            numbers = np.where(unknown, np.nan, numbers)
    values = numbers * factor
    if not np.isfinite(values).any():
        raise DataError(
            "{origin}: the {channel} of {person} holds no value at all ({rows} rows, all missing). "
            "Leave this person out by naming the others with --person, or find the right column.",
            origin=track.origin,
            channel=channel.name,
            person=track.person.id,
            rows=len(values),
        )
    _check(track, channel, float(np.nanmedian(values)))
    return values, notes


def _beats(
    track: Track, channel: Channel, factor: float, clock: Clock, start: float
) -> tuple[Beats, list[tuple[str, int]]]:
    values = track.numbers * factor
    if not np.isfinite(values).any():
        raise DataError(
            "{origin}: the {channel} of {person} holds no value at all.",
            origin=track.origin,
            channel=channel.name,
            person=track.person.id,
        )
    if channel.name == "rr":
        _check(track, channel, float(np.nanmedian(values)))
        stamps = None if track.times is None else track.times.seconds + start
        beats = rr_intervals.beats_from_intervals(values, stamps, start, track.origin)
    else:
        beats = _listed(values + start, track)
    beats = Beats(np.asarray(clock.session_time(beats.times)), beats.ok, beats.breaks)
    assert beats.breaks is not None
    lost = int(beats.breaks.sum()) - 1
    return beats, [("gaps between beats", lost)] if lost > 0 else []


def _listed(times: Floats, track: Track) -> Beats:
    if not np.isfinite(times).all():
        raise DataError(
            "{origin}: beat {beat} has no time.",
            origin=track.origin,
            beat=int(np.argmin(np.isfinite(times))) + 1,
        )
    if (np.diff(times) <= 0).any():
        row = int(np.argmax(np.diff(times) <= 0)) + 2
        raise DataError(
            "{origin}: the beat times do not increase at beat {row}; each must be later.",
            origin=track.origin,
            row=row,
        )
    breaks = rr_intervals.find_breaks(times) if track.breaks is None else track.breaks
    return Beats(times, track.ok, breaks)


def _check(track: Track, channel: Channel, median: float) -> None:
    try:
        channel.check(median)
    except DataError as error:
        raise DataError(
            "{origin}: {problem}",
            origin=track.origin,
            problem=error,
        ) from error


def _remarks(track: Track, notes: Iterable[tuple[str, int]]) -> tuple[Remark, ...]:
    return tuple(Remark(track.person.id, track.channel, what, count) for what, count in (*track.remarks, *notes))
