"""Tracks to a session, with the checks that concern people together: alone, copied, never at the same time."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from coregulation.errors import DataError
from coregulation.events import Block, Exclusion, Mark, Rating
from coregulation.io.aligned_people import align_people, move_marks, own_origin, time_origin
from coregulation.io.block_kinds import near_kind
from coregulation.io.built_channel import BuiltChannel, EmptyChannelError, build_channel, build_marks
from coregulation.io.knock_alignment import KnockAlignment
from coregulation.io.remarks import ReadingRemark, note
from coregulation.io.time_origin import TimeOrigin
from coregulation.io.track import Track
from coregulation.session import Person, Recording, Remark, Session
from coregulation.signals import Beats, Floats, Signal, Window

_BEYOND = 2.0  # times the end of all recordings, from which a block's end may be in another unit
_MIN_BLOCK = 20.0  # s; nothing is told of a shorter block, so its times may be in minutes
_NEAR = 3.0  # s by which a mark may lie before or behind what was recorded
_MIN_COMMON = 10  # values that must agree before two columns are called the same
_SAME = 0.99  # share of values that agree
_EXACT = 1e-6  # of the range: a copy may have been resampled or rounded again, two bodies never agree like this


@dataclass(frozen=True, slots=True)
class SessionNotes:
    """What is known about a session beside its signals.

    Parameters
    ----------
    marks
        Instants with a label, in s on the session clock.
    blocks
        Labelled spans, in s on the session clock.
    ratings
        Numbers that people gave, each at a time in s.
    exclusions
        Spans that count for nothing, of one person or of all.
    remarks
        What a reader noticed before the tracks are put together.
    shared
        What everybody got at once; () is nothing, None is that nobody said.
    setting
        One room, remote or apart; None where nobody said.
    task
        What the people did; None where nobody said.
    date
        The day of the recording; None where nobody said.
    simulated
        Whether the signals come from a simulation instead of bodies.
    """

    marks: tuple[Mark, ...] = ()
    blocks: tuple[Block, ...] = ()
    ratings: tuple[Rating, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    remarks: tuple[Remark, ...] = ()
    shared: tuple[str, ...] | None = None
    setting: str | None = None
    task: str | None = None
    date: datetime.date | None = None
    simulated: bool = False


def assemble_session(
    name: str,
    tracks: Sequence[Track],
    notes: SessionNotes,
    zero: TimeOrigin | None = None,
    alignment: KnockAlignment | None = None,
) -> Session:
    """Return the session that tracks make.

    Parameters
    ----------
    name
        The session's id.
    tracks
        In the order in which people shall stand.
    notes
        Blocks, marks and what else is known.
    zero
        The session clock's; default the earliest moment that the files tell.
    alignment
        How knocks are looked for that put everybody onto the first person's clock; None where the files' own times hold.

    Returns
    -------
    Session
        One recording for each person, with the marks inside the files added to those of the notes.

    Raises
    ------
    DataError
        If a channel comes twice, one's values are a copy of another's, or somebody was never recorded at
        the same time as anybody else, or no shared knock was found. One person alone is a session too; what needs two refuses it.
    UsageError
        If a unit, a rate or a channel must be stated.
    """
    people = list(dict.fromkeys(track.person for track in tracks))
    zero = time_origin(tracks, alignment) if zero is None else zero
    channels, marks, empty = _of_people(people, tracks, zero, alignment)
    recordings = tuple(_recording([m for m in channels if m.track.person == person]) for person in people)
    _check_copies(recordings)
    _check_common_time(recordings)
    remarks = tuple(remark for m in channels for remark in m.remarks)
    remarks += tuple(empty)
    of_files = dict.fromkeys((track.origin, remark) for track in tracks for remark in track.of_file)
    remarks += tuple(Remark("", "", *remark) for _, remark in of_files)
    remarks += tuple(_of_blocks(notes.blocks, recordings))
    remarks += tuple(_outside(notes, marks, recordings))
    if zero.from_files and zero.anchor is not None:
        remarks += (Remark("", "", *note(ReadingRemark.CLOCK_BEGINS, anchor=zero.anchor.name.lower())),)
    return Session(
        id=name,
        recordings=recordings,
        marks=notes.marks + marks,
        blocks=notes.blocks,
        ratings=notes.ratings,
        exclusions=notes.exclusions,
        remarks=notes.remarks + remarks,
        shared=notes.shared,
        setting=notes.setting,
        task=notes.task,
        date=notes.date,
        simulated=notes.simulated,
    )


def _of_people(
    people: Sequence[Person], tracks: Sequence[Track], zero: TimeOrigin, alignment: KnockAlignment | None
) -> tuple[list[BuiltChannel], tuple[Mark, ...], list[Remark]]:
    """Build everybody's channels and the marks inside their files, on one clock."""
    if alignment is None or len(people) < 2:
        channels, remarks = _build(tracks, zero)
        return channels, tuple(build_marks(tracks, zero)), remarks
    channels, marks, remarks = [], {}, []
    for person in people:
        own = [track for track in tracks if track.person == person]
        origin = own_origin(own, zero)
        built, empty = _build(own, origin)
        channels += built
        remarks += empty
        marks[person] = build_marks(own, origin)
    channels, clocks, aligned = align_people(channels, alignment)
    moved = [mark for person in people for mark in move_marks(marks[person], clocks.get(person))]
    return channels, tuple(moved), [*remarks, *aligned]


