"""A study's files: study.json, tidy tables that R, pandas and spreadsheets open, and one Parquet table where pyarrow is installed."""

from __future__ import annotations

import csv
import importlib.util
import io
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import msgspec

from coregulation._version import __version__
from coregulation.report.catalogue import Catalogue
from coregulation.report.plain_text import spreadsheet_cell
from coregulation.study.atomic import write_bytes
from coregulation.study.reporting import ReportingRow, reporting_answer, reporting_checklist
from coregulation.study.result import GroupAnswer, StudyResult

SCHEMA = "coregulation.study-result/1"
_SESSION = ("session", "pair", "condition", "signal", "value", "strangers", "stand_ins", "z", "z_largest", "lag_largest", "windows", "seconds")  # fmt: skip
_ANSWER = ("condition", "signal", "pairs", "own", "strangers", "difference", "low", "high", "effect", "p", "p_family", "null", "draws", "refused")  # fmt: skip
_CONTRAST = ("signal", "first", "second", "pairs_first", "pairs_second", "within", "difference", "low", "high", "p", "draws")  # fmt: skip
_REPORTING = ("item", "source", "asked", "answer")
_ASSOCIATION = ("signal", "covariate", "condition", "pairs", "rho", "p", "draws")


def write_study(result: StudyResult, out: Path, catalogue: Catalogue) -> None:
    """Write every file but the page.

    Parameters
    ----------
    result
        What was found.
    out
        The study's folder.
    catalogue
        The reader's language, for reasons.
    """
    write_bytes(out / "study.json", _json(result))
    tables = study_tables(result, catalogue)
    for name, (header, rows) in tables.items():
        _write_csv(out / f"{name}.csv", header, rows)
    if importlib.util.find_spec("pyarrow"):
        _write_parquet(out / "sessions.parquet", tables["sessions"][1])


def study_tables(result: StudyResult, catalogue: Catalogue) -> dict[str, tuple[Sequence[str], list[tuple[Any, ...]]]]:
    """Lay a study out as tidy tables.

    Parameters
    ----------
    result
        What was found.
    catalogue
        The reader's language, for reasons.

    Returns
    -------
    dict
        By name: header and rows.
    """
    return {
        "reporting": (_REPORTING, [_reporting(row, catalogue) for row in reporting_checklist(result)]),
        "answers": (_ANSWER, [_answer(answer, catalogue) for answer in result.answers]),
        "contrasts": (
            _CONTRAST,
            [
                (c.signal, c.first, c.second, *c.pairs, c.within, c.difference, *c.interval, c.p, c.draws)
                for c in result.contrasts
            ],
        ),
        "associations": (_ASSOCIATION, [tuple(asdict(a).values()) for a in result.associations]),
        "sessions": (_SESSION, session_rows(result)),
        "left_out": (
            ("session", "code", "why"),
            [(item.session, item.reason.code, catalogue.sentence(item.reason)) for item in result.left_out],
        ),
    }


def session_rows(result: StudyResult) -> list[tuple[Any, ...]]:
    """Return one row per session and signal.

    Parameters
    ----------
    result
        What was found.

    Returns
    -------
    list of tuple
        With the columns of `sessions.csv`; values in Fisher's z, lags and lengths in s.
    """
    return [
        (
            row.session.name, row.session.pair, row.session.condition, row.signal, row.value, row.strangers,
            row.stand_ins, row.linkage.z, row.linkage.largest, row.linkage.lag, row.linkage.windows, row.seconds,
        )
        for row in result.rows
    ]  # fmt: skip


def _answer(answer: GroupAnswer, catalogue: Catalogue) -> tuple[Any, ...]:
    e = answer.estimate
    condition = "all" if answer.condition is None else answer.condition
    if e is None:
        why = catalogue.sentence(answer.refused) if answer.refused else ""
        return (condition, answer.signal, *[""] * 11, why)
    numbers = (e.pairs, e.own, e.strangers, e.difference, *e.interval, e.effect, e.p, e.family, e.null, e.draws)
    return (condition, answer.signal, *numbers, "")


def _reporting(row: ReportingRow, catalogue: Catalogue) -> tuple[str, ...]:
    return (row.item.value, row.source.value, catalogue.text(f"reporting.{row.item}"), reporting_answer(row, catalogue))


def _json(result: StudyResult) -> bytes:
    plain = msgspec.to_builtins(result, enc_hook=dict)  # of read-only mappings
    return msgspec.json.format(
        msgspec.json.encode({"schema": SCHEMA, "version": __version__, "result": plain}), indent=1
    )


def _write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(header)
    table.writerows([_cell(cell) for cell in row] for row in rows)
    write_bytes(path, text.getvalue().encode("utf-8-sig"))


def _cell(value: Any) -> Any:
    """Return a number as it is, a missing one empty, and no text that a spreadsheet would run."""
    if isinstance(value, float):
        return "" if value != value else value
    return spreadsheet_cell(value) if isinstance(value, str) else value


def _write_parquet(path: Path, rows: Sequence[Sequence[Any]]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = {name: [row[k] for row in rows] for k, name in enumerate(_SESSION)}
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer)
    write_bytes(path, buffer.getvalue())
