"""MATLAB files (.mat, versions 4 to 7): numeric arrays as columns, and what BIOPAC's export says beside them.

AcqKnowledge exports `data` (samples by channels) with `isi`, `isi_units`, `labels` and `units`. Any other file is a set of named
vectors and tables without a rate; HRVTool's intervals are one of these (`RR`, in s).
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np

from coregulation.errors import DataError, FileFaultError
from coregulation.io.formats.file_format import Example, FileFormat
from coregulation.io.formats.multirate import RecordedTrace, tracks_of_traces
from coregulation.io.formats.reader_libraries import reader_errors
from coregulation.io.tables.column_metadata import ColumnMetadata
from coregulation.io.tables.header_names import time_size
from coregulation.io.tables.table import Table
from coregulation.io.text import MAX_BYTES, read_bytes
from coregulation.signals import Floats

_HDF5 = b"\x89HDF"
_VERSION_73 = b"MATLAB 7.3"
_MAX_COLUMNS = 1000
_MAX_RATIO = 1100  # to which deflate can pack zeros: more was never in the file


def is_matlab(path: Path) -> bool:
    """Say whether a path has the name of a MATLAB file.

    Parameters
    ----------
    path
        Only its name is looked at.

    Returns
    -------
    bool
        True for names that end in .mat.
    """
    return path.suffix.lower() == ".mat"


def read_matlab(path: Path) -> Table:
    """Read every numeric array.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    Table
        For AcqKnowledge's export, one column for each channel with rate (Hz) and unit; else one column for each vector
        and for each column of a matrix, without a rate.

    Raises
    ------
    UsageError
        If there is no such file.
    DataError
        If it is damaged, of version 7.3, or holds no array of numbers.
    """
    content = read_bytes(path)
    if content.startswith((_HDF5, _VERSION_73)):
        raise DataError(
            "{path}: a MATLAB file of version 7.3 is not read. Save it with the option -v7, or export it as CSV.",
            path=str(path),
        )
    with reader_errors(path, "MATLAB"):
        from scipy.io import loadmat, whosmat

        sizes = [int(np.prod(shape, dtype=float)) * 8 for _, shape, _ in whosmat(io.BytesIO(content))]
        if sum(sizes) > min(MAX_BYTES, _MAX_RATIO * len(content)):
            raise FileFaultError("it announces more values than it holds")
        variables = loadmat(io.BytesIO(content), squeeze_me=False, chars_as_strings=True)
        traces = _of_biopac(variables) if {"data", "isi", "isi_units"} <= set(variables) else _of_arrays(variables)
    return tracks_of_traces(path, traces)


def _of_biopac(variables: dict[str, Any]) -> list[RecordedTrace]:
    data = np.atleast_2d(_numbers(variables["data"]))
    step = float(np.ravel(variables["isi"])[0]) * time_size(_words(variables["isi_units"])[0])
    labels, units = _words(variables.get("labels", [])), _words(variables.get("units", []))
    return [
        RecordedTrace(
            labels[n] if n < len(labels) else f"channel {n + 1}",
            data[:, n].copy(),
            ColumnMetadata(unit=units[n] if n < len(units) else "", rate=1 / step, start=0.0),
        )
        for n in range(data.shape[1])
    ]


def _of_arrays(variables: dict[str, Any]) -> list[RecordedTrace]:
    traces = []
    for name, value in variables.items():
        if (
            name.startswith("__")
            or not isinstance(value, np.ndarray)
            or value.dtype.kind not in "biuf"
            or value.ndim > 2
        ):
            continue
        numbers = np.atleast_2d(_numbers(value))
        table = numbers.T if numbers.shape[0] == 1 else numbers
        if table.shape[0] < 3 or table.shape[1] > _MAX_COLUMNS:
            continue
        wide = table.shape[1] > 1
        traces += [
            RecordedTrace(f"{name} {n}" if wide else name, table[:, n].copy(), ColumnMetadata())
            for n in range(table.shape[1])
        ]
    return traces


def _numbers(value: Any) -> Floats:
    return np.asarray(value, np.float64)


def _words(value: Any) -> list[str]:
    return [str(word).strip() for word in np.ravel(value)]


def write_example(path: Path) -> None:
    """Write what AcqKnowledge exports: an ECG and skin conductance at 500 Hz.

    Parameters
    ----------
    path
        Where; a file that is there is replaced.
    """
    from scipy.io import savemat

    n = np.arange(400)
    savemat(
        path,
        {
            "data": np.stack([np.sin(n / 9), 4 + 0.001 * n], axis=1),
            "isi": 2.0,
            "isi_units": "ms",
            "labels": np.array(["ECG", "EDA"]),
            "units": np.array(["mV", "uS"]),
        },
        do_compression=True,
    )


def write_vectors(path: Path) -> None:
    """Write two vectors without a rate.

    Parameters
    ----------
    path
        Where; a file that is there is replaced.
    """
    from scipy.io import savemat

    savemat(path, {"heart_rate": 60 + np.arange(60) % 7, "note": "x"})


FORMAT = FileFormat(
    name="MATLAB",
    files="`.mat`, versions 4 to 7",
    recognise=is_matlab,
    read=read_matlab,
    says="rate, labels and units where AcqKnowledge exported it; else the names of arrays",
    ask="which array is which, and rate or time where nothing says it",
    left_out="version 7.3, structures, cells, complex numbers",
    reference="MathWorks, MAT-File Format",
    examples=(
        Example(
            "biopac.mat",
            write_example,
            {"signal": "ecg", "column": "ECG"},
            source="scipy's writer, with the names that AcqKnowledge exports",
        ),
        Example("vectors.mat", write_vectors, {"signal": "heart_rate", "rate": 1}, source="scipy's writer"),
    ),
)
