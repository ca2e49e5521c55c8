"""In what unit a column is written: as stated, or as the file says; a unit that is not understood is never passed over."""

from __future__ import annotations

from coregulation.channels import CHANNELS
from coregulation.errors import DataError, UsageError
from coregulation.io.tables.column_meaning import ColumnMeaning
from coregulation.io.tables.table import Table
from coregulation.signals import Unit

_CONVERTIBLE = {"conductance": ("conductance", "resistance")}  # resistance is the reciprocal of conductance


def stated_unit(table: Table, meaning: ColumnMeaning, stated: str | None, channel: str) -> Unit | None:
    """Return the unit that was stated or that the file carries.

    Parameters
    ----------
    table, meaning
        The column.
    stated
        The unit that the caller stated.
    channel
        What the column is read as.

    Returns
    -------
    Unit or None
        None where neither says one, so that the channel's own unit counts.

    Raises
    ------
    UsageError
        If the stated unit is not known.
    DataError
        If the two contradict each other, or the file carries a unit that is not known and none was stated.
    """
    unit = None if stated is None else _parsed(stated, f"{table.origin}, {channel}")
    known = CHANNELS.get(channel)
    if known is not None and known.unit is Unit.ARBITRARY:
        return unit
    if meaning.unit is None:
        if meaning.unit_text and unit is None:
            _refuse_unknown(table, meaning, channel)
        return unit
    _check(table, meaning, unit, channel)
    return meaning.unit


def _refuse_unknown(table: Table, meaning: ColumnMeaning, channel: str) -> None:
    known = CHANNELS.get(channel)
    raise DataError(
        "{origin}: the unit of column {column} is written as {text!r}, which is not known. If its numbers are in {unit}, say "
        "--unit {unit} (unit = … in the manifest); if they are multiples of it, --scale as well. Known units: {known:and}.",
        origin=table.origin,
        column=meaning.number,
        text=meaning.unit_text,
        unit=known.unit.symbol if known else Unit.ARBITRARY.symbol,
        known=tuple(unit.symbol for unit in Unit),
    )


def _check(table: Table, meaning: ColumnMeaning, unit: Unit | None, channel: str) -> None:
    known, carried = CHANNELS.get(channel), meaning.unit
    assert carried is not None
    quantities = (carried.quantity,) if known is None else _CONVERTIBLE.get(known.unit.quantity, (known.unit.quantity,))
    if carried.quantity in quantities and unit in (None, carried):
        return
    expected = unit.symbol if unit else f"a unit of {known.unit.quantity}" if known else "another"
    raise DataError(
        "{origin}: column {column} says that it is in {carried}, and {expected} was expected for "
        "{channel}. Leave out --unit if the file is right; choose another column or --signal if it is "
        "not that.",
        origin=table.origin,
        column=meaning.number,
        carried=carried.symbol,
        expected=expected,
        channel=channel,
    )


def _parsed(text: str, where: str) -> Unit:
    try:
        return Unit.parse(text)
    except UsageError as error:
        raise UsageError("{where}: {problem}", where=where, problem=error) from error
