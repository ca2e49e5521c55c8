"""A first manifest from the files somebody has: what they tell is filled in, what nobody can know is left to fill in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import tomli_w

from coregulation.channels import CHANNELS
from coregulation.errors import CoregulationError, UsageError
from coregulation.io.manifest import FILL_IN
from coregulation.io.manifest_structure import SCHEMA
from coregulation.io.suggestion import people_of_columns
from coregulation.io.tables.contents import ColumnContents, Contents, inspect_file
from coregulation.io.tables.table import TableShape
from coregulation.io.tables.value_columns import letters
from coregulation.io.text_lines import read_lines

_HEAD = """schema = {schema}
id = "session-1"
# task = {task}
# date = 2026-05-04
# start = 2026-05-04T14:00:00Z   # {start}
setting = {setting}
shared = [{shared}]
"""
_TAIL = """
# [[block]]
# kind = "together-rest"   # {kinds}
# start = 0.0
# end = 240.0
"""
_HINTS = {
    "task": "what the people did",
    "start": "the zero of the session clock, where devices stamp absolute time",
    "setting": "one room, remote or apart",
    "shared": "film, script, pacer, music, … what everybody experienced at the same time; [] if nothing",
    "kinds": "alone-rest, together-rest, perturb-alone, recover-alone, …, or any name",
    "person": "a pseudonym",
    "channel": "rr, heart_rate, resp, eda, motion, …",
    "column": "the number or name of the column: {choice}",
    "unit": "ms, s, mV, µV, µS, 1/min, a.u.",
    "rate": "rows per second (Hz), or time = {{ column = …, unit = … }}",
    "time-unit": "s, ms, min, …",
}  # each is the key of its translation, as the template of an error is

Translate = Callable[..., str]


def _in_english(english: str, **facts: object) -> str:
    return english.format(**facts)


def new_manifest(
    paths: Sequence[str | Path], folder: str | Path | None = None, translate: Translate = _in_english
) -> str:
    """Return a first manifest of these files; lines that begin with FILL IN must be filled in before it can be read.

    Parameters
    ----------
    paths
        One table with a column for each person, or one file for each person.
    folder
        Where the manifest will stand, from which it names the files; default the folder of the first.
    translate
        Of the hints, in English, with the facts that they name.

    Returns
    -------
    str
        TOML with the keys that the files tell filled in.

    Raises
    ------
    UsageError
        If no file came or one is not there.
    DataError
        If one cannot be read as a table.
    """
    if not paths:
        raise UsageError("Name the files that belong to the session.")
    files = [Path(path) for path in paths]
    base = files[0].parent if folder is None else Path(folder)
    inspected = [_Found(path, *_inspected(path)) for path in files]
    people = [[(item, columns)] for item in inspected for columns in [item.likely()]]
    if len(inspected) == 1:
        people = _people_of_table(inspected[0])
    writer = _Writer(base, translate)
    parts = [writer.person(name, own) for name, own in zip(letters(), people, strict=False)]
    return writer.head() + "".join(parts) + writer.tail()


def _people_of_table(inspected: _Found) -> list[list[tuple[_Found, list[ColumnContents]]]]:
    """Return the columns of each person: grouped by their names, where those tell several channels; else one per person."""
    columns = inspected.values()
    groups = people_of_columns(columns)
    if max(map(len, groups.values()), default=0) > 1 and sum(map(len, groups.values())) == len(columns):
        return [[(inspected, [replace(column, means=channel)]) for column, channel in own] for own in groups.values()]
    return [[(inspected, [column])] for column in columns]


def _inspected(path: Path) -> tuple[Contents, tuple[int, int]]:
    """Look into a file; lines of JSON around its table are found here, since a draft is read by somebody before use."""
    try:
        return inspect_file(path)[0], (0, 0)
    except UsageError:
        raise
    except CoregulationError:
        lines = read_lines(path)
        json_lines = [line.startswith("{") for line in lines]
        leading = json_lines.index(False) if False in json_lines else len(lines)
        trailing = json_lines[::-1].index(False) if False in json_lines else 0
        if not leading and not trailing:
            raise
        return inspect_file(path, TableShape(leading, trailing))[0], (leading, trailing)


@dataclass(frozen=True, slots=True)
class _Found:
    """A file, what is in it, and how many lines of JSON lead and end it."""

    path: Path
    contents: Contents
    skipped: tuple[int, int]

    def values(self) -> list[ColumnContents]:
        """Return the columns that may hold values."""
        columns = [c for c in self.contents.columns if c.kind == "number" and c.means != "time"]
        named = any(column.name for column in self.contents.columns)
        return [c for c in columns if not (named and c.number == 0 and not c.name)] or columns

    def likely(self) -> list[ColumnContents]:
        """Return the one column that says what it is, or all that may hold values."""
        columns = self.values()
        telling = [column for column in columns if column.means is not None]
        return telling if len(telling) == 1 else columns


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes the parts of a manifest in a folder, with hints in a language."""

    base: Path
    translate: Translate

    def head(self) -> str:
        return _HEAD.format(
            schema=toml_literal(SCHEMA), task=toml_literal(self.hint("task")), start=self.hint("start"),
            setting=toml_literal(self.to_fill_in("setting")), shared=toml_literal(self.to_fill_in("shared")),
        )  # fmt: skip

    def tail(self) -> str:
        return _TAIL.format(kinds=self.hint("kinds"))

    def hint(self, name: str, **facts: object) -> str:
        return self.translate(_HINTS[name], **{"choice": "", **facts})

    def to_fill_in(self, name: str, **facts: object) -> str:
        return f"{FILL_IN}: {self.hint(name, **facts)}"

    def person(self, name: str, own: Sequence[tuple[_Found, list[ColumnContents]]]) -> str:
        head = ["", "[[person]]", f'id = "{name}"   # {self.hint("person")}', ""]
        return "\n".join([*head, *(line for inspected, columns in own for line in self.file(columns, inspected)), ""])

    def file(self, columns: Sequence[ColumnContents], inspected: _Found) -> list[str]:
        column = columns[0]
        choice = ", ".join(f"{c.number} {c.name}".strip() for c in columns[:20])
        keys: list[tuple[str, object]] = [
            ("path", relative_path(inspected.path, self.base)),
            ("channel", column.means or self.to_fill_in("channel")),
            ("unit", self.unit(column)),
            ("column", column.number if len(columns) == 1 else self.to_fill_in("column", choice=choice)),
            ("skip_lines", inspected.skipped[0] or None),
            ("skip_end_lines", inspected.skipped[1] or None),
            ("sheet", inspected.contents.sheet),
        ]
        lines = [f"  {key} = {toml_literal(value)}" for key, value in keys if value is not None]
        return ["  [[person.file]]", *lines, *self.time(inspected.contents, column)]

    def unit(self, column: ColumnContents) -> str | None:
        if column.unit is not None:
            return column.unit
        channel = CHANNELS.get(column.means or "")
        return None if channel is not None and channel.stated else self.to_fill_in("unit")

    def time(self, contents: Contents, column: ColumnContents) -> list[str]:
        if contents.rate is not None or column.rate is not None:
            return []
        time = next((c for c in contents.columns if c.means == "time" or c.kind == "time stamp"), None)
        if time is None and column.means == "rr":
            return []
        if time is None:
            return [f"  rate = {toml_literal(self.to_fill_in('rate'))}"]
        if time.kind == "time stamp":
            return [f"  time = {{ column = {time.number} }}"]
        unit = toml_literal(time.unit or self.to_fill_in("time-unit"))
        return [f"  time = {{ column = {time.number}, unit = {unit} }}"]


def toml_literal(value: object) -> str:
    """Write one value as TOML writes it behind an equals sign.

    Parameters
    ----------
    value
        A string, number, truth value, date, list or dict.

    Returns
    -------
    str
        Without a line break at its end.
    """
    return tomli_w.dumps({"value": value}).removeprefix("value = ").rstrip("\n")


def relative_path(path: Path, base: Path) -> str:
    """Name a file as a manifest does: from its folder where it lies below, else in full.

    Parameters
    ----------
    path
        The file.
    base
        The manifest's folder.

    Returns
    -------
    str
        With forward slashes.
    """
    try:
        return path.resolve().relative_to(base.resolve()).as_posix()
    except ValueError:
        return path.resolve().as_posix()
