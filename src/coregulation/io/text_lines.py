"""The lines of a text file, kept as blocks of text: a large file is never a list of all its lines."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import overload

from coregulation.errors import DataError
from coregulation.io.text import refuse_binary
from coregulation.io.unpacking import text_pieces, whole_lines

BLOCK = 1 << 18  # bytes that are taken apart at once
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_ZEROS = (0x0660, 0x06F0, 0x0966, 0xFF10)  # zeros of Arabic, Persian, Devanagari and full-width digits
_PLAIN: dict[int, str | None] = {
    **{zero + digit: str(digit) for zero in _ZEROS for digit in range(10)},
    0x066B: ".", 0xFF0E: ".", 0xFF0D: "-", 0x00AD: None, 0x200B: None, 0x200C: None, 0x200D: None, 0x2060: None, 0xFEFF: None,
}  # decimal signs and minus of those scripts, and what has no width  # fmt: skip
_PADDING = b"\0\x1a\r\n\t "  # what may follow the zeros or the end mark of DOS behind the last line
_HEAD = 8  # bytes that tell two bytes per character


class TextLines(Sequence[str]):
    """Lines without their line breaks, as a sequence that splits one block at a time.

    Parameters
    ----------
    blocks
        The text in pieces; lines are parted by a line feed, and a block ends where a line ends.
    starts
        Number of the first line of each block, from 0, and behind the last block the number of all lines; None counts.
    first, last
        Which lines of the blocks are meant, as a slice has it; None is all.
    """

    def __init__(
        self, blocks: list[str], starts: Sequence[int] | None = None, first: int = 0, last: int | None = None
    ) -> None:
        self._blocks = blocks
        self._starts = _starts_of(blocks) if starts is None else starts
        self._first = first
        self._last = self._starts[-1] if last is None else last
        self._open: tuple[int, list[str]] = (-1, [])  # the block that was split last

    def __len__(self) -> int:
        return self._last - self._first

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> TextLines: ...
    def __getitem__(self, index: int | slice) -> str | TextLines:
        """Return one line, or a part of the lines without copying any."""
        if isinstance(index, slice):
            first, last, step = index.indices(len(self))
            assert step == 1
            return TextLines(self._blocks, self._starts, self._first + first, self._first + max(first, last))
        number = range(self._first, self._last)[index]
        block = bisect.bisect_right(self._starts, number) - 1
        return self._split(block)[number - self._starts[block]]

    def __iter__(self) -> Iterator[str]:
        for lines in self.by_block():
            yield from lines

    def by_block(self) -> Iterator[list[str]]:
        """Yield the lines in lists, a block at a time."""
        return (lines for _, lines in self._numbered())

    def drain(self) -> Iterator[list[str]]:
        """Yield as `by_block`, and free each block, so that text and what is made of it are not in memory at once.

        The lines, and every part of them, cannot be read again.
        """
        for number, lines in self._numbered():
            self._blocks[number] = ""
            yield lines

    def with_joined(self, count: int) -> TextLines:
        """Return the lines with the first ones joined into one, as of a header whose words have line breaks; the old ones are gone."""
        if count == 1:
            return self
        lines = self._split(0)
        self._blocks[0] = "\n".join([" ".join(lines[:count]), *lines[count:]])
        return TextLines(self._blocks)[: len(self) - count + 1]

    def _numbered(self) -> Iterator[tuple[int, list[str]]]:
        for number in range(len(self._blocks)):
            begin, end = self._starts[number], self._starts[number + 1]
            if end > self._first and begin < self._last:
                yield number, self._split(number)[max(0, self._first - begin) : self._last - begin]

    def _split(self, number: int) -> list[str]:
        if self._open[0] != number:
            self._open = (number, self._blocks[number].split("\n"))
        return self._open[1]


def _starts_of(blocks: Sequence[str]) -> list[int]:
    starts = [0]
    for block in blocks:
        starts.append(starts[-1] + block.count("\n") + 1)
    return starts


@dataclass(frozen=True, slots=True, eq=False)
class TextFile:
    """A text file, and how it ends.

    Parameters
    ----------
    lines
        Without line breaks, whichever of the three kinds they are, and without blank ones at the end.
    is_open
        Whether its last line has no line break, as where a file was cut off.
    is_padded
        Whether zero bytes follow its text, as where a device lost its power.
    """

    lines: TextLines
    is_open: bool
    is_padded: bool = False


def read_text_file(path: Path) -> TextFile:
    """Read a text file as its lines, without blank ones at the end.

    Parameters
    ----------
    path
        The file, packed (gzip, bzip2, xz, a zip with one file) or not.

    Returns
    -------
    TextFile
        Its lines and how it ends.

    Raises
    ------
    UsageError
        If there is no such file.
    DataError
        If it is empty, damaged, or not text.
    """
    file = _decoded(path)
    lines = file.lines
    last = len(lines)
    while last > 1 and not lines[last - 1].strip():  # an empty cell at the end of the last row stays
        last -= 1
    if last == 1 and not lines[0].strip():
        raise DataError("{path}: the file is empty.", path=str(path))
    return replace(file, lines=lines[:last])


def read_lines(path: Path) -> list[str]:
    """Read a text file as a list of its lines, without blank ones at the end; of a large file, `TextLines` is leaner.

    Parameters
    ----------
    path
        The file, packed (gzip, bzip2, xz, a zip with one file) or not.

    Returns
    -------
    list of str
        Without line breaks, whichever of the three kinds they are.

    Raises
    ------
    UsageError
        If there is no such file.
    DataError
        If it is empty, damaged, or not text.
    """
    return list(read_text_file(path).lines)


def _decoded(path: Path) -> TextFile:
    """Decode UTF-8, UTF-16, UTF-32, or Windows-1252, whichever fits all of it; of other encodings the digits are right."""
    for encoding in ("utf-8", "cp1252", "latin-1"):
        try:
            return _of_pieces(text_pieces(path, BLOCK), encoding, path)
        except UnicodeDecodeError:
            continue
    return refuse_binary(path)


def _of_pieces(pieces: Iterator[bytes], encoding: str, path: Path) -> TextFile:
    blocks: list[str] = []
    ending = b"\n"
    for number, piece in enumerate(pieces):
        if number == 0:
            wide = _wide_encoding(piece)
            if wide is not None:
                return _of_pieces(_narrowed(piece, pieces, wide, path), "utf-8", path)
            piece = _without_mark(piece)
        text = piece.rstrip(b"\0\x1a")
        if text:
            ending = text[-1:]
            blocks.append(_unix_text(text, encoding, path))
        if len(text) < len(piece):
            return _padded(blocks, ending, piece[len(text) :], pieces, path)
    return TextFile(TextLines(blocks or [""]), ending not in b"\r\n")


def _without_mark(piece: bytes) -> bytes:
    while piece.startswith(b"\xef\xbb\xbf"):
        piece = piece[3:]
    return piece


def _padded(blocks: list[str], ending: bytes, padding: bytes, rest: Iterator[bytes], path: Path) -> TextFile:
    """Return a file whose text ends in padding; text after it is no text."""
    zeros = b"\0" in padding
    for piece in rest:
        if piece.strip(_PADDING):
            refuse_binary(path)
        zeros = zeros or b"\0" in piece
    return TextFile(TextLines(blocks or [""]), ending not in b"\r\n", zeros)


def _wide_encoding(head: bytes) -> str | None:
    """Return the encoding of a file of two bytes per character: by its mark, else by the zero in each pair of its first words."""
    if head.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return "utf-32"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    first = head[:_HEAD]
    if len(first) < _HEAD or first.count(b"\0") != _HEAD // 2:
        return None
    return {first[1::2]: "utf-16-le", first[::2]: "utf-16-be"}.get(bytes(_HEAD // 2))


def _narrowed(head: bytes, rest: Iterator[bytes], encoding: str, path: Path) -> Iterator[bytes]:
    try:
        text = b"".join([head, *rest]).decode(encoding).encode()
    except UnicodeError:
        refuse_binary(path)
    return whole_lines(text[begin : begin + BLOCK] for begin in range(0, len(text), BLOCK))


def _unix_text(piece: bytes, encoding: str, path: Path) -> str:
    if _CONTROL.search(piece):
        refuse_binary(path)
    text = str(piece, encoding)
    if "\r" in text:
        text = text.replace("\r\r\n", "\n").replace("\r\n", "\n").replace("\r", "\n")
    if not text.isascii():
        text = text.translate(_PLAIN)
    return text.removesuffix("\n")
