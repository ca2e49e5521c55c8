"""Inputs that reach the refusals of recordings' formats: files as `tests/io/refusals.py` wants them."""

from __future__ import annotations

import zipfile

import h5py
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from coregulation.io.examples import brainvision, health, holter, physionet
from coregulation.io.formats import parquet


def changed(path, *swaps, beside=None):
    """Replace words in a text file, or in one beside it; return the file."""
    target = path if beside is None else path.with_name(beside)
    content = target.read_text(encoding="utf-8")
    for old, new in swaps:
        assert old in content
        content = content.replace(old, new, 1)
    target.write_text(content, encoding="utf-8")
    return path


def segments(p):
    return physionet.segmented(p / "segments.hea")


def without(path, *names):
    for name in names:
        path.with_name(name).unlink()
    return path


def vhdr(p, *swaps, **said):
    return [changed(brainvision.recording(p / "x.vhdr", **said), *swaps), *ECG]


def cut(path, length):
    path.write_bytes(path.read_bytes()[:length])
    return path


def markers(p, second):
    return vhdr(p, markers=(brainvision.MARKERS[0], second))


def made(write, path):
    write(path)
    return path


def rates_alone(path):
    pq.write_table(pa.table({"hr": [60.0 + n % 7 for n in range(60)]}), path)


def hdf5(path, **said):
    with h5py.File(path, "w") as file:
        file.create_dataset("x", data=60.0 + np.arange(60) % 7).attrs.update(said)
    return path


def timed(path, first, **said):
    hdf5(path, **said)
    with h5py.File(path, "a") as file:
        file.create_dataset("time", data=np.arange(60) + first).attrs["units"] = (
            "days since 2026-05-04" if first else "seconds since 2026-05-04"
        )
    return path


def matlab_73(path):
    with h5py.File(path, "w", userblock_size=512) as file:
        file["data"], file["isi"] = np.zeros((2, 60)), [[2.0]]
    path.write_bytes(b"MATLAB 7.3 MAT-file".ljust(512) + path.read_bytes()[512:])


def two_exports(path):
    health.export(path)
    with zipfile.ZipFile(path, "a") as packed:
        packed.writestr("ben/apple_health_export/export.xml", health.xml())
    return path


ECG = ("--signal", "ecg", "--column", "0")
FORMAT_CASES = {
    "ticks that last longer than the record": lambda p: [physionet.annotated(p / "x.qrs", resolution=500)],
    "fewer segments than announced": lambda p: [changed(segments(p), ("segments/4", "segments/5"))],
    "a line that is no segment": lambda p: [changed(segments(p), ("segments_2 300", "segments_2 long"))],
    "segments that are not there": lambda p: [without(segments(p), "segments_1.hea", "segments_2.hea")],
    "segments of other signals": lambda p: [changed(segments(p), ("0 II", "0 III"), beside="segments_2.hea")],
    "a gap of a year": lambda p: [changed(segments(p), ("~ 125", "~ 7884000000"), (" 625 ", " 7884000500 "))],
    "segments that do not add up": lambda p: [changed(segments(p), (" 625 ", " 626 "))],
    "segments of segments": lambda p: [changed(segments(p), ("segments_2 1 250 300 14:00:00 04/05/2026\n", "segments_2/1 1 250 300\nsegments_1 300\n"), beside="segments_2.hea")],
    "a segment of another rate": lambda p: [changed(segments(p), (" 250 300 ", " 200 300 "), beside="segments_2.hea")],
    "BrainVision of another program": lambda p: vhdr(p, ("Brain Vision", "Another Vision")),
    "BrainVision with a key twice": lambda p: vhdr(p, ("Ch2=", "Ch1=")),
    "BrainVision at no interval": lambda p: vhdr(p, ("SamplingInterval=4000", "SamplingInterval=0")),
    "BrainVision with a channel too few": lambda p: vhdr(p, ("NumberOfChannels=2", "NumberOfChannels=3")),
    "BrainVision as text": lambda p: vhdr(p, ("DataFormat=BINARY", "DataFormat=ASCII")),
    "BrainVision without samples": lambda p: vhdr(p, ("DataFile=x.eeg\n", "")),
    "BrainVision that is cut off": lambda p: [cut(brainvision.recording(p / "x.vhdr").with_suffix(".eeg"), 1999), *ECG],
    "BrainVision elsewhere": lambda p: vhdr(p, ("DataFile=x.eeg", "DataFile=../x.eeg")),
    "BrainVision renamed": lambda p: vhdr(p, ("DataFile=x.eeg", "DataFile=y.eeg")),
    "BrainVision with an interruption": lambda p: markers(p, "New Segment,,251,1,0"),
    "BrainVision with pieces that overlap": lambda p: markers(p, "New Segment,,251,1,0,20260504140000500000"),
    "BrainVision with a marker nowhere": lambda p: markers(p, "Comment,x,soon,1,0"),
    "Parquet that is cut off": lambda p: [cut(made(parquet.write_example, p / "x.parquet"), -20)],
    "Parquet with a rate that nobody said": lambda p: [made(rates_alone, p / "x.parquet"), "--signal", "heart_rate", "--column", "hr"],
    "neither HDF5 nor NetCDF": lambda p: [made(lambda path: path.write_bytes(b"nothing" * 99), p / "x.nc")],
    "HDF5 with two rates": lambda p: [hdf5(p / "x.h5", fs=4.0, sampling_rate=5.0)],
    "HDF5 since no date": lambda p: [hdf5(p / "x.h5", units="seconds since yesterday")],
    "HDF5 long after its zero": lambda p: [timed(p / "x.h5", 1e300)],
    "HDF5 with a rate against its times": lambda p: [timed(p / "x.h5", 0.0, fs=7.0)],
    "MATLAB 7.3 of AcqKnowledge": lambda p: [made(lambda path: matlab_73(path), p / "x.mat")],
    "a damaged export of health": lambda p: [made(lambda path: path.write_text(health.xml()[:4000], encoding="utf-8"), p / "export.xml")],
    "two exports of health": lambda p: [two_exports(p / "x.zip")],
    "ISHNE that is cut off": lambda p: [cut(holter.ishne(p / "holter.ecg"), 300)],
    "ISHNE with another header": lambda p: [holter.ishne(p / "holter.ecg", checksum=1)],
    "ISHNE without a lead": lambda p: [holter.ishne(p / "holter.ecg", leads=0)],
    "ISHNE without a resolution": lambda p: [holter.ishne(p / "holter.ecg", resolutions=(1000, 0)), "--column", "0"],
    "ISHNE with other samples": lambda p: [holter.ishne(p / "holter.ecg", samples=7), "--column", "0"],
}  # fmt: skip
