"""The chunks of an XDF file, walked before anything trusts their lengths.

XDF 1.0 specification (sccn/xdf wiki): "XDF:", then chunks of length, tag and content; a chunk of samples begins with the
number of its stream and how many samples follow. A reader that believes a damaged count allocates memory for it.
"""

from __future__ import annotations

import re
import struct
import xml.etree.ElementTree as ET

from coregulation.errors import DataError

_HEADER, _SAMPLES, _FOOTER = 2, 3, 6
_SIZES = {"int8": 1, "int16": 2, "int32": 4, "int64": 8, "float32": 4, "double64": 8, "string": 1}
_COUNT = re.compile(rb"<channel_count>\s*(\d{1,6})\s*</channel_count>")
_FORMAT = re.compile(rb"<channel_format>\s*(\w+)\s*</channel_format>")


def check_chunks(content: bytes, origin: str) -> None:
    """Check that each chunk lies in the file and holds as many samples as it says.

    Parameters
    ----------
    content
        The whole file, unpacked.
    origin
        The file as the caller named it, for the error.

    Raises
    ------
    DataError
        If it is no XDF file, is cut off or damaged, or the footer of a stream is broken.
    """
    if not content.startswith(b"XDF:"):
        raise DataError("{origin}: it is not an XDF file (it does not begin with XDF:).", origin=origin)
    try:
        _walk(content)
    except ET.ParseError as error:
        raise DataError(
            "{origin}: the XDF file is damaged: the footer of a stream is broken ({problem}). Record again, "
            "or repair it with the recorder's own tool.",
            origin=origin,
            problem=error,
        ) from error
    except (struct.error, LookupError, ValueError) as error:
        raise DataError(
            "{origin}: the XDF file is cut off or damaged: a chunk does not hold what it announces. If the "
            "recorder crashed, its end is missing; repair it with the recorder's own tool.",
            origin=origin,
        ) from error


def _walk(content: bytes) -> None:
    at, sizes = 4, dict[int, int]()
    while at < len(content):
        length, at = _integer(content, at)
        end = at + length
        if end > len(content) or length < 2:
            raise ValueError
        (tag,) = struct.unpack_from("<H", content, at)
        if tag in (_HEADER, _SAMPLES):
            (stream,) = struct.unpack_from("<I", content, at + 2)
        if tag == _HEADER:
            sizes[stream] = _sample_size(content[at + 6 : end])
        elif tag == _SAMPLES:
            count, first = _integer(content, at + 6)
            if count * (1 + sizes[stream]) > end - first:
                raise ValueError
        elif tag == _FOOTER:
            ET.fromstring(content[at + 6 : end])
        at = end


def _integer(content: bytes, at: int) -> tuple[int, int]:
    """Read a length in 1, 4 or 8 bytes and where it ends."""
    size = content[at]
    form = {1: "<B", 4: "<I", 8: "<Q"}[size]
    return struct.unpack_from(form, content, at + 1)[0], at + 1 + size


def _sample_size(header: bytes) -> int:
    """Return the least bytes of one sample of a stream."""
    count, form = _COUNT.search(header), _FORMAT.search(header)
    if count is None or form is None or not int(count[1]):
        raise ValueError
    return int(count[1]) * _SIZES[form[1].decode()]
