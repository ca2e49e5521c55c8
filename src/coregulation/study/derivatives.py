"""A study's results as BIDS derivatives: prepared signals per person and session, tables per study, and what made them."""

from __future__ import annotations

import csv
import gzip
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from coregulation._version import __version__
from coregulation.errors import UsageError
from coregulation.reasons import because
from coregulation.report.catalogue import Catalogue
from coregulation.signals import Signal
from coregulation.study.atomic import write_bytes
from coregulation.study.folder import StudyFolder, safe_name
from coregulation.study.jobs import AbstractJob
from coregulation.study.output import study_tables
from coregulation.study.prepared import PreparedFacts, PreparedSession, read_prepared
from coregulation.study.reasons import StudyReason
from coregulation.study.result import StudyResult
from coregulation.study.steps import fail_session

KEPT = "study"
"""Folder of the study's own files in the derivatives; a validator does not look into it."""
_DESCRIPTION = "dataset_description.json"
_VERSION = "1.11.0"
_NONE = "n/a"
_OWNER = "coregulation"
_IGNORED = f"{KEPT}\n{KEPT}/**\n*_study.tsv\n*_desc-prepared_physio.*\n"  # BIDS has no names for these yet


@dataclass(frozen=True, slots=True)
class DerivativeJob(AbstractJob):
    """Write one session's prepared signals, a file per person and channel.

    Parameters
    ----------
    facts
        Of the prepared session.
    subjects
        By pseudonym: subject label, such as "sub-01".
    label
        Of the session, such as "ses-01"; may be empty.
    task
        Label of the task; may be empty.
    description
        What is in a file, for its sidecar.
    out
        Folder of the derivatives.
    """

    facts: PreparedFacts
    subjects: Mapping[str, str]
    label: str
    task: str
    description: str
    out: str

    @property
    def name(self) -> str:
        """Name of the session, fit for a file."""
        return safe_name(self.facts.name)

    @property
    def folder(self) -> StudyFolder:
        """The study's folder inside the derivatives."""
        return StudyFolder(Path(self.out) / KEPT)

    @property
    def marker(self) -> Path:
        """File that stands for all of them, written last."""
        return self.folder.session(self.facts.name) / "derivatives.txt"

    def is_done(self) -> bool:
        """Say whether the files of this preparation are there."""
        return self.marker.exists() and self.marker.read_text(encoding="ascii") == self.facts.key

    def run(self) -> None:
        """Write the files, then the marker."""
        session = read_prepared(self.folder.prepared(self.facts.name))
        for number, person in enumerate(self.facts.people):
            for channel in sorted(person.starts):
                self._write(session, number, channel)
        write_bytes(self.marker, self.facts.key.encode())

    def give_up(self, deaths: int) -> None:
        """Write down that writing them killed so many workers."""
        reason = because(StudyReason.KILLED_WORKERS, times=deaths)
        fail_session(self.folder, self.facts.name, self.facts.folder, reason.as_plain())

    def _write(self, session: PreparedSession, number: int, channel: str) -> None:
        signal = session.signal(number, channel)
        assert signal is not None
        subject = self.subjects[self.facts.people[number].id]
        start = "_".join(part for part in (subject, self.label, self.task and f"task-{self.task}") if part)
        stem = f"{start}_recording-{_label(channel)}_desc-prepared_physio"
        own = Path(self.out) / subject / self.label / "beh"
        write_bytes(own / f"{stem}.tsv.gz", _column(signal))
        write_bytes(own / f"{stem}.json", _json(self._sidecar(signal, channel)))

    def _sidecar(self, signal: Signal, channel: str) -> dict[str, Any]:
        return {
            **({"TaskName": self.task} if self.task else {}),
            "Description": self.description,
            "PhysioType": "generic",
            "SamplingFrequency": signal.rate,
            "StartTime": signal.start,
            "Columns": [channel],
            channel: {"LongName": channel, "Units": "arbitrary"},
        }


def _column(signal: Signal) -> bytes:
    cells = [_NONE if value != value else repr(value) for value in signal.values.tolist()]
    return gzip.compress(("\n".join(cells) + "\n").encode(), mtime=0)


def _label(words: str) -> str:
    return re.sub(r"[^A-Za-z0-9]", "", words)


def _json(value: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"


def describe_derivatives(source: Path, out: Path, catalogue: Catalogue) -> None:
    """Write what a folder of derivatives is, or see that it is one of ours.

    Parameters
    ----------
    source
        The BIDS data set.
    out
        Folder of the derivatives.
    catalogue
        The reader's language.

    Raises
    ------
    UsageError
        If the folder holds another data set, or something that is none.
    """
    path = out / _DESCRIPTION
    if not _is_ours(path) and _holds_something(out):
        raise UsageError(
            "{folder}: it holds something else than results of this command. Name a new folder for the results, such as {near}.",
            folder=str(out), near=str(source / "derivatives" / _OWNER),
        )  # fmt: skip
    of_source = msgspec.json.decode((source / _DESCRIPTION).read_bytes(), type=dict[str, Any])
    write_bytes(path, _json(_described(of_source, source.name)))  # first, so that another call sees whose folder it is
    write_bytes(out / ".bidsignore", _IGNORED.encode())
    write_bytes(out / "README", f"{catalogue.text('bids.readme')}\n".encode())


def _holds_something(out: Path) -> bool:
    """Say whether there is anything but a file that another call has begun to write."""
    return out.exists() and (not out.is_dir() or any(item.suffix != ".part" for item in out.iterdir()))


def _described(of_source: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Describe derivatives without the path of their source, in which there may be a person's name."""
    kept = {key: of_source[key] for key in ("Authors", "License") if of_source.get(key)}
    doi = of_source.get("DatasetDOI")
    return {
        "Name": f"{_OWNER}: {of_source.get('Name', name)}",
        "BIDSVersion": _VERSION,
        "DatasetType": "derivative",
        "GeneratedBy": [{"Name": _OWNER, "Version": __version__}],
        **kept,
        **({"SourceDatasets": [{"DOI": doi}]} if doi else {}),
    }


def _is_ours(path: Path) -> bool:
    try:
        described = msgspec.json.decode(path.read_bytes(), type=dict[str, Any])
    except (OSError, msgspec.DecodeError):
        return False
    makers = described.get("GeneratedBy") or [{}]
    return described.get("DatasetType") == "derivative" and makers[0].get("Name") == _OWNER


def write_group_tables(result: StudyResult, out: Path, catalogue: Catalogue) -> None:
    """Write a study's tables as BIDS has tables.

    Parameters
    ----------
    result
        Of the study.
    out
        Folder of the derivatives.
    catalogue
        The reader's language, for reasons.
    """
    for name, (header, rows) in study_tables(result, catalogue).items():
        write_bytes(out / f"desc-{_label(name)}_study.tsv", _tabbed(header, rows))


def _tabbed(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    text = io.StringIO()
    table = csv.writer(text, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_NONE, quotechar=None)
    table.writerow(header)
    table.writerows([_cell(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def _cell(value: Any) -> str:
    if value is None or value == "" or value != value:
        return _NONE
    return re.sub(r"\s+", " ", value) if isinstance(value, str) else str(value)
