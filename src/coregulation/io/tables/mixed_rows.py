"""Tables whose rows are of several sessions or of several measures by a column that nobody mentioned: refused, never mixed."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from coregulation.errors import UsageError
from coregulation.io.options import ReadOptions
from coregulation.io.tables.column_meaning import ColumnMeaning
from coregulation.io.tables.header_names import bare_name
from coregulation.io.tables.likely_channels import likely_channel
from coregulation.io.tables.table import Table

_PAIRS = frozenset(
    {
        "dyad", "dyad id", "dyadid", "pair", "pair id", "pairid", "couple", "couple id", "coupleid", "session", "session id", "family",
        "family id", "familyid", "team", "group", "triad", "visit", "recording", "dyade", "paar", "pareja", "sesion", "sitzung", "grupo",
    }
)  # fmt: skip
_MEASURES = frozenset(
    {
        "measure", "measurement", "signal", "variable", "channel", "modality", "metric", "parameter", "sensor", "data type", "datatype",
        "type", "kind", "name", "code",
    }
)  # fmt: skip
_ROWS_EACH = 5  # rows per label at least; a label in each row is a row's own


def refuse_mixed_rows(
    table: Table, meanings: Sequence[ColumnMeaning], options: ReadOptions, used: Collection[int | None]
) -> None:
    """Refuse a table whose rows are of several sessions or measures by a column that was not mentioned.

    Parameters
    ----------
    table
        The table.
    meanings
        What is known of each of its columns, in their order.
    options
        What the caller said.
    used
        The numbers of columns that hold the time, the values or the people.

    Raises
    ------
    UsageError
        With the words that part the rows.
    """
    chosen = {table.index(c) for c in (*options.columns.values(), options.column) if c is not None and not options.long}
    pair = None if options.pair_column is None else table.index(options.pair_column)
    for meaning in meanings:
        name = bare_name(meaning.name)
        if table.carried or meaning.number in {*chosen, *used, pair} or name not in _PAIRS | _MEASURES:
            continue
        labels = parting_labels(table, meaning.number)
        if labels:
            _refuse(table, meaning, options, labels, of_pairs=name in _PAIRS)


def parting_labels(table: Table, column: int) -> tuple[str, ...]:
    """List the labels by which a column may part the rows, as of people or sessions.

    Parameters
    ----------
    table
        The table.
    column
        The number of the column, from 0.

    Returns
    -------
    tuple of str
        In the order of their first rows; () where there is one, or where they are as many as a row's own would be.
    """
    labels = tuple(dict.fromkeys(word for word in table.words(column) if word))
    return labels if 1 < len(labels) <= len(table) / _ROWS_EACH else ()


def _refuse(
    table: Table, meaning: ColumnMeaning, options: ReadOptions, labels: Sequence[str], *, of_pairs: bool
) -> None:
    facts = {"origin": table.origin, "column": meaning.number, "name": meaning.name, "count": len(labels)}
    if options.pair_column is not None:
        raise UsageError(
            "{origin}: column {column} ({name!r}) parts the rows once more, by {count} labels. Write the rows of one of them into a file "
            "of their own; if the column parts nothing, take it out of the file.",
            **facts,
        )
    if of_pairs:
        raise UsageError(
            "{origin}: column {column} ({name!r}) has {count} labels, so the rows are of several sessions. Say --pair-column {column}; "
            "if they are of one session, take the column out of the file.",
            **facts,
        )
    own = next((label for label in labels if likely_channel(label) == options.signal), labels[0])
    raise UsageError(
        "{origin}: column {column} ({name!r}) has {count} labels, so the rows are of several measures. Say which: --pair-column {column} "
        "--only {label}; if they are all of one, take the column out of the file.",
        label=f'"{own}"' if " " in own else own,
        **facts,
    )
