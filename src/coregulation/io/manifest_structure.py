"""What may stand in a `session.toml`, as typed structures; the JSON Schema is made of the same ones."""

from __future__ import annotations

import datetime
from typing import Literal

import msgspec

SCHEMA = "coregulation.session/2"


class StrictTable(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A table of the manifest: a key that is not known is an error."""


class TimeText(StrictTable, kw_only=True, frozen=True):
    """The column with the time of each row.

    Parameters
    ----------
    column
        Its name, or its number from 0.
    unit
        Such as "s", "ms" or "m:ss"; None where the header carries it or the cells are dates.
    """

    column: int | str
    unit: str | None = None


class ConfidenceText(StrictTable, kw_only=True, frozen=True):
    """Rows below become missing (for beats: not to be trusted) and are counted.

    Parameters
    ----------
    column
        The column that holds the confidence: its name, or its number from 0.
    at_least
        The least confidence that counts, in the column's own unit.
    """

    column: int | str
    at_least: float


class ClockText(StrictTable, kw_only=True, frozen=True):
    """How this file's time maps to the session's; `applied` where the times in the file are the session's already.

    Parameters
    ----------
    offset
        The file's zero on the session clock, in s.
    offset_sd
        Standard uncertainty of the offset in s; None where nobody stated it.
    drift_ppm
        How much faster session time runs than the device's, in parts per million.
    drift_sd_ppm
        Standard uncertainty of the drift, in parts per million.
    name
        Which device's clock it is; None names it after the file.
    applied
        Whether the times in the file are the session's already, so that offset and drift only tell what was done.
    """

    offset: float = 0.0
    offset_sd: float | None = None
    drift_ppm: float = 0.0
    drift_sd_ppm: float = 0.0
    name: str | None = None
    applied: bool = False


class FileText(StrictTable, kw_only=True, frozen=True):
    """One channel of one person in a file.

    Parameters
    ----------
    path
        The file, counted from the manifest's folder.
    channel
        One of our channel names, or a name of one's own with a unit.
    unit
        Of number · scale; None where the channel or the file states it.
    column
        Of the values: its name, or its number from 0; None where the file leaves no choice.
    scale
        Value in `unit` = number in the file · scale; None is 1.
    skip_lines
        Lines before the header that are no part of the table.
    skip_end_lines
        Lines after the last row that are no part of the table.
    separator
        One character; None is found.
    decimal
        "." or ","; None is found.
    sheet
        Of a workbook: its name, or its number from 0.
    missing
        Words that stand for a missing value, beside nothing, NaN, n/a and the like.
    confidence
        Which rows to trust; None trusts all.
    time
        The column of the times; None where a rate, the file or the intervals themselves say them.
    date_order
        How a date such as 05/04/2026 is read; None where the column tells.
    zone
        Offset from UTC ("+02:00") of dates without a time zone.
    rate
        Samples per second (Hz), where rows are evenly spaced.
    start
        Session time of the first row in s, or the moment it was recorded at.
    ok
        Of beats: the column that is above 0 where a beat can be trusted; None trusts all.
    breaks
        Of beats: the column that is above 0 where others were lost before a beat; None finds them.
    device
        Which device recorded it, for whoever reads the manifest.
    clock
        What is known of the device's clock; None leaves its offset without an uncertainty.
    """

    path: str
    channel: str
    unit: str | None = None
    column: int | str | None = None
    scale: float | None = None
    skip_lines: int = 0
    skip_end_lines: int = 0
    separator: str | None = None
    decimal: str | None = None
    sheet: int | str | None = None
    missing: list[str] = []
    confidence: ConfidenceText | None = None
    time: TimeText | None = None
    date_order: Literal["day-first", "month-first"] | None = None
    zone: str | None = None
    rate: float | None = None
    start: float | datetime.datetime | None = None
    ok: int | str | None = None
    breaks: int | str | None = None
    device: str | None = None
    clock: ClockText | None = None


class PersonText(StrictTable, kw_only=True, frozen=True):
    """Somebody, by a pseudonym, with one file or more.

    Parameters
    ----------
    id
        A pseudonym.
    role
        Such as "therapist"; kept in pseudo-dyads.
    file
        One entry for each channel.
    """

    id: str
    role: str | None = None
    file: list[FileText] = []


class BlockText(StrictTable, kw_only=True, frozen=True):
    """A labelled span.

    Parameters
    ----------
    kind
        Such as "alone-rest", or any name.
    start
        In s on the session clock.
    end
        In s on the session clock.
    perturbed
        The ids of those who were stirred.
    dose
        How much they were stirred; None where nobody measured it.
    present
        The ids of those who were there; the key is `with`.
    cues
        For each kind of cue, such as sight or sound, whether it was open.
    partner
        Whether the partner was live; None where nobody said.
    guide
        What guided everybody, such as a pacer; None for nothing.
    """

    kind: str
    start: float
    end: float
    perturbed: list[str] = []
    dose: float | None = None
    present: list[str] = msgspec.field(default=[], name="with")
    cues: dict[str, bool] = {}
    partner: Literal["live", "recorded", "delayed", "animal", "imagined"] | None = None
    guide: str | None = None


class MarkText(StrictTable, kw_only=True, frozen=True):
    """An instant with a label.

    Parameters
    ----------
    time
        In s on the session clock.
    label
        What happened.
    person
        Whom it is about; None is everybody.
    by_hand
        Whether it marks a correction of the beats.
    """

    time: float
    label: str
    person: str | None = None
    by_hand: bool = False


class RatingText(StrictTable, kw_only=True, frozen=True):
    """A number that a person gave.

    Parameters
    ----------
    time
        In s on the session clock.
    person
        Who gave it.
    item
        What was rated.
    value
        In the item's own unit.
    """

    time: float
    person: str
    item: str
    value: float


class ExcludeText(StrictTable, kw_only=True, frozen=True):
    """A span that counts for nothing, and why.

    Parameters
    ----------
    start
        In s on the session clock.
    end
        In s on the session clock.
    why
        In the words of whoever left it out.
    person
        Whose signals; None is everybody's.
    """

    start: float
    end: float
    why: str
    person: str | None = None


class TurnsText(StrictTable, kw_only=True, frozen=True):
    """A file of who spoke when.

    Parameters
    ----------
    path
        A table, ELAN, Praat, WebVTT, SRT or EDF+ file, counted from the manifest's folder.
    start
        Session time of its zero, in s.
    speakers
        Whose turns a speaker's are, by the speaker's name in the file; "none" leaves a speaker out.
    """

    path: str
    start: float = 0.0
    speakers: dict[str, str] = {}


class ConsentText(StrictTable, kw_only=True, frozen=True):
    """What a person agreed to, for sessions that are kept.

    Parameters
    ----------
    person
        Who agreed.
    purpose
        What to: that the partner or the facilitator sees the signals, that the session is kept, or research.
    text_version
        Which version of the text was shown.
    given
        When.
    withdrawn
        When the person took it back; None while it holds.
    """

    person: str
    purpose: Literal["show-partner", "show-facilitator", "keep", "research"]
    text_version: str
    given: datetime.datetime
    withdrawn: datetime.datetime | None = None


class RemarkText(StrictTable, kw_only=True, frozen=True):
    """Something a reader noticed when the session was first read.

    Parameters
    ----------
    person
        Whose signal it is about; "" is the session's.
    channel
        Which signal; "" is none in particular.
    code
        What was noticed; "" in schema 1, which has `what`.
    facts
        What the code's sentence needs, by name.
    count
        How often.
    what
        The sentence of schema 1.
    """

    person: str
    channel: str
    code: str = ""
    facts: dict[str, str | float | int | bool] = {}
    count: int = 1
    what: str = ""  # of schema 1: a sentence


class Manifest(StrictTable, kw_only=True, frozen=True):
    """A session on disk, as `session.toml` has it.

    Parameters
    ----------
    schema
        The version of this contract; /1 is read too.
    id
        A name for the session, free of anybody's real name.
    task
        What the people did.
    date
        The day of the recording.
    start
        The session clock's zero, where devices stamp moments; None is the earliest moment of the files.
    setting
        One room, remote or apart.
    shared
        What everybody got at once; [] is nothing, None is that nobody said.
    simulated
        Whether the signals come from a simulation instead of bodies.
    corrections
        A table of corrections by hand, counted from the manifest's folder; None is none.
    align
        "knock" where everybody's files are put onto the first person's clock by the knocks that both have; None where the files'
        own times hold.
    turns
        Who spoke when; None is that it is not known.
    person
        Who was recorded, in the order in which people shall stand.
    block
        Labelled spans; those of one kind do not overlap.
    mark
        Instants with a label.
    rating
        Numbers that people gave.
    exclude
        Spans that count for nothing.
    consent
        What people agreed to.
    remark
        What was noticed when the session was first read.
    """

    schema: Literal["coregulation.session/1", "coregulation.session/2"] = "coregulation.session/2"
    id: str = "session"
    task: str | None = None
    date: datetime.date | None = None
    start: datetime.datetime | None = None
    setting: str | None = None
    shared: list[str] | None = None
    simulated: bool = False
    corrections: str | None = None
    align: Literal["knock"] | None = None
    turns: TurnsText | None = None
    person: list[PersonText]
    block: list[BlockText] = []
    mark: list[MarkText] = []
    rating: list[RatingText] = []
    exclude: list[ExcludeText] = []
    consent: list[ConsentText] = []
    remark: list[RemarkText] = []
