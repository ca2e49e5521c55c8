"""Where a study's sessions come from: what can be read by itself, in parallel with the rest."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from coregulation.errors import CoregulationError, DataError, UsageError, nearest_names
from coregulation.io import ReadOptions, open_sessions
from coregulation.io.bids_folder import BidsSession, bids_sessions, is_bids_folder
from coregulation.io.manifest import MANIFEST, parse_manifest
from coregulation.io.text import missing_path
from coregulation.session import Session


@dataclass(frozen=True, slots=True)
class SessionSource:
    """Something that holds one session or more and is read on its own.

    Parameters
    ----------
    name
        Of its session; for several, what they are called comes from inside.
    paths
        Files and folders as strings, so that another process can open them.
    folder
        Name of the folder that it lies in: a condition in many laboratories.
    reading
        Fields of `ReadOptions`.
    named
        Whether its only session takes `name`.
    bids
        The session of a BIDS data set that is read; None for anything else.
    """

    name: str
    paths: tuple[str, ...]
    folder: str
    reading: Mapping[str, Any]
    named: bool
    bids: BidsSession | None = None

    def read(self) -> Iterator[tuple[str, Session | CoregulationError]]:
        """Yield each session by name, or why it cannot be used."""
        if self.bids is not None:
            yield self.name, _read_of_bids(self.name, self.bids)
            return
        try:
            opened = open_sessions(*self.paths, options=ReadOptions(**self.reading))
        except CoregulationError as error:
            yield self.name, error
            return
        for session in opened:
            yield (self.name, replace(session, id=self.name)) if self.named else (session.id, session)
        yield from opened.refused.items()

    def digest(self) -> str:
        """Fingerprint everything that is read, so that a changed file is prepared again.

        Returns
        -------
        str
            Hexadecimal.
        """
        total = hashlib.sha256(msgspec.json.encode(self.reading, order="sorted"))
        for path in self._files():
            total.update(path.name.encode())
            total.update(hashlib.sha256(path.read_bytes()).digest())
        return total.hexdigest()

    def _files(self) -> Iterator[Path]:
        for path in map(Path, self.paths):
            if path.suffix.lower() == ".toml":
                yield path
                yield from _named_by(path)
            elif self.bids is not None:  # its own files, and those that stand for every session
                yield from sorted(file for file in path.iterdir() if file.is_file())
                yield from self.bids.files()
            elif path.is_dir():
                yield from (file for file in sorted(path.rglob("*")) if file.is_file())
            elif path.is_file():
                yield path


def _read_of_bids(name: str, session: BidsSession) -> Session | CoregulationError:
    try:
        return replace(session.read(), id=name)
    except CoregulationError as error:
        return error


def _named_by(manifest: Path) -> Iterator[Path]:
    """Yield the files that a manifest names; one that cannot be read is refused where it is opened."""
    try:
        text = parse_manifest(manifest)
    except CoregulationError:
        return
    named = {file.path for person in text.person for file in person.file} | {text.corrections or ""}
    yield from sorted(path for name in named if name and (path := manifest.parent / name).is_file())


def find_sources(paths: Sequence[str | os.PathLike[str]], reading: Mapping[str, Any]) -> tuple[SessionSource, ...]:
    """Find everything that a study's paths stand for.

    Parameters
    ----------
    paths
        Folders of sessions or of tables, manifests, tables with a column per person, a long table, a BIDS data set.
    reading
        Fields of `ReadOptions`, the same for every table.

    Returns
    -------
    tuple of SessionSource
        In a fixed order, each with a name of its own.

    Raises
    ------
    UsageError
        If a path is not there or holds nothing, or a reading option does not exist.
    """
    _check_reading(reading)
    files = [
        file.resolve() for path in paths for file in _expand(Path(path))
    ]  # a worker may have another current folder
    if not files:
        raise UsageError("Name the study's sessions: a folder, tables, a BIDS data set, or `data = […]` in the plan.")
    origins = [(file, session) for file in files for session in _sessions_in(file)]
    names = _distinct(origins)
    several = bool(reading.get("long"))
    return tuple(
        SessionSource(
            name, (str(file),), file.parent.name if file.name != MANIFEST else file.parent.parent.name,
            {} if _says_itself(file, session) else dict(reading), not several or session is not None, session,
        )
        for name, (file, session) in zip(names, origins, strict=True)
    )  # fmt: skip


def _check_reading(reading: Mapping[str, Any]) -> None:
    known = ReadOptions.__dataclass_fields__
    for name in reading:
        if name not in known:
            near = nearest_names(name, known, 1)
            raise UsageError("There is no reading option {name!r}. Did you mean {near:or}?", name=name, near=near)
    ReadOptions(**reading)


def _sessions_in(path: Path) -> Sequence[BidsSession | None]:
    """List the sessions that are read one by one; a file is read as a whole."""
    return bids_sessions(path) if is_bids_folder(path) else [None]


def _expand(path: Path) -> Iterator[Path]:
    if not path.exists():
        raise missing_path(path)
    if not path.is_dir() or is_bids_folder(path):
        yield path
        return
    manifests = sorted(path.glob(f"**/{MANIFEST}"))
    files = sorted(file for file in path.rglob("*") if file.is_file() and _may_be_table(file, path))
    if not manifests and not files:
        raise UsageError("{path}: there is no recording in this folder.", path=str(path))
    yield from manifests or files


def _may_be_table(file: Path, top: Path) -> bool:
    hidden = any(part.startswith(".") for part in file.relative_to(top).parts)
    return not hidden and file.suffix.lower() not in (".md", ".json", ".pdf", ".html") and file.name != "SOURCE.md"


def _says_itself(path: Path, session: BidsSession | None) -> bool:
    return session is not None or path.name.lower().endswith(".toml")


def _distinct(origins: Sequence[tuple[Path, BidsSession | None]]) -> list[str]:
    """Name each source by its session or file, and by its folder, too, where two have one name."""
    plain = [_plain_name(file, session) for file, session in origins]
    counts = Counter(plain)
    names = [
        name if counts[name] == 1 else f"{(file if session else file.parent).name}-{name}"
        for name, (file, session) in zip(plain, origins, strict=True)
    ]
    folded = Counter(map(str.casefold, names))
    twice = [name for name in names if folded[name.casefold()] > 1]
    if twice:
        raise DataError("Two sessions would be called {name!r}; rename one of the files or folders.", name=twice[0])
    return names


def _plain_name(file: Path, session: BidsSession | None) -> str:
    if session is not None:
        return session.name
    return file.parent.name if file.name == MANIFEST else file.name.split(".")[0]
