"""Events inside recordings become marks, whatever the format: each with its label, at its time from the recording's start."""

from __future__ import annotations

import gzip
import json

import pytest

from coregulation.io import open_session
from coregulation.io.examples import brainvision, exports, laboratory, physionet, streams
from coregulation.io.examples.values import EPOCH
from coregulation.io.formats import labchart


def bids(path):
    place = exports.bids(path)
    described = {"Columns": ["foreign_index", "message"]}
    place.with_name("sub-01_task-rest_physioevents.json").write_text(json.dumps(described), encoding="utf-8")
    place.with_name("sub-01_task-rest_physioevents.tsv.gz").write_bytes(gzip.compress(b"5\ttalk\n"))
    return place


def xdf(path):
    rates = streams.stream(
        1, "hr", "HR", 1, stamps=[10.0 + n for n in range(60)], values=[60.0 + n % 7 for n in range(60)]
    )
    notes = streams.stream(2, "notes", "Markers", 0, form="string", stamps=[15.0], values=["talk"])
    return streams.xdf(path, rates, notes)


def labelled(path):
    labchart.write_example(path)
    return path


ECG = {"signal": "ecg", "column": 0}
CASES = {
    "x.zip": (lambda p: exports.e4(p, **{"tags.csv": f"{EPOCH + 5:.2f}\n"}), {}, [(5.0, "tag")]),
    "x.edf": (lambda p: laboratory.edf(p, annotations=[(0.5, None, "talk")]), {}, [(0.5, "talk")]),
    "x.bdf": (laboratory.bdf, {}, [(1.0, "go")]),
    "x.xdf": (xdf, {"signal": "heart_rate", "column": 0, "unit": "1/min"}, [(5.0, "talk")]),
    "x.acq": (laboratory.acq, ECG, [(1.0, "start talk")]),
    "labchart.txt": (labelled, ECG, [(10.5, "talk begins")]),
    "x.vhdr": (brainvision.recording, ECG, [(0.5, "talk, loud"), (1.0, "S 1")]),
    "x.qrs": (physionet.annotated, {}, [(1.0, "(N"), (1.1, "talk"), (33.15, "blocked P wave")]),
    "sub-01_task-rest_physio.tsv": (bids, {"signal": "heart_rate", "column": "x"}, [(2.5, "talk")]),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_events_become_marks(tmp_path, name):
    write, said, marks = CASES[name]
    session = open_session(write(tmp_path / name), **said)
    assert [(round(mark.time, 3), mark.label) for mark in session.marks] == marks
