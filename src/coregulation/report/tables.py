"""Tidy tables: one row per observation, a header, UTF-8 with the mark that spreadsheets ask for; R and pandas pass over it."""

from __future__ import annotations

import csv
import itertools
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from coregulation.analysis.finding import Finding
from coregulation.report.multiverse_output import ComparisonWayResult
from coregulation.report.natural_output import (
    EventResponseResult,
    NaturalDirectionResult,
    NaturalOutput,
    NaturalRiseResult,
)
from coregulation.report.person_tables import person_tables
from coregulation.report.plain_text import spreadsheet_cell
from coregulation.report.regulation_output import (
    CoEscalationResult,
    ComparisonResult,
    ComposureResult,
    ControlResult,
    CounterfactualResult,
    DirectionResult,
    IntervalResult,
    RecoveryResult,
    RegulationOutput,
)
from coregulation.report.result import (
    BlockResult,
    ContrastResult,
    CouplingResult,
    GateResult,
    GroupResult,
    QualityResult,
    Result,
    VerdictResult,
    result_of,
)
from coregulation.report.secondary_output import SecondaryMeasureResult, SecondaryTestResult
from coregulation.signals import Floats, Signal

Table = tuple[Sequence[str], Iterable[Sequence[Any]]]

_SPLIT = {
    "pair": ("first", "second"),
    "interval": ("interval_low", "interval_high"),
    "lag_interval": ("lag_low", "lag_high"),
    "blocks": ("block", "other_block"),
    "peaks": ("first_peak", "second_peak"),
}
_ELSEWHERE = ("gates", "matrix", "without")  # tables of their own


def write_tables(finding: Finding, result: Result, directory: Path) -> None:
    """Write every table into a directory that is there.

    Raises
    ------
    OSError
        If the disk is full or the directory cannot be written.
    """
    for name, table in _tables(finding, result).items():
        header, rows = _simulated(table) if finding.about.simulated else table
        with (directory / f"{name}.csv").open("w", newline="", encoding="utf-8-sig") as file:
            writer = csv.writer(file)
            writer.writerow(header)
            writer.writerows([spreadsheet_cell(value) for value in row] for row in rows)


def all_tables(finding: Finding) -> dict[str, Table]:
    """Make every table that `write_tables` writes.

    Parameters
    ----------
    finding
        The answer to a session.

    Returns
    -------
    dict of tuple
        Header and rows by the table's name.
    """
    return _tables(finding, result_of(finding))


def _tables(finding: Finding, result: Result) -> dict[str, Table]:
    return {**_answers(result), **_measured(finding), **person_tables(finding, result)}


def _simulated(table: Table) -> Table:
    header, rows = table
    return (*header, "simulated"), ((*row, True) for row in rows)


def _answers(result: Result) -> dict[str, Table]:
    verdict_gates = [(*v.pair, *_row(gate)) for v in result.verdicts for gate in v.gates]
    without = [(g.signal, g.gate, *_row(row)) for g in result.groups for row in g.without]
    return {
        "couplings": _table(CouplingResult, result.couplings),
        "quality": _table(QualityResult, result.quality),
        "verdicts": _table(VerdictResult, result.verdicts),
        "gates": (("first", "second", *_header(GateResult)), verdict_gates),
        "blocks": _table(BlockResult, result.blocks),
        "contrasts": _table(ContrastResult, result.contrasts),
        "descriptions": _table(SecondaryMeasureResult, result.descriptions),
        **({"measures": _table(SecondaryTestResult, result.measures)} if result.measures else {}),
        **({"multiverse": _table(ComparisonWayResult, result.multiverse)} if result.multiverse else {}),
        **_regulation(result.regulation),
        **_natural(result.natural),
        "groups": _table(GroupResult, result.groups),
        "group_without": (("signal", "gate", "person", "statistic", "p"), without),
        "pair_matrix": (("signal", "gate", "first", "second", "statistic"), _matrix(result.groups)),
    }


def _regulation(regulation: RegulationOutput | None) -> dict[str, Table]:
    if regulation is None:
        return {}
    return {
        "recoveries": _table(RecoveryResult, regulation.recoveries),
        "comparisons": _table(ComparisonResult, regulation.comparisons),
        "directions": _table(DirectionResult, regulation.directions),
        "counterfactual_effects": _table(CounterfactualResult, regulation.counterfactual_effects),
        "composure": _table(ComposureResult, regulation.composure),
        "co_escalations": _table(CoEscalationResult, regulation.co_escalations),
        "controls": _table(ControlResult, regulation.controls),
    }


