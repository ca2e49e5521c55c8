"""HDF5, NetCDF and MATLAB 7.3: named arrays in folders, with attributes; HDF5 is read with pyfive, NetCDF 3 with scipy.

An array of one dimension is a column, one of two is a column for each of its own. What is read of attributes: units; a rate
(`sampling_rate` and its like, in Hz) of the array or of a folder that it is in; and by the CF conventions of NetCDF the packing
(`scale_factor`, `add_offset`, `_FillValue`) and a time of "seconds since 2026-05-04". Without a rate and a time, both are asked for.
"""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from coregulation.errors import DataError, FileFaultError
from coregulation.io.formats.file_format import Example, FileFormat
from coregulation.io.formats.multirate import RecordedTrace, tracks_of_traces
from coregulation.io.formats.reader_libraries import import_reader, reader_errors
from coregulation.io.tables.cell_parsing import moment_of
from coregulation.io.tables.column_metadata import ColumnMetadata
from coregulation.io.tables.header_names import time_size
from coregulation.io.tables.table import Table
from coregulation.io.text import MAX_BYTES, read_bytes
from coregulation.signals import Floats

HDF5 = b"\x89HDF\r\n\x1a\n"
_CLASSIC = (b"CDF\x01", b"CDF\x02")
_RATES = (
    "sampling_rate",
    "sample_rate",
    "sampling_frequency",
    "samplingrate",
    "samplerate",
    "samplingfrequency",
    "fs",
    "rate_hz",
)
_SINCE = re.compile(r"(\w+)\s+since\s+(.+)")
_MAX_COLUMNS = 1000
_DEEPEST = 8  # folders in folders


@dataclass(frozen=True, slots=True, eq=False)
class NamedArray:
    """An array of a file.

    Parameters
    ----------
    name
        With the folders that it is in.
    values
        Shape (rows, columns).
    attributes
        By name in small letters; those of its folders where it has none of that name.
    """

    name: str
    values: Floats
    attributes: Mapping[str, Any]

    @property
    def folder(self) -> str:
        """The folder that it is in; "" at the top."""
        return self.name.rpartition("/")[0]


def is_hierarchical(path: Path) -> bool:
    """Say whether a path has the name of an HDF5 or a NetCDF file.

    Parameters
    ----------
    path
        Only its name is looked at.

    Returns
    -------
    bool
        True for names that end in .h5, .hdf5, .hdf or .nc.
    """
    return path.suffix.lower() in (".h5", ".hdf5", ".hdf", ".nc")


def read_hierarchical(path: Path) -> Table:
    """Read every array of numbers.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    Table
        One column for each column of an array, with unit, rate (Hz) or times (s) and start where attributes say them.

    Raises
    ------
    UsageError
        If there is no such file, or pyfive is not installed.
    DataError
        If it is damaged, holds no array of numbers, or an attribute contradicts another.
    """
    content = read_bytes(path)
    if content.startswith(_CLASSIC):
        arrays = _of_classic(path, content)
    elif HDF5 in content[:4096]:
        arrays = arrays_of_hdf5(path, content)
    else:
        raise DataError("{path}: it is neither an HDF5 nor a NetCDF file.", path=str(path))
    return tracks_of_traces(path, [trace for array in arrays for trace in _traces(path, array, arrays)])


def arrays_of_hdf5(path: Path, content: bytes, *, matlab: bool = False) -> list[NamedArray]:
    """Read the arrays of an HDF5 file.

    Parameters
    ----------
    path
        The file, for errors.
    content
        What it holds.
    matlab
        Whether arrays are turned, as MATLAB writes them.

    Returns
    -------
    list of NamedArray
        Those of numbers with one or two dimensions.

    Raises
    ------
    UsageError
        If pyfive is not installed.
    DataError
        If it is damaged.
    """
    pyfive = import_reader("pyfive", "HDF5")
    with reader_errors(path, "HDF5", pyfive.core.InvalidHDF5File):
        left = [min(MAX_BYTES, _ROOM * len(content))]
        try:
            return list(_walked(pyfive, pyfive.File(io.BytesIO(content)), "", {}, left, matlab))
        except (AssertionError, NotImplementedError) as error:
            raise FileFaultError(
                "or it uses a part of HDF5 that is not read; write it with libver='earliest', or convert it with h5repack "
                "--low=0 --high=0"
            ) from error


_ROOM = 1100  # to which deflate can pack zeros: more was never in the file


