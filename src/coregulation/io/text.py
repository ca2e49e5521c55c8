"""Bytes to lines: compressed or not, in the encodings that exports come in, and never a binary file as text."""

from __future__ import annotations

import gzip
import io
import zlib
from pathlib import Path
from typing import NoReturn

from coregulation.errors import DataError, UsageError, similar_names

MAX_BYTES = 1 << 30  # bytes after unpacking; a table of that size is a mistake or an attack
_GZIP = b"\x1f\x8b"
_AT_ONCE = 1 << 20  # bytes
WORKBOOKS = frozenset({".xls", ".xlsb", ".ods", ".numbers"})
_HEAD = 4096  # bytes that tell a format


def read_bytes(path: Path) -> bytes:
    """Read a whole file, unpacked if it is gzipped.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    bytes
        Never only white space.

    Raises
    ------
    UsageError
        If there is no such file.
    DataError
        If it is empty, cannot be read to its end, or unpacks to more than 1 GiB.
    """
    try:
        content = path.read_bytes()
        if content.startswith(_GZIP):
            content = _unpacked(content, path)
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
        raise missing_file(path) from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(
            "{path}: the compressed file is damaged or cut off. Copy it again from its source.", path=str(path)
        ) from error
    except (OSError, ValueError) as error:
        raise unreadable_file(path) from error
    if not content.strip():
        raise DataError("{path}: the file is empty.", path=str(path))
    return content


def unreadable_file(path: Path) -> DataError:
    """Return the error of a file that is there and cannot be read.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    DataError
        To be raised.
    """
    return DataError(
        "{path}: the file could not be read to its end. Is it still there, and yours to read?", path=str(path)
    )


def missing_file(path: str | Path) -> UsageError:
    """Return the error of a file that does not exist: the nearest path that does, or what to check.

    Parameters
    ----------
    path
        As it came.

    Returns
    -------
    UsageError
        To be raised.
    """
    if Path(path).is_dir():
        return UsageError("{path!r} is a folder. Name a file in it.", path=str(path))
    return missing_path(path)


def missing_path(path: str | Path) -> UsageError:
    """Return the error of a file or folder that does not exist: the nearest path that does, or what to check.

    Parameters
    ----------
    path
        As it came.

    Returns
    -------
    UsageError
        To be raised.
    """
    near = nearest_path(Path(path))
    if near is not None:
        return UsageError("There is no file or folder {path!r}. Did you mean {near!r}?", path=str(path), near=str(near))
    return UsageError(
        "There is no file or folder {path!r}. Check its name and folder; a path without a folder starts at {here}.",
        path=str(path), here=str(Path.cwd()),
    )  # fmt: skip


def nearest_path(wanted: Path) -> Path | None:
    """Find an existing path that was probably meant by one that does not exist.

    Each missing name of the path is replaced by the most similar one in its folder. Of a file, what stands before the
    dot decides.

    Parameters
    ----------
    wanted
        A path that does not exist.

    Returns
    -------
    Path or None
        The whole path if each missing name has a similar one, else the part up to the first that has none; None where
        already the first missing name resembles nothing.
    """
    parts = wanted.parts[bool(wanted.anchor) :]
    reached, replaced = Path(wanted.anchor), False
    for at, part in enumerate(parts):
        near = reached / part
        if not near.exists():
            similar = _similar_entry(reached, part, folders_only=at + 1 < len(parts))
            if similar is None:
                break
            near, replaced = similar, True
        reached = near
    return reached if replaced else None


def _similar_entry(folder: Path, name: str, *, folders_only: bool) -> Path | None:
    if not folder.is_dir():
        return None
    entries = sorted(item for item in folder.iterdir() if item.is_dir() or not folders_only)
    stems = similar_names(Path(name).stem, [item.stem for item in entries])
    return next((folder / item.name for stem in stems for item in entries if item.stem == stem), None)


def decode_text(content: bytes, path: Path) -> str:
    """Decode UTF-8, UTF-16 with its byte-order mark, or Windows-1252.

    Parameters
    ----------
    content
        What the file holds, unpacked.
    path
        The file, for the error.

    Returns
    -------
    str
        Without a byte-order mark.

    Raises
    ------
    DataError
        If no encoding fits or control characters stand in it, so that it is no text.
    """
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    encodings = ["utf-16"] if marked else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not any(chr(code) in text for code in (*range(9), *range(14, 32))):
            return text
    return refuse_binary(path)


def refuse_binary(path: Path) -> NoReturn:
    """Refuse a file that is no text.

    Parameters
    ----------
    path
        The file, for the error.

    Raises
    ------
    DataError
        Always.
    """
    if path.suffix.lower() in WORKBOOKS:
        raise DataError("{path}: workbooks of this kind are not read. Save it as .xlsx or as CSV.", path=str(path))
    raise DataError(
        "{path}: this is a binary file, not a table of text. `coregulation inspect` lists what can be read.",
        path=str(path),
    )


def _unpacked(content: bytes, path: Path) -> bytes:
    parts, size = [], 0
    with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
        while part := packed.read(_AT_ONCE):  # asked for more at once, it would make room for all of it first
            parts.append(part)
            size += len(part)
            if size > MAX_BYTES:
                raise DataError(
                    "{path}: unpacks to more than {limit} MiB, which no recording of people needs.",
                    path=str(path),
                    limit=MAX_BYTES >> 20,
                )
    return b"".join(parts)


def ends_open(path: Path) -> bool:
    """Say whether a file of text ends without a line break, as where it was cut off.

    Parameters
    ----------
    path
        The file; of a packed one nothing is said, since what packs it tells.

    Returns
    -------
    bool
        False for a packed or an empty file.
    """
    with path.open("rb") as file:
        head = file.read(len(_GZIP))
        file.seek(0, io.SEEK_END)
        if head == _GZIP or not file.tell():
            return False
        file.seek(-1, io.SEEK_END)
        return file.read(1) not in b"\r\n"


def read_beginning(path: Path) -> str:
    """Read the first 4 KiB of a file, unpacked, to tell its format by.

    Parameters
    ----------
    path
        A path of any kind; it need not exist.

    Returns
    -------
    str
        As UTF-8, with U+FFFD for what is not; "" where the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
        if head.startswith(_GZIP):
            head = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(head, _HEAD)
    except (OSError, zlib.error):
        return ""
    return head.removeprefix(b"\xef\xbb\xbf").decode("utf-8", errors="replace")
