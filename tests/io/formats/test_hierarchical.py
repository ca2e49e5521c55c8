"""HDF5, NetCDF and MATLAB 7.3: arrays with what their attributes say; contradictions are refused."""

from __future__ import annotations

import datetime

import h5py
import numpy as np
import pytest
from scipy.io import netcdf_file

from coregulation.errors import CoregulationError, DataError
from coregulation.io import open_session
from coregulation.io.formats import hierarchical
from tests.io.formats.reading import column, table

N = np.arange(60)
START = datetime.datetime(2026, 5, 4, 14, tzinfo=datetime.UTC)


def hdf5(path, **said):
    with h5py.File(path, "w") as file:
        data = file.create_dataset("x", data=60 + N % 7)
        data.attrs.update(said)
    return path


def test_arrays_in_folders_with_rates_and_units(tmp_path):
    hierarchical.write_arrays(tmp_path / "arrays.h5")
    values, said = column(tmp_path / "arrays.h5", "ada/ecg")
    np.testing.assert_array_equal(values, np.sin(np.arange(400) / 9))
    assert (said.unit, said.rate, said.times) == ("mV", 250.0, None)
    assert (column(tmp_path / "arrays.h5", "ada/skin")[1].unit, column(tmp_path / "arrays.h5", "ada/skin")[1].rate) == (
        "uS",
        125.0,
    )
    assert open_session(tmp_path / "arrays.h5", signal="ecg", column="ada/ecg").of("A").signals["ecg"].rate == 250


@pytest.mark.parametrize("kind", ["<i2", ">i4", ">f4", "<f8", "u1"])
def test_every_kind_of_number(tmp_path, kind):
    with h5py.File(tmp_path / "x.h5", "w") as file:
        file["x"] = (60 + N % 7).astype(kind)
        file["two"] = np.stack([N, 2 * N], axis=1).astype(kind)
    np.testing.assert_array_equal(table(tmp_path / "x.h5").numbers("x"), 60 + N % 7)
    np.testing.assert_array_equal(table(tmp_path / "x.h5").numbers("two 1"), (2 * N).astype(kind))


def chunked(path, libver):
    with h5py.File(path, "w", libver=libver) as file:
        file.create_dataset("x", data=60.0 + N, chunks=(7,), compression="gzip").attrs["fs"] = 4
    return path


@pytest.mark.parametrize("libver", ["earliest", ("earliest", "v108")])
def test_packed_pieces_and_a_rate_that_is_a_whole_number(tmp_path, libver):
    values, said = column(chunked(tmp_path / "x.h5", libver), "x")
    assert (values.tolist(), said.rate) == ((60.0 + N).tolist(), 4.0)


def test_a_part_of_hdf5_that_is_not_read_is_refused_with_the_way_on(tmp_path):
    with pytest.raises(DataError, match="write it with libver='earliest'"):
        table(chunked(tmp_path / "x.h5", "latest"))


def test_netcdf_is_unpacked_by_its_conventions(tmp_path):
    hierarchical.write_classic(tmp_path / "classic.nc")
    values, said = column(tmp_path / "classic.nc", "heart_rate")
    expected = np.where(N % 7 == 1, np.nan, 60.0 + N % 7)
    np.testing.assert_allclose(values, expected)
    assert (said.unit, said.rate, said.start, said.times.tolist()) == ("1/min", None, START, N.tolist())
    assert table(tmp_path / "classic.nc").names == ("heart_rate",)


@pytest.mark.parametrize(
    ("units", "start", "step"),
    [
        ("seconds since 2026-05-04T14:00:00+02:00", START - datetime.timedelta(hours=2), 1.0),
        ("milliseconds since 2026-05-04 14:00:00 UTC", START, 1e-3),
        ("minutes since 2026-05-04T14:00:00Z", START, 60.0),
    ],
)
def test_times_of_netcdf_4(tmp_path, units, start, step):
    with h5py.File(tmp_path / "x.nc", "w") as file:
        file["g/time"], file["g/x"] = N.astype("f8"), 60 + N
        file["g/time"].attrs["units"] = units
    _, said = column(tmp_path / "x.nc", "g/x")
    assert said.start == start
    np.testing.assert_allclose(said.times, step * N)