def _natural(natural: NaturalOutput | None) -> dict[str, Table]:
    if natural is None:
        return {}
    return {
        "natural_directions": _table(NaturalDirectionResult, natural.directions),
        "natural_rises": _table(NaturalRiseResult, natural.rises),
        "natural_events": _table(EventResponseResult, natural.preceding),
    }


def _measured(finding: Finding) -> dict[str, Table]:
    channels = dict.fromkeys(channel for _, channel in finding.traces)
    return {
        "nulls": (("first", "second", "signal", "gate", "null", "statistic"), _nulls(finding)),
        "group_nulls": (("signal", "gate", "null", "statistic"), _group_nulls(finding)),
        "lag_profiles": (("first", "second", "signal", "lag", "mean_z"), _profiles(finding)),
        **{f"traces_{_file_name(channel)}": traces(finding, channel) for channel in channels},
    }


def _table(kind: type[msgspec.Struct], items: Iterable[msgspec.Struct]) -> Table:
    return _header(kind), (_row(item) for item in items)


def _header(kind: type[msgspec.Struct]) -> list[str]:
    return [column for field in msgspec.structs.fields(kind) for column in _columns(field)]


def _columns(field: msgspec.structs.FieldInfo) -> Sequence[str]:
    """Return the columns that a field of a row takes: none where it has a table of its own."""
    if field.name in _ELSEWHERE:
        return ()
    if field.type in (IntervalResult, IntervalResult | None):
        return field.encode_name, f"{field.encode_name}_low", f"{field.encode_name}_high"
    return _SPLIT.get(field.name, (field.encode_name,))


def _row(item: msgspec.Struct) -> list[Any]:
    row: list[Any] = []
    for field in msgspec.structs.fields(item):
        value, columns = getattr(item, field.name), _columns(field)
        if isinstance(value, IntervalResult):
            row += (value.value, value.low, value.high)
        elif len(columns) == 1:
            row.append(_cell(value))
        elif columns:
            row += value if value is not None else (None,) * len(columns)
    return row


def _cell(value: Any) -> Any:
    if isinstance(value, dict):
        return json.dumps(value)
    return "; ".join(value) if isinstance(value, list) else value


def _matrix(groups: Sequence[GroupResult]) -> Iterator[Sequence[Any]]:
    for group in groups:
        for (i, first), (j, second) in itertools.combinations(enumerate(group.people), 2):
            yield group.signal, group.gate, first, second, group.matrix[i][j]


def _nulls(finding: Finding) -> Iterator[Sequence[Any]]:
    for c in finding.couplings:
        yield from ((*c.pair, c.signal, c.gate, c.null, value) for value in _short(c.nulls))


def _group_nulls(finding: Finding) -> Iterator[Sequence[Any]]:
    for group in finding.groups:
        yield from ((group.signal, group.gate, group.null, value) for value in _short(group.nulls))


def _profiles(finding: Finding) -> Iterator[Sequence[Any]]:
    for key, surface in finding.surfaces.items():
        yield from ((*key, *cell) for cell in zip(_short(surface.lags), _short(surface.profile), strict=True))


def traces(finding: Finding, channel: str) -> Table:
    """Return a channel as it was compared: one row per moment of the session's grid, a column per person."""
    signals = {who: signal for (who, name), signal in finding.traces.items() if name == channel}
    rate = max(signal.rate for signal in signals.values())
    first = {who: round(signal.start * rate) for who, signal in signals.items()}
    begin = min(first.values())
    end = max(first[who] + len(signal) for who, signal in signals.items())
    columns = [_column(signal, first[who] - begin, end - begin) for who, signal in signals.items()]
    times = _short(np.arange(begin, end) / rate)
    return ("time", *signals), zip(times, *columns, strict=True)


def _column(signal: Signal, before: int, length: int) -> list[float | None]:
    values = np.full(length, np.nan)
    values[before : before + len(signal)] = signal.values
    return _short(values)


def _short(values: Floats) -> list[float | None]:
    """Return values to nine significant digits or so, and None where missing."""
    scale = float(np.nanmax(np.abs(values), initial=0.0)) if len(values) else 0.0
    digits = 9 - int(np.ceil(np.log10(scale))) if scale > 0 else 9
    return [None if value != value else value for value in np.round(values, digits).tolist()]


def _file_name(channel: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]+", "_", channel)
