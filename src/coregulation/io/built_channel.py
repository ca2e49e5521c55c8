"""How a channel of a file becomes a signal or beats on the session clock."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from coregulation.channels import HEART_RATE, Channel
from coregulation.clock import Clock
from coregulation.errors import DataError
from coregulation.events import Mark
from coregulation.io import rr_intervals
from coregulation.io.channel_units import (
    Convert,
    channel_of,
    check_median,
    check_rails,
    check_sign,
    resistance_notes,
    unit_size,
)
from coregulation.io.even_intervals import even_rate, looks_resampled, series_of_intervals
from coregulation.io.grid import on_grid
from coregulation.io.impossible_values import refuse_lost_decimals, without_impossible
from coregulation.io.missing_codes import missing_code
from coregulation.io.remarks import Note, ReadingRemark, note
from coregulation.io.saturation import saturated_samples
from coregulation.io.tables.rising import FEWEST
from coregulation.io.time_origin import ClockAnchor, RowTimes, TimeOrigin, forward_hours
from coregulation.io.track import Track, place_on_clock
from coregulation.packet_clock import DELAY_SD
from coregulation.session import Remark
from coregulation.signals import Beats, Floats, Signal, Unit

_CLOSEST = 0.2  # s between two beats of one heart, at least: it cannot be excited again sooner


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


_OWN_ROWS = 0.7  # share of rows with a value up to which the others may be another sensor's


class EmptyChannelError(DataError):
    """A channel of a file that holds no value at all; the person's others may be used without it."""


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
    channel, convert = channel_of(track)
    track = _with_clock_changes(_in_order(_without_codes(track)))
    clock, start = place_on_clock(track, zero)
    mapping = Clock() if track.applied else clock
    if channel.name == "rr":
        rate = even_rate(track.numbers * unit_size(track, channel), _stamps(track), track.rate, track.origin)
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
    if device is not None and track.rate is None:
        values, device = _without_rows_of_others(values, device)
    signal, more = on_grid(values, device, track.rate, start, channel, mapping, track.origin)
    return BuiltChannel(track, signal, clock, _remarks(track, [*notes, *more]))


def _without_rows_of_others(values: Floats, stamps: Floats) -> tuple[Floats, Floats]:
    """Leave out rows without a value where several sensors write rows of their own, so that the rate is this sensor's."""
    known = np.isfinite(values) & np.isfinite(stamps)
    if known.mean() > _OWN_ROWS or known.sum() < FEWEST:
        return values, stamps
    steps, rows = np.diff(stamps[known]), np.diff(stamps[np.isfinite(stamps)])
    usual = float(np.median(steps))
    even = float((np.abs(steps - usual) <= 0.05 * usual).mean())
    return (values[known], stamps[known]) if even >= 0.95 and usual > 1.5 * float(np.median(rows)) else (values, stamps)


def _in_order(track: Track) -> Track:
    """Turn round rows that stand with the last one first, as exports of apps have them, and tell it."""
    seconds = _stamps(track)
    if seconds is None or not len(seconds) or seconds[0] < seconds[-1] or not _falls(seconds[np.isfinite(seconds)]):
        return track
    assert track.times is not None
    return replace(
        track,
        numbers=track.numbers[::-1],
        times=replace(track.times, seconds=seconds[::-1]),
        remarks=(*track.remarks, note(ReadingRemark.ROWS_REVERSED, len(seconds))),
        ok=None if track.ok is None else track.ok[::-1],
        breaks=None if track.breaks is None else track.breaks[::-1],
    )


def _with_clock_changes(track: Track) -> Track:
    """Tell where times without a zone jump forward by an hour at a full hour: the clock was set to summer time, or the recording paused."""
    local = track.times is not None and (track.in_zone or track.times.anchor in (ClockAnchor.LOCAL, ClockAnchor.DAY))
    seconds = _stamps(track)
    jumps = forward_hours(seconds) if local and seconds is not None else 0
    if not jumps:
        return track
    return replace(track, remarks=(*track.remarks, note(ReadingRemark.CLOCK_FORWARD, jumps)))


