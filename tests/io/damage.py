"""Every reader, a good file for each, and how a file is damaged; what reading the damaged one came to is counted."""

from __future__ import annotations

import contextlib
import hashlib
import io
import pathlib
import time
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from coregulation.errors import CoregulationError
from coregulation.io import inspect_file, open_sessions
from coregulation.io.corrections import read_corrections
from coregulation.io.formats.file_format import Example, FileFormat
from coregulation.io.formats.registry import FORMATS
from coregulation.session import Session
from tests.io import test_manifest
from tests.io.write import rows, text, wave

WORDS = [
    b"0",
    b"-1",
    b"9" * 8,
    b"1e308",
    b"nan",
    b"inf",
    b"\x00",
    b"\xff\xff\xff\xff",
    b"\x7f\xff\xff\xff",
    b"",
    b",",
    b"\n",
]
_ANY = {"signal": "glow", "unit": "a.u.", "column": 0}
Change = Callable[[bytes, np.random.Generator], bytes]


def mutated(content: bytes, rng: np.random.Generator) -> bytes:
    """Change, cut out, double or cut off a few bytes; headers, where the counts are, more often than the rest."""
    out = bytearray(content)
    for _ in range(rng.integers(1, 5)):
        at = int(rng.integers(0, len(out) + 1) if rng.random() < 0.4 else rng.integers(0, min(len(out), 1200) + 1))
        kind = rng.integers(0, 6)
        if kind == 0:
            out[at : at + 1] = rng.bytes(1)
        elif kind == 1:
            word = WORDS[rng.integers(0, len(WORDS))]
            out[at : at + len(word)] = word
        elif kind == 2:
            out[at:at] = WORDS[rng.integers(0, len(WORDS))]
        elif kind == 3:
            del out[at : at + int(rng.integers(1, 40))]
        elif kind == 4:
            out[at:at] = out[at : at + int(rng.integers(1, 40))]
        elif rng.random() < 0.3:
            del out[at:]
    return bytes(out)


def inside_zip(content: bytes, rng: np.random.Generator) -> bytes:
    """Damage one member of an archive, and pack it again as if it were whole."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        members = {name: packed.read(name) for name in packed.namelist()}
    name = list(members)[rng.integers(0, len(members))]
    members[name] = mutated(members[name], rng)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for member, data in members.items():
            packed.writestr(member, data)
    return out.getvalue()


@dataclass(frozen=True)
class Reader:
    """How a good file is made, which files are damaged and how, and how they are read."""

    make: Callable[[pathlib.Path], pathlib.Path]
    change: Change = mutated
    sides: tuple[str, ...] = ()
    said: dict[str, object] = field(default_factory=dict)
    read: Callable[[pathlib.Path], object] | None = None

    def open(self, path: pathlib.Path, number: int) -> Came | None:
        """List the file or open it, by turns; return of an opened one what it came to and what was told."""
        if self.read:
            self.read(path)
        elif number % 2:
            inspect_file(path)
        else:
            sessions = open_sessions(path, **self.said)
            told = {(remark.channel, remark.code, remark.count) for session in sessions for remark in session.remarks}
            return Came(shape_of(sessions), values_of(sessions), frozenset(told))
        return None


Shape = tuple[tuple[object, ...], ...]


@dataclass(frozen=True)
class Came:
    """What a file came to: its shape, a hash of its values, and what was told."""

    shape: Shape
    values: str
    told: frozenset[tuple[str, str, int]]


def values_of(sessions: Sequence[Session]) -> str:
    """Return a hash of every value and every beat; damage that changes one keeps the shape and not this."""
    all_values = hashlib.sha256()
    for session in sessions:
        for recording in session.recordings:
            for signal in recording.signals.values():
                all_values.update(np.ascontiguousarray(signal.values).tobytes())
            if recording.beats is not None:
                all_values.update(recording.beats.times.tobytes())
    return all_values.hexdigest()


def shape_of(sessions: Sequence[Session]) -> Shape:
    """Return what damage must not change without a word: who has which signals, their rates, lengths and times, and the beats'."""
    shape: list[tuple[object, ...]] = []
    for session in sessions:
        for recording in session.recordings:
            for name, signal in recording.signals.items():
                known = int(np.isfinite(signal.values).sum())
                shape.append(
                    (recording.person.id, name, round(signal.rate, 6), len(signal), known, round(signal.start, 3))
                )
            if recording.beats is not None:
                own = recording.beats
                shape.append(
                    (
                        recording.person.id,
                        "beats",
                        len(own),
                        round(float(own.times[0]), 1),
                        round(float(own.times[-1]), 1),
                    )
                )
    return tuple(shape)


