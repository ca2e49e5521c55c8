"""One channel of one person as a file holds it, and how it becomes a signal or beats on the session clock."""

from __future__ import annotations

import datetime
import enum
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from coregulation.channels import CHANNELS, HEART_RATE, Channel
from coregulation.clock import Clock
from coregulation.errors import DataError, UsageError, similar_names
from coregulation.events import Mark
from coregulation.io import rr_intervals
from coregulation.io.even_intervals import even_rate, series_of_intervals
from coregulation.io.grid import on_grid
from coregulation.io.missing_codes import missing_code
from coregulation.io.remarks import Note, ReadingRemark, note
from coregulation.io.saturation import only_rails, saturated_samples
from coregulation.io.tables.table import FileEvents
from coregulation.packet_clock import DELAY_SD
from coregulation.session import Person, Remark
from coregulation.signals import Beats, Bools, Floats, Signal, Unit

Convert = Callable[[Floats], Floats]
_NEGATIVE, _NEGATIVE_SHARE = -0.1, 0.05  # µS; share below it: sensors off the skin scatter around 0 by far less
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


@dataclass(frozen=True, slots=True, eq=False)
class BuiltChannel:
    """A channel on the session clock.

    Parameters
    ----------
    track
        What the file held.
    data
        In the channel's own unit, with times in s on the session clock.
    clock
        Of the device, with what is known of its uncertainty.
    remarks
        What was noticed on the way, each with its count.
    """

    track: Track
    data: Signal | Beats
    clock: Clock
    remarks: tuple[Remark, ...]


class EmptyChannelError(DataError):
    """A channel of a file that holds no value at all; the person's others may be used without it."""


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


def build_channel(track: Track, zero: TimeOrigin) -> BuiltChannel:
    """Turn what a file holds into a signal or beats in the channel's own unit, on the session clock.

    Parameters
    ----------
    track
        One channel of one person.
    zero
        What the session clock counts from.

    Returns
    -------
    BuiltChannel
        Beats for RR intervals and beat times, a signal for everything else; intervals that were sampled evenly become a
        heart rate.

    Raises
    ------
    DataError
        If nothing is there, or values, times or the rate contradict what was said of them.
    UsageError
        If a unit or a rate must be stated.
    """
    channel, convert = _channel(track)
    track = _without_codes(track)
    clock, start = _placed(track, zero)
    mapping = Clock() if track.applied else clock
    if channel.name == "rr":
        rate = even_rate(track.numbers * _size(track, channel), _stamps(track), track.rate, track.origin)
        if rate is not None:
            return _build_series(track, channel, rate, zero)
    if channel.name in ("rr", "beats"):
        beats, notes, delivered = _beats(track, channel, convert, mapping, start)
        return BuiltChannel(
            track,
            beats,
            clock if delivered is None else _delivery_clock(track, clock, delivered),
            _remarks(track, notes),
        )
    values, notes = _values(track, channel, convert)
    device = None if track.times is None else track.times.seconds + start
    signal, more = on_grid(values, device, track.rate, start, channel, mapping, track.origin)
    return BuiltChannel(track, signal, clock, _remarks(track, [*notes, *more]))


def _without_codes(track: Track) -> Track:
    """Leave out a number that stands for "missing", and tell it."""
    code = None if track.channel == "beats" else missing_code(track.numbers, track.channel)
    if code is None:
        return track
    coded = track.numbers == code
    remark = note(ReadingRemark.MISSING_CODES, int(coded.sum()), number=code)
    return replace(track, numbers=np.where(coded, np.nan, track.numbers), remarks=(*track.remarks, remark))


def _build_series(track: Track, channel: Channel, rate: float, zero: TimeOrigin) -> BuiltChannel:
    """Read intervals that are evenly sampled as the heart rate that they are."""
    intervals = track.numbers * _size(track, channel)
    _check(track, channel, float(np.nanmedian(intervals)))
    remark = note(ReadingRemark.EVEN_INTERVALS, len(intervals), rate=rate, length=round(len(intervals) / rate, 1))
    own = replace(
        track,
        channel=HEART_RATE,
        numbers=series_of_intervals(intervals),
        rate=rate,
        unit=Unit.PER_MINUTE,
        scale=None,
        remarks=(*track.remarks, remark),
    )
    return build_channel(own, zero)


