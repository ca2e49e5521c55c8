"""The folder of a study's results: what lies where, and names that every file system takes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import msgspec

from coregulation.errors import UsageError
from coregulation.study.atomic import write_bytes
from coregulation.study.pair_values import SessionValues
from coregulation.study.plan import StudyPlan
from coregulation.study.prepared import PreparedFacts

_LONGEST = 80  # characters of a folder's name; the rest becomes a fingerprint


class FailedSession(msgspec.Struct, frozen=True):
    """A session that takes no part.

    Parameters
    ----------
    name
        Of the session.
    folder
        That it lies in.
    reason
        Code and facts.
    """

    name: str
    folder: str
    reason: dict[str, object]


class SourceContents(msgspec.Struct, frozen=True):
    """What a source held when it was read.

    Parameters
    ----------
    digest
        Of its files and of how they were read.
    names
        Of its sessions, those that failed too.
    """

    digest: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StudyFolder:
    """Where a study keeps what it has done.

    Parameters
    ----------
    path
        Of the folder.
    """

    path: Path

    def session(self, name: str) -> Path:
        """Return the folder of one session."""
        return self.path / "sessions" / safe_name(name)

    def prepared(self, name: str) -> Path:
        """Return the file of a session's signals."""
        return self.session(name) / "prepared.bin"

    def facts(self, name: str) -> Path:
        """Return the file of a session's facts; it is written last, so that it stands for both."""
        return self.session(name) / "facts.json"

    def failed(self, name: str) -> Path:
        """Return the file that says why a session takes no part."""
        return self.session(name) / "failed.json"

    def values(self, name: str) -> Path:
        """Return the file of what a session adds."""
        return self.session(name) / "values.bin"

    def source(self, name: str) -> Path:
        """Return the file that says which sessions a source held."""
        return self.path / "sources" / f"{safe_name(name)}.json"

    def names_of(self, source: str) -> tuple[str, ...]:
        """Return the names of the sessions that a source held."""
        return msgspec.json.decode(self.source(source).read_bytes(), type=SourceContents).names

    @property
    def notes(self) -> Path:
        """Folder of the notes on jobs that have begun."""
        return self.path / "running"

    def all_facts(self) -> Iterator[PreparedFacts]:
        """Yield the facts of each prepared session, in the order of their folders' names."""
        for path in sorted(self.path.glob("sessions/*/facts.json")):
            yield msgspec.json.decode(path.read_bytes(), type=PreparedFacts)

    def all_failed(self) -> Iterator[FailedSession]:
        """Yield each session that takes no part."""
        for path in sorted(self.path.glob("sessions/*/failed.json")):
            yield msgspec.json.decode(path.read_bytes(), type=FailedSession)

    def read_values(self, name: str) -> SessionValues:
        """Read what a session adds."""
        return msgspec.msgpack.decode(self.values(name).read_bytes(), type=SessionValues)

    def keep_plan(self, plan: StudyPlan) -> None:
        """Keep the plan, so that no run goes on under another one.

        Parameters
        ----------
        plan
            Of this run.

        Raises
        ------
        UsageError
            If the folder holds the results of another plan; the error says what differs.
        """
        path = self.path / "plan.json"
        if path.exists():
            before = msgspec.json.decode(path.read_bytes(), type=StudyPlan)
            differences = plan.differences(before)
            if differences:
                raise UsageError(
                    "{folder}: it holds the results of another plan, which differs in {differences:and}. Choose another "
                    "folder for the results, or give the plan as it was.",
                    folder=str(self.path), differences=differences,
                )  # fmt: skip
        elif self.path.exists() and any(item.suffix != ".part" for item in self.path.iterdir()):
            raise UsageError(
                "{folder}: this folder is not empty and holds no study. Choose another one for the results.",
                folder=str(self.path),
            )
        write_bytes(path, msgspec.json.format(msgspec.json.encode(plan), indent=1))


def safe_name(name: str) -> str:
    """Turn a session's name into that of a folder on any system.

    Parameters
    ----------
    name
        Any text.

    Returns
    -------
    str
        The same for the same name, another one for another name; never reserved, never longer than 100 characters.
    """
    plain = quote(name, safe=" ()+,=@[]{}~-_").replace(".", "%2E")
    short = plain if len(plain) <= _LONGEST else f"{plain[:_LONGEST]}~{hashlib.sha256(name.encode()).hexdigest()[:16]}"
    return f"{short}_"