def _walked(
    pyfive: Any, group: Any, place: str, above: Mapping[str, Any], left: list[int], matlab: bool
) -> Iterator[NamedArray]:
    if place.count("/") > _DEEPEST:
        raise FileFaultError("its folders are too deep")
    own = {**above, **_attributes(group)}
    for key in group:
        if key.startswith("#"):  # what MATLAB refers to from cells
            continue
        name = f"{place}/{key}" if place else str(key)
        item = group[key]
        if isinstance(item, pyfive.Dataset):
            yield from _array(name, item, own, left, matlab)
        else:
            yield from _walked(pyfive, item, name, own, left, matlab)


def _array(name: str, item: Any, above: Mapping[str, Any], left: list[int], matlab: bool) -> Iterator[NamedArray]:
    own = _attributes(item)
    kind = np.dtype(item.dtype).kind if isinstance(item.dtype, np.dtype) else "O"
    if kind not in "biuf" or not 1 <= len(item.shape) <= 2 or own.get("matlab_class") == "char":
        return
    left[0] -= int(np.prod(item.shape, dtype=float)) * 8
    if left[0] < 0:
        raise FileFaultError("it announces more values than it holds")
    values = np.asarray(item[...], np.float64)
    table = values[:, None] if values.ndim == 1 else values.T if matlab else values
    yield NamedArray(name, table.T if table.shape[0] == 1 else table, {**above, **own})


def _attributes(item: Any) -> dict[str, Any]:
    return {str(key).lower(): _plain(value) for key, value in dict(item.attrs).items()}


def _plain(value: Any) -> Any:
    """Return an attribute as text, or as a number where it is one alone; anything else as it is."""
    array = np.asarray(value)
    single = array.ravel()[0] if array.size == 1 else value
    if isinstance(single, bytes):
        return single.decode("utf-8", errors="replace").strip("\0 ")
    return single.item() if isinstance(single, np.generic) else single


def _of_classic(path: Path, content: bytes) -> list[NamedArray]:
    with reader_errors(path, "NetCDF"):
        from scipy.io import netcdf_file

        with netcdf_file(io.BytesIO(content), "r", mmap=False) as file:
            shared = {key.lower(): _plain(value) for key, value in file._attributes.items()}
            return [
                NamedArray(
                    name,
                    np.asarray(variable.data, np.float64).reshape(len(variable.data), -1),
                    {**shared, **{key.lower(): _plain(value) for key, value in variable._attributes.items()}},
                )
                for name, variable in file.variables.items()
                if variable.data.dtype.kind in "biuf" and 1 <= variable.data.ndim <= 2 and len(variable.data)
            ]


def _traces(path: Path, array: NamedArray, arrays: list[NamedArray]) -> Iterator[RecordedTrace]:
    if array.values.shape[0] < 3 or array.values.shape[1] > _MAX_COLUMNS or _since(path, array) is not None:
        return
    values = _unpacked(array)
    time = next((item for item in arrays if _is_time_of(path, item, array)), None)
    rate = _rate(path, array)
    times, start = (None, None) if time is None else _times(path, time)
    if times is not None and rate is not None:
        _check_rate(path, array.name, rate, times)
    metadata = ColumnMetadata(
        None,
        str(array.attributes.get("units", array.attributes.get("unit", ""))),
        None if times is not None else rate,
        start,
        times,
    )
    wide = values.shape[1] > 1
    for number, column in enumerate(values.T):
        yield RecordedTrace(f"{array.name} {number}" if wide else array.name, column.copy(), metadata)


def _unpacked(array: NamedArray) -> Floats:
    """Return values as the CF conventions pack them."""
    values = array.values.copy()
    for key in ("_fillvalue", "missing_value"):
        if isinstance(array.attributes.get(key), int | float):
            values[array.values == float(array.attributes[key])] = np.nan
    scale, offset = (array.attributes.get(key, usual) for key, usual in (("scale_factor", 1.0), ("add_offset", 0.0)))
    return values * float(scale) + float(offset)


def _rate(path: Path, array: NamedArray) -> float | None:
    rates = {float(value) for key in _RATES if isinstance(value := array.attributes.get(key), int | float)}
    if len(rates) > 1 or any(not value > 0 for value in rates):
        raise DataError(
            "{path}: attributes of {name} say rates of {rates:and} Hz, where one above 0 was expected.",
            path=str(path),
            name=array.name,
            rates=tuple(f"{value:g}" for value in sorted(rates)),
        )
    return rates.pop() if rates else None


