"""A file of a format as a table, one column of it, and one person's recording."""

from __future__ import annotations

from coregulation.io import open_session
from coregulation.io.formats.registry import FORMATS, read_any
from coregulation.io.tables.table import TableShape

RECORDINGS = {example.file: example for form in FORMATS if not form.is_table for example in form.examples}
EVERY = list(RECORDINGS)


def written(path):
    """Write the example whose name the path has."""
    RECORDINGS[path.name].write(path)
    return path


def table(path):
    return read_any(path, TableShape())


def alone(path, **said):
    return open_session(path, **said).of("A")


def column(path, name):
    found = table(path)
    return found.numbers(name), found.metadata_of(found.index(name))
