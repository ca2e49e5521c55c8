"""The lines of a text file, kept as blocks of text: a large file is never a list of all its lines."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import overload

from coregulation.io.text import read_bytes, refuse_binary

BLOCK = 1 << 18  # bytes that are taken apart at once
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f]")


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


def read_text_lines(path: Path) -> TextLines:
    """Read a text file as its lines, without blank ones at the end.

    Parameters
    ----------
    path
        The file, gzipped or not.

    Returns
    -------
    TextLines
        Without line breaks, whichever of the three kinds they are.

    Raises
    ------
    UsageError
        If there is no such file.
    DataError
        If it is empty, damaged, or not text.
    """
    lines = TextLines(_text_blocks(read_bytes(path), path))
    last = len(lines)
    while last > 1 and not lines[last - 1].strip():  # an empty cell at the end of the last row stays
        last -= 1
    return lines[:last]


def read_lines(path: Path) -> list[str]:
    """Read a text file as a list of its lines, without blank ones at the end; of a large file, `TextLines` is leaner.

    Parameters
    ----------
    path
        The file, gzipped or not.

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
    return list(read_text_lines(path))


def _text_blocks(content: bytes, path: Path) -> list[str]:
    """Decode UTF-8, UTF-16 with its byte-order mark, or Windows-1252, whichever fits all of it."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        content = _from_utf_16(content, path)
    content = content.removeprefix(b"\xef\xbb\xbf")
    for encoding in ("utf-8", "cp1252"):
        try:
            return [_unix_text(piece, encoding, path) for piece in _pieces(content)]
        except UnicodeDecodeError:
            continue
    return refuse_binary(path)


def _from_utf_16(content: bytes, path: Path) -> bytes:
    try:
        return content.decode("utf-16").encode()
    except UnicodeError:
        return refuse_binary(path)


def _pieces(content: bytes) -> Iterator[memoryview]:
    """Yield pieces that end behind a line break, where there is one."""
    view, begin = memoryview(content), 0
    line_break = b"\n" if b"\n" in content else b"\r"
    while begin < len(content):
        end = content.find(line_break, begin + BLOCK) + 1 or len(content)
        yield view[begin:end]
        begin = end


def _unix_text(piece: memoryview, encoding: str, path: Path) -> str:
    if _CONTROL.search(piece):
        refuse_binary(path)
    text = str(piece, encoding)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.removesuffix("\n")
