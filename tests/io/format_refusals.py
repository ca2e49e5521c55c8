"""Inputs that reach the refusals of recordings' formats: files as `tests/io/refusals.py` wants them."""

from __future__ import annotations

from coregulation.io.examples import brainvision, holter, physionet


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
    "ISHNE that is cut off": lambda p: [cut(holter.ishne(p / "holter.ecg"), 300)],
    "ISHNE with another header": lambda p: [holter.ishne(p / "holter.ecg", checksum=1)],
    "ISHNE without a lead": lambda p: [holter.ishne(p / "holter.ecg", leads=0)],
    "ISHNE without a resolution": lambda p: [holter.ishne(p / "holter.ecg", resolutions=(1000, 0)), "--column", "0"],
    "ISHNE with other samples": lambda p: [holter.ishne(p / "holter.ecg", samples=7), "--column", "0"],
}  # fmt: skip