def build_marks(tracks: Iterable[Track], zero: TimeOrigin) -> Iterator[Mark]:
    """Yield the events inside recordings as marks on the session clock, of the person whose file it is.

    Parameters
    ----------
    tracks
        Those of one file share its events, which come once.
    zero
        What the session clock counts from.

    Yields
    ------
    Mark
        Time in s on the session clock; without a person where the file holds several.
    """
    owners: dict[int, list[Track]] = {}
    for track in tracks:
        if track.events is not None:
            owners.setdefault(id(track.events), []).append(track)
    for own in owners.values():
        events = own[0].events
        assert events is not None
        people = {track.person.id for track in own}
        times = RowTimes.of_numbers(events.seconds) if events.start is None else None
        base = replace(own[0], times=times, start=events.start, clock=own[0].clock if times is None else Clock())
        clock, start = _placed(base, zero)
        person = own[0].person.id if len(people) == 1 else None
        for second, label in zip(events.seconds.tolist(), events.labels, strict=True):
            yield Mark(float(clock.session_time(second + start)), label, person)


def _channel(track: Track) -> tuple[Channel, Convert]:
    """Return the channel and what turns the file's numbers into its unit."""
    channel = CHANNELS.get(track.channel)
    scale = 1.0 if track.scale is None else track.scale
    if channel is None:
        if track.unit is None and track.scale is None:
            raise UsageError(
                "The channel {channel!r} has no unit of its own: state it, such as --unit a.u. if its numbers have none (unit = … in the "
                "manifest). Or did you mean {near:or}?",
                channel=track.channel,
                near=similar_names(track.channel, CHANNELS, 3) or tuple(CHANNELS),
            )
        return Channel(track.channel, track.unit or Unit.ARBITRARY), lambda numbers: numbers * scale
    if track.unit is None and not channel.stated:
        raise UsageError(
            "{origin}: {channel} is written down in more than one unit: state it with --unit {unit} (or "
            "whichever it is; unit = … in the manifest).",
            origin=track.origin,
            channel=channel.name,
            unit=channel.unit.symbol,
        )
    return channel, _converter(track, channel)


def _converter(track: Track, channel: Channel) -> Convert:
    """Return what turns numbers of the file into the channel's unit; a resistance becomes the conductance it is."""
    scale = 1.0 if track.scale is None else track.scale
    unit = track.unit
    if unit is not None and unit.quantity == "resistance" and channel.unit.quantity == "conductance":
        ohms, siemens = scale * unit.size, Unit.SIEMENS.factor_to(channel.unit)
        return lambda numbers: siemens / np.where(numbers > 0, numbers * ohms, np.nan)
    if unit is Unit.ARBITRARY and channel.unit is not Unit.ARBITRARY:
        raise UsageError(
            "{origin}: numbers in arbitrary units are no {quantity}, so they cannot be read as {channel} in {unit}. State the unit "
            "and what one step of the numbers is in it (--unit {unit} --scale …; the device's manual says it), or keep them "
            "under a name of their own (--signal {channel}_raw --unit a.u.), which is compared between people as it is.",
            origin=track.origin, quantity=channel.unit.quantity, channel=channel.name, unit=channel.unit.symbol,
        )  # fmt: skip
    factor = scale * (unit.factor_to(channel.unit) if unit else 1.0)
    return lambda numbers: numbers * factor


def _stamps(track: Track) -> Floats | None:
    return None if track.times is None else track.times.seconds


def _size(track: Track, channel: Channel) -> float:
    return float(_converter(track, channel)(np.ones(1))[0])


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


def _values(track: Track, channel: Channel, convert: Convert) -> tuple[Floats, list[Note]]:
    numbers, notes = track.numbers, list[Note]()
    if channel.clips:
        _check_rails(track, channel)
        railed = saturated_samples(numbers)
        if railed.any():
            notes.append(note(ReadingRemark.SATURATED, int(railed.sum())))
            numbers = np.where(railed, np.nan, numbers)
    if channel.name == HEART_RATE:
        unknown = numbers <= 0
        if unknown.any():
            notes.append(note(ReadingRemark.RATES_NOT_POSITIVE, int(unknown.sum())))
            numbers = np.where(unknown, np.nan, numbers)
    if track.unit is not None and track.unit.quantity != channel.unit.quantity:
        notes += _resistance_notes(track.unit, numbers)
    values = convert(numbers)
    if not np.isfinite(values).any():
        raise EmptyChannelError(
            "{origin}: the {channel} of {person} holds no value at all ({rows:n row|rows}, all missing). "
            "Leave this person out by naming the others with --person, or find the right column.",
            origin=track.origin,
            channel=channel.name,
            person=track.person.id,
            rows=len(values),
        )
    _check(track, channel, float(np.nanmedian(values)))
    _check_sign(track, channel, values)
    return values, notes


