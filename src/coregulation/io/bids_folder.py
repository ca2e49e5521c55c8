"""A BIDS data set as sessions: the people of one session label, their physiology, events and clocks.

What our own writer wrote reads back to the same numbers. Of other data sets, columns called `respiratory` are breathing and
`trigger` is left out; what `cardiac` is, nothing says, unless the column's `LongName` names one of our channels.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import numpy as np

from coregulation.channels import CHANNELS
from coregulation.clock import Clock
from coregulation.errors import DataError
from coregulation.events import Block, Exclusion, Mark, Rating
from coregulation.io.assemble import SessionNotes, assemble_session
from coregulation.io.formats.bids import read_bids
from coregulation.io.remarks import ReadingRemark, note
from coregulation.io.tables.column_meaning import interpret_columns
from coregulation.io.tables.table import Table
from coregulation.io.tables.units import stated_unit
from coregulation.io.text import read_bytes
from coregulation.io.text_lines import read_lines
from coregulation.io.time_origin import TimeOrigin
from coregulation.io.track import Track
from coregulation.session import Person, Remark, Session
from coregulation.signals import Unit

_DESCRIPTION = "dataset_description.json"
_NONE = "n/a"
_CHANNELS = {"respiratory": "resp"}
Row = Mapping[str, str]


class _Described(msgspec.Struct):
    name: str = msgspec.field(default="session", name="Name")


@dataclass(frozen=True, slots=True)
class BidsSession:
    """The people of one session label, before any recording is read.

    Parameters
    ----------
    name
        What the session is called: its label, or the data set's name where there is no other session.
    label
        Such as "ses-01"; empty where the data set has no sessions.
    visits
        Each person's subject label, such as "sub-01", with the folder of the recordings.
    people
        By subject label.
    simulated
        Whether the data set says that the signals of one of them are simulated.
    """

    name: str
    label: str
    visits: tuple[tuple[str, Path], ...]
    people: Mapping[str, Person]
    simulated: bool

    def read(self) -> Session:
        """Read the recordings; `DataError` if they cannot be used."""
        return replace(_session(self.name, self.visits, self.people), simulated=self.simulated)

    @property
    def task(self) -> str:
        """Label of the task in the names of the files; empty where they have none."""
        names = (path.name for _, visit in self.visits for path in sorted(visit.glob("*/*_physio.tsv*")))
        matches = (re.search(r"_task-([A-Za-z0-9]+)_", name) for name in names)
        return next((match[1] for match in matches if match), "")

    def files(self) -> Iterator[Path]:
        """Yield every file of the session, in a fixed order."""
        for _, visit in self.visits:
            yield from (path for path in sorted(visit.rglob("*")) if path.is_file())


def is_bids_folder(path: Path) -> bool:
    """Say whether a path is a BIDS data set.

    Parameters
    ----------
    path
        A path of any kind; it need not exist.

    Returns
    -------
    bool
        True for a folder that holds a `dataset_description.json`.
    """
    return path.is_dir() and (path / _DESCRIPTION).is_file()


def bids_sessions(folder: Path) -> tuple[BidsSession, ...]:
    """List the sessions of a data set by the names of its folders.

    Parameters
    ----------
    folder
        The data set.

    Returns
    -------
    tuple of BidsSession
        In the order of the subject labels in which their session labels first come.

    Raises
    ------
    DataError
        If the data set's description cannot be read, or it holds no physiology.
    """
    try:
        described = msgspec.json.decode(read_bytes(folder / _DESCRIPTION), type=_Described)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DataError(
            "{path}: not the description of a BIDS data set: {problem}.", path=str(folder), problem=error
        ) from error
    visits: dict[str, list[tuple[str, Path]]] = {}
    for subject in sorted(folder.glob("sub-*")):
        for visit in sorted(subject.glob("ses-*")) or [subject]:
            visits.setdefault(visit.name if visit != subject else "", []).append((subject.name, visit))
    visits = {
        label: own for label, own in visits.items() if any(list(visit.glob("*/*_physio.tsv*")) for _, visit in own)
    }
    if not visits:
        raise DataError(
            "{path}: the data set holds no physiology (files that end in _physio.tsv.gz).", path=str(folder)
        )
    rows = _participants(folder)
    people, simulated = _people(rows), {row.get("participant_id") for row in rows if row.get("simulated") == "yes"}
    return tuple(
        BidsSession(
            described.name if len(visits) == 1 else label.removeprefix("ses-") or described.name,
            label,
            tuple(own),
            {subject: people.get(subject, Person(subject.removeprefix("sub-"))) for subject, _ in own},
            any(subject in simulated for subject, _ in own),
        )
        for label, own in visits.items()
    )


def sessions_of_bids(folder: Path, only: str | None = None) -> Iterator[tuple[str, Session | DataError]]:
    """Yield the name of each session label and its session, or why it cannot be used.

    Parameters
    ----------
    folder
        The data set.
    only
        Name of the session that is wanted; None for all. If there is no such session, all are yielded.

    Yields
    ------
    tuple of str and Session or DataError
        In the order of the labels.

    Raises
    ------
    DataError
        If the data set's description cannot be read, or it holds no physiology.
    """
    listed = bids_sessions(folder)
    for item in [item for item in listed if item.name == only] or listed:
        try:
            yield item.name, item.read()
        except DataError as error:
            yield item.name, error


def _participants(folder: Path) -> list[Row]:
    path = folder / "participants.tsv"
    return _rows(path) if path.is_file() else []


def _people(rows: Sequence[Row]) -> dict[str, Person]:
    return {
        row["participant_id"]: Person(
            _text(row, "pseudonym") or row["participant_id"].removeprefix("sub-"), _text(row, "role")
        )
        for row in rows
        if "participant_id" in row
    }


def _session(name: str, own: Sequence[tuple[str, Path]], people: Mapping[str, Person]) -> Session:
    tracks: list[Track] = []
    left: list[Remark] = []
    events: dict[str, list[Row]] = {}
    for subject, visit in own:
        person = people.get(subject, Person(subject.removeprefix("sub-")))
        clocks = {_text(row, "filename") or "": row for path in visit.glob("*_scans.tsv") for row in _rows(path)}
        for path in sorted(visit.glob("*/*_physio.tsv*")):
            clock = _clock(clocks.get(f"{path.parent.name}/{path.name}"), path.name)
            table = read_bids(path)
            tracks += _tracks(table, person, clock)
            left += _left(table, person)
        for path in sorted(visit.glob("*/*_events.tsv")):
            events.setdefault(person.id, []).extend(_rows(path))
            clock = _clock(clocks.get(f"{path.parent.name}/{path.name}"), path.name)
            tracks += _beats(path, person, events[person.id], clock)
    if not tracks:
        raise DataError("{name}: none of its columns is of a channel that is known.", name=name)
    return assemble_session(name, tracks, _notes(events, left), TimeOrigin())


def _tracks(table: Table, person: Person, clock: Clock) -> Iterator[Track]:
    for meaning in interpret_columns(table):
        channel = _channel(table, meaning.number)
        if channel is not None:
            yield Track(
                person=person,
                channel=channel,
                origin=table.origin,
                numbers=table.numbers(meaning.number),
                rate=meaning.metadata.rate,
                start=meaning.metadata.start,
                unit=stated_unit(table, meaning, None, channel) or (None if channel in CHANNELS else Unit.ARBITRARY),
                clock=clock,
                events=table.events,
                applied=True,
            )


def _channel(table: Table, column: int) -> str | None:
    name = table.names[column]
    known = table.metadata_of(column).channel or _CHANNELS.get(name, name)
    return known if known in CHANNELS or name not in ("cardiac", "trigger", "respiratory", "timestamp") else None


def _left(table: Table, person: Person) -> Iterator[Remark]:
    for column, name in enumerate(table.names):
        if _channel(table, column) is None:
            yield Remark(person.id, "", *note(ReadingRemark.PART_LEFT_OUT, part=name))
    yield from (Remark(person.id, "", *remark) for remark in table.remarks)


def _beats(path: Path, person: Person, rows: Sequence[Row], clock: Clock) -> Iterator[Track]:
    own = [row for row in rows if row.get("trial_type") == "beat"]
    if own:
        yield Track(
            person=person,
            channel="beats",
            origin=str(path),
            numbers=np.array([_number(path, row, "onset") for row in own]),
            unit=Unit.SECOND,
            clock=clock,
            ok=np.array([row.get("ok") != "0" for row in own]),
            breaks=np.array([row.get("breaks") == "1" for row in own]),
            applied=True,
        )


def _notes(events: Mapping[str, Sequence[Row]], left: Sequence[Remark]) -> SessionNotes:
    blocks: list[Block] = []
    marks: dict[tuple[float, str], list[str]] = {}
    spans: dict[tuple[float, float, str], list[str]] = {}
    ratings: list[Rating] = []
    for person, rows in events.items():
        for row in rows:
            kind, label = row.get("trial_type", ""), _text(row, "description")
            onset = _number(person, row, "onset")
            length = _number(person, row, "duration") if _text(row, "duration") else 0.0
            if kind == "exclude":
                spans.setdefault((onset, onset + length, label or ""), []).append(person)
            elif kind == "rating":
                ratings.append(Rating(onset, person, label or "", _number(person, row, "value")))
            elif kind == "mark" or (kind not in ("beat", "block") and length == 0 and kind):
                marks.setdefault((onset, (label or kind) if kind == "mark" else kind), []).append(person)
            elif kind != "beat" and length > 0:
                block = _block(row, (label or kind) if kind == "block" else kind, onset, length)
                blocks += [] if block in blocks else [block]
    everybody = len(events)
    return SessionNotes(
        blocks=tuple(blocks),
        marks=tuple(Mark(t, label, _one(own, everybody)) for (t, label), own in sorted(marks.items())),
        exclusions=tuple(Exclusion(a, b, why, _one(own, everybody)) for (a, b, why), own in sorted(spans.items())),
        ratings=tuple(ratings),
        remarks=tuple(left),
    )


def _one(people: Sequence[str], everybody: int) -> str | None:
    return None if len(people) == everybody else people[0]


def _block(row: Row, kind: str, onset: float, length: float) -> Block:
    return Block(
        kind=kind,
        start=onset,
        end=_number(kind, row, "end") if _text(row, "end") else onset + length,
        perturbed=tuple((_text(row, "perturbed") or "").split()),
        dose=_number(kind, row, "dose") if _text(row, "dose") else None,
        present=tuple((_text(row, "present") or "").split()),
        partner=_text(row, "partner"),
        guide=_text(row, "guide"),
    )


def _clock(row: Row | None, name: str) -> Clock:
    if row is None or _text(row, "clock_offset") is None:
        return Clock(offset_sd=None, name=name)
    sd = _number(name, row, "clock_offset_sd") if _text(row, "clock_offset_sd") else None
    drift = (_number(name, row, "clock_drift_ppm"), _number(name, row, "clock_drift_sd_ppm"))
    return Clock(_number(name, row, "clock_offset"), sd, *drift, _text(row, "clock_name"))


def _rows(path: Path) -> list[Row]:
    return list(csv.DictReader(read_lines(path), delimiter="\t", quoting=csv.QUOTE_NONE))


def _text(row: Row, name: str) -> str | None:
    value = (row.get(name) or "").strip()
    return None if value in ("", _NONE) else value


def _number(where: object, row: Row, name: str) -> float:
    try:
        return float(row[name])
    except (KeyError, ValueError, TypeError) as error:
        raise DataError(
            "{where}: {name} of an event is {value!r}, where a number was expected.",
            where=str(where),
            name=name,
            value=row.get(name),
        ) from error
