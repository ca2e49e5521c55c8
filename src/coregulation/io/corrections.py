"""Corrections by hand: spans that count for nothing, and beats that somebody added, moved or removed.

A small table (kind, time, to, person, why) beside the recording, which stays as it was. What was done is a mark in the
session, so that pictures show it, and a remark, so that the report counts it.
"""

from __future__ import annotations

import enum
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from coregulation.errors import DataError, nearest_names
from coregulation.events import Exclusion, Mark
from coregulation.io.delivery import MAX_RR
from coregulation.io.remarks import ReadingRemark, note
from coregulation.io.tables.event_tables import EventRow, parse_event_rows, read_event_rows
from coregulation.io.time_origin import TimeOrigin
from coregulation.session import Recording, Remark, Session
from coregulation.signals import Beats, Bools

NAME = "corrections.csv"
HEADER = "kind,time,to,person,why"
_BY_HAND = "by hand"
REACH = 0.05  # s within which a correction must meet the beat it speaks of


class CorrectionKind(enum.Enum):
    """What a correction does."""

    EXCLUDE = "exclude"
    ADD = "add"
    MOVE = "move"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class Correction:
    """One line of the table.

    Parameters
    ----------
    kind
        What is done.
    time
        Session time in s: of the beat, or where the span begins.
    to
        Where a beat goes, or where the span ends; None for a beat that is added or removed.
    person
        Whose beats; None for a span of all.
    why
        In the corrector's own words.

    Raises
    ------
    DataError
        If a part is missing, or is there and cannot be used.
    """

    kind: CorrectionKind
    time: float
    to: float | None = None
    person: str | None = None
    why: str = ""

    def __post_init__(self) -> None:
        times = [value for value in (self.time, self.to) if value is not None]
        if not np.isfinite(times).all():
            raise DataError("A correction needs finite times in s.")
        if (self.kind in (CorrectionKind.EXCLUDE, CorrectionKind.MOVE)) != (self.to is not None):
            raise DataError("exclude and move need `to`; add and remove have none.")
        if self.kind is not CorrectionKind.EXCLUDE and self.person is None:
            raise DataError("{kind} needs a person: beats are somebody's.", kind=self.kind.value)


def read_corrections(
    path: str | os.PathLike[str], zero: TimeOrigin | None = None, session: str = ""
) -> tuple[Correction, ...]:
    """Read a table of corrections: columns kind, time, to, person, why; times in s of the session, or moments.

    Parameters
    ----------
    path
        The table, as text with a separator.
    zero
        What the session clock counts from, for times that are moments; None where no file tells moments.
    session
        The session's id; rows whose session column names another are passed over.

    Returns
    -------
    tuple of Correction
        In the order of the rows.

    Raises
    ------
    UsageError
        If there is no such file.
    DataError
        If a column is missing or a row cannot be used; it names the row.
    """
    zero = TimeOrigin() if zero is None else zero
    return parse_event_rows(read_event_rows(path, session, {"kind", "time"}), lambda row: _correction(row, zero))


def _correction(row: EventRow, zero: TimeOrigin) -> Correction:
    word = row.required("kind").lower()
    if word not in {kind.value for kind in CorrectionKind}:
        raise DataError(
            "the kind {word!r} is not known. Did you mean {near:or}?",
            word=word,
            near=nearest_names(word, [kind.value for kind in CorrectionKind]),
        )
    to = None if row.text("to") is None else row.time("to", zero)
    return Correction(CorrectionKind(word), row.time("time", zero), to, row.text("person"), row.text("why") or "")


def apply_corrections(session: Session, corrections: Sequence[Correction]) -> Session:
    """Return a session with its corrections applied, marked and counted.

    Parameters
    ----------
    session
        As it was recorded; it stays unchanged.
    corrections
        Beats are corrected in this order.

    Returns
    -------
    Session
        With corrected beats, a mark for each correction of a beat, an exclusion for each span, and a remark with the
        count of each kind.

    Raises
    ------
    DataError
        If somebody is unknown or has no beats, no beat is within 0.05 s of one that is moved or removed, or a
        beat would be put on or past another.
    """
    spans = [correction for correction in corrections if correction.kind is CorrectionKind.EXCLUDE]
    exclusions = tuple(Exclusion(s.time, s.to or s.time, s.why or _BY_HAND, s.person) for s in spans)
    recordings = tuple(_of_person(recording, corrections) for recording in session.recordings)
    of_beats = [correction for correction in corrections if correction.kind is not CorrectionKind.EXCLUDE]
    marks = tuple(Mark(correction.time, _label(correction), correction.person, by_hand=True) for correction in of_beats)
    known = {recording.person.id for recording in session.recordings}
    strangers = sorted({correction.person for correction in corrections if correction.person is not None} - known)
    if strangers:
        raise DataError(
            "A correction names {person!r}; the people here are {known}.",
            person=strangers[0],
            known=", ".join(sorted(known)),
        )
    return replace(
        session,
        recordings=recordings,
        exclusions=session.exclusions + exclusions,
        marks=session.marks + marks,
        remarks=session.remarks + tuple(_remarks(corrections)),
    )


