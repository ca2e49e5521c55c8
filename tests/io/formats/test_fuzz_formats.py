"""Damaged files of every reader: an answer or one of our own errors, soon, and in bounded memory."""

from __future__ import annotations

import shutil
import sys

import pytest

from coregulation.errors import DataError
from coregulation.io import inspect_file
from coregulation.io.examples import laboratory
from tests.io.damage import READERS, fuzzed
from tests.io.formats.reading import EVERY, written

SOON = 20.0  # s, on a machine that does other things too
ROOM = 1 << 29  # bytes beyond what the process had: a damaged count of a small file must not be believed
FEW, MANY = 100, 10_000


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


@pytest.mark.parametrize("name", READERS)
def test_a_hundred_damaged_files(tmp_path, name, little_room):
    check(fuzzed(tmp_path, name, FEW, seed=1))


SEALED = [
    name
    for name in READERS
    if name
    in (
        "pair.xlsx",
        "x.hea",
        "segments.hea",
        "fit.zip",
        "x.fit",
        "kept.fit",
        "pair.csv.gz",
        "apple_health.zip",
        "x.zip",
        "acqknowledge.txt",
    )
]  # whose format has a checksum, or states how much there is


@pytest.mark.parametrize("name", SEALED)
def test_damage_of_a_format_with_a_checksum_is_never_read_without_a_word(tmp_path, name):
    assert fuzzed(tmp_path, name, 3 * FEW, seed=4).quiet == []


@pytest.mark.nightly
@pytest.mark.parametrize("name", READERS)
def test_ten_thousand_damaged_files(tmp_path, name, little_room):
    check(fuzzed(tmp_path, name, MANY, seed=2))


def check(found):
    assert found.others == []
    assert found.slowest < SOON


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.97])
@pytest.mark.parametrize("name", ["x.edf", "x.xdf", "x.acq", "x.fit", "x.zip", "x.avro"])
def test_a_file_that_is_cut_off(tmp_path, name, share):
    path = written(tmp_path / name)
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    if name == "x.acq" and share == 0.97:
        pytest.skip("what is cut off here is the journal, which is not read")
    with pytest.raises(DataError, match=r"x\.\w+: .*(damaged|cut off|empty|not an XDF)"):
        inspect_file(path)


def test_samples_that_are_cut_off(tmp_path):
    path = laboratory.wfdb(tmp_path / "x.hea")
    samples = path.with_suffix(".dat")
    samples.write_bytes(samples.read_bytes()[:-30])
    with pytest.raises(DataError, match=r"holds 490 samples of each signal where 500 were announced"):
        inspect_file(path)


@pytest.mark.parametrize("name", [name for name in EVERY if name.startswith("x.")])
def test_another_file_under_this_name(tmp_path, name):
    path = written(tmp_path / name)
    shutil.copy(__file__, path)
    with pytest.raises(DataError, match=r"x\.\w+: "):
        inspect_file(path)
