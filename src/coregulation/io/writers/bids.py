"""A session as a BIDS data set: `_physio.tsv.gz` with its sidecar for each channel, `_events.tsv` for each person.

Brain Imaging Data Structure 1.10, "Physiological recordings" and "Task events". People are numbered; `participants.tsv` says
which pseudonym each number is. Beats, which have no rate, are events with the columns `ok` and `breaks`.
"""

from __future__ import annotations

import gzip
import json
import math
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from coregulation.clock import Clock
from coregulation.session import Recording, Session
from coregulation.signals import Signal

_VERSION = "1.10.0"
_NONE = "n/a"


def write_bids(session: Session, folder: Path) -> None:
    """Write a session into a folder that is there."""
    description = {
        "Name": session.id,
        "BIDSVersion": _VERSION,
        "DatasetType": "raw",
        "GeneratedBy": [{"Name": "coregulation"}],
    }
    _write_json(folder / "dataset_description.json", description)
    people = [
        (f"sub-{number:02d}", recording.person.id, recording.person.role or _NONE)
        for number, recording in enumerate(session.recordings, 1)
    ]
    _write_rows(folder / "participants.tsv", ("participant_id", "pseudonym", "role"), people)
    task = _label(session.task or "") or "session"
    for (name, _, _), recording in zip(people, session.recordings, strict=True):
        own = folder / name / "beh"
        own.mkdir(parents=True)
        stem = f"{name}_task-{task}"
        for channel, signal in recording.signals.items():
            _write_signal(own / f"{stem}_recording-{_label(channel)}_physio", channel, signal, recording.clock(channel))
        _write_rows(own / f"{stem}_events.tsv", _EVENT, sorted(_events(session, recording)))


_EVENT = ("onset", "duration", "trial_type", "description", "ok", "breaks")


def _events(session: Session, recording: Recording) -> Iterator[tuple[float | str, ...]]:
    """Yield blocks, marks, exclusions and beats of one person."""
    person = recording.person.id
    for block in session.blocks:
        yield block.start, block.end - block.start, "block", block.kind, _NONE, _NONE
    for mark in session.marks:
        if mark.person in (None, person):
            yield mark.time, _NONE, "mark", mark.label, _NONE, _NONE
    for span in session.exclusions:
        if span.person in (None, person):
            yield span.start, span.end - span.start, "exclude", span.why, _NONE, _NONE
    if recording.beats is not None:
        beats = recording.beats
        assert beats.ok is not None
        assert beats.breaks is not None
        for time, ok, broken in zip(beats.times.tolist(), beats.ok.tolist(), beats.breaks.tolist(), strict=True):
            yield time, _NONE, "beat", _NONE, int(ok), int(broken)


def _write_signal(path: Path, channel: str, signal: Signal, clock: Clock) -> None:
    sidecar = {
        "SamplingFrequency": signal.rate,
        "StartTime": signal.start,
        "Columns": [channel],
        channel: {"Units": signal.unit.symbol},
        "ClockName": clock.name or _NONE,
        "ClockOffsetSD": _NONE if clock.offset_sd is None else clock.offset_sd,
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
