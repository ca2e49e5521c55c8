"""Long tables, one row a person and moment: taken apart into sessions and people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from coregulation.clock import Clock
from coregulation.errors import UsageError
from coregulation.files.options import ReadOptions
from coregulation.files.table import Table
from coregulation.files.track import Track
from coregulation.files.wide import time_index, track
from coregulation.session import Person


def sessions_of_long(table: Table, options: ReadOptions) -> Iterator[tuple[str, list[Track]]]:
    """Yield each session's name and its tracks, in the order in which they stand in the table.

    Where the same people's labels come back from pair to pair (woman, man), a label is also the role.

    Raises:
        UsageError: if a column or a person named is not there.
    """
    assert options.person_column is not None
    assert options.value_column is not None
    everyone: dict[str, Sequence[int]] = {"session": range(len(table))}
    pairs = everyone if options.pair_column is None else grouped(table.words(options.pair_column))
    labels = table.words(options.person_column)
    recurring = _recurring(pairs, labels)
    value, time = table.index(options.value_column), time_index(table, options)
    for name in _chosen(pairs, options.only):
        rows = pairs[name]
        whole = table.rows(rows)
        own = grouped([labels[row] for row in rows])
        clock = Clock(name="table")
        yield (
            name,
            [
                track(whole.rows(own[label]), options, _person(person, label, recurring, options), value, time, clock)
                for person, label in _people(own, options)
            ],
        )


def grouped(labels: Sequence[str]) -> dict[str, Sequence[int]]:
    """Return the rows of each label, in order of appearance."""
    rows: dict[str, list[int]] = {}
    for row, label in enumerate(labels):
        rows.setdefault(label, []).append(row)
    return dict(rows)


def _chosen(pairs: dict[str, Sequence[int]], only: str | None) -> list[str]:
    if only is None:
        return list(pairs)
    if only not in pairs:
        raise UsageError(f"There is no session {only!r}; there are {listing(list(pairs))}.")
    return [only]


def listing(names: Sequence[str]) -> str:
    """Return names for an error, not all of very many."""
    return ", ".join(names[:100]) + (f" and {len(names) - 100} more" if len(names) > 100 else "")


def _recurring(pairs: dict[str, Sequence[int]], labels: Sequence[str]) -> frozenset[str]:
    if len(pairs) < 2:
        return frozenset()
    seen = [frozenset(labels[row] for row in rows) for rows in pairs.values()]
    return frozenset.intersection(*seen)


def _people(own: dict[str, Sequence[int]], options: ReadOptions) -> list[tuple[str, str]]:
    if not options.columns:
        return [(label, label) for label in own]
    wanted = [(person, person if label is None else str(label)) for person, label in options.columns.items()]
    missing = [label for _, label in wanted if label not in own]
    if missing:
        raise UsageError(f"The person column has no {missing[0]!r}; it has {listing(list(own))}.")
    return wanted


def _person(name: str, label: str, recurring: frozenset[str], options: ReadOptions) -> Person:
    known = options.person(name)
    return Person(name, name) if known.role is None and label in recurring else known
