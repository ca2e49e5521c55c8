"""The export of Apple's Health app: heart rates, heartbeat series and ECGs, out of the zip or its `export.xml`.

The XML may have gigabytes, so it is parsed as a stream and only what is asked for is kept. Entities, which the app never writes, are
refused. Who wore the watch, and everything else in the export, is not read. A heartbeat series has times of day alone; its
record says the date and the zone, and a series that does not lie inside its record is left out and reported.
"""

from __future__ import annotations

import datetime
import itertools
import re
import zipfile
import zlib
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO
from xml.parsers import expat

import numpy as np

from coregulation.errors import DataError, FileFaultError
from coregulation.io.examples import health
from coregulation.io.formats.apple_ecg import trace_of_ecg
from coregulation.io.formats.file_format import Example, FileFormat
from coregulation.io.formats.multirate import RecordedTrace, tracks_of_traces
from coregulation.io.remarks import Note, ReadingRemark, note
from coregulation.io.tables.cell_parsing import moment_of
from coregulation.io.tables.column_metadata import ColumnMetadata
from coregulation.io.tables.table import Table
from coregulation.io.text import decode_text, missing_file, read_beginning
from coregulation.io.unpacking import check_directory

_MOST_BYTES = 4 << 30  # of the XML, unpacked; ten years of a watch have about 2 GB
_MOST_RATIO = 200  # to which its zip may have packed it; a real export is packed about 30 to 1
_MOST_VALUES = 20_000_000  # heart rates and beats together
_MOST_ECGS = 1000
_PIECE = 1 << 16  # bytes of XML at a time
_SLACK = 2.0  # s by which a series may reach beyond its record, whose ends are whole seconds
_RATE = "HKQuantityTypeIdentifierHeartRate"
_SERIES = "HKQuantityTypeIdentifierHeartRateVariabilitySDNN"
_BEAT = "InstantaneousBeatsPerMinute"
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})[:.](\d{2})(?:[.,](\d{1,6}))?(?:\s*([AaPp])\.?\s?[Mm]\.?)?")
_ZIP_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError, ValueError, NotImplementedError)


@dataclass(slots=True)
class _Health:
    """What was read so far: heart rates by source (times, 1/min), beats, and series that were left out."""

    rates: dict[str, tuple[array[float], array[float]]] = field(default_factory=dict)
    beats: array[float] = field(default_factory=lambda: array("d"))
    values: int = 0
    left_out: int = 0
    begin: datetime.datetime | None = None  # of the record that is open, if it is one with a series
    end: datetime.datetime | None = None
    series: list[str] = field(default_factory=list)

    def count(self) -> None:
        self.values += 1
        if self.values > _MOST_VALUES:
            raise FileFaultError("it holds more than 20 million values; export a shorter time")


def is_apple_health(path: Path) -> bool:
    """Say whether a file is an export of the Health app.

    Parameters
    ----------
    path
        Of a zip, the names in it; of an .xml, its beginning.

    Returns
    -------
    bool
        True for a zip with an XML in a folder "apple_health_export", and for an .xml that begins as health data.
    """
    if path.suffix.lower() == ".xml":
        return "HealthData" in read_beginning(path)
    if path.suffix.lower() != ".zip" or not path.is_file():
        return False
    try:
        with zipfile.ZipFile(path) as packed:
            return bool(_exports(packed))
    except _ZIP_FAULTS:
        return False


def read_apple_health(path: Path) -> Table:
    """Read heart rates, heartbeat series and ECGs.

    Parameters
    ----------
    path
        The zip, or the XML in it.

    Returns
    -------
    Table
        Heart rates (1/min) by device and beats (s), with times since 1970; one column for each ECG, with rate (Hz), unit and
        start.

    Raises
    ------
    UsageError
        If there is no such file.
    DataError
        If it is damaged or larger than any export, holds entities, or two exports are in one zip.
    """
    if not path.is_file():
        raise missing_file(path)
    if path.suffix.lower() == ".xml":
        with path.open("rb") as file, _faults(path):
            export, ecgs = _of_xml(file), list[RecordedTrace]()
    else:
        export, ecgs = _of_zip(path)
    remarks: tuple[Note, ...] = (
        (note(ReadingRemark.PART_LEFT_OUT, export.left_out, part="heartbeat series"),) if export.left_out else ()
    )
    return tracks_of_traces(path, [*_traces(export), *ecgs], remarks=remarks)


