"""Damaged recordings of every device format: an answer or one of our own errors, soon, and in bounded memory."""

from __future__ import annotations

import contextlib
import shutil
import sys
import time

import numpy as np
import pytest

from coregulation.errors import CoregulationError, DataError
from coregulation.files import inspect_file, open_sessions
from tests.files import devices

SOON = 20.0  # s, on a machine that does other things too
ROOM = 1 << 29  # bytes beyond what the process had: a damaged count of a small file must not be believed
FEW, MANY = 100, 10_000
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
SIDES = {"x.hea": [".hea", ".dat"]}


def mutated(content, rng):
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


def read(path, number):
    """List the file or open it, by turns."""
    with contextlib.suppress(CoregulationError):
        inspect_file(path) if number % 2 else open_sessions(path)


def fuzzed(tmp_path, name, count, seed):
    path = devices.EVERY[name](tmp_path / name)
    rng = np.random.default_rng(seed)
    targets = [path.with_suffix(side) for side in SIDES.get(name, [path.suffix])]
    whole = {target: target.read_bytes() for target in targets}
    slowest = 0.0
    for number in range(count):
        target = targets[rng.integers(0, len(targets))]
        target.write_bytes(mutated(whole[target], rng))
        began = time.perf_counter()
        read(path, number)
        slowest = max(slowest, time.perf_counter() - began)
        target.write_bytes(whole[target])
    return slowest


@pytest.fixture
def little_room():
    """Let the process have only so much memory more than it has; where the system cannot, the test says so by its name."""
    if sys.platform != "linux":
        yield
        return
    import resource

    with open("/proc/self/statm", encoding="ascii") as file:
        now = int(file.read().split()[0]) * resource.getpagesize()
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (now + ROOM, hard))
    yield
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


@pytest.mark.parametrize("name", devices.EVERY)
def test_a_hundred_damaged_files(tmp_path, name, little_room):
    assert fuzzed(tmp_path, name, FEW, seed=1) < SOON


@pytest.mark.nightly
@pytest.mark.parametrize("name", devices.EVERY)
def test_ten_thousand_damaged_files(tmp_path, name, little_room):
    assert fuzzed(tmp_path, name, MANY, seed=2) < SOON


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.97])
@pytest.mark.parametrize("name", ["x.edf", "x.xdf", "x.acq", "x.fit", "x.zip", "x.avro"])
def test_a_file_that_is_cut_off(tmp_path, name, share):
    path = devices.EVERY[name](tmp_path / name)
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    if name == "x.acq" and share == 0.97:
        pytest.skip("what is cut off here is the journal, which is not read")
    with pytest.raises(DataError, match=r"x\.\w+: .*(damaged|cut off|empty|not an XDF)"):
        inspect_file(path)


def test_samples_that_are_cut_off(tmp_path):
    path = devices.wfdb(tmp_path / "x.hea")
    samples = path.with_suffix(".dat")
    samples.write_bytes(samples.read_bytes()[:-30])
    with pytest.raises(DataError, match=r"holds 490 samples of each signal where 500 were announced"):
        inspect_file(path)


@pytest.mark.parametrize("name", [name for name in devices.EVERY if name.startswith("x.")])
def test_another_file_under_this_name(tmp_path, name):
    path = devices.EVERY[name](tmp_path / name)
    shutil.copy(__file__, path)
    with pytest.raises(DataError, match=r"x\.\w+: "):
        inspect_file(path)
