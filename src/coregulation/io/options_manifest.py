"""A manifest of what was said about files on a command line, so that it need not be said again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomli_w

from coregulation.errors import UsageError
from coregulation.io.formats.registry import read_any
from coregulation.io.manifest_structure import SCHEMA
from coregulation.io.manifest_template import relative_path
from coregulation.io.options import NO_TIME, ReadOptions
from coregulation.io.tables.column_meaning import interpret_columns
from coregulation.io.tables.table import Table
from coregulation.io.tables.time_columns import time_index
from coregulation.io.tables.value_columns import Meanings, letters, value_column, value_columns

_SAME_KEY = ("unit", "scale", "date_order", "rate", "start", "separator", "decimal", "sheet")
_TABLES = ("blocks", "marks", "exclude")


@dataclass(frozen=True, slots=True)
class _File:
    path: str
    table: Table
    meanings: Meanings
    time: int | None

    @classmethod
    def read(cls, path: Path, folder: Path, options: ReadOptions) -> _File:
        table = read_any(path, options.shape)
        meanings = interpret_columns(table)
        return cls(relative_path(path, folder), table, meanings, time_index(table, meanings, options))


def manifest_of_options(paths: Sequence[Path], options: ReadOptions, folder: Path) -> str:
    """Write the manifest that opens files as these options do.

    Parameters
    ----------
    paths
        One table with a column for each person, or one file for each person.
    options
        What was said about them; nothing may be missing.
    folder
        Where the manifest will stand, from which it names the files.

    Returns
    -------
    str
        TOML.

    Raises
    ------
    UsageError
        If something is still missing, or a manifest has no place for what was said.
    DataError
        If a file cannot be read.
    """
    outside = [f"--{name}" for name in _TABLES if getattr(options, name) is not None] + ["--long"] * options.long
    if outside:
        raise UsageError("A manifest has no place for {options:and}.", options=tuple(outside))
    files = [_File.read(path, folder, options) for path in paths]
    people = _of_table(files[0], options) if len(files) == 1 else _of_files(files, options)
    tree: dict[str, Any] = {"schema": SCHEMA, "id": "session"}
    tree |= {"setting": options.setting} if options.setting else {}
    tree |= {"align": "knock"} if options.align is not None else {}
    tree |= {"shared": list(options.shared)} if options.shared is not None else {}
    if options.corrections is not None:
        tree["corrections"] = relative_path(Path(options.corrections), folder)
    return tomli_w.dumps({**tree, "person": people}, multiline_strings=False)


def _of_table(file: _File, options: ReadOptions) -> list[dict[str, Any]]:
    names = list(options.columns.items())
    if file.table.carried and len(names) < 2 and not any(column is not None for _, column in names):
        return _of_files([file], options)
    if not names:
        columns = value_columns(file.meanings, file.time)
        names = list(zip(letters(), columns, strict=False))
    elif len(names) == 1 and names[0][1] is None and names[0][0] not in file.table.names:
        return _of_files([file], options)
    return [
        _person(name, options, [_entry(file, file.table.index(name if column is None else column), options)])
        for name, column in names
    ]


def _of_files(files: Sequence[_File], options: ReadOptions) -> list[dict[str, Any]]:
    names = list(options.columns) or list(letters())[: len(files)]
    return [
        _person(name, options, [_entry(file, column, options) for column in _columns(file, options)])
        for name, file in zip(names, files, strict=True)
    ]


def _columns(file: _File, options: ReadOptions) -> list[int]:
    if options.signal is None and options.column is None and file.table.carried:
        return [meaning.number for meaning in file.meanings if meaning.channel is not None]
    return [value_column(file.table, file.meanings, options, file.time)]


def _person(name: str, options: ReadOptions, entries: list[dict[str, Any]]) -> dict[str, Any]:
    role = options.roles.get(name)
    return {"id": name, **({"role": role} if role else {}), "file": entries}


def _entry(file: _File, column: int, options: ReadOptions) -> dict[str, Any]:
    channel = options.signal or file.meanings[column].channel
    if channel is None:
        raise UsageError("{path}: nothing says what column {column} is.", path=file.path, column=column)
    entry: dict[str, Any] = {"path": file.path, "channel": channel, "column": column}
    entry |= {name: value for name in _SAME_KEY if (value := getattr(options, name)) is not None}
    entry |= {name: value for name in ("skip_lines", "skip_end_lines") if (value := getattr(options, name))}
    if options.missing:
        entry["missing"] = list(options.missing)
    if options.zone is not None:
        entry["zone"] = str(options.zone).removeprefix("UTC") or "+00:00"
    if file.time is not None:
        entry["time"] = {"column": file.time, **({"unit": options.time_unit} if options.time_unit else {})}
    elif options.time_column == NO_TIME:
        entry["time"] = {"column": NO_TIME}
    return entry
