"""MATLAB files: what BIOPAC exports, plain vectors, and what cannot be read."""

from __future__ import annotations

import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
import scipy.io
from scipy.io import savemat

from coregulation.errors import DataError, FileFaultError
from coregulation.io.formats import matlab, matlab_elements
from coregulation.io.formats.matlab_elements import arrays_of_level_4, arrays_of_level_5, is_level_4
from tests.io.damage import mutated
from tests.io.formats.reading import alone, table


def test_an_export_of_biopac_says_rate_labels_and_units(tmp_path):
    matlab.write_example(tmp_path / "x.mat")
    found = table(tmp_path / "x.mat")
    assert (found.names, [found.metadata_of(n).unit for n in (0, 1)], found.metadata_of(0).rate) == (
        ("ECG", "EDA"),
        ["mV", "uS"],
        500.0,
    )
    signal = alone(tmp_path / "x.mat", signal="eda", column="EDA").signals["eda"]
    np.testing.assert_allclose(signal.values, 4 + 0.001 * np.arange(400))


def test_intervals_as_a_vector_and_arrays_of_several_columns(tmp_path):
    rr = 0.85 + 0.05 * np.sin(np.arange(50))
    savemat(
        tmp_path / "x.mat",
        {"RR": rr, "table": np.stack([np.arange(9), np.arange(9) ** 2], axis=1), "n": 3, "s": "word"},
    )
    assert table(tmp_path / "x.mat").names == ("RR", "table 0", "table 1")
    np.testing.assert_allclose(alone(tmp_path / "x.mat", signal="rr", unit="s", column="RR").beats.rr[1:], rr)


def test_what_cannot_be_read(tmp_path):
    (tmp_path / "x.mat").write_bytes(b"MATLAB 7.3 MAT-file" + b"\0" * 600)
    with pytest.raises(DataError, match="the HDF5 file is damaged"):
        table(tmp_path / "x.mat")
    savemat(tmp_path / "y.mat", {"s": "word", "z": np.ones(9) * 1j})
    with pytest.raises(DataError, match="no signal"):
        table(tmp_path / "y.mat")


def test_more_values_than_a_recording_has(tmp_path, monkeypatch):
    for packed in (True, False):
        savemat(tmp_path / "x.mat", {"zeros": np.zeros(100_000)}, do_compression=packed)
        monkeypatch.setattr(matlab_elements, "MAX_BYTES", 500_000)
        with pytest.raises(DataError, match=r"more values than|larger than"):
            table(tmp_path / "x.mat")


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.7, 0.9, 0.97])
def test_a_file_that_ends_too_soon_is_refused(tmp_path, share):
    path = tmp_path / "x.mat"
    matlab.write_example(path)
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    with pytest.raises(DataError, match="damaged, cut off"):
        table(path)


CRASHES = ((144, 5), (145, 14), (154, 1), (156, 0), (172, 1), (173, 1), (192, 0), (193, 255))
"""Bytes of `vectors.mat` and values that end the process in scipy's reader (1.17.1)."""
READ = """
import sys
from pathlib import Path
from coregulation.errors import CoregulationError
from coregulation.io import inspect_file
for path in sorted(Path(sys.argv[1]).glob("*.mat")):
    try:
        inspect_file(path)
    except CoregulationError:
        pass
print("alive")
"""


def test_no_damaged_tag_ends_the_process(tmp_path):
    matlab.write_vectors(tmp_path / "x.mat")
    content = (tmp_path / "x.mat").read_bytes()
    for number, (at, value) in enumerate(CRASHES):
        (tmp_path / f"{number}.mat").write_bytes(content[:at] + bytes([value]) + content[at + 1 :])
    done = subprocess.run([sys.executable, "-c", READ, str(tmp_path)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "alive\n"), done.stderr


SAMPLES = sorted((Path(scipy.io.matlab.__file__).parent / "tests" / "data").glob("*.mat"))


def of_scipy(path):
    try:
        found = scipy.io.loadmat(path)
    except Exception:  # noqa: BLE001 - a damaged one
        return None
    arrays = {
        name: value for name, value in found.items() if not name.startswith("__") and isinstance(value, np.ndarray)
    }
    return {name: value for name, value in arrays.items() if value.dtype.kind in "biufU" and value.ndim <= 2}


def of_ours(path):
    content = path.read_bytes()
    try:
        return (arrays_of_level_4 if is_level_4(content) else arrays_of_level_5)(content)
    except (FileFaultError, zlib.error):
        return None


def as_text(rows):
    return [str(row).rstrip() for row in rows]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
@pytest.mark.filterwarnings("ignore")
def test_files_of_matlab_give_the_values_that_scipy_reads(path):
    """From MATLAB 4.2 to 8 on four systems; one has a name that scipy refuses."""
    ours, theirs = of_ours(path), of_scipy(path)
    if path.stem == "bad_miutf8_array_name":
        assert (len(ours), theirs) == (1, None)
        return
    assert (ours is None) == (theirs is None)
    assert (ours or {}).keys() == (theirs or {}).keys()
    for name, values in (theirs or {}).items():
        if values.dtype.kind == "U":
            assert as_text(ours[name]) == as_text(values)
        else:
            np.testing.assert_array_equal(ours[name], values.astype(np.float64))


def test_there_are_samples():
    assert len(SAMPLES) > 100


@pytest.mark.parametrize("order", "<>")
def test_damaged_files_of_level_4_are_read_or_refused_with_our_error(order):
    name, values = b"RR\0", np.arange(50.0).astype(f"{order}f8").tobytes()
    head = struct.pack(f"{order}5I", 1000 if order == ">" else 0, 50, 1, 0, len(name))
    note = struct.pack(f"{order}5I", 1051 if order == ">" else 51, 1, 4, 0, 2) + b"n\0" + b"calm"
    whole = head + name + values + note
    arrays = arrays_of_level_4(whole)
    np.testing.assert_array_equal(arrays["RR"][:, 0], np.arange(50.0))
    assert arrays["n"] == ["calm"]
    rng, read = np.random.default_rng(5), 0
    for _ in range(2000):
        try:
            arrays_of_level_4(mutated(whole, rng))
            read += 1
        except FileFaultError:
            pass
    assert 0 < read < 2000
    for end in range(1, len(whole)):
        if end != len(head + name + values):
            with pytest.raises(FileFaultError):
                arrays_of_level_4(whole[:end])


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({126: b"XX"}, "order of bytes"),
        ({128: b"\x09"}, "other than arrays"),
        ({132: b"\xff\xff\xff\x7f"}, "longer than the file"),
        ({140: b"\x04"}, "has no kind"),
        ({152: b"\x09"}, "has no size"),
        ({160: b"\x02"}, "not as many values"),
        ({192: b"\x63"}, "no numbers"),
    ],
)
def test_each_fault_has_its_words(tmp_path, changes, fault):
    matlab.write_vectors(tmp_path / "x.mat")
    content = bytearray((tmp_path / "x.mat").read_bytes())
    for at, value in changes.items():
        content[at : at + len(value)] = value
    with pytest.raises(FileFaultError, match=fault):
        arrays_of_level_5(bytes(content))


def test_two_arrays_of_one_name_are_refused(tmp_path):
    matlab.write_vectors(tmp_path / "x.mat")
    content = (tmp_path / "x.mat").read_bytes()
    with pytest.raises(FileFaultError, match="two arrays of one name"):
        arrays_of_level_5(content + content[128:])
