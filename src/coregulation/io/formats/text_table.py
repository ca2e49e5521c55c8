"""Tables of text with a separator, gzipped or not: what is read where a file is of no format of its own."""

from __future__ import annotations

from coregulation.io.examples import exports
from coregulation.io.formats.file_format import Example, FileFormat
from coregulation.io.tables.table_reading import read_table

_HEART = {"signal": "heart_rate"}

FORMAT = FileFormat(
    name="Text tables",
    files="`.csv`, `.tsv`, `.txt`, packed (gzip, bzip2, xz, zip) or not; so of Shimmer, HRV Logger, Elite HRV",
    recognise=lambda path: not path.is_dir(),
    read=read_table,
    says="the names of columns, units in brackets (`eda [µS]`)",
    ask="signal, and rate or time column; units and separators that are not certain",
    left_out="lines before a header that nobody said to skip",
    reference="RFC 4180, doi:10.17487/RFC4180, and what programs really write",
    examples=(
        Example("pair.csv", exports.table, _HEART, source="text written from RFC 4180 with the separator `;`"),
        Example("pair.csv.gz", exports.packed_table, _HEART, source="the same, packed by Python's gzip"),
        Example(
            "ada_rr.txt",
            exports.intervals,
            {"signal": "rr", "unit": "ms"},
            source="text as Elite HRV and Kubios export intervals: one per line",
        ),
        Example("shimmer.csv", exports.shimmer, {"signal": "eda"}, source="text as Shimmer's Consensys exports it"),
        Example(
            "hrv_logger.csv",
            exports.hrv_logger,
            {"signal": "rr", "unit": "ms"},
            source="text as the HRV Logger app exports it",
        ),
    ),
    is_table=True,
)
