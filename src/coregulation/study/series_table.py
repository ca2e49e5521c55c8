"""Everybody's signals of a study as one tidy table, a row per person and epoch, for multilevel and dynamic models elsewhere.

Own and partner's values stand side by side, so that actor–partner models need no reshaping; the rows of first people alone
are a table with one row per pair and epoch.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from coregulation.errors import UsageError
from coregulation.report.plain_text import spreadsheet_cell
from coregulation.signals import Floats
from coregulation.study.atomic import write_bytes
from coregulation.study.folder import StudyFolder
from coregulation.study.partners import StudySession
from coregulation.study.prepared import PreparedSession, read_prepared
from coregulation.study.result import StudyResult

_LEAST_VALID = 0.5  # share of an epoch's samples that must be valid
_WHO = ("pair", "session", "condition", "person", "role", "first", "time")


def write_series(result: StudyResult, out: Path, epoch: float) -> Path:
    """Write `series.csv`: the means of every epoch of every person who was compared.

    Parameters
    ----------
    result
        Of the study.
    out
        Its folder, with the prepared sessions.
    epoch
        Length of an epoch, s.

    Returns
    -------
    Path
        Of the table.

    Raises
    ------
    UsageError
        If the epoch is no positive number.
    """
    check_epoch(epoch)
    signals = tuple(dict.fromkeys(row.signal for row in result.rows))
    sessions = list({row.session.name: row.session for row in result.rows}.values())
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow([*_WHO, *signals, *(f"partner_{signal}" for signal in signals)])
    folder = StudyFolder(out)
    for session in sessions:
        table.writerows(session_series(session, read_prepared(folder.prepared(session.name)), signals, epoch))
    path = out / "series.csv"
    write_bytes(path, text.getvalue().encode("utf-8-sig"))
    return path


def check_epoch(epoch: float) -> None:
    """Require that an epoch is a positive number of seconds.

    Parameters
    ----------
    epoch
        Length, s.

    Raises
    ------
    UsageError
        If it is not.
    """
    if not (math.isfinite(epoch) and epoch > 0):
        raise UsageError("--series {epoch:g}: a positive number of seconds was expected, such as 10.", epoch=epoch)


def session_series(
    session: StudySession, prepared: PreparedSession, signals: Sequence[str], epoch: float
) -> Iterator[list[Any]]:
    """Yield one session's rows, person by person.

    Parameters
    ----------
    session
        Its name, pair and condition.
    prepared
        Its signals.
    signals
        Channels, in the order of the columns.
    epoch
        Length of an epoch, s.

    Yields
    ------
    list
        With the columns of `series.csv`; "" where less than half of an epoch is valid. `time` is the epoch's beginning, in s of
        session time, a whole multiple of its length.
    """
    people = prepared.facts.people
    begin, count = _span(prepared, signals, epoch)
    means = [[_epoch_means(prepared, k, signal, begin, count, epoch) for signal in signals] for k in range(len(people))]
    for own, person in enumerate(people):
        who = [
            spreadsheet_cell(text)
            for text in (
                session.pair,
                session.name,
                session.condition or "",
                f"{session.pair}/{person.id}",
                person.role or "",
            )
        ]
        for at in range(count):
            values = [_cell(mean[at]) for mean in (*means[own], *means[1 - own])]
            yield [*who, int(own == 0), (begin + at) * epoch, *values]


def _span(prepared: PreparedSession, signals: Sequence[str], epoch: float) -> tuple[int, int]:
    """Return the number of the first epoch, and how many there are."""
    signals_of_all = [prepared.signal(k, name) for k in range(len(prepared.facts.people)) for name in signals]
    windows = [signal.window for signal in signals_of_all if signal is not None]
    begin = math.floor(min(window.start for window in windows) / epoch)
    return begin, math.ceil(max(window.end for window in windows) / epoch) - begin


def _epoch_means(prepared: PreparedSession, person: int, name: str, begin: int, count: int, epoch: float) -> Floats:
    """Return the mean of each epoch, shape (count,); NaN where less than half of it is valid."""
    signal = prepared.signal(person, name)
    if signal is None:
        return np.full(count, np.nan)
    times = signal.start + np.arange(len(signal)) / signal.rate
    valid = np.isfinite(signal.values)
    at = np.floor(times[valid] / epoch + 1e-9).astype(int) - begin
    sums = np.bincount(at, signal.values[valid], minlength=count)[:count]
    counts = np.bincount(at, minlength=count)[:count]
    enough = counts >= _LEAST_VALID * epoch * signal.rate
    return np.where(enough, sums / np.maximum(counts, 1), np.nan)


def _cell(mean: float) -> float | str:
    return "" if math.isnan(mean) else round(float(mean), 6)
