"""Turn the files of a run into pairs of path and value, in a form that two versions of the package can be compared in.

A path is a JSON pointer into the file (`/couplings/0/value`; in a table, row and column: `/3/r`). A value is text that begins
with what it is: `n` a number, a truth value or nothing (compared to the last digit), `c` a code (a word or a few), `w` words
(a sentence, or a page's hash). More than `LONG` rows become columns (`/*/r`): a hash of all values beside their number, sum,
extremes and the first few; a column of codes keeps its distinct codes and a hash of their order, so that codes can be renamed.
Of a column of words, which rows are filled counts as a number, so that a refusal that came or went is seen without the words.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import itertools
import json
import math
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

Entries = dict[str, str]

LONG = 24  # rows; more are kept as columns
FIRST = 3  # values of a long column that are kept as they are
DISTINCT = 40  # codes of a long column that are kept; where there are more, all are hashed
SENTENCE = 4  # words; fewer are a code
DROPPED = {"version", "libraries"}  # what differs between versions and machines
TABLES = {".csv": ",", ".tsv": "\t"}
PAGES = {".html", ".svg"}
UNSTABLE = {".xlsx"}  # holds the time at which it was written


def file_entries(path: Path) -> Entries:
    """Read one file.

    Parameters
    ----------
    path
        A result, a table, a manifest or a page; `.gz` is unpacked.

    Returns
    -------
    dict
        Path inside the file to value.
    """
    data = path.read_bytes()
    kind = path.suffix
    if kind == ".gz":
        data, kind = gzip.decompress(data), Path(path.stem).suffix
    if kind in UNSTABLE:
        return {}
    if kind in PAGES:
        return {"/#sha256": "w" + _hash([data.decode()])}
    reader = {".json": _json, ".toml": _toml, ".md": _markdown}.get(kind)
    if kind in TABLES:
        return entries(_rows(data.decode("utf-8-sig"), TABLES[kind]))
    if reader is None:
        return {"/#sha256": "n" + hashlib.sha256(data).hexdigest()[:16]}
    return entries(reader(data.decode()))


def entries(value: Any) -> Entries:
    """Return every path of a nested value, with what stands there."""
    return dict(_entries("", value))


def text_entries(text: str) -> Entries:
    """Return what was printed, by line; or as JSON, where it is."""
    if text.lstrip().startswith(("{", "[")):
        return entries(json.loads(text))
    return {f"/{k}": "w" + line for k, line in enumerate(text.splitlines())}


def leaf(value: object) -> str:
    """Return a value as text that begins with what it is."""
    if value is None or isinstance(value, (bool, int, float)):
        return "n" + json.dumps(value)
    text = str(value)
    return ("w" if len(text.split()) >= SENTENCE else "c") + text


def cell(text: str) -> Any:
    """Return a cell of a table as the number, truth value, list or text that it is."""
    if text == "":
        return None
    if text in ("True", "False"):
        return text == "True"
    for read in (int, float):
        try:
            return read(text)
        except ValueError:
            continue
    if text[0] in "{[":
        return json.loads(text)
    return text


def _entries(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key not in DROPPED:
                yield from _entries(f"{path}/{_escaped(key)}", inner)
    elif isinstance(value, (list, tuple)):
        yield from _listed(path, value)
    else:
        yield path, leaf(value)


def _listed(path: str, values: Sequence[Any]) -> Iterator[tuple[str, str]]:
    if len(values) <= LONG:
        yield from itertools.chain.from_iterable(_entries(f"{path}/{k}", v) for k, v in enumerate(values))
        yield f"{path}/#count", f"n{len(values)}"
        return
    rows = [dict(_entries("", value)) for value in values]
    for key in dict.fromkeys(key for row in rows for key in row):
        yield from _column(f"{path}/*{key}", [row.get(key, "nnull") for row in rows])


def _column(path: str, values: list[str]) -> Iterator[tuple[str, str]]:
    yield f"{path}/#count", f"n{len(values)}"
    texts = [value for value in values if value[0] != "n"]
    if texts:
        yield f"{path}/#filled", "n" + _hash(str(value != "nnull") for value in values)
        yield from (_words if any(text[0] == "w" for text in texts) else _codes)(path, values)
    else:
        yield f"{path}/#sha256", "n" + _hash(values)
        yield from _numbers(path, values)


def _words(path: str, values: list[str]) -> Iterator[tuple[str, str]]:
    distinct = list(dict.fromkeys(value[1:] for value in values))
    yield f"{path}/#sha256", "w" + _hash(values)
    yield f"{path}/#distinct", "w" + " | ".join(distinct[:DISTINCT])


def _codes(path: str, values: list[str]) -> Iterator[tuple[str, str]]:
    distinct = list(dict.fromkeys(values))
    if len(distinct) > DISTINCT:
        yield f"{path}/#sha256", "c" + _hash(values)
        return
    place = {value: str(k) for k, value in enumerate(distinct)}
    yield f"{path}/#order", "n" + _hash([place[value] for value in values])
    yield from ((f"{path}/#distinct/{k}", value) for k, value in enumerate(distinct))


def _numbers(path: str, values: list[str]) -> Iterator[tuple[str, str]]:
    known = [float(number) for value in values if isinstance(number := json.loads(value[1:]), (int, float))]
    yield f"{path}/#known", f"n{len(known)}"
    yield from ((f"{path}/{k}", value) for k, value in enumerate(values[:FIRST]))
    if known:
        for name, what in (("sum", math.fsum), ("least", min), ("most", max)):
            yield f"{path}/#{name}", f"n{what(known)!r}"


def _hash(texts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]


def _escaped(key: str) -> str:
    return str(key).replace("~", "~0").replace("/", "~1")


def _json(text: str) -> Any:
    return json.loads(text)


def _toml(text: str) -> Any:
    return json.loads(json.dumps(tomllib.loads(text), default=str))


def _rows(text: str, separator: str) -> Any:
    lines = list(csv.reader(io.StringIO(text), delimiter=separator))
    if not lines:
        return []
    heading, *rows = lines
    table = [dict(zip(heading, map(cell, row), strict=False)) for row in rows]
    return table if table else {"#heading": heading}


def _markdown(text: str) -> Any:
    lines = text.splitlines()
    rows = [[part.strip() for part in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    words = [line for line in lines if line and not line.startswith("|")]
    return {"words": words, "rows": [[cell(part) for part in row] for row in rows]}