@dataclass
class Count:
    """What came of damaged files; `quiet` are those that were read to something else, with nothing told that the whole file does not tell.

    Those in `changed` kept their shape, and only their values are others: in a format without a checksum a digit is as good as another.
    """

    answered: int = 0
    refused: int = 0
    others: list[str] = field(default_factory=list)
    slowest: float = 0.0
    quiet: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)

    def take(self, reader: Reader, path: pathlib.Path, number: int, whole: Came | None) -> None:
        began = time.process_time()
        try:
            came = reader.open(path, number)
            self.answered += 1
            if came is not None and whole is not None and came.told <= whole.told:
                self._compare(came, whole, number)
        except CoregulationError:
            self.refused += 1
        except Exception as error:  # noqa: BLE001 - to be told, and to fail the test
            self.others.append(f"{number}: {error!r}")
        self.slowest = max(self.slowest, time.process_time() - began)

    def _compare(self, came: Came, whole: Came, number: int) -> None:
        if came.shape != whole.shape:
            self.quiet.append(number)
        elif came.values != whole.values:
            self.changed.append(number)

    def __add__(self, other: Count) -> Count:
        return Count(
            self.answered + other.answered,
            self.refused + other.refused,
            self.others + other.others,
            max(self.slowest, other.slowest),
            self.quiet + other.quiet,
            self.changed + other.changed,
        )


def fuzzed(folder: pathlib.Path, name: str, count: int, seed: int | tuple[int, int]) -> Count:
    """Damage a good file so many times, each time in another way, and read it."""
    reader, rng, found = READERS[name], np.random.default_rng(seed), Count()
    path = reader.make(folder)
    targets = [path.with_suffix(side) for side in reader.sides] if reader.sides else [path]
    whole = {target: target.read_bytes() for target in targets}
    good = _good(reader, path)
    reader = reader if good is None else good[0]
    for number in range(count):
        target = targets[rng.integers(0, len(targets))]
        target.write_bytes(reader.change(whole[target], rng))
        found.take(reader, path, number, good and good[1])
        target.write_bytes(whole[target])
    return found


def _good(reader: Reader, path: pathlib.Path) -> tuple[Reader, Came] | None:
    """Return how the whole file is opened and what it comes to; of what nobody says, its first column is read."""
    for said in (reader.said, reader.said | _ANY):
        with contextlib.suppress(
            Exception
        ):  # what fails on the whole file fails on the damaged ones too, and is told there
            own = replace(reader, said=said)
            came = own.open(path, 0)
            return None if came is None else (own, came)
    return None


def _long(folder: pathlib.Path) -> pathlib.Path:
    return rows(
        folder / "long.csv", "pair,who,value", [n // 20 for n in range(60)], [n % 2 for n in range(60)], wave(60)
    )


def _corrections(folder: pathlib.Path) -> pathlib.Path:
    lines = ("exclude,5,9,,noise", "add,12.5,,ada,missed", "move,20,20.1,ben,late", "remove,30,,ada,none")
    return text(folder / "corrections.csv", "kind,time,to,person,why", *lines)


def _written(example: Example) -> Callable[[pathlib.Path], pathlib.Path]:
    def make(folder: pathlib.Path) -> pathlib.Path:
        example.write(folder / example.file)
        return folder / example.file

    return make


def readers(formats: Sequence[FileFormat]) -> dict[str, Reader]:
    """Return a reader for each example of each format, and one more where the example is an archive."""
    found = {}
    for form in formats:
        for example in form.examples:
            found[example.file] = Reader(_written(example), sides=example.beside, said=dict(example.options))
            if example.file.endswith(ARCHIVES):
                found[f"{example.file}, inside"] = Reader(_written(example), inside_zip, said=dict(example.options))
    return found


ARCHIVES = (".zip", ".xlsx")
_IN_LONG = {"signal": "heart_rate", "rate": 1, "long": True, "pair_column": 0, "person_column": 1, "value_column": 2}
READERS = {
    **readers(FORMATS),
    "a table of many pairs": Reader(_long, said=_IN_LONG),
    "a manifest": Reader(test_manifest.folder, read=open_sessions),
    "corrections": Reader(_corrections, read=read_corrections),
}
