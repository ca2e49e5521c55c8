"""What each recording format says of itself: how it is recognised and read, what is read and what not, and an example."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from coregulation.io.remarks import ReadingRemark, note
from coregulation.io.tables.table import Table, TableShape
from coregulation.io.text import ends_open


@dataclass(frozen=True, slots=True)
class Example:
    """A small valid file of a format, from which tests make damaged ones.

    Parameters
    ----------
    file
        What the file is called; its ending may decide how it is recognised.
    write
        Writes it at a path.
    options
        `ReadOptions` by name that open it as a session.
    beside
        Endings of the files that are written together (`.hea`, `.dat`); () where it is one file.
    source
        Who writes it: a library that is not ours, or we from which specification or from which program's files.
    """

    file: str
    write: Callable[[Path], object]
    options: Mapping[str, Any] = field(default_factory=dict)
    beside: tuple[str, ...] = ()
    source: str = field(kw_only=True)

    def __post_init__(self) -> None:
        object.__setattr__(self, "options", MappingProxyType(dict(self.options)))


def _never(_: Path) -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFormat:
    """One recording format. The registry, the documentation, `inspect` and the tests all read this.

    Parameters
    ----------
    name
        What people call it.
    files
        Which files it comes as, in Markdown.
    recognise
        Says from name and beginning whether a path is of this format; never raises.
    read
        Reads it as a table; takes a `TableShape` too where `is_table` is set.
    says
        What the format itself says, so that nobody has to.
    ask
        What the caller must say.
    left_out
        What of it is not read, or is refused.
    reference
        The specification or the paper.
    examples
        Valid files, at least one.
    library
        The package that reads it, where it is installed on demand.
    is_table
        Whether the caller may say how it is written (lines to skip, separator, sheet).
    is_text
        Whether it is lines of text that tell no number of their own: then a last line without a line break is told.
    reads_as_text
        Says of a path that is recognised whether it is also a table of text, for callers who say which of its columns is the time.
    """

    name: str
    files: str
    recognise: Callable[[Path], bool]
    read: Callable[..., Table]
    says: str
    ask: str
    left_out: str
    reference: str
    examples: tuple[Example, ...]
    library: str | None = None
    is_table: bool = False
    is_text: bool = False
    reads_as_text: Callable[[Path], bool] = _never

    def open(self, path: Path, shape: TableShape) -> Table:
        """Read a file of this format; raises as its reader does."""
        table = self.read(path, shape) if self.is_table else self.read(path)
        if not self.is_text or not ends_open(path):
            return table
        return replace(table, remarks=(*table.remarks, note(ReadingRemark.LAST_LINE_OPEN)))