def _exports(packed: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Return the exports in a zip; the app names them by the language of the phone."""
    return [
        item
        for item in packed.infolist()
        if PurePosixPath(item.filename).suffix.lower() == ".xml"
        and "apple_health_export" in PurePosixPath(item.filename).parts
        and "__MACOSX" not in item.filename
        and not PurePosixPath(item.filename).stem.lower().endswith("_cda")
    ]


def _of_zip(path: Path) -> tuple[_Health, list[RecordedTrace]]:
    with _faults(path), zipfile.ZipFile(path) as packed:
        check_directory(packed)
        exports = _exports(packed)
        if len(exports) > 1:
            raise DataError(
                "{path}: it holds {count:n export|exports} of the Health app. Unpack it and give each person's own.",
                path=str(path),
                count=len(exports),
            )
        if exports[0].file_size > _MOST_RATIO * max(exports[0].compress_size, 1):
            raise FileFaultError("it is packed more densely than an export can be")
        with packed.open(exports[0]) as file:
            export = _of_xml(file)
        return export, [_ecg(path, packed, item) for item in _ecg_files(packed)]


def _ecg_files(packed: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    files = [
        item
        for item in packed.infolist()
        if PurePosixPath(item.filename).parent.name == "electrocardiograms"
        and item.filename.lower().endswith(".csv")
        and "__MACOSX" not in item.filename
    ]
    if len(files) > _MOST_ECGS or sum(item.file_size for item in files) > _MOST_BYTES >> 4:
        raise FileFaultError("it holds more ECGs than a watch keeps")
    return sorted(files, key=lambda item: item.filename)


def _ecg(path: Path, packed: zipfile.ZipFile, item: zipfile.ZipInfo) -> RecordedTrace:
    stem = PurePosixPath(item.filename).stem
    with packed.open(item) as file:
        text = decode_text(file.read(_MOST_BYTES >> 4), path)
    return trace_of_ecg(f"{path}: {stem}", text.splitlines(), stem)


@contextmanager
def _faults(path: Path) -> Iterator[None]:
    try:
        yield
    except FileFaultError as error:
        raise _damaged(path, error) from error
    except DataError:
        raise
    except (expat.ExpatError, LookupError, *_ZIP_FAULTS) as error:  # LookupError: an encoding that is none
        raise _damaged(path, str(error)) from error


def _damaged(path: Path, problem: object) -> DataError:
    return DataError(
        "{path}: the export of the Health app is damaged, cut off, or not one: {problem}. Export it again.",
        path=str(path),
        problem=problem,
    )


def _of_xml(file: IO[bytes]) -> _Health:
    """Parse the XML in pieces."""
    export = _Health()
    parser = expat.ParserCreate()
    parser.EntityDeclHandler = _refuse_entity
    parser.ExternalEntityRefHandler = _refuse_entity
    parser.StartElementHandler = lambda name, attributes: _begin(export, name, attributes)
    parser.EndElementHandler = lambda name: _end(export, name)
    size = 0
    while piece := file.read(_PIECE):
        size += len(piece)
        if size > _MOST_BYTES:
            raise FileFaultError("it unpacks to more than 4 GiB; export a shorter time")
        parser.Parse(piece, False)
    parser.Parse(b"", True)
    return export


def _refuse_entity(*_: object) -> int:
    raise FileFaultError("it declares entities, which the app never writes")


def _begin(export: _Health, name: str, attributes: dict[str, str]) -> None:
    if name == "Record" and attributes.get("type") == _RATE:
        _add_rate(export, attributes)
    elif name == "Record" and attributes.get("type") == _SERIES:
        export.begin, export.end = _moment(attributes.get("startDate")), _moment(attributes.get("endDate"))
        export.series = []
    elif name == _BEAT:
        export.count()
        export.series.append(attributes.get("time", ""))


def _end(export: _Health, name: str) -> None:
    if name == "Record" and export.series:
        times = _series(export)
        if times is None:
            export.left_out += 1
        else:
            export.beats.extend(times)
        export.series, export.begin, export.end = [], None, None


def _moment(text: str | None) -> datetime.datetime | None:
    moment = moment_of(text or "")
    return moment if moment is not None and moment.tzinfo is not None else None


def _add_rate(export: _Health, attributes: dict[str, str]) -> None:
    moment, unit = _moment(attributes.get("startDate")), attributes.get("unit")
    if unit != "count/min":
        raise FileFaultError("a heart rate is in {unit!r}, where count/min was expected", unit=str(unit)[:20])
    try:
        value = float(attributes.get("value", ""))
    except ValueError:
        value = np.nan
    if moment is None or not np.isfinite(value):
        export.left_out += 1
        return
    export.count()
    times, values = export.rates.setdefault(attributes.get("sourceName", ""), (array("d"), array("d")))
    times.append(moment.timestamp())
    values.append(value)


def _series(export: _Health) -> list[float] | None:
    """Return the beats of a series in s since 1970; None where they do not lie inside their record."""
    if export.begin is None or export.end is None:
        return None
    midnight = export.begin.replace(hour=0, minute=0, second=0, microsecond=0)
    clocks = [_seconds_of_day(text) for text in export.series]
    if None in clocks:
        return None
    first = export.begin.timestamp() - midnight.timestamp()
    times = [
        midnight.timestamp() + second + (86_400 if second < first - 43_200 else 0)
        for second in clocks
        if second is not None
    ]
    inside = export.begin.timestamp() - _SLACK <= min(times) and max(times) <= export.end.timestamp() + _SLACK
    return times if inside and all(b > a for a, b in itertools.pairwise(times)) else None


def _seconds_of_day(text: str) -> float | None:
    match = _CLOCK.fullmatch(text.strip().replace("\u202f", " "))
    if match is None:
        return None
    hour, minute, second = int(match[1]), int(match[2]), int(match[3])
    if match[5]:
        hour = hour % 12 + 12 * (match[5].lower() == "p")
    return 3600.0 * hour + 60 * minute + second + float(f"0.{match[4] or 0}")


def _traces(export: _Health) -> Iterator[RecordedTrace]:
    for number, (times, values) in enumerate(export.rates.values(), 1):
        order = np.argsort(np.array(times), kind="stable")
        metadata = ColumnMetadata("heart_rate", "1/min", times=np.array(times)[order])
        yield RecordedTrace("heart_rate" if number == 1 else f"heart_rate {number}", np.array(values)[order], metadata)
    if export.beats:
        beats = np.unique(np.array(export.beats))
        yield RecordedTrace(
            "beats",
            beats - beats[0],
            ColumnMetadata("beats", "s", start=datetime.datetime.fromtimestamp(beats[0], datetime.UTC)),
        )


FORMAT = FileFormat(
    name="Apple Health",
    files="the zip of the Health app's export, or its `export.xml`",
    recognise=is_apple_health,
    read=read_apple_health,
    says="heart rate by device, heartbeat series as beats, ECGs; times with their zone",
    ask="which device and which ECG, where there are several",
    left_out="everything else, names among it",
    reference="what the Health app exports",
    examples=(
        Example(
            "apple_health.zip",
            health.export,
            {"signal": "heart_rate"},
            source="XML and text as the Health app exports them",
        ),
        Example("export.xml", health.export_xml, {"signal": "heart_rate"}, source="XML as the Health app exports it"),
    ),
)
