"""People whose devices share no clock, put onto the first person's by the knocks that both recordings have."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from coregulation.clock import Clock
from coregulation.errors import DataError
from coregulation.events import Mark
from coregulation.io.built_channel import BuiltChannel
from coregulation.io.knock_alignment import AlignedClock, KnockAlignment, aligned_pairs
from coregulation.io.remarks import ReadingRemark, note
from coregulation.io.time_origin import TimeOrigin
from coregulation.io.track import Track, find_time_origin
from coregulation.session import Person, Remark
from coregulation.signals import Beats, Signal


def time_origin(tracks: Sequence[Track], alignment: KnockAlignment | None) -> TimeOrigin:
    """Return the zero of a session; where knocks align its people, that of the first person if they count differently.

    Parameters
    ----------
    tracks
        Of all people of a session.
    alignment
        How knocks are looked for; None where the files' own times hold.

    Returns
    -------
    TimeOrigin
        As `find_time_origin` finds it.

    Raises
    ------
    DataError
        If the files of people who are not aligned, or of one person, count time differently.
    """
    try:
        return find_time_origin(tracks)
    except DataError:
        if alignment is None:
            raise
    return find_time_origin([track for track in tracks if track.person == tracks[0].person])


def own_origin(tracks: Sequence[Track], zero: TimeOrigin) -> TimeOrigin:
    """Return the zero of one person's tracks: the session's where they count from the same, else their own.

    Parameters
    ----------
    tracks
        Of one person.
    zero
        The session's.

    Returns
    -------
    TimeOrigin
        One that all tracks can be counted from.

    Raises
    ------
    DataError
        If the person's files count time differently.
    """
    return zero if {track.anchor for track in tracks} == {zero.anchor} else find_time_origin(tracks)


def align_people(
    channels: Sequence[BuiltChannel], settings: KnockAlignment
) -> tuple[list[BuiltChannel], dict[Person, AlignedClock], list[Remark]]:
    """Put everybody's channels onto the first person's clock.

    Parameters
    ----------
    channels
        Of everybody, each in that person's own time.
    settings
        How knocks are looked for.

    Returns
    -------
    tuple of list of BuiltChannel, dict, list of Remark
        The channels with clocks that tell what is not known, each further person's clock, and what was done.

    Raises
    ------
    DataError
        If no shared knock was found.
    """
    people = list(dict.fromkeys(channel.track.person for channel in channels))
    signals: dict[str, Mapping[str, Signal]] = {
        person.id: {
            channel.track.channel: channel.data
            for channel in channels
            if channel.track.person == person and isinstance(channel.data, Signal)
        }
        for person in people
    }
    by_id = {person.id: person for person in people}
    clocks = {by_id[name]: clock for name, clock in aligned_pairs(signals, settings)}
    moved = [_moved(channel, clocks.get(channel.track.person)) for channel in channels]
    return moved, clocks, [_remark(person, clock) for person, clock in clocks.items()]


def move_marks(marks: Iterable[Mark], clock: AlignedClock | None) -> tuple[Mark, ...]:
    """Return marks inside a person's files on the session clock.

    Parameters
    ----------
    marks
        In the person's own time.
    clock
        That person's; None for the first.

    Returns
    -------
    tuple of Mark
        In the same order.
    """
    if clock is None:
        return tuple(marks)
    return tuple(replace(mark, time=float(clock.map(np.array(mark.time)))) for mark in marks)


def _moved(channel: BuiltChannel, aligned: AlignedClock | None) -> BuiltChannel:
    """Move one channel; its clock then tells how well the knocks place it."""
    if aligned is None:
        known = channel.clock.offset_sd or 0.0  # of the device's own delay
        return replace(channel, clock=replace(channel.clock, offset_sd=known))
    centre = aligned.at + aligned.shift
    own_sd = channel.clock.offset_sd or 0.0
    clock = Clock(
        offset=centre,
        offset_sd=math.hypot(own_sd, aligned.shift_sd),
        drift_ppm=channel.clock.drift_ppm + aligned.drift_ppm,
        drift_sd_ppm=math.hypot(channel.clock.drift_sd_ppm, aligned.drift_sd_ppm),
        name=f"{channel.clock.name or 'knocks'}, {channel.track.person.id}",
    )
    data = channel.data
    if isinstance(data, Beats):
        return replace(channel, data=Beats(aligned.map(data.times), data.ok, data.breaks), clock=clock)
    start = float(aligned.map(np.array(data.start)))
    rate = data.rate / (1 + aligned.drift_ppm * 1e-6)
    return replace(channel, data=Signal(data.values, rate, start, data.unit), clock=clock)


def _remark(person: Person, clock: AlignedClock) -> Remark:
    shift, sd, drift_sd = round(clock.shift, 3), round(1000 * clock.shift_sd, 1), round(clock.drift_sd_ppm, 1)
    if clock.knocks == 1:
        return Remark(person.id, "", *note(ReadingRemark.ONE_KNOCK, shift=shift, sd=sd, drift_sd=drift_sd))
    drift = round(clock.drift_ppm, 1)
    known = note(ReadingRemark.KNOCKS, clock.knocks, shift=shift, sd=sd, drift=drift, drift_sd=drift_sd)
    return Remark(person.id, "", *known)
