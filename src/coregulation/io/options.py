"""What a caller says about a file: a frozen value, checked at once. Nothing said is None and never guessed."""

from __future__ import annotations

import datetime
import math
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from coregulation.channels import CHANNELS
from coregulation.errors import UsageError
from coregulation.io.knock_alignment import KnockAlignment
from coregulation.io.stated_context import parse_setting, parse_shared
from coregulation.io.tables.cell_parsing import moment_of
from coregulation.io.tables.header_names import CHANNEL_ALIASES
from coregulation.io.tables.table import Column, TableShape
from coregulation.session import Person

NO_TIME = "none"  # as a time column: the table has none, whatever its header says
_ZONE = re.compile(r"([+-])(\d{1,2}):?(\d{2})?", re.ASCII)
Path = str | os.PathLike[str]
Moment = float | datetime.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """How to read a table, or one file per person.

    Parameters
    ----------
    signal
        The channel the values are (rr, heart_rate, resp, eda, motion, rating, … or any name).
    unit
        The unit the values are written in, where the channel's name does not state it.
    scale
        Value in `unit` = number in the file · scale.
    rate
        Samples per second (Hz), where rows are evenly spaced.
    start
        Session time of the first row (s), or the moment it was recorded at; with a time column, of its zero.
    people
        Which person is which column (name or number from 0); with one file per person the names in the order of
        the files; in a long table which person is which value of the person column.
    roles
        A role for a person ("client", "leader"), kept in pseudo-dyads.
    column
        With one file per person, the column of the values; default the only one beside the time.
    time_column
        Name or number of the column with the time of each row; "none" if no column is.
    time_unit
        Seconds (s), ms, min, us, ns, h, or "sample" (of `rate`); "m:ss" or "h:mm" for what is written as 12:30; not
        needed for dates and times of day.
    date_order
        "day-first" or "month-first", where a date such as 05/04/2026 can be both.
    zone
        Offset from UTC ("+02:00") of the files whose dates have no time zone.
    sheet
        Of a workbook, by name or number.
    long
        One row per person and moment, with `person_column`, `value_column` and perhaps `pair_column`.
    pair_column
        The column that tells the sessions of a table apart; None where the table is one session.
    person_column
        Of a long table, the column that tells the people apart.
    value_column
        Of a long table, the column of the values.
    only
        The one session to read, of several.
    skip_lines, skip_end_lines
        Lines before the header and after the last row that are no part of the table.
    separator, decimal
        Where they cannot be found with certainty.
    missing
        Words that stand for a missing value, beside nothing, NaN, n/a and the like.
    blocks, marks, exclude
        Tables of blocks, marks and spans that count for nothing.
    corrections
        A table of corrections by hand (`files.corrections`).
    turns
        A file of who spoke when: a table (person, start, end), ELAN, Praat, WebVTT, SRT, or annotations of EDF+.
    speakers
        Whose turns a speaker's are, where the file names people otherwise; "none" leaves a speaker out.
    turns_start
        Session time of the zero of the file of turns, in s.
    shared
        What everybody got at once; () for nothing, None where nobody said.
    setting
        One room, remote or apart.
    align
        "knock", or how knocks are looked for: puts everybody's files onto the first person's clock by the knocks that both
        recordings have. None where the files' own times hold.
    allow_outside
        Whether a manifest may name files outside its own folder; only for one whose writer is trusted.

    Raises
    ------
    UsageError
        If a value cannot be used.
    """

    signal: str | None = None
    unit: str | None = None
    scale: float | None = None
    rate: float | None = None
    start: Moment | str | None = None
    people: Mapping[str, Column | None] | Sequence[str] = ()
    roles: Mapping[str, str] = field(default_factory=dict)
    column: Column | None = None
    time_column: Column | None = None
    time_unit: str | None = None
    date_order: str | None = None
    zone: str | datetime.tzinfo | None = None
    sheet: Column | None = None
    long: bool = False
    pair_column: Column | None = None
    person_column: Column | None = None
    value_column: Column | None = None
    only: str | None = None
    skip_lines: int = 0
    skip_end_lines: int = 0
    separator: str | None = None
    decimal: str | None = None
    missing: Sequence[str] = ()
    blocks: Path | None = None
    marks: Path | None = None
    exclude: Path | None = None
    corrections: Path | None = None
    turns: Path | None = None
    speakers: Mapping[str, str] = field(default_factory=dict)
    turns_start: float = 0.0
    shared: Sequence[str] | None = None
    setting: str | None = None
    align: KnockAlignment | str | None = None
    allow_outside: bool = False

    def __post_init__(self) -> None:
        people = self.people if isinstance(self.people, Mapping) else dict.fromkeys(self.people)
        object.__setattr__(self, "people", MappingProxyType(dict(people)))
        object.__setattr__(self, "speakers", MappingProxyType(dict(self.speakers)))
        object.__setattr__(self, "roles", MappingProxyType(dict(self.roles)))
        object.__setattr__(self, "shared", parse_shared(self.shared))
        object.__setattr__(self, "setting", parse_setting(self.setting))
        object.__setattr__(self, "missing", tuple(self.missing))
        object.__setattr__(self, "start", parse_moment(self.start))
        object.__setattr__(self, "align", parse_alignment(self.align))
        object.__setattr__(self, "zone", parse_zone(self.zone))
        self._check_numbers()
        self._check_words()

    def _check_numbers(self) -> None:
        for name, least in (("rate", True), ("scale", False)):
            value = getattr(self, name)
            if value is not None and not (math.isfinite(value) and value != 0 and (value > 0 or not least)):
                raise UsageError(
                    "{name} must be a {sign}number other than zero; {value} came.",
                    name=name,
                    sign="positive " if least else "",
                    value=value,
                )
        for name in ("skip_lines", "skip_end_lines"):
            if getattr(self, name) < 0:
                raise UsageError(
                    "{name} counts lines and cannot be negative; {value} came.",
                    name=name,
                    value=getattr(self, name),
                )

    def _check_words(self) -> None:
        if self.turns is None and (self.speakers or self.turns_start):
            raise UsageError(
                "Speakers and the start of turns belong to a file of turns: state it with --turns (turns=…)."
            )
        meant = CHANNEL_ALIASES.get((self.signal or "").lower().replace("_", " "))
        if meant is not None and self.signal not in CHANNELS:
            raise UsageError(
                "There is no channel {came!r}. Did you mean {meant}? Then say --signal {meant}.",
                came=self.signal,
                meant=meant,
            )
        if self.decimal not in (None, ".", ","):
            raise UsageError(
                'The decimal sign is "." or ","; {decimal!r} came.',
                decimal=self.decimal,
            )
        if self.separator is not None and len(self.separator) != 1:
            raise UsageError("A separator is one character; {separator!r} came.", separator=self.separator)
        if self.date_order not in (None, "day-first", "month-first"):
            raise UsageError("A date's order is day-first or month-first; {order!r} came.", order=self.date_order)
        strangers = set(self.roles) - set(self.people)
        if strangers:
            raise UsageError(
                "A role was given to {person!r}, who is not among the people named.", person=sorted(strangers)[0]
            )
        if (self.person_column, self.value_column) != (None, None) and not self.long:
            raise UsageError("A person or value column belongs to a long table: say --long (long=True) as well.")
        if self.long and (self.person_column is None or self.value_column is None):
            raise UsageError(
                "A long table needs --person-column and --value-column (and --pair-column if it has pairs)."
            )

    @property
    def alignment(self) -> KnockAlignment | None:
        """How the clocks of files are aligned; None where the files' own times hold."""
        return parse_alignment(self.align)

    @property
    def shape(self) -> TableShape:
        """What was said about how the table is written."""
        return TableShape(
            self.skip_lines, self.skip_end_lines, self.separator, self.decimal, self.sheet, tuple(self.missing)
        )

    def person(self, name: str) -> Person:
        """Return somebody with the role that was given."""
        return Person(name, self.roles.get(name))

    @property
    def columns(self) -> Mapping[str, Column | None]:
        """The people and their columns."""
        assert isinstance(self.people, Mapping)
        return self.people


