"""`session.toml`, the contract: what may stand in it, as typed structures; the JSON Schema is made of the same ones."""

from __future__ import annotations

import datetime
import re
import tomllib
from pathlib import Path
from typing import Any, Literal

import msgspec

from coregulation.errors import DataError, similar_names
from coregulation.io.text import decode_text, read_bytes

MANIFEST = "session.toml"
SCHEMA = "coregulation.session/2"
FILL_IN = "FILL IN"


class _Strict(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A table of the manifest: a key that is not known is an error."""


class TimeText(_Strict, kw_only=True, frozen=True):
    """The column with the time of each row."""

    column: int | str
    unit: str | None = None


class ConfidenceText(_Strict, kw_only=True, frozen=True):
    """Rows below become missing (for beats: not to be trusted) and are counted."""

    column: int | str
    at_least: float


class ClockText(_Strict, kw_only=True, frozen=True):
    """How this file's time maps to the session's; `applied` where the times in the file are the session's already."""

    offset: float = 0.0
    offset_sd: float | None = None
    drift_ppm: float = 0.0
    drift_sd_ppm: float = 0.0
    name: str | None = None
    applied: bool = False


class FileText(_Strict, kw_only=True, frozen=True):
    """One channel of one person in a file."""

    path: str
    channel: str
    unit: str | None = None
    column: int | str | None = None
    scale: float | None = None
    skip_lines: int = 0
    skip_end_lines: int = 0
    separator: str | None = None
    decimal: str | None = None
    sheet: int | str | None = None
    confidence: ConfidenceText | None = None
    time: TimeText | None = None
    date_order: Literal["day-first", "month-first"] | None = None
    zone: str | None = None
    rate: float | None = None
    start: float | datetime.datetime | None = None
    ok: int | str | None = None
    breaks: int | str | None = None
    device: str | None = None
    clock: ClockText | None = None


class PersonText(_Strict, kw_only=True, frozen=True):
    """Somebody, by a pseudonym, with one file or more."""

    id: str
    role: str | None = None
    file: list[FileText] = []


class BlockText(_Strict, kw_only=True, frozen=True):
    """A labelled span."""

    kind: str
    start: float
    end: float
    perturbed: list[str] = []
    dose: float | None = None
    present: list[str] = msgspec.field(default=[], name="with")
    cues: dict[str, bool] = {}
    partner: Literal["live", "recorded", "delayed", "animal", "imagined"] | None = None
    guide: str | None = None


class MarkText(_Strict, kw_only=True, frozen=True):
    """An instant with a label."""

    time: float
    label: str
    person: str | None = None
    by_hand: bool = False


class RatingText(_Strict, kw_only=True, frozen=True):
    """A number that a person gave."""

    time: float
    person: str
    item: str
    value: float


class ExcludeText(_Strict, kw_only=True, frozen=True):
    """A span that counts for nothing, and why."""

    start: float
    end: float
    why: str
    person: str | None = None


class ConsentText(_Strict, kw_only=True, frozen=True):
    """What a person agreed to, for sessions that are kept."""

    person: str
    purpose: Literal["show-partner", "show-facilitator", "keep", "research"]
    text_version: str
    given: datetime.datetime
    withdrawn: datetime.datetime | None = None


class RemarkText(_Strict, kw_only=True, frozen=True):
    """Something a reader noticed when the session was first read."""

    person: str
    channel: str
    code: str = ""
    facts: dict[str, str | float | int | bool] = {}
    count: int = 1
    what: str = ""  # of schema 1: a sentence


class Manifest(_Strict, kw_only=True, frozen=True):
    """A session on disk, as `session.toml` has it."""

    schema: Literal["coregulation.session/1", "coregulation.session/2"] = "coregulation.session/2"
    id: str = "session"
    task: str | None = None
    date: datetime.date | None = None
    start: datetime.datetime | None = None
    setting: str | None = None
    shared: list[str] | None = None
    simulated: bool = False
    corrections: str | None = None
    person: list[PersonText]
    block: list[BlockText] = []
    mark: list[MarkText] = []
    rating: list[RatingText] = []
    exclude: list[ExcludeText] = []
    consent: list[ConsentText] = []
    remark: list[RemarkText] = []


def parse_manifest(path: Path) -> Manifest:
    """Read a manifest's text.

    Raises
    ------
    DataError
        If it is no TOML, a line is still to fill in, or a key is unknown, missing or of the wrong type; the
        error names the key.
    """
    text = decode_text(read_bytes(path), path)
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
    """Return the JSON Schema of a manifest (draft 2020-12)."""
    schema = msgspec.json.schema(Manifest)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": SCHEMA, **schema}


def _strings(tree: object, where: str) -> list[tuple[str, str]]:
    if isinstance(tree, str):
        return [(where, tree)]
    if isinstance(tree, dict):
        return [found for key, value in tree.items() for found in _strings(value, f"{where}.{key}".lstrip("."))]
    if isinstance(tree, list):
        return [found for n, value in enumerate(tree) for found in _strings(value, f"{where}[{n}]")]
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
    structs = _Strict.__subclasses__()
    return sorted({name for struct in structs for name in struct.__struct_encode_fields__})
