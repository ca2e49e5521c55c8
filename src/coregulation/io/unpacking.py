"""A text file as a stream of pieces, unpacked on the way: gzip, bzip2, xz, or a zip with one file in it."""

from __future__ import annotations

import bz2
import contextlib
import gzip
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Any

from coregulation.errors import DataError
from coregulation.io.text import MAX_BYTES, WORKBOOKS, missing_file, refuse_binary, unreadable_file

_ZIP = b"PK\x03\x04"
_END, _END_SIZE = b"PK\x05\x06", 22 + 0xFFFF  # of the directory of a zip, with the longest comment, in bytes
_IN_ZIP64 = 0xFFFF  # the number of files stands elsewhere
_PACKED: dict[bytes, Callable[[Path], Any]] = {
    b"\x1f\x8b": gzip.GzipFile,
    b"BZh": bz2.BZ2File,
    b"\xfd7zXZ\x00": lzma.LZMAFile,
}
_FAULTS = (
    EOFError,
    zlib.error,
    gzip.BadGzipFile,
    lzma.LZMAError,
    zipfile.BadZipFile,
    RuntimeError,
    NotImplementedError,
)
_HIDDEN = ("__MACOSX", ".")  # what a Mac adds to a zip
_ADDED = frozenset({"thumbs.db", "desktop.ini"})  # what Windows adds


def text_pieces(path: Path, size: int) -> Iterator[bytes]:
    """Yield the content of a file of text in pieces that end behind a line break, where there is one.

    Parameters
    ----------
    path
        The file, packed or not.
    size
        Bytes that a piece has at least, but for the last.

    Yields
    ------
    bytes
        Never empty.

    Raises
    ------
    UsageError
        If there is no such file.
    DataError
        If it cannot be read to its end, unpacks to more than 1 GiB, or is a zip of several files.
    """
    with _told(path), contextlib.ExitStack() as stack:
        source, packed = _opened(path, stack)
        yield from whole_lines(_parts(path, source, size, packed))


def _parts(path: Path, source: IO[bytes], size: int, packed: bool) -> Iterator[bytes]:
    total = 0
    while part := source.read(size):
        total += len(part)
        if packed and total > MAX_BYTES:
            raise DataError(
                "{path}: unpacks to more than {limit} MiB, which no recording of people needs.",
                path=str(path),
                limit=MAX_BYTES >> 20,
            )
        yield part


def whole_lines(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Part content anew, so that each piece ends behind a line break, where there is one.

    Parameters
    ----------
    parts
        Of the content, none of them empty.

    Yields
    ------
    bytes
        Never empty.
    """
    begun: list[bytes] = []
    for part in parts:
        end = _last_break(part)
        if end:
            yield b"".join([*begun, part[:end]])
            begun = [part[end:]] if end < len(part) else []
        else:
            begun.append(part)
    if begun:
        yield b"".join(begun)


def _last_break(part: bytes) -> int:
    """Return where the last line of a piece ends; a carriage return at its very end may be half of a line break."""
    return part.rfind(b"\n") + 1 or part.rfind(b"\r", 0, -1) + 1


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
        raise missing_file(path) from error
    except _FAULTS as error:
        raise DataError(
            "{path}: the compressed file is damaged or cut off. Copy it again from its source.", path=str(path)
        ) from error
    except (OSError, ValueError) as error:
        raise unreadable_file(path) from error


def _opened(path: Path, stack: contextlib.ExitStack) -> tuple[IO[bytes], bool]:
    """Return a file opened for reading, and whether it is packed."""
    with path.open("rb") as file:
        head = file.read(6)
    if head.startswith(_ZIP):
        packed = stack.enter_context(zipfile.ZipFile(path))
        return stack.enter_context(packed.open(_only_member(path, packed))), True
    unpack = next((unpack for mark, unpack in _PACKED.items() if head.startswith(mark)), None)
    return (
        (stack.enter_context(path.open("rb")), False) if unpack is None else (stack.enter_context(unpack(path)), True)
    )


def _only_member(path: Path, packed: zipfile.ZipFile) -> zipfile.ZipInfo:
    if path.suffix.lower() in WORKBOOKS:
        refuse_binary(path)
    members = zip_members(packed)
    if len(members) != 1:
        raise DataError(
            "{path}: the zip holds {count:n file|files} ({names}). Unpack it, and name the file of each person.",
            path=str(path),
            count=len(members),
            names=", ".join(member.filename for member in members[:8]) or "none",
        )
    return members[0]


def check_directory(packed: zipfile.ZipFile) -> None:
    """Check that the directory of a zip lists as many files as its end says; Python passes over the difference.

    Parameters
    ----------
    packed
        The zip.

    Raises
    ------
    BadZipFile
        If it lists another number.
    """
    file = packed.fp
    assert file is not None
    file.seek(max(0, file.seek(0, 2) - _END_SIZE))
    tail = file.read()
    at = tail.rfind(_END)
    listed = int.from_bytes(tail[at + 10 : at + 12], "little")
    if at >= 0 and listed not in (_IN_ZIP64, len(packed.infolist()) % _IN_ZIP64):
        raise zipfile.BadZipFile


def zip_members(packed: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """List the files in a zip, without folders and without what a Mac or Windows adds.

    Parameters
    ----------
    packed
        The zip.

    Returns
    -------
    list of ZipInfo
        In the order of the zip.
    """
    return [
        member
        for member in packed.infolist()
        if member.filename  # zipfile falls over a damaged one without a name
        and not member.is_dir()
        and not any(part.startswith(_HIDDEN) for part in PurePosixPath(member.filename).parts)
        and PurePosixPath(member.filename).name.lower() not in _ADDED
    ]
