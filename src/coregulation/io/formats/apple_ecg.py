"""An ECG of Apple Watch as the Health app exports it: lines of facts, then one value per line.

The name, the date of birth and the symptoms that stand in it are not read.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from coregulation.errors import DataError
from coregulation.io.examples.values import ECG
from coregulation.io.formats.file_format import Example, FileFormat
from coregulation.io.formats.multirate import RecordedTrace, tracks_of_traces
from coregulation.io.tables.cell_parsing import moment_of, parse_numbers
from coregulation.io.tables.column_metadata import ColumnMetadata
from coregulation.io.tables.table import Table
from coregulation.io.text import read_beginning
from coregulation.io.text_lines import read_lines

_FACT = re.compile(r"(Recorded Date|Sample Rate|Unit),\"?([^\"]*)\"?")
_RATE = re.compile(r"([\d.]+)\s*(hertz|Hz)", re.IGNORECASE)
_MOST_FACTS = 30  # lines before the values


def is_apple_ecg(path: Path) -> bool:
    """Say whether a file is an ECG of Apple Watch.

    Parameters
    ----------
    path
        Its first 2,000 characters are read.

    Returns
    -------
    bool
        True for a .csv file that names a lead, a sample rate and a date of recording.
    """
    beginning = read_beginning(path)[:2000] if path.suffix.lower() == ".csv" else ""
    return "Sample Rate," in beginning and "Recorded Date," in beginning and "Lead," in beginning


def read_apple_ecg(path: Path) -> Table:
    """Read the lead.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    Table
        One column of the ECG, with rate (Hz), unit and start; the start is left open where its date cannot be read.

    Raises
    ------
    UsageError
        If there is no such file.
    DataError
        If its rate is missing, or a value is text.
    """
    return tracks_of_traces(path, [trace_of_ecg(str(path), read_lines(path), "ECG")])


def trace_of_ecg(origin: str, lines: Sequence[str], name: str) -> RecordedTrace:
    """Read the lines of an ECG.

    Parameters
    ----------
    origin
        The file, for errors.
    lines
        What it holds.
    name
        Of the signal.

    Returns
    -------
    RecordedTrace
        The start is left open where its date cannot be read.

    Raises
    ------
    DataError
        If its rate is missing, or a value is text.
    """
    matches = (_FACT.fullmatch(line.strip()) for line in lines[:_MOST_FACTS])
    facts = {match[1]: match[2].strip() for match in matches if match}
    rate = _RATE.fullmatch(facts.get("Sample Rate", ""))
    first = next((n for n, line in enumerate(lines) if n > 3 and _is_number(line)), None)
    if rate is None or first is None:
        raise DataError("{path}: the ECG of a watch says no sample rate in hertz, or holds no value.", path=origin)
    values = parse_numbers(
        [line.strip() for line in lines[first:]], ".", lambda row: f"{origin}: line {first + row + 1}"
    )
    start = moment_of(facts.get("Recorded Date", ""))
    return RecordedTrace(name, values, ColumnMetadata("ecg", facts.get("Unit", ""), float(rate[1]), start))


def _is_number(line: str) -> bool:
    return bool(re.fullmatch(r"-?\d+([.,]\d+)?", line.strip()))


def write_example(path: Path) -> None:
    """Write an ECG at 500 Hz.

    Parameters
    ----------
    path
        Where; a file that is there is replaced.
    """
    start = datetime.datetime(2026, 5, 4, 14, 0, 3, tzinfo=datetime.timezone(datetime.timedelta(hours=2)))
    head = [
        "Name,A Person",
        f"Recorded Date,{start:%Y-%m-%d %H:%M:%S %z}",
        "Classification,Sinus Rhythm",
        "Sample Rate,500 hertz",
    ]
    values = [f"{value:.3f}" for value in np.tile(1000 * ECG, 2)]
    path.write_text("\n".join([*head, "", "Lead,Lead I", "Unit,µV", "", *values]) + "\n", encoding="utf-8")


FORMAT = FileFormat(
    name="Apple Watch ECG",
    files="`.csv` of the Health app's export",
    recognise=is_apple_ecg,
    read=read_apple_ecg,
    says="rate, unit, start with its time zone",
    ask="",
    left_out="name, date of birth, classification, symptoms",
    reference="what the Health app exports",
    is_text=True,
    examples=(Example("apple_ecg.csv", write_example, source="text as the Health app exports it"),),
)