def _check_sign(track: Track, channel: Channel, values: Floats) -> None:
    """Refuse a conductance of which more than noise around zero is negative."""
    if channel.unit.quantity != "conductance":
        return
    share = float((values[np.isfinite(values)] < _NEGATIVE).mean())
    if share > _NEGATIVE_SHARE:
        raise DataError(
            "{origin}: {percent:.0f} % of the values of {channel} lie below 0, where no skin is; they may be standardised, filtered, "
            "or in another unit. Export them as measured; or compare them under a name of their own: --signal {channel}_change "
            "--unit a.u. (channel and unit in the manifest).",
            origin=track.origin,
            percent=100 * share,
            channel=channel.name,
        )


def _check_rails(track: Track, channel: Channel) -> None:
    rails = only_rails(track.numbers)
    if rails:
        raise DataError(
            "{origin}: the {channel} of {person} is at the rails of its converter all the time (every number is {rails:or}), so "
            "nothing of the body is in it. Check the electrodes and the gain, or leave this channel out.",
            origin=track.origin, channel=channel.name, person=track.person.id, rails=tuple(f"{rail:g}" for rail in rails),
        )  # fmt: skip


def _resistance_notes(unit: Unit, numbers: Floats) -> list[Note]:
    wrong = int((numbers <= 0).sum())
    refused = [note(ReadingRemark.RESISTANCES_NOT_POSITIVE, wrong)] if wrong else []
    return [note(ReadingRemark.FROM_RESISTANCE, unit=unit.symbol), *refused]


def _beats(
    track: Track, channel: Channel, convert: Convert, clock: Clock, start: float
) -> tuple[Beats, list[Note], float | None]:
    values = convert(track.numbers)
    if not np.isfinite(values).any():
        raise EmptyChannelError(
            "{origin}: the {channel} of {person} holds no value at all.",
            origin=track.origin,
            channel=channel.name,
            person=track.person.id,
        )
    if channel.name == "rr":
        _check(track, channel, float(np.nanmedian(values)))
        stamps = None if track.times is None else track.times.seconds + start
        detected = rr_intervals.beats_from_intervals(values, stamps, start, track.origin)
    else:
        detected = rr_intervals.IntervalBeats(_listed(values + start, track))
    beats = detected.beats
    beats = Beats(np.asarray(clock.session_time(beats.times)), beats.ok, beats.breaks)
    assert beats.breaks is not None
    lost = int(beats.breaks.sum()) - 1
    notes = [note(ReadingRemark.BEAT_GAPS, lost)] if lost > 0 else []
    if detected.cut:
        notes.append(note(ReadingRemark.LAST_INTERVAL, detected.cut))
    if detected.late is not None:
        notes.append(note(ReadingRemark.DELIVERY_STAMPS, len(values), jitter=round(detected.late, 2)))
    return beats, notes, None if detected.late is None else detected.sd


def _delivery_clock(track: Track, clock: Clock, placed_sd: float) -> Clock:
    """Widen a clock by the constant delay of a strap, which differs between makes; each strap is a device of its own."""
    sd = None if clock.offset_sd is None else math.hypot(clock.offset_sd, DELAY_SD, placed_sd)
    return replace(clock, offset_sd=sd, name=f"{clock.name or 'strap'}, {track.person.id}")


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
        fitting = _fitting_units(track, channel)
        as_intervals = _interval_unit(channel, median)
        if as_intervals is not None:
            raise DataError(
                "{origin}: The median of {channel} is {median:.4g} 1/min, which no heart has. RR intervals in {unit} look like this: "
                "then say --signal rr --unit {unit}. Where the file holds rates times ten, say --scale (0.1).",
                origin=track.origin,
                channel=channel.name,
                median=median,
                unit=as_intervals,
            ) from error
        if not fitting:
            raise DataError("{origin}: {problem}", origin=track.origin, problem=error) from error
        raise DataError(
            "{origin}: {problem} The numbers would fit --unit {unit}.",
            origin=track.origin,
            problem=error,
            unit=fitting[0],
        ) from error


def _interval_unit(channel: Channel, median: float) -> str | None:
    """Return the unit in which numbers that are no heart rate would be RR intervals; None where they would be none."""
    if channel.name != HEART_RATE:
        return None
    rates = {"ms": 60_000 / median, "s": 60 / median} if median > 0 else {}
    return next((unit for unit, rate in rates.items() if channel.is_plausible(rate)), None)


def _fitting_units(track: Track, channel: Channel) -> list[str]:
    """Return the units of the channel's quantity in which the numbers would be plausible."""
    median = float(np.nanmedian(track.numbers)) * (1.0 if track.scale is None else track.scale)
    units = [unit for unit in Unit if unit.quantity == channel.unit.quantity and unit is not track.unit]
    return [unit.symbol for unit in units if channel.is_plausible(median * unit.factor_to(channel.unit))]


def _remarks(track: Track, notes: Iterable[Note]) -> tuple[Remark, ...]:
    return tuple(Remark(track.person.id, track.channel, *remark) for remark in (*track.remarks, *notes))