def _build(tracks: Sequence[Track], zero: TimeOrigin) -> tuple[list[BuiltChannel], list[Remark]]:
    """Build every channel; one without a value is left out and told where its person has others."""
    built: list[BuiltChannel] = []
    empty: list[tuple[Track, EmptyChannelError]] = []
    for track in tracks:
        try:
            built.append(build_channel(track, zero))
        except EmptyChannelError as error:
            empty.append((track, error))
    kept = {channel.track.person for channel in built}
    for track, refusal in empty:
        if track.person not in kept:
            raise refusal
    return built, [Remark(t.person.id, t.channel, *note(ReadingRemark.PART_LEFT_OUT, part=t.channel)) for t, _ in empty]


def _of_blocks(blocks: Sequence[Block], recordings: Sequence[Recording]) -> Iterator[Remark]:
    """Yield what is wrong with blocks: outside everything that was recorded, or so short that the unit may be wrong."""
    windows = [_window(recording, channel) for recording in recordings for channel in recording.channels]
    near = {block.kind: near_kind(block.kind) for block in blocks}
    for kind, meant in near.items():
        if meant is not None:
            yield Remark("", "", *note(ReadingRemark.BLOCK_KIND, kind=kind, near=meant))
    for block in blocks:
        if not any(window.overlap(block.window) for window in windows):
            outside = note(ReadingRemark.BLOCK_OUTSIDE, kind=block.kind, start=block.start, end=block.end)
            yield Remark("", "", *outside)
        elif block.end > _BEYOND * (last := max(window.end for window in windows)):
            yield Remark("", "", *note(ReadingRemark.BLOCK_BEYOND, kind=block.kind, end=block.end, recorded=last))
        elif block.end - block.start < _MIN_BLOCK:
            length = block.end - block.start
            yield Remark("", "", *note(ReadingRemark.BLOCK_SHORT, kind=block.kind, length=length, needed=_MIN_BLOCK))


def _outside(notes: SessionNotes, inside_files: Sequence[Mark], recordings: Sequence[Recording]) -> Iterator[Remark]:
    """Yield how many marks and spans to leave out lie where nothing was recorded, so that they change nothing."""
    windows = [_window(recording, channel) for recording in recordings for channel in recording.channels]
    start, end = min(window.start for window in windows), max(window.end for window in windows)
    marks = [mark.time for mark in (*notes.marks, *inside_files) if not start - _NEAR <= mark.time <= end + _NEAR]
    spans = [span.start for span in notes.exclusions if span.end <= start or span.start >= end]
    for code, times in ((ReadingRemark.MARKS_OUTSIDE, marks), (ReadingRemark.EXCLUSIONS_OUTSIDE, spans)):
        if times:
            yield Remark("", "", *note(code, len(times), first=times[0], start=start, end=end))