def correct_beats(beats: Beats, corrections: Iterable[Correction]) -> Beats:
    """Return beats with those corrections applied that are of beats, one after the other.

    A beat that is added after a gap does not close it: how many others were lost there nobody knows. One that is
    removed joins the intervals around it, or leaves its gap to the next.

    Parameters
    ----------
    beats
        Of one person; they stay unchanged.
    corrections
        Of the same person; spans to exclude are passed over.

    Returns
    -------
    Beats
        With the beats that were added or moved marked as trustworthy.

    Raises
    ------
    DataError
        If no beat is within 0.05 s of one that is moved or removed, or a beat would be put on or past another.
    """
    for correction in corrections:
        if correction.kind is CorrectionKind.ADD:
            beats = _added(beats, correction.time)
        elif correction.kind is CorrectionKind.REMOVE:
            beats = _removed(beats, _nearest(beats, correction.time))
        elif correction.kind is CorrectionKind.MOVE:
            assert correction.to is not None
            beats = _moved(beats, _nearest(beats, correction.time), correction.to)
    return beats


def _of_person(recording: Recording, corrections: Sequence[Correction]) -> Recording:
    own = [
        correction
        for correction in corrections
        if correction.person == recording.person.id and correction.kind is not CorrectionKind.EXCLUDE
    ]
    if not own:
        return recording
    if recording.beats is None:
        raise DataError(
            "{person} has no beats to correct. Where they are found in an ECG or a pulse, let `coregulation "
            "beats` write them into a session first, and correct that.",
            person=recording.person.id,
        )
    try:
        return replace(recording, beats=correct_beats(recording.beats, own))
    except DataError as error:
        raise DataError(
            "{person}: {problem}",
            person=recording.person.id,
            problem=error,
        ) from error


def _nearest(beats: Beats, time: float) -> int:
    at = int(np.argmin(np.abs(beats.times - time))) if len(beats) else 0
    if not len(beats) or abs(float(beats.times[at]) - time) > REACH:
        where = f"; the nearest is at {beats.times[at]:.3f} s" if len(beats) else ""
        raise DataError(
            "there is no beat within {reach:g} s of {time:.3f} s{where}.",
            reach=REACH,
            time=time,
            where=where,
        )
    return at


def _added(beats: Beats, time: float) -> Beats:
    ok, breaks = _marks(beats)
    at = int(np.searchsorted(beats.times, time))
    if at < len(beats) and beats.times[at] == time:
        raise DataError("there is a beat at {time:.3f} s already.", time=time)
    far = at == 0 or time - float(beats.times[at - 1]) > MAX_RR
    after = far or (at < len(beats) and bool(breaks[at]))
    if at == 0 and len(beats):  # what was the first beat now ends an interval
        breaks = np.concatenate(([float(beats.times[0]) - time > MAX_RR], breaks[1:]))
    return Beats(np.insert(beats.times, at, time), np.insert(ok, at, True), np.insert(breaks, at, after))


def _removed(beats: Beats, at: int) -> Beats:
    ok, breaks = _marks(beats)
    if at + 1 < len(beats):
        breaks = breaks.copy()
        breaks[at + 1] |= breaks[at]
    return Beats(np.delete(beats.times, at), np.delete(ok, at), np.delete(breaks, at))


def _moved(beats: Beats, at: int, to: float) -> Beats:
    times = beats.times.copy()
    times[at] = to
    if (np.diff(times) <= 0).any():
        raise DataError(
            "the beat at {time:.3f} s cannot be moved to {to:.3f} s, past the next one.",
            time=beats.times[at],
            to=to,
        )
    return replace(beats, times=times, ok=np.where(np.arange(len(times)) == at, True, _marks(beats)[0]))


def _marks(beats: Beats) -> tuple[Bools, Bools]:
    assert beats.ok is not None
    assert beats.breaks is not None
    return beats.ok, beats.breaks


def _label(correction: Correction) -> str:
    done = {CorrectionKind.ADD: "beat added", CorrectionKind.REMOVE: "beat removed", CorrectionKind.MOVE: "beat moved"}
    return f"{done[correction.kind]} {_BY_HAND}" + (f": {correction.why}" if correction.why else "")


def _remarks(corrections: Sequence[Correction]) -> Iterable[Remark]:
    counted: dict[tuple[str, CorrectionKind], int] = {}
    for correction in corrections:
        key = (correction.person or "", correction.kind)
        counted[key] = counted.get(key, 0) + 1
    for (person, kind), count in counted.items():
        channel = "" if kind is CorrectionKind.EXCLUDE else "beats"
        yield Remark(person, channel, *note(_DONE[kind], count))


_DONE = {
    CorrectionKind.ADD: ReadingRemark.BEATS_ADDED,
    CorrectionKind.MOVE: ReadingRemark.BEATS_MOVED,
    CorrectionKind.REMOVE: ReadingRemark.BEATS_REMOVED,
    CorrectionKind.EXCLUDE: ReadingRemark.SPANS_LEFT_OUT,
}
