"""A session as a BIDS data set: `_physio.tsv.gz` with its sidecar for each channel, `_events.tsv` for each person.

Brain Imaging Data Structure 1.11, "Physiological recordings" and "Task events". People are numbered; `participants.tsv` says
which pseudonym each number is. The people of one session share its session label, and `_scans.tsv` says how each file's clock lies
to the others. Beats, which have no rate, are events with the columns `ok` and `breaks`: a `_physioevents` file would need a
recorded signal beside it.
"""

from __future__ import annotations

import gzip
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coregulation._version import __version__
from coregulation.clock import Clock
from coregulation.errors import DataError
from coregulation.session import Recording, Session
from coregulation.signals import Signal

_VERSION = "1.11.0"
_HED = "8.3.0"
_NONE = "n/a"
_COLUMNS = {"ecg": "cardiac", "ppg": "cardiac", "resp": "respiratory"}  # the names that BIDS recommends


@dataclass(frozen=True, slots=True)
class DatasetProvenance:
    """What only the owner of the data knows and BIDS recommends to say.

    Parameters
    ----------
    authors
        Names, in order.
    licence
        Such as "CC0" or "PD".
    """

    authors: tuple[str, ...] = ()
    licence: str | None = None


def write_bids(session: Session, folder: Path, provenance: DatasetProvenance | None = None) -> None:
    """Write a session into a folder that is there.

    Parameters
    ----------
    session
        Signals, beats, blocks and marks.
    folder
        Where the data set goes.
    provenance
        Authors and licence.
    """
    write_bids_sessions([session], folder, session.id, provenance)


def write_bids_sessions(
    sessions: Sequence[Session], folder: Path, name: str, provenance: DatasetProvenance | None = None
) -> None:
    """Write several sessions as one data set into a folder that is there.

    A pseudonym belongs to its session, so the people of each session get numbers of their own.

    Parameters
    ----------
    sessions
        At least one.
    folder
        Where the data set goes.
    name
        Of the data set.
    provenance
        Authors and licence.

    Raises
    ------
    DataError
        If two sessions would get one label.
    """
    provenance = DatasetProvenance() if provenance is None else provenance
    visits = _visits(sessions)
    numbered = list(enumerate(((s, r) for s in sessions for r in s.recordings), 1))
    _write_json(folder / "dataset_description.json", _described(name, provenance))
    (folder / "README").write_text(_readme(sessions, name), encoding="utf-8", newline="\n")
    people = [
        (f"sub-{number:02d}", own.person.id, own.person.role or _NONE, "yes" if session.simulated else "no")
        for number, (session, own) in numbered
    ]
    _write_rows(folder / "participants.tsv", ("participant_id", "pseudonym", "role", "simulated"), people)
    _write_json(folder / "participants.json", _PARTICIPANTS)
    for session in sessions:
        task = _task(session)
        described = {"TaskName": task, "TaskDescription": session.task or task, **_EVENT_COLUMNS}
        _write_json(folder / f"task-{task}_events.json", described)
    for number, (session, recording) in numbered:
        subject, visit = f"sub-{number:02d}", f"ses-{visits[session.id]}"
        _write_person(session, recording, folder / subject / visit, f"{subject}_{visit}", _task(session))


def _visits(sessions: Sequence[Session]) -> dict[str, str]:
    """Return each session's label; BIDS labels have no hyphens, so two names may become one."""
    labels: dict[str, str] = {}
    for session in sessions:
        label = _label(session.id) or "01"
        other = next((name for name, own in labels.items() if own.casefold() == label.casefold()), None)
        if other is not None:
            raise DataError(
                "The sessions {first!r} and {second!r} would both get the BIDS label {label!r}; rename one of them.",
                first=other, second=session.id, label=label,
            )  # fmt: skip
        labels[session.id] = label
    return labels


def _task(session: Session) -> str:
    return _label(session.task or "") or "session"


def _write_person(session: Session, recording: Recording, folder: Path, start: str, task: str) -> None:
    own = folder / "beh"
    own.mkdir(parents=True)
    scans: list[tuple[object, ...]] = []
    for channel, signal in recording.signals.items():
        stem = f"{start}_task-{task}_recording-{_label(channel)}_physio"
        _write_signal(own / stem, channel, signal, task)
        scans.append((f"beh/{stem}.tsv.gz", *_clock_cells(recording.clock(channel))))
    events = f"{start}_task-{task}_events.tsv"
    _write_rows(own / events, _EVENT, sorted(_events(session, recording), key=lambda row: (row[0], str(row[2]))))
    scans.append((f"beh/{events}", *_clock_cells(recording.clock("beats"))))
    _write_rows(folder / f"{start}_scans.tsv", ("filename", *_CLOCK), scans)
    _write_json(folder / f"{start}_scans.json", _CLOCK)


def _described(name: str, provenance: DatasetProvenance) -> dict[str, Any]:
    described: dict[str, Any] = {
        "Name": name,
        "BIDSVersion": _VERSION,
        "HEDVersion": _HED,
        "DatasetType": "raw",
        "GeneratedBy": [{"Name": "coregulation", "Version": __version__}],
        "Authors": list(provenance.authors),
        "License": provenance.licence or _NONE,
    }
    return {key: value for key, value in described.items() if value != []}


