"""Folders as zip files: what is exported, and what is dropped on the page."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from coregulation.errors import DataError

MAX_BYTES = 512 * 1024 * 1024  # bytes unpacked
FILES = 2000
LONGEST = 200  # characters of a path in a zip: with its folder it stays below the 260 that Windows takes
DEEPEST = 16  # folders in folders
RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}  # by Windows


def is_reserved(name: str) -> bool:
    """Whether Windows takes a file's name for a device, whatever its ending."""
    return name.split(".")[0].strip().lower() in RESERVED


def pack_archive(folder: Path) -> bytes:
    """Return a folder's files as a zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parcel:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                parcel.write(path, path.relative_to(folder).as_posix())
    return out.getvalue()


def unpack_archive(body: bytes, folder: Path) -> Path:
    """Write a zip's files into a folder; the folder with the manifest is returned, where there is one.

    Raises:
        DataError: if it is no zip, too large, or a name in it leads out of the folder.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as parcel:
            entries = [entry for entry in parcel.infolist() if not entry.filename.endswith("/")]
            _check(entries)
            for entry in entries:
                path = folder.joinpath(*PurePosixPath(entry.filename).parts)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(parcel.read(entry))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise DataError("This zip file cannot be unpacked ({error}).", error=error) from error
    manifests = sorted(folder.rglob("session.toml"))
    return manifests[0].parent if manifests else folder


def _check(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > FILES or sum(entry.file_size for entry in entries) > MAX_BYTES:
        raise DataError(
            "At most {FILES:n file|files} and {value} MB are unpacked.", FILES=FILES, value=MAX_BYTES // 2**20
        )
    for entry in entries:
        parts = PurePosixPath(entry.filename.replace("\\", "/")).parts
        if not parts or ".." in parts or parts[0] == "/" or ":" in parts[0]:
            raise DataError("A name in this zip file leads out of its folder; it is not unpacked.")
        if len(entry.filename) > LONGEST or len(parts) > DEEPEST:
            raise DataError(
                "A path in this zip file has {count:n character|characters} and {depth:n part|parts}; at most {most} and {deepest} are unpacked. Pack the files "
                "in fewer folders with shorter names.",
                count=len(entry.filename),
                depth=len(parts),
                most=LONGEST,
                deepest=DEEPEST,
            )
        if any(is_reserved(part) or part != part.rstrip(" .") for part in parts):
            raise DataError(
                "A file in this zip has a name that Windows keeps for itself ({names}, or one that ends with a dot or a blank). Give it "
                "another name.",
                names="con, prn, aux, nul, com1, lpt1",
            )