def parse_moment(value: Moment | str | None) -> Moment | None:
    """Read a start: a number of s, or a date and time, also written as text.

    Parameters
    ----------
    value
        Such as 3.2, "3.2" or "2026-05-04T14:00:03.2Z"; None is nothing said.

    Returns
    -------
    float, datetime or None
        Seconds, or the moment; without a time zone where none was written.

    Raises
    ------
    UsageError
        If a text is neither, or the number is not finite.
    """
    if isinstance(value, str):
        value = _written(value)
    if isinstance(value, float | int) and not math.isfinite(value):
        raise UsageError("A start must be a finite number of s or a date and time; {value} came.", value=value)
    return value


def _written(text: str) -> Moment:
    try:
        return float(text)
    except ValueError:
        pass
    moment = moment_of(text)
    if moment is None:
        raise UsageError(
            "The start {text!r} is not a time stamp; s, or a date and time such as 2026-05-04T14:00:03.2Z, was expected.",
            text=text,
        )
    return moment


def parse_alignment(value: KnockAlignment | str | None) -> KnockAlignment | None:
    """Read how the clocks of files are aligned.

    Parameters
    ----------
    value
        "knock", the settings of it, or None.

    Returns
    -------
    KnockAlignment or None
        None where the files' own times hold.

    Raises
    ------
    UsageError
        If the text is another word.
    """
    if isinstance(value, str):
        if value != "knock":
            raise UsageError(
                "The alignment {word!r} is not known: knock was expected, as in --align knock.", word=value
            )
        return KnockAlignment()
    return value


def parse_zone(text: str | datetime.tzinfo | None) -> datetime.tzinfo | None:
    """Read a time zone as its offset from UTC.

    Parameters
    ----------
    text
        Such as "+02:00", "-0530" or "UTC"; a time zone or None is returned as it is.

    Returns
    -------
    tzinfo or None
        A fixed offset; None where nothing was said.

    Raises
    ------
    UsageError
        If the text is no offset, or one of 15 hours or more.
    """
    if not isinstance(text, str):
        return text
    if text.strip().upper() in ("UTC", "Z", "GMT"):
        return datetime.UTC
    match = _ZONE.fullmatch(text.strip())
    if match is None or int(match[2]) > 14 or int(match[3] or 0) > 59:
        raise UsageError(
            "The time zone {text!r} is not known: an offset from UTC such as +02:00 was expected.", text=text
        )
    size = datetime.timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    return datetime.timezone(-size if match[1] == "-" else size)
