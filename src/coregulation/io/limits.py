"""Bounds on what comes from others: where a manifest may lead to, how deep it goes, how large a workbook unpacks.

A session folder may come from somebody else. It reads inside itself alone unless the caller says otherwise, and nothing in it makes the reader take
more time or memory than its size explains.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from coregulation.errors import DataError

MANIFEST_BYTES = 4 << 20  # of a session.toml; the largest of ours, with 10,000 marks, has 0.6 MB
DEEPEST = 16  # parts of a dotted key, and brackets inside brackets; a manifest needs four
WORKBOOK_BYTES = 1 << 29  # of all parts of a workbook, unpacked
MOST_CELLS = 10_000_000  # of one sheet: ten columns of a million rows, which is all that a sheet can have
_BLOCK = (
    1 << 20
)  # bytes of a part without a tag: a cell that long holds no number, and Excel writes at most 32,767 characters

_QUOTED = re.compile(r"[\"'#]")
_LINE = {'"': re.compile(r'"(?:[^"\\\n]|\\.)*+"'), "'": re.compile(r"'[^'\n]*+'")}
_DOTTED = re.compile(rf"(?<![\w-])(?:[\w-]*+\.){{{DEEPEST}}}")


def check_manifest_text(path: Path, text: str) -> None:
    """Refuse a manifest that would take a parser minutes or gigabytes.

    Parameters
    ----------
    path
        Of the manifest, for the error.
    text
        Of the manifest.

    Raises
    ------
    DataError
        If it is larger or deeper than any manifest.
    """
    if len(text) > MANIFEST_BYTES:
        raise DataError(
            "{path}: a manifest has at most {most} MB; {size} MB came. Give tables of blocks or marks their own files.",
            path=str(path),
            most=MANIFEST_BYTES >> 20,
            size=len(text) >> 20,
        )
    bare = _without_strings(text).replace(" ", "").replace("\t", "")
    if _DOTTED.search(bare) or _depth(bare) > DEEPEST:
        raise DataError(
            "{path}: not valid TOML: a key or a value in it is more than {most} levels deep; a manifest needs four.",
            path=str(path),
            most=DEEPEST,
        )


def _without_strings(text: str) -> str:
    """Return TOML with a letter in place of each string, and without comments, in time that grows with its length alone."""
    kept, at = [], 0
    while match := _QUOTED.search(text, at):
        begin, sign = match.start(), match[0]
        kept.append(text[at:begin])
        if sign != "#" and text.startswith(3 * sign, begin):
            end = text.find(3 * sign, begin + 3) + 3
            at = len(text) if end < 3 else end
        else:
            closed = _LINE[sign].match(text, begin) if sign != "#" else None
            line = text.find("\n", begin)
            at = closed.end() if closed else len(text) if line < 0 else line
        kept.append("" if sign == "#" else "s")
    return "".join([*kept, text[at:]])


def _depth(bare: str) -> int:
    """Return how many brackets are open at once at most, outside strings."""
    deepest = depth = 0
    for sign in re.findall(r"[\[\]{}]", bare):
        depth += 1 if sign in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def path_inside(manifest: Path, name: str, allow_outside: bool) -> Path:
    """Return the path that a manifest means by a name.

    Parameters
    ----------
    manifest
        Which names it.
    name
        As it stands there; relative paths count from the manifest.
    allow_outside
        Whether it may lead out of the manifest's folder.

    Returns
    -------
    Path
        Of the file; it need not be there.

    Raises
    ------
    DataError
        If it leads out of the folder, also by a link, and that is not allowed.
    """
    folder = manifest.parent
    path = folder / name
    backslashes = name.startswith("\\") or ".." in name.split("\\")  # a share of another computer, on Windows
    try:
        inside = path.resolve().is_relative_to(folder.resolve()) and not backslashes
    except (OSError, RuntimeError, ValueError) as error:  # a link in a circle, a NUL
        raise DataError(
            "{manifest}: it names the file {name!r}, which cannot be a path ({problem}).",
            manifest=str(manifest),
            name=name,
            problem=error,
        ) from error
    if not inside and not allow_outside:
        raise DataError(
            "{manifest}: it names the file {name!r}, which is outside its own folder. If you trust who wrote it, say --allow-outside "
            "(allow_outside=True); or put the file into the folder and name it there.",
            manifest=str(manifest),
            name=name,
        )
    return path


def check_workbook(path: Path, packed: zipfile.ZipFile) -> None:
    """Refuse a workbook that unpacks to more than any sheet needs, before it is unpacked.

    Parameters
    ----------
    path
        Of the workbook, for the error.
    packed
        Its parts.

    Raises
    ------
    DataError
        If they unpack to too much.
    """
    size = sum(part.file_size for part in packed.infolist())
    if size > WORKBOOK_BYTES:
        raise DataError(
            "{path}: its parts unpack to {size} MB; at most {most} MB are read. Save the sheet as a CSV file.",
            path=str(path),
            size=size >> 20,
            most=WORKBOOK_BYTES >> 20,
        )
    for part in packed.infolist():
        if part.file_size > _BLOCK:
            _check_part(path, packed, part)


def _check_part(path: Path, packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    with packed.open(part) as file:
        while block := file.read(_BLOCK):
            if len(block) == _BLOCK and b"<" not in block and part.filename.endswith(".xml"):
                raise DataError(
                    "{path}: one of its cells has more than a million characters, which no program writes. Save the sheet as a CSV file.",
                    path=str(path),
                )


def check_cells(path: Path, count: int) -> None:
    """Refuse a sheet with more cells than are read.

    Parameters
    ----------
    path
        Of the workbook, for the error.
    count
        Cells so far.

    Raises
    ------
    DataError
        If there are too many.
    """
    if count > MOST_CELLS:
        raise DataError(
            "{path}: its sheet has more than {most} cells. Save the sheet as a CSV file.",
            path=str(path),
            most=MOST_CELLS,
        )