def test_a_rate_that_nobody_said_is_asked_for(tmp_path):
    with pytest.raises(CoregulationError, match="--rate"):
        open_session(hdf5(tmp_path / "x.h5"), signal="heart_rate", column="x")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"fs": 4.0, "sampling_rate": 5.0}, "x say rates of 4 and 5 Hz"),
        ({"fs": 0.0}, "x say rates of 0 Hz"),
        ({"fs": -4.0}, "x say rates of -4 Hz"),
        ({"fs": np.nan}, "x say rates of nan Hz"),
        ({"units": "seconds since yesterday"}, "counts since 'yesterday', which is no date"),
        ({"units": "fortnights since 2026-05-04"}, "time unit 'fortnights' is not known|no signal"),
    ],
)
def test_attributes_that_cannot_be_meant(tmp_path, said, words):
    with pytest.raises(CoregulationError, match=words):
        table(hdf5(tmp_path / "x.h5", **said))


@pytest.mark.parametrize(("rate", "refused"), [(0.9, True), (0.901, False), (1.099, False), (1.1, True)])
def test_a_rate_against_the_times(tmp_path, rate, refused):
    with h5py.File(tmp_path / "x.nc", "w") as file:
        file["time"], file["x"] = N.astype("f8"), 60 + N
        file["time"].attrs["units"] = "seconds since 2026-05-04"
        file["x"].attrs["fs"] = rate
    if refused:
        with pytest.raises(DataError, match=f"says {rate:g} Hz, and its times say 1 Hz"):
            table(tmp_path / "x.nc")
    else:
        assert column(tmp_path / "x.nc", "x")[1].rate is None


def test_a_time_that_no_calendar_has(tmp_path):
    with h5py.File(tmp_path / "x.nc", "w") as file:
        file["time"], file["x"] = N + 1e300, 60 + N
        file["time"].attrs["units"] = "days since 2026-05-04"
    with pytest.raises(DataError, match=r"time begins 8.64e\+304 s after its zero, which is no date"):
        table(tmp_path / "x.nc")


def test_matlab_7_3(tmp_path):
    with h5py.File(tmp_path / "x.mat", "w", userblock_size=512) as file:
        file["ecg"] = (60.0 + N)[None, :]
        file["two"] = np.stack([N, 2 * N])
        file["note"] = np.array([[104, 105, 33]], "u2")
        file["note"].attrs["MATLAB_class"] = np.bytes_("char")
    content = (tmp_path / "x.mat").read_bytes()
    (tmp_path / "x.mat").write_bytes(b"MATLAB 7.3 MAT-file".ljust(512) + content[512:])
    found = table(tmp_path / "x.mat")
    assert found.names == ("ecg", "two 0", "two 1")
    np.testing.assert_array_equal(found.numbers("two 1"), 2 * N)


def test_matlab_7_3_of_acqknowledge_is_refused_with_the_way_on(tmp_path):
    with h5py.File(tmp_path / "x.mat", "w", userblock_size=512) as file:
        file["data"], file["isi"] = np.stack([N, N]), [[2.0]]
    with pytest.raises(DataError, match="Save it with the option -v7"):
        table(tmp_path / "x.mat")


@pytest.mark.parametrize(
    "content", [b"nothing of that kind" * 9, hierarchical.HDF5 + bytes(600), b"CDF\x01" + bytes(8)]
)
def test_another_file_under_this_name(tmp_path, content):
    (tmp_path / "x.nc").write_bytes(content)
    with pytest.raises(DataError, match=r"neither an HDF5 nor a NetCDF|damaged, cut off|no signal"):
        table(tmp_path / "x.nc")


def test_an_array_that_is_larger_than_its_file(tmp_path):
    with h5py.File(tmp_path / "x.h5", "w") as file:
        file.create_dataset("x", shape=(1 << 40,), chunks=(1 << 16,), dtype="f8")
    with pytest.raises(DataError, match="announces more values than it holds"):
        table(tmp_path / "x.h5")


def test_a_missing_value_of_netcdf_without_a_number(tmp_path):
    with netcdf_file(tmp_path / "x.nc", "w") as file:
        file.createDimension("n", 60)
        file.createVariable("x", "f8", ("n",))[:] = np.where(N == 5, np.nan, 60 + N)
    assert np.flatnonzero(np.isnan(table(tmp_path / "x.nc").numbers("x"))).tolist() == [5]