def _readme(sessions: Sequence[Session], name: str) -> str:
    simulated = (
        "**The signals come from a simulation, not from bodies.**\n\n" if any(s.simulated for s in sessions) else ""
    )
    first = sessions[0]
    contents = f"{len(first.recordings)} people who were recorded together{f' ({first.task})' if first.task else ''}."
    if len(sessions) > 1:
        contents = f"{len(sessions)} sessions of people who were recorded together."
    return f"""# {name}

{simulated}{contents} Files of one session label were
recorded at the same time; all onsets and start times are seconds on the clock of the session, which the people share. `_scans.tsv`
says how sure each file's clock is. Heart beats are events (`trial_type` beat) with the columns `ok` and `breaks`.

Written by coregulation {__version__}.
"""


_PARTICIPANTS = {
    "pseudonym": {"Description": "The name that the person has in the session's own files"},
    "role": {"Description": "The person's role in the session, n/a where none was given"},
    "simulated": {
        "Description": "Whether the signals were made by a program",
        "Levels": {"yes": "simulated", "no": "recorded from a person"},
    },
}
_CLOCK = {
    "clock_name": {
        "Description": "The device whose clock stamped the file; files of one clock have no uncertainty between them"
    },
    "clock_offset": {"Description": "Where the file's zero lies on the session's clock; applied already", "Units": "s"},
    "clock_offset_sd": {"Description": "Standard uncertainty of the offset, n/a where nobody stated it", "Units": "s"},
    "clock_drift_ppm": {
        "Description": "How much faster the session's clock runs than the file's; applied already",
        "Units": "ppm",
    },
    "clock_drift_sd_ppm": {"Description": "Standard uncertainty of the drift", "Units": "ppm"},
}
_EVENT_COLUMNS: Mapping[str, Any] = {
    "trial_type": {
        "Description": "What the row is",
        "Levels": {
            "block": "a labelled span of the session",
            "mark": "an instant with a label",
            "exclude": "a span that counts for nothing",
            "beat": "a heart beat",
            "rating": "a number that the person gave",
        },
    },
    "description": {"Description": "The kind of a block, the label of a mark, or why a span is excluded"},
    "end": {"Description": "Where a block ends, on the clock of onset", "Units": "s"},
    "perturbed": {"Description": "Who was stressed in a block, by pseudonym"},
    "dose": {"Description": "How much, in the experimenter's own measure"},
    "present": {"Description": "Who was there in a block, by pseudonym"},
    "partner": {"Description": "Whether the partner was live, recorded, delayed, animal or imagined"},
    "guide": {"Description": "What guided both, such as a breath pacer"},
    "value": {"Description": "The number of a rating; its item is the description"},
    "ok": {"Description": "Whether a beat is none of the artefacts", "Levels": {"1": "a beat", "0": "an artefact"}},
    "breaks": {
        "Description": "Whether beats may have been lost before a beat",
        "Levels": {"1": "they may", "0": "none was lost"},
    },
}


def _clock_cells(clock: Clock) -> tuple[object, ...]:
    sd = _NONE if clock.offset_sd is None else clock.offset_sd
    return clock.name or _NONE, clock.offset, sd, clock.drift_ppm, clock.drift_sd_ppm


_EVENT = (
    "onset", "duration", "trial_type", "description", "ok", "breaks", "end", "perturbed", "dose", "present", "partner", "guide",
    "value",
)  # fmt: skip
_BLANK = (_NONE,) * (len(_EVENT) - 4)


def _events(session: Session, recording: Recording) -> Iterator[tuple[float | str, ...]]:
    """Yield blocks, marks, ratings, exclusions and beats of one person."""
    person = recording.person.id
    for block in session.blocks:
        names = (
            " ".join(block.perturbed) or _NONE,
            _NONE if block.dose is None else block.dose,
            " ".join(block.present) or _NONE,
        )
        about = (*names, block.partner or _NONE, block.guide or _NONE, _NONE)
        yield block.start, block.end - block.start, "block", block.kind, _NONE, _NONE, block.end, *about
    for mark in session.marks:
        if mark.person in (None, person):
            yield mark.time, _NONE, "mark", mark.label, *_BLANK
    for rating in session.ratings:
        if rating.person == person:
            yield rating.time, _NONE, "rating", rating.item, *_BLANK[:-1], rating.value
    for span in session.exclusions:
        if span.person in (None, person):
            yield span.start, span.end - span.start, "exclude", span.why, *_BLANK
    if recording.beats is not None:
        beats = recording.beats
        assert beats.ok is not None
        assert beats.breaks is not None
        for time, ok, broken in zip(beats.times.tolist(), beats.ok.tolist(), beats.breaks.tolist(), strict=True):
            yield time, _NONE, "beat", _NONE, int(ok), int(broken), *_BLANK[2:]


def _write_signal(path: Path, channel: str, signal: Signal, task: str) -> None:
    column = _COLUMNS.get(channel, channel)
    sidecar = {
        "TaskName": task,
        "PhysioType": "generic",
        "SamplingFrequency": signal.rate,
        "StartTime": signal.start,
        "Columns": [column],
        column: {"LongName": channel, "Units": signal.unit.symbol},
    }
    _write_json(path.with_name(path.name + ".json"), sidecar)
    cells = [_NONE if math.isnan(value) else repr(value) for value in signal.values.tolist()]
    content = ("\n".join(cells) + "\n").encode()
    path.with_name(path.name + ".tsv.gz").write_bytes(gzip.compress(content, mtime=0))


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")


def _write_rows(path: Path, names: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    lines = ["\t".join(names), *("\t".join(_cell(value) for value in row) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def _cell(value: object) -> str:
    return re.sub(r"\s+", " ", str(value)) if isinstance(value, str) else repr(value)


def _label(words: str) -> str:
    """Return words as BIDS labels are written: letters and digits alone."""
    return re.sub(r"[^A-Za-z0-9]", "", words)