def _recording(own: Sequence[BuiltChannel]) -> Recording:
    person = own[0].track.person
    signals: dict[str, Signal] = {}
    beats: Beats | None = None
    clocks = {}
    for m in own:
        name = "beats" if isinstance(m.data, Beats) else m.track.channel
        if name in clocks:
            raise DataError(
                "{person} has {name} twice; each channel of a person comes from one file.",
                person=person.id,
                name=name,
            )
        clocks[name] = m.clock
        if isinstance(m.data, Beats):
            beats = m.data
        else:
            signals[name] = m.data
    return Recording(person, signals, beats, clocks)


def _check_copies(recordings: Sequence[Recording]) -> None:
    for a, b in itertools.combinations(recordings, 2):
        for channel in set(a.channels) & set(b.channels):
            if _copied(a, b, channel):
                raise DataError(
                    "{person} and {person2} have the same values of {channel}: one was probably copied into "
                    "the other's place. A pair like this is not analysed; get the missing recording or leave "
                    "it out.",
                    person=a.person.id,
                    person2=b.person.id,
                    channel=channel,
                )


def _copied(a: Recording, b: Recording, channel: str) -> bool:
    if channel == "beats":
        assert a.beats is not None
        assert b.beats is not None
        first_values, other = a.beats.rr[1:], b.beats.rr[1:]
        length = min(len(first_values), len(other))
        return _same(first_values[:length], other[:length])
    first, second = a.signals[channel], b.signals[channel]
    shared = first.window.overlap(second.window)
    if shared is None or first.rate != second.rate:
        return False
    first_values, other = first.within(shared).values, second.within(shared).values
    length = min(len(first_values), len(other))
    return _same(first_values[:length], other[:length])


def _same(first: Floats, other: Floats) -> bool:
    both = np.isfinite(first) & np.isfinite(other)
    if both.sum() < _MIN_COMMON or np.ptp(first[both]) == 0:
        return False  # two flat lines are no copy; a constant signal is refused where it is analysed
    close = np.abs(first[both] - other[both]) <= _EXACT * np.ptp(first[both])
    return bool(close.mean() >= _SAME)


def _check_common_time(recordings: Sequence[Recording]) -> None:
    """Each person must share some time with somebody, in a channel that both have (or in any, if none is common)."""
    for recording in recordings:
        others = [other for other in recordings if other is not recording]
        if others and not any(_meet(recording, other) for other in others):
            spans = "; ".join(f"{r.person.id} {_span(r)}" for r in recordings[:6])
            raise DataError(
                "{person} was never recorded at the same time as anybody else ({spans}). A time column may "
                "be in another unit (--time-unit), or the clocks differ: state each file's start in a "
                "manifest.",
                person=recording.person.id,
                spans=spans,
            )


def _meet(first: Recording, other: Recording) -> bool:
    common = set(first.channels) & set(other.channels)
    pairs = [(c, c) for c in common] or list(itertools.product(first.channels, other.channels))
    return any(_window(first, a).overlap(_window(other, b)) is not None for a, b in pairs)


def _window(recording: Recording, channel: str) -> Window:
    """Return the span between a channel's first value and its last."""
    if channel == "beats":
        assert recording.beats is not None
        return recording.beats.window
    signal = recording.signals[channel]
    present = np.flatnonzero(np.isfinite(signal.values))
    times = signal.start + present[[0, -1]] / signal.rate
    return Window(float(times[0]), float(times[1]))


def _span(recording: Recording) -> str:
    windows = [_window(recording, channel) for channel in recording.channels]
    return f"{min(w.start for w in windows):.6g} to {max(w.end for w in windows):.6g} s"
