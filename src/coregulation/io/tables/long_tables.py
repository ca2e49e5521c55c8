"""Long tables, one row per person and moment: taken apart into sessions and people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from coregulation.clock import Clock
from coregulation.errors import DataError, UsageError, nearest_names
from coregulation.io.options import ReadOptions
from coregulation.io.remarks import ReadingRemark, note
from coregulation.io.tables.column_meaning import interpret_columns
from coregulation.io.tables.mixed_rows import refuse_mixed_rows
from coregulation.io.tables.table import Table
from coregulation.io.tables.time_columns import time_index
from coregulation.io.tables.value_columns import Meanings
from coregulation.io.tables.wide_tables import make_track, tracks_of_table
from coregulation.io.track import Track
from coregulation.session import Person


def sessions_of_long(table: Table, options: ReadOptions) -> Iterator[tuple[str, list[Track] | DataError]]:
    """Yield each session's name and its tracks, or why it is refused, in the order in which they stand in the table.

    Where the same people's labels come back from pair to pair (woman, man), a label is also the role.

    Parameters
    ----------
    table
        One row for each person and moment.
    options
        With `person_column` and `value_column`, and `pair_column` where there is more than one session.

    Yields
    ------
    tuple of str and list of Track or DataError
        The session's name, with one track for each person.

    Raises
    ------
    UsageError
        If a column or a person named is not there.
    """
    assert options.person_column is not None
    assert options.value_column is not None
    everyone: dict[str, Sequence[int]] = {"session": range(len(table))}
    pairs = everyone if options.pair_column is None else group_rows(table.words(options.pair_column))
    labels = table.words(options.person_column)
    recurring = _recurring(pairs, labels)
    meanings = interpret_columns(table)
    value, time = table.index(options.value_column), time_index(table, meanings, options)
    refuse_mixed_rows(table, meanings, options, used={value, time, table.index(options.person_column)})
    needed = table.keeping({value} if time is None else {value, time})
    for name in _chosen(pairs, options.only):
        people = [
            (_person(person, label, recurring, options), needed.rows(rows))
            for person, label, rows in _people(group_rows(labels, pairs[name]), options)
        ]
        yield name, _tracks(people, meanings, options, value, time)


def sessions_of_pairs(table: Table, options: ReadOptions) -> Iterator[tuple[str, list[Track] | DataError]]:
    """Yield each session of a table that has a column for each person and one that tells the sessions apart.

    Parameters
    ----------
    table
        One row for each moment of a session.
    options
        With `pair_column`.

    Yields
    ------
    tuple of str and list of Track or DataError
        The session's name, with one track for each person.

    Raises
    ------
    UsageError
        If a column named is not there, or something must be stated.
    """
    assert options.pair_column is not None
    pair = table.index(options.pair_column)
    pairs = group_rows(table.words(pair))
    for name in _chosen(pairs, options.only):
        own = table.rows(pairs[name])
        try:
            yield name, tracks_of_table(own, options)
        except DataError as error:
            yield name, error


def _tracks(
    people: Sequence[tuple[Person, Table]], meanings: Meanings, options: ReadOptions, value: int, time: int | None
) -> list[Track] | DataError:
    clock = Clock(name="table")
    try:
        tracks = [make_track(own, meanings, options, person, value, time, clock) for person, own in people]
    except DataError as error:
        return error
    sizes = [len(own) for _, own in people]
    if time is not None or len(set(sizes)) < 2:
        return tracks
    unequal = note(ReadingRemark.UNEQUAL_ROWS, least=min(sizes), most=max(sizes))
    return [replace(track, of_file=(*track.of_file, unequal)) if track.rate else track for track in tracks]


def group_rows(labels: Sequence[str], among: Sequence[int] | None = None) -> dict[str, Sequence[int]]:
    """Sort rows by their label.

    Parameters
    ----------
    labels
        One for each row of the table.
    among
        Numbers of the rows to sort, from 0; None is all.

    Returns
    -------
    dict
        The numbers of each label's rows; labels in order of appearance.
    """
    rows: dict[str, list[int]] = {}
    for row in range(len(labels)) if among is None else among:
        rows.setdefault(labels[row], []).append(row)
    return dict(rows)


def _chosen(pairs: dict[str, Sequence[int]], only: str | None) -> list[str]:
    if only is None:
        return list(pairs)
    if only not in pairs:
        raise UsageError(
            "There is no session {only!r}. Did you mean {near:or}?",
            only=only,
            near=nearest_names(only, pairs)[:NAMED],
        )
    return [only]


NAMED = 8  # sessions or people that an error proposes at most where no name is similar


def list_names(names: Sequence[str]) -> str:
    """Write names one after the other for an error, at most a hundred of them.

    Parameters
    ----------
    names
        In the order in which they shall stand.

    Returns
    -------
    str
        Parted by commas; what is left out is counted.
    """
    return ", ".join(names[:100]) + (f" and {len(names) - 100} more" if len(names) > 100 else "")


def _recurring(pairs: dict[str, Sequence[int]], labels: Sequence[str]) -> frozenset[str]:
    if len(pairs) < 2:
        return frozenset()
    seen = [frozenset(labels[row] for row in rows) for rows in pairs.values()]
    return frozenset.intersection(*seen)


def _people(own: dict[str, Sequence[int]], options: ReadOptions) -> list[tuple[str, str, Sequence[int]]]:
    """Return each person's name, label in the table, and rows."""
    if not options.columns:
        return [(label, label, rows) for label, rows in own.items()]
    wanted = [(person, person if label is None else str(label)) for person, label in options.columns.items()]
    missing = [label for _, label in wanted if label not in own]
    if missing:
        raise UsageError(
            "The person column has no {label!r}. Did you mean {near:or}?",
            label=missing[0],
            near=nearest_names(missing[0], own)[:NAMED],
        )
    return [(person, label, own[label]) for person, label in wanted]


def _person(name: str, label: str, recurring: frozenset[str], options: ReadOptions) -> Person:
    known = options.person(name)
    return Person(name, name) if known.role is None and label in recurring else known
