"""A recording that was dropped on the page: read, whatever it is, and packed as the session folder that it is kept as."""

from __future__ import annotations

import contextlib
import os
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coregulation.errors import CoregulationError, DataError, UsageError
from coregulation.io.limits import check_manifest_text
from coregulation.live.server.archives import is_reserved, pack_archive, unpack_archive

if TYPE_CHECKING:
    from coregulation.session import Session

FILES = ("path", "corrections", "blocks", "events", "ratings", "marks")  # keys of a manifest that may name a file
MAX_NAME = 120  # characters of a file's name that are kept


def read_recording(folder: Path, name: str, stated: Mapping[str, str]) -> tuple[bytes, dict[str, Any]]:
    """Read what lies as `raw` in a folder; meant for a process of its own.

    Parameters
    ----------
    folder
        Empty but for the file `raw`.
    name
        What the file was called; its ending says what it is.
    stated
        Signal and unit, as far as the page stated them.

    Returns
    -------
    tuple
        The session's folder as a zip, and what the store keeps about it.

    Raises
    ------
    DataError
        If it cannot be read.
    UsageError
        If something has to be stated that is not, such as a unit.
    """
    from coregulation.io import write_session
    from coregulation.live.server.session_export import span

    opened = open_recording(folder, name, stated)
    write_session(opened, folder / "written")
    about = {
        "imported": True,
        "people": [{"person": person.id} for person in opened.people],
        "minutes": round(span(opened).length / 60, 1),
        "simulated": opened.simulated,
    }
    return pack_archive(folder / "written"), about


def open_recording(folder: Path, name: str, stated: Mapping[str, str]) -> Session:
    """Open what lies as `raw` in a folder.

    Parameters
    ----------
    folder
        Empty but for the file `raw`.
    name
        What the file was called; its ending says what it is.
    stated
        Signal and unit, as far as the page stated them.

    Returns
    -------
    Session
        What was read; what could not be used stands among its remarks.

    Raises
    ------
    DataError
        If it cannot be read.
    UsageError
        If something has to be stated that is not, such as a unit.
    """
    from coregulation.io import ReadOptions, open_session

    source = _placed(folder, name)
    if source.name == "session.toml":
        refuse_outside(source)
    options = ReadOptions(signal=stated.get("signal"), unit=stated.get("unit"))
    with without_folder(source.parent):
        return open_session(source, options=None if source.name == "session.toml" else options)


@contextlib.contextmanager
def without_folder(folder: Path) -> Iterator[None]:
    """Take a folder out of what errors say: no path of this computer stands in what a page is told.

    Parameters
    ----------
    folder
        In which the files lie.

    Raises
    ------
    DataError
        In place of any refusal of a file.
    UsageError
        In place of any refusal of what was stated.
    """
    try:
        yield
    except CoregulationError as error:
        kind = UsageError if isinstance(error, UsageError) else DataError
        raise kind("{text}", text=str(error).replace(f"{folder}{os.sep}", "")) from error


def safe_name(name: str) -> str:
    """Return a file name of a page as one that every system takes."""
    kept = "".join(character for character in name if character.isprintable() and character not in '<>:"/\\|?*')
    stem, dot, ending = kept.rpartition(".")
    stem, ending = (stem or ("" if dot else ending)).strip(" ."), ending if dot else ""
    if not stem or is_reserved(stem):
        stem = f"recording-{stem}" if stem else "recording"
    return f"{stem[:MAX_NAME]}{f'.{ending[:MAX_NAME]}' if ending else ''}".rstrip(" .")


def refuse_outside(manifest: Path) -> None:
    """Refuse a manifest from somebody else that names a file outside its own folder.

    Parameters
    ----------
    manifest
        Of a session folder that came as a zip.

    Raises
    ------
    DataError
        If a text in it leads to a file of this computer, or cannot be told not to.
    """
    folder = manifest.parent.resolve()
    try:
        text = manifest.read_text(encoding="utf-8")
        check_manifest_text(Path(manifest.name), text)
        texts = list(_texts(tomllib.loads(text)))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError, ValueError) as error:
        raise DataError("session.toml: not valid TOML: {reason}.", reason=str(error)) from error
    for text in texts:
        if text.startswith(("/", "\\")) or ".." in text.replace("\\", "/").split("/") or text[1:3] in (":\\", ":/"):
            raise DataError("session.toml names a file outside its own folder; it is not read.")
        if "\0" not in text and (folder / text).is_symlink() and not (folder / text).resolve().is_relative_to(folder):
            raise DataError("session.toml names a file outside its own folder; it is not read.")


def _texts(value: Any) -> Iterator[str]:
    """Yield every text that stands as a `path` or as another file's name in a manifest."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, str) and key in FILES:
                yield inner
            else:
                yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def placed_files(folder: Path, name: str) -> list[Path]:
    """Unpack what lies as `raw` in a folder.

    Parameters
    ----------
    folder
        Empty but for the file `raw`.
    name
        What the file was called; its ending says what it is.

    Returns
    -------
    list of Path
        Every file that came, in the order of their names; one at least.

    Raises
    ------
    DataError
        If an archive is damaged or too large.
    UsageError
        If an archive is empty.
    """
    from coregulation.io.formats.registry import recording_format

    (folder / "given").mkdir()
    raw = (folder / "raw").rename(folder / "given" / safe_name(name))
    if raw.suffix.lower() != ".zip" or recording_format(raw) is not None:  # a device may write a zip of its own
        return [raw]
    inside = unpack_archive(raw.read_bytes(), folder / "unpacked")
    for parcel in sorted(inside.glob("*.zip")):  # beside a manifest that was made on the page lies what was dropped
        if recording_format(parcel) is None:
            unpack_archive(parcel.read_bytes(), inside)
            parcel.unlink()
    files = [path for path in sorted(inside.rglob("*")) if path.is_file()]
    if not files:
        raise UsageError("The zip is empty. It should hold the files of one session.")
    return files


def _placed(folder: Path, name: str) -> Path:
    files = placed_files(folder, name)
    manifests = [path for path in files if path.name == "session.toml"]
    if manifests:
        return min(manifests, key=lambda path: len(path.parts))
    if len(files) != 1:
        raise UsageError(
            "A zip holds one file, or a folder with a session.toml; {count:n file|files} came.", count=len(files)
        )
    return files[0]