def _since(path: Path, array: NamedArray) -> tuple[float, datetime.datetime] | None:
    """Return the size in s and the zero of an array of times such as "seconds since 2026-05-04 14:00"; UTC where it says no zone."""
    match = _SINCE.fullmatch(str(array.attributes.get("units", "")).strip())
    if match is None:
        return None
    zero = moment_of(match[2].removesuffix(" UTC").removesuffix("Z").strip())
    if zero is None:
        raise DataError(
            "{path}: {name} counts since {text!r}, which is no date.",
            path=str(path),
            name=array.name,
            text=match[2][:40],
        )
    return time_size(match[1]), zero if zero.tzinfo else zero.replace(tzinfo=datetime.UTC)


def _is_time_of(path: Path, time: NamedArray, array: NamedArray) -> bool:
    return time.folder == array.folder and len(time.values) == len(array.values) and _since(path, time) is not None


def _times(path: Path, time: NamedArray) -> tuple[Floats, datetime.datetime]:
    since = _since(path, time)
    assert since is not None
    size, zero = since
    counted = size * _unpacked(time)[:, 0]
    first = float(counted[0]) if np.isfinite(counted[0]) else 0.0
    try:
        start = zero + datetime.timedelta(seconds=first)
        start.timestamp()
    except (OverflowError, ValueError, OSError) as error:
        raise DataError(
            "{path}: {name} begins {first:g} s after its zero, which is no date.",
            path=str(path),
            name=time.name,
            first=first,
        ) from error
    return counted - first, start


def _check_rate(path: Path, name: str, rate: float, times: Floats) -> None:
    step = float(np.median(np.diff(times)))
    if not 0.9 < rate * step < 1.1:
        raise DataError(
            "{path}: an attribute of {name} says {rate:g} Hz, and its times say {other:g} Hz. Correct one of the two.",
            path=str(path),
            name=name,
            rate=rate,
            other=1 / step if step else 0.0,
        )


def write_classic(path: Path) -> None:
    """Write a packed heart rate with its times as NetCDF 3.

    Parameters
    ----------
    path
        Where; a file that is there is replaced.
    """
    from scipy.io import netcdf_file

    with netcdf_file(path, "w") as file:
        file.createDimension("time", 60)
        time = file.createVariable("time", "f8", ("time",))
        time[:], time.units = np.arange(60.0), "seconds since 2026-05-04 14:00:00"
        rate = file.createVariable("heart_rate", "i2", ("time",))
        rate[:], rate.units = 100 + 10 * (np.arange(60) % 7), "1/min"
        rate.scale_factor, rate.add_offset, rate._FillValue = 0.1, 50.0, np.int16(110)


def write_arrays(path: Path) -> None:
    """Write an ECG with its rate in a folder, packed, and skin conductance of half the rate.

    Parameters
    ----------
    path
        Where; a file that is there is replaced.
    """
    import h5py

    n = np.arange(400)
    with h5py.File(path, "w") as file:
        file.attrs["sampling_rate"] = 250.0
        ecg = file.create_dataset("ada/ecg", data=np.sin(n / 9), compression="gzip", shuffle=True, chunks=(100,))
        ecg.attrs["units"] = "mV"
        skin = file.create_dataset("ada/skin", data=4 + 0.001 * n[:200])
        skin.attrs["unit"], skin.attrs["sampling_rate"] = "uS", 125.0
        file["about"] = "nobody"


FORMAT = FileFormat(
    name="HDF5, NetCDF",
    files="`.h5`, `.hdf5`, `.nc`",
    recognise=is_hierarchical,
    read=read_hierarchical,
    says="names of arrays; attributes `units`, `sampling_rate`; times, scale and missing values of the CF conventions",
    ask="which array is which, and rate or time where nothing says it",
    left_out="arrays of three dimensions, text, compound types",
    reference="The HDF Group, HDF5 File Format; Unidata, NetCDF; CF conventions 1.11",
    examples=(
        Example("arrays.h5", write_arrays, {"signal": "ecg", "column": "ada/ecg"}, source="h5py's writer"),
        Example(
            "classic.nc",
            write_classic,
            {"signal": "heart_rate", "column": "heart_rate"},
            source="scipy's writer of NetCDF 3",
        ),
    ),
    library="pyfive",
)
