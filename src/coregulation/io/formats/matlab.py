"""MATLAB files (.mat, versions 4 to 7.3): numeric arrays as columns, and what BIOPAC's export says beside them.

AcqKnowledge exports `data` (samples by channels) with `isi`, `isi_units`, `labels` and `units`. Any other file is a set of named
vectors and tables without a rate; HRVTool's intervals are one of these (`RR`, in s).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from coregulation.errors import DataError
from coregulation.io.formats.file_format import Example, FileFormat
from coregulation.io.formats.hierarchical import arrays_of_hdf5
from coregulation.io.formats.matlab_elements import arrays_of_level_4, arrays_of_level_5, is_level_4
from coregulation.io.formats.multirate import RecordedTrace, tracks_of_traces
from coregulation.io.formats.reader_libraries import reader_errors
from coregulation.io.tables.column_metadata import ColumnMetadata
from coregulation.io.tables.header_names import time_size
from coregulation.io.tables.table import Table
from coregulation.io.text import read_bytes
from coregulation.signals import Floats

_HDF5 = b"\x89HDF"
_VERSION_73 = b"MATLAB 7.3"
_MAX_COLUMNS = 1000


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
        If it is damaged or holds no array of numbers.
    """
    content = read_bytes(path)
    if content.startswith((_HDF5, _VERSION_73)) or content[512:].startswith(_HDF5):
        return tracks_of_traces(path, _of_version_73(path, content))
    with reader_errors(path, "MATLAB"):
        variables = arrays_of_level_4(content) if is_level_4(content) else arrays_of_level_5(content)
        traces = _of_biopac(variables) if {"data", "isi", "isi_units"} <= set(variables) else _of_arrays(variables)
    return tracks_of_traces(path, traces)


def _of_version_73(path: Path, content: bytes) -> list[RecordedTrace]:
    arrays = {array.name: array.values for array in arrays_of_hdf5(path, content, matlab=True)}
    if {"data", "isi"} <= set(arrays):
        raise DataError(
            "{path}: an export of AcqKnowledge as MATLAB 7.3 is not read. Save it with the option -v7, or export it as CSV.",
            path=str(path),
        )
    return _of_arrays(arrays)


def _of_biopac(variables: Mapping[str, Floats | list[str]]) -> list[RecordedTrace]:
    data, step = (np.asarray(variables[name], np.float64) for name in ("data", "isi"))
    labels, units, size = (_words(variables.get(name, [])) for name in ("labels", "units", "isi_units"))
    return [
        RecordedTrace(
            labels[n] if n < len(labels) else f"channel {n + 1}",
            data[:, n].copy(),
            ColumnMetadata(
                unit=units[n] if n < len(units) else "", rate=1 / (float(step.flat[0]) * time_size(size[0])), start=0.0
            ),
        )
        for n in range(data.shape[1])
    ]


def _of_arrays(variables: Mapping[str, Floats | list[str]]) -> list[RecordedTrace]:
    traces = []
    for name, numbers in variables.items():
        if isinstance(numbers, list):
            continue
        table = numbers.T if numbers.shape[0] == 1 else numbers
        if table.shape[0] < 3 or table.shape[1] > _MAX_COLUMNS:
            continue
        wide = table.shape[1] > 1
        traces += [
            RecordedTrace(f"{name} {n}" if wide else name, table[:, n].copy(), ColumnMetadata())
            for n in range(table.shape[1])
        ]
    return traces


def _words(value: Floats | list[str]) -> list[str]:
    return [str(word).strip() for word in value]


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
    files="`.mat`, versions 4 to 7.3",
    recognise=is_matlab,
    read=read_matlab,
    says="rate, labels and units where AcqKnowledge exported it; else the names of arrays",
    ask="which array is which, and rate or time where nothing says it",
    left_out="structures, cells, complex numbers",
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
