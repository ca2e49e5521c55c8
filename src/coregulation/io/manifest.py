"""`session.toml`, the contract: how its text becomes the structures of `manifest_structure`, and what is wrong with it in words."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import msgspec

from coregulation.errors import DataError, similar_names
from coregulation.io.json_schemas import even_descriptions
from coregulation.io.limits import check_manifest_text
from coregulation.io.manifest_structure import SCHEMA, Manifest, StrictTable
from coregulation.io.text import decode_text, read_bytes

MANIFEST = "session.toml"
FILL_IN = "FILL IN"


def parse_manifest(path: Path) -> Manifest:
    """Read a manifest's text.

    Parameters
    ----------
    path
        The `session.toml`.

    Returns
    -------
    Manifest
        As it stands in the file; paths are not looked up.

    Raises
    ------
    DataError
        If it is no TOML, a line is still to fill in, or a key is unknown, missing or of the wrong type; the
        error names the key.
    UsageError
        If there is no such file.
    """
    text = decode_text(read_bytes(path), path)
    check_manifest_text(path, text)
    try:
        tree = tomllib.loads(text.replace("\r\n", "\n"))
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise DataError(
            "{path}: not valid TOML: {problem}.",
            path=str(path),
            problem=error,
        ) from error
    left = [f"{where} ({words})" for where, words in _strings(tree, "") if words.startswith(FILL_IN)]
    if left:
        raise DataError(
            "{path}: {left_count:d} line(s) are still to fill in: {known}.",
            path=str(path),
            left_count=len(left),
            known=", ".join(left),
        )
    try:
        return msgspec.convert(tree, Manifest)
    except msgspec.ValidationError as error:
        raise DataError(
            "{path}: {problem}",
            path=str(path),
            problem=_explained(str(error)),
        ) from error


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a manifest (draft 2020-12).

    Returns
    -------
    dict
        A tree that `json.dumps` can write.
    """
    schema = even_descriptions(msgspec.json.schema(Manifest))
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": SCHEMA, **schema}


def _strings(tree: object, where: str) -> list[tuple[str, str]]:
    if isinstance(tree, str):
        return [(where, tree)]
    if isinstance(tree, dict):
        return [inner for key, value in tree.items() for inner in _strings(value, f"{where}.{key}".lstrip("."))]
    if isinstance(tree, list):
        return [inner for n, value in enumerate(tree) for inner in _strings(value, f"{where}[{n}]")]
    return []


def _explained(message: str) -> str:
    """Turn msgspec's message into one that says where and what to do."""
    where = re.search(r"at `\$\.?(.*)`$", message)
    place = f" in {where[1]}" if where and where[1] else ""
    unknown = re.search(r"unknown field `(.*?)`", message)
    if unknown is None:
        return f"{message}. See the manifest's page in the documentation for what each key holds."
    known = _known_keys()
    close = similar_names(unknown[1], known)
    advice = f"did you mean {close[0]!r}?" if close else "leave it out; what is not known is not read."
    if unknown[1] in known:
        advice = "it belongs to another level; see the manifest's page in the documentation."
    return f"the key {unknown[1]!r}{place} is not known: {advice}"


def _known_keys() -> list[str]:
    structs = StrictTable.__subclasses__()
    return sorted({name for struct in structs for name in struct.__struct_encode_fields__})