def _falls(seconds: Floats) -> bool:
    """Say whether times never go up, and go down at all."""
    return len(seconds) > 1 and seconds[0] > seconds[-1] and bool((np.diff(seconds) <= 0).all())


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
    intervals = track.numbers * unit_size(track, channel)
    check_median(track, channel, float(np.nanmedian(intervals)))
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


def _stamps(track: Track) -> Floats | None:
    return None if track.times is None else track.times.seconds


def _values(track: Track, channel: Channel, convert: Convert) -> tuple[Floats, list[Note]]:
    numbers, notes = track.numbers, list[Note]()
    if channel.clips:
        check_rails(track, channel)
        railed = saturated_samples(numbers)
        if railed.any():
            notes.append(note(ReadingRemark.SATURATED, int(railed.sum())))
            numbers = np.where(railed, np.nan, numbers)
    refuse_lost_decimals(numbers, channel, track.origin)
    if track.unit is not None and track.unit.quantity != channel.unit.quantity:
        notes += resistance_notes(track.unit, numbers)
    values = convert(numbers)
    known = np.where(values > 0, values, np.nan) if channel.name == HEART_RATE else values
    if not np.isfinite(known).any():
        raise EmptyChannelError(
            "{origin}: the {channel} of {person} holds no value at all ({rows:n row|rows}, all missing). "
            "Leave this person out by naming the others with --person, or find the right column.",
            origin=track.origin,
            channel=channel.name,
            person=track.person.id,
            rows=len(values),
        )
    check_median(track, channel, float(np.nanmedian(known)))
    check_sign(track, channel, values)
    values, more = without_impossible(values, channel)
    return values, [*notes, *more]


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
        check_median(track, channel, float(np.nanmedian(values)))
        stamps = None if track.times is None else track.times.seconds + start
        detected = rr_intervals.beats_from_intervals(values, stamps, start, track.origin)
    else:
        detected = rr_intervals.IntervalBeats(_listed(values + start, track))
    beats = detected.beats
    beats = Beats(np.asarray(clock.session_time(beats.times)), beats.ok, beats.breaks)
    assert beats.breaks is not None
    lost = int(beats.breaks.sum()) - 1
    notes = [note(ReadingRemark.BEAT_GAPS, lost)] if lost > 0 else []
    close = int((np.diff(beats.times) < _CLOSEST).sum())
    if close:
        notes.append(note(ReadingRemark.BEATS_CLOSE, close, least=_CLOSEST))
    notes += _interval_notes(detected, values, is_summed=channel.name == "rr" and track.times is None)
    if detected.late is not None:
        notes.append(note(ReadingRemark.DELIVERY_STAMPS, len(values), jitter=round(detected.late, 2)))
    return beats, notes, None if detected.late is None else detected.sd


def _interval_notes(detected: rr_intervals.IntervalBeats, intervals: Floats, *, is_summed: bool) -> list[Note]:
    """Tell which intervals were left out, and whether they look like a series that was resampled."""
    notes = [note(ReadingRemark.LAST_INTERVAL, detected.cut)] if detected.cut else []
    if detected.has_sum:
        notes.append(note(ReadingRemark.SUM_AT_END))
    if detected.dropped:
        notes.append(note(ReadingRemark.INTERVALS_LEFT_OUT, detected.dropped))
    if is_summed and looks_resampled(intervals):
        notes.append(note(ReadingRemark.MAYBE_RESAMPLED, len(intervals)))
    return notes


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
        clock, start = place_on_clock(base, zero)
        person = own[0].person.id if len(people) == 1 else None
        for second, label in zip(events.seconds.tolist(), events.labels, strict=True):
            yield Mark(float(clock.session_time(second + start)), label, person)


def _remarks(track: Track, notes: Iterable[Note]) -> tuple[Remark, ...]:
    return tuple(Remark(track.person.id, track.channel, *remark) for remark in (*track.remarks, *notes))
