"""One door for every format: paths and what was said about them, to sessions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import overload

from coregulation.errors import DataError, UsageError, nearest_names
from coregulation.io.aligned_people import time_origin
from coregulation.io.annotations import read_blocks, read_exclusions, read_marks
from coregulation.io.assemble import SessionNotes, assemble_session
from coregulation.io.bids_folder import is_bids_folder, sessions_of_bids
from coregulation.io.corrections import apply_corrections, read_corrections
from coregulation.io.formats.registry import read_any, recording_format
from coregulation.io.manifest import MANIFEST
from coregulation.io.manifest_folder import read_manifest
from coregulation.io.options import ReadOptions
from coregulation.io.tables.long_tables import NAMED, sessions_of_long, sessions_of_pairs
from coregulation.io.tables.table import Table
from coregulation.io.tables.value_columns import letters
from coregulation.io.tables.wide_tables import tracks_of_file, tracks_of_table
from coregulation.io.track import Track
from coregulation.io.turns import read_turns, with_turns
from coregulation.session import Session

_IN_MANIFEST = {
    name: f"--{name.replace('_', '-')}"
    for name in (
        "signal", "unit", "scale", "rate", "start", "column", "time_column", "time_unit", "date_order", "zone", "sheet", "long",
        "skip_lines", "skip_end_lines", "separator", "decimal", "missing", "blocks", "marks", "exclude", "corrections", "turns", "shared", "setting", "align",
    )
}  # fmt: skip
_UNSTATED: Mapping[str, tuple[object, ...]] = {
    "long": (False,),
    "skip_lines": (0,),
    "skip_end_lines": (0,),
    "missing": ((),),
}


@dataclass(frozen=True, slots=True)
class OpenedSessions(Sequence[Session]):
    """The sessions that could be used, and why the others were refused; a sequence of the former.

    Parameters
    ----------
    sessions
        In the order of the paths.
    refused
        What is wrong with each other session, by its name.
    """

    sessions: tuple[Session, ...]
    refused: Mapping[str, DataError]

    def __len__(self) -> int:
        return len(self.sessions)

    @overload
    def __getitem__(self, index: int) -> Session: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Session]: ...
    def __getitem__(self, index: int | slice) -> Session | Sequence[Session]:
        return self.sessions[index]


def open_paths(paths: Sequence[Path], options: ReadOptions) -> OpenedSessions:
    """Open every session in the paths; one that is bad is refused and does not stop the others.

    Parameters
    ----------
    paths
        Tables, files of devices, manifests, folders of manifests, or one BIDS data set.
    options
        What the caller says about them; a manifest and a BIDS data set say it themselves.

    Returns
    -------
    OpenedSessions
        At least one session, and why each other one is refused.

    Raises
    ------
    UsageError
        If the call is wrong: a path, a column, a unit that must be stated, a session that is not there.
    DataError
        If not one session can be used; that of the first.
    """
    if not paths:
        raise UsageError("Give one file with a column for each person, one file for each person, or a session.toml.")
    good: dict[str, Session] = {}
    refused: dict[str, DataError] = {}
    for name, session in _each(paths, options):
        if name in good or name in refused:
            raise UsageError("Two sessions have the name {name!r}. Open them one by one.", name=name)
        if isinstance(session, DataError):
            refused[name] = session
        else:
            good[name] = session
    if options.only is not None and options.only not in good and options.only not in refused:
        raise UsageError(
            "There is no session {only!r}. Did you mean {near:or}?",
            only=options.only,
            near=nearest_names(options.only, [*good, *refused])[:NAMED],
        )
    if options.only is not None:
        good = {name: session for name, session in good.items() if name == options.only}
    if not good:
        raise next(iter(refused.values()))
    return OpenedSessions(tuple(good.values()), MappingProxyType(refused))


def manifests_in(path: Path) -> list[Path]:
    """Find the manifests that a path stands for: itself, the one in a folder, or those in a folder's folders.

    Parameters
    ----------
    path
        A file or a folder.

    Returns
    -------
    list of Path
        Sorted; empty for a table, a device's file or folder, and a BIDS data set.

    Raises
    ------
    UsageError
        If a folder that is none of these holds no manifest.
    """
    if is_bids_folder(path):
        return []
    if path.is_dir() and recording_format(path) is None:
        own = path / MANIFEST
        manifests = [own] if own.exists() else sorted(path.glob(f"*/{MANIFEST}"))
        if not manifests:
            raise UsageError(
                "{path}: there is no {manifest} in this folder or in those below it.",
                path=str(path),
                manifest=MANIFEST,
            )
        return manifests
    return [path] if path.suffix.lower() == ".toml" else []


def _each(paths: Sequence[Path], options: ReadOptions) -> Iterator[tuple[str, Session | DataError]]:
    if any(map(is_bids_folder, paths)):
        yield from _of_bids(paths, options)
        return
    manifests = [manifests_in(path) for path in paths]
    if all(manifests):
        yield from _of_manifests([manifest for folder_manifests in manifests for manifest in folder_manifests], options)
        return
    if any(manifests):
        raise UsageError("Give manifests or tables, not both: a manifest names its files itself.")
    for name, tracks in _each_tracks(paths, options):
        yield name, _told(name, tracks, options)


def _refuse_options(options: ReadOptions, what: str) -> None:
    stated = [
        option for name, option in _IN_MANIFEST.items() if getattr(options, name) not in _UNSTATED.get(name, (None,))
    ]
    if options.columns:
        stated.append("--person")
    if stated:
        raise UsageError(
            "{what} says itself what {options:and} would say, so leave them out; to change what it says, change its files.",
            what=what,
            options=tuple(stated),
        )


def _of_bids(paths: Sequence[Path], options: ReadOptions) -> Iterator[tuple[str, Session | DataError]]:
    if len(paths) > 1:
        raise UsageError("A BIDS data set is one folder; several paths came.")
    _refuse_options(options, "A BIDS data set")
    yield from sessions_of_bids(paths[0], options.only)


def _of_manifests(paths: Sequence[Path], options: ReadOptions) -> Iterator[tuple[str, Session | DataError]]:
    _refuse_options(options, "A manifest")
    read: dict[str, Path] = {}  # by the session's name
    for path in paths:
        try:
            session = read_manifest(path, options.allow_outside)
        except DataError as error:
            yield (path.parent.name if len(paths) > 1 else "session"), error
            continue
        if session.id in read:
            raise _same_id(session.id, read[session.id], path)
        read[session.id] = path
        yield session.id, session


def _same_id(name: str, first: Path, second: Path) -> UsageError:
    if first.resolve() == second.resolve():
        return UsageError("{path} was named twice. Name it once.", path=str(second))
    return UsageError(
        "{first} and {second} have the same id. Put the line id = {line} at the top of {second}, in place of its present id.",
        first=str(first),
        second=str(second),
        line=f'"{name}-2"',
    )


def _each_tracks(paths: Sequence[Path], options: ReadOptions) -> Iterator[tuple[str, list[Track] | DataError]]:
    if options.long:
        if len(paths) > 1:
            raise UsageError("A long table is one file; several came.")
        yield from sessions_of_long(read_any(paths[0], options.shape), options)
    elif options.pair_column is not None:
        if len(paths) > 1:
            raise UsageError("A table with a column of pairs is one file; several came.")
        yield from sessions_of_pairs(read_any(paths[0], options.shape), options)
    elif len(paths) == 1:
        yield "session", _tracks_of_single(paths[0], options)
    elif any(column is not None for column in options.columns.values()):
        for number, path in zip(count(1), paths, strict=False):
            try:
                yield f"session-{number}", tracks_of_table(read_any(path, options.shape), options)
            except DataError as error:
                yield f"session-{number}", error
    else:
        yield "session", _tracks_of_several(paths, options)


def _table(path: Path, options: ReadOptions) -> Table:
    """Read one file of one person."""
    return read_any(path, options.shape, has_time_column=options.time_column is not None)


def _tracks_of_single(path: Path, options: ReadOptions) -> list[Track]:
    """Return the tracks of one file; its table is freed before signals are made of them."""
    table = _table(path, options)
    return _one_file_each([table], options) if _is_one_person(table, options) else tracks_of_table(table, options)


def _tracks_of_several(paths: Sequence[Path], options: ReadOptions) -> list[Track]:
    return _one_file_each([_table(path, options) for path in paths], options)


def _is_one_person(table: Table, options: ReadOptions) -> bool:
    """Say whether a single file is one person's: a device's recording, or a table of which one column was chosen."""
    if len(options.columns) > 1 or any(column is not None for column in options.columns.values()):
        return False
    named = any(name in table.names for name in options.columns)
    return bool(table.carried) or options.column is not None or (len(options.columns) == 1 and not named)


def _one_file_each(tables: Sequence[Table], options: ReadOptions) -> list[Track]:
    names = list(options.columns) or list(letters())[: len(tables)]
    if len(names) != len(tables):
        raise UsageError(
            "{files:n file|files} came and {people:n person|people} were named: name one person a file, in "
            "the order of the files; or give each person's column (--person A=heart_rate_a) if every file "
            "is a session of its own.",
            files=len(tables),
            people=len(names),
        )
    return [
        track
        for number, (table, name) in enumerate(zip(tables, names, strict=True), 1)
        for track in tracks_of_file(table, options, options.person(name), number)
    ]


def _check_zone(tracks: Sequence[Track], options: ReadOptions) -> None:
    if options.zone is not None and not any(track.in_zone for track in tracks):
        raise UsageError(
            "--zone was stated, and no file has dates without a time zone; leave it out. Times without dates count from each "
            "file's own zero."
        )


def _told(name: str, tracks: list[Track] | DataError, options: ReadOptions) -> Session | DataError:
    """Assemble one session; what is wrong with its data is told, not raised, so that the others go on."""
    if isinstance(tracks, DataError):
        return tracks
    try:
        _check_zone(tracks, options)
        zero = time_origin(tracks, options.alignment)
        notes = SessionNotes(
            marks=read_marks(options, name, zero),
            blocks=read_blocks(options, name, zero),
            exclusions=read_exclusions(options, name, zero),
            shared=None if options.shared is None else tuple(options.shared),
            setting=options.setting,
        )
        session = assemble_session(name, tracks, notes, zero, options.alignment)
        if options.turns is not None:
            path = Path(options.turns)
            session = with_turns(session, read_turns(path), path, options.speakers, options.turns_start)
        if options.corrections is None:
            return session
        return apply_corrections(session, read_corrections(options.corrections, zero, name))
    except DataError as error:
        return error
