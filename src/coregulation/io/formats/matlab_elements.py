"""Elements of MATLAB's level 5 files: tag, size, bytes; every size is held to what the file has before anything is read.

scipy's reader is not used for these: it trusts the tags, and a damaged one ended the process instead of raising an error.
"""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from coregulation.errors import FileFaultError
from coregulation.io.text import MAX_BYTES
from coregulation.signals import Floats

_HEADER = 128  # bytes
_MATRIX, _COMPRESSED = 14, 15
_NUMBERS = {1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4", 7: "f4", 9: "f8", 12: "i8", 13: "u8"}
_TEXTS = {1: "latin-1", 2: "latin-1", 4: "utf-16", 16: "utf-8", 17: "utf-16", 18: "utf-32"}
_CHARACTERS, _NUMERIC = 4, range(6, 16)  # classes of arrays
_COMPLEX = 0x08
_LEVEL_4 = ("f8", "f4", "i4", "i2", "u2", "u1")
_FULL, _TEXT, _SPARSE = range(3)  # last digit of the kind of an array of level 4
_MOST_KIND = 5000  # above it, the bytes are in the other order


@dataclass(frozen=True, slots=True)
class Element:
    """One element.

    Parameters
    ----------
    kind
        Its type, as the file numbers them.
    content
        Its bytes.
    """

    kind: int
    content: bytes


def arrays_of_level_5(content: bytes) -> dict[str, Floats | list[str]]:
    """Return the arrays of real numbers, and the rows of the arrays of characters, by name.

    Parameters
    ----------
    content
        Of the file.

    Returns
    -------
    dict
        Numbers of shape (rows, columns), or a list of the rows' text. Structures, cells, objects, sparse and complex arrays, and
        arrays of three dimensions are left out.

    Raises
    ------
    FileFaultError
        If a size is not what the file has.

    References
    ----------
    MathWorks (2024), MAT-File Format, https://www.mathworks.com/help/pdf_doc/matlab/matfile_format.pdf
    """
    order = {b"IM": "<", b"MI": ">"}.get(content[126:128])
    if order is None:
        raise FileFaultError("its header names no order of bytes")
    arrays: dict[str, Floats | list[str]] = {}
    left = MAX_BYTES
    for element in _elements(content[_HEADER:], order):
        matrix = element
        if element.kind == _COMPRESSED:
            unpacked = _unpacked(element.content, left)
            left -= len(unpacked)
            matrix = next(_elements(unpacked, order), Element(0, b""))
        if matrix.kind != _MATRIX:
            raise FileFaultError("it has something other than arrays in it")
        named = _array(matrix.content, order)
        if named is not None:
            if named[0] in arrays:
                raise FileFaultError("it has two arrays of one name")
            arrays[named[0]] = named[1]
    return arrays


def _elements(content: bytes, order: str) -> Iterator[Element]:
    """Yield elements that lie one after the other; those of up to four bytes lie in their tag."""
    at = 0
    while at < len(content):
        if at + 8 > len(content):
            raise FileFaultError("it is cut off")
        kind, size = struct.unpack_from(f"{order}II", content, at)
        begin, small = at + 8, kind >> 16
        if small:
            kind, size, begin = kind & 0xFFFF, small, at + 4
        if size > (4 if small else len(content) - begin):
            raise FileFaultError("an element is longer than the file")
        yield Element(kind, content[begin : begin + size])
        at = begin + size if kind == _COMPRESSED else at + 8 + (0 if small else -(-size // 8) * 8)


def _unpacked(content: bytes, most: int) -> bytes:
    engine = zlib.decompressobj()
    out = engine.decompress(content, most)
    if not engine.eof:
        raise FileFaultError("a packed array is cut off, or larger than a recording of people")
    return out


def _array(content: bytes, order: str) -> tuple[str, Floats | list[str]] | None:
    """Return name and values of an array; None of a kind that is left out."""
    parts = _elements(content, order)
    flags, sizes, name = (next(parts, Element(0, b"")) for _ in range(3))
    if len(flags.content) != 8:
        raise FileFaultError("an array has no kind")
    (word,) = struct.unpack_from(f"{order}I", flags.content)
    kind, is_complex = word & 0xFF, word >> 8 & _COMPLEX
    if is_complex or (kind not in _NUMERIC and kind != _CHARACTERS):
        return None
    shape = _shape(sizes, order)
    title = name.content.decode("latin-1")
    if len(shape) > 2 or not title:
        return None
    values = next(parts, Element(0, b""))
    return title, (_rows(values, order, shape) if kind == _CHARACTERS else _numbers(values, order, shape))


def _shape(sizes: Element, order: str) -> tuple[int, ...]:
    if sizes.kind not in (5, 6) or len(sizes.content) < 8 or len(sizes.content) % 4:
        raise FileFaultError("an array has no size")
    return tuple(map(int, np.frombuffer(sizes.content, f"{order}u4")))


def _numbers(values: Element, order: str, shape: tuple[int, ...]) -> Floats:
    if values.kind not in _NUMBERS:
        raise FileFaultError("an array has values that are no numbers")
    kind = np.dtype(order + _NUMBERS[values.kind])
    if len(values.content) != math.prod(shape) * kind.itemsize:
        raise FileFaultError("an array has not as many values as its size says")
    _check_size(math.prod(shape))
    return _matrix(values.content, kind, shape)


def _rows(values: Element, order: str, shape: tuple[int, ...]) -> list[str]:
    encoding = _TEXTS.get(values.kind)
    if encoding is None:
        raise FileFaultError("an array of characters has none")
    wide = encoding.startswith("utf-") and encoding != "utf-8"
    codec = f"{encoding}-{'le' if order == '<' else 'be'}" if wide else encoding
    text = values.content.decode(codec, errors="replace")

    count, length = shape
    if len(text) != count * length:
        raise FileFaultError("an array has not as many characters as its size says")
    return [text[row::count] for row in range(count)] if text else []


def is_level_4(content: bytes) -> bool:
    """Say whether a MATLAB file is of level 4: those begin with a small number, and the others with text.

    Parameters
    ----------
    content
        Of the file.

    Returns
    -------
    bool
        True if so.
    """
    return 0 in content[:4]


def arrays_of_level_4(content: bytes) -> dict[str, Floats | list[str]]:
    """Return the arrays of real numbers, and the rows of the arrays of characters, by name.

    Parameters
    ----------
    content
        Of the file.

    Returns
    -------
    dict
        As `arrays_of_level_5` does.

    Raises
    ------
    FileFaultError
        If a size is not what the file has.

    References
    ----------
    MathWorks (2024), MAT-File Format, https://www.mathworks.com/help/pdf_doc/matlab/matfile_format.pdf
    """
    arrays: dict[str, Floats | list[str]] = {}
    at = 0
    while at < len(content):
        head = _head_of_level_4(content, at)
        begin, at = at + 20, at + 20 + head.name_length
        name = content[begin:at].rstrip(b"\0").decode("latin-1")
        size = head.rows * head.columns * head.type.itemsize
        values, at = content[at : at + size], at + size * (2 if head.is_complex else 1)
        if at > len(content):
            raise FileFaultError("it is cut off")
        if name in arrays:
            raise FileFaultError("it has two arrays of one name")
        if head.what == _FULL and not head.is_complex:
            _check_size(head.rows * head.columns)
            arrays[name] = _matrix(values, head.type, (head.rows, head.columns))
        elif head.what == _TEXT:
            codes = _matrix(values, head.type, (head.rows, head.columns))
            arrays[name] = [bytes(row.astype(np.uint8)).decode("latin-1") for row in codes]
    return arrays


@dataclass(frozen=True, slots=True)
class _Head:
    type: np.dtype[Any]
    what: int
    rows: int
    columns: int
    is_complex: bool
    name_length: int


def _head_of_level_4(content: bytes, at: int) -> _Head:
    if at + 20 > len(content):
        raise FileFaultError("it is cut off")
    order = "<" if struct.unpack_from("<I", content, at)[0] < _MOST_KIND else ">"
    kind, rows, columns, imaginary, length = struct.unpack_from(f"{order}5I", content, at)
    number, what = kind // 10, kind % 10
    machine = 1000 if order == ">" else 0
    if kind >= _MOST_KIND or number * 10 - machine not in range(0, 60, 10) or what > _SPARSE:
        raise FileFaultError("an array has no kind")
    return _Head(np.dtype(order + _LEVEL_4[number % 10]), what, rows, columns, bool(imaginary), length)


def _check_size(count: int) -> None:
    if 8 * count > MAX_BYTES:
        raise FileFaultError("an array has more values than a recording of people")


def _matrix(values: bytes, kind: np.dtype[Any], shape: tuple[int, ...]) -> Floats:
    return np.frombuffer(values, kind).astype(np.float64).reshape(shape, order="F")
