"""A recording that was dropped on the page: read, whatever it is, and packed as the session folder that it is kept as."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from coregulation.errors import CoregulationError, DataError, UsageError
from coregulation.io.limits import check_manifest_text
from coregulation.live.server.archives import is_reserved, pack_archive, unpack_archive

FILES = ("path", "corrections", "blocks", "events", "ratings", "marks")  # keys of a manifest that may name a file
MAX_NAME = 120  # characters of a file's name that are kept


def read_recording(folder: Path, name: str, stated: dict[str, str]) -> tuple[bytes, dict[str, Any]]:
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
    from coregulation.io import ReadOptions, open_session, write_session
    from coregulation.live.server.session_export import span

    source = _placed(folder, name)
    if source.name == "session.toml":
        refuse_outside(source)
    try:
        options = ReadOptions(signal=stated.get("signal"), unit=stated.get("unit"))
        opened = open_session(source, options=None if source.name == "session.toml" else options)
    except CoregulationError as error:  # no path of this computer stands in what a page is told
        kind = UsageError if isinstance(error, UsageError) else DataError
        raise kind("{text}", text=str(error).replace(f"{source.parent}{os.sep}", "")) from error
    write_session(opened, folder / "written")
    about = {
        "imported": True,
        "people": [{"person": person.id} for person in opened.people],
        "minutes": round(span(opened).length / 60, 1),
        "simulated": opened.simulated,
    }
    return pack_archive(folder / "written"), about


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


def _placed(folder: Path, name: str) -> Path:
    raw, unpacked = folder / "raw", folder / "given"
    unpacked.mkdir()
    if not name.lower().endswith(".zip"):
        return raw.rename(unpacked / safe_name(name))
    inside = unpack_archive(raw.read_bytes(), unpacked)
    manifest = inside / "session.toml"
    return manifest if manifest.exists() else _only(inside)


def _only(folder: Path) -> Path:
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    if len(files) != 1:
        raise UsageError(
            "A zip holds one file, or a folder with a session.toml; {count:n file|files} came.", count=len(files)
        )
    return files[0]
