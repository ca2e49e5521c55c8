"""Events of a BIDS `_physioevents` file: each names a row of the physiology file; what names none is left out and told."""

from __future__ import annotations

import gzip
import json

import pytest

from coregulation.errors import DataError
from coregulation.io import open_session
from tests.io.formats.reading import table

PHYSIO = {"SamplingFrequency": 100.0, "StartTime": -22.345, "Columns": ["cardiac", "timestamp"]}
ROWS = [f"{60 + n % 7}\t{13894432329 + n}" for n in range(300)]
EXPLICIT = {"Columns": ["timestamp", "message"], "ForeignIndexColumn": "timestamp"}
IMPLICIT = {"Columns": ["foreign_index", "message"]}


def dataset(folder, described, events, top=None):
    place = folder / "sub-01" / "func"
    place.mkdir(parents=True)
    (folder / "dataset_description.json").write_text("{}", encoding="utf-8")
    stem = place / "sub-01_task-nback"
    (folder / "task-nback_physio.json").write_text(json.dumps(PHYSIO), encoding="utf-8")
    if described is not None:
        where = folder / "task-nback_physioevents.json" if top else place / f"{stem.name}_physioevents.json"
        where.write_text(json.dumps(described), encoding="utf-8")
    for name, lines in (("physio", ROWS), ("physioevents", events)):
        (place / f"{stem.name}_{name}.tsv.gz").write_bytes(gzip.compress("\n".join(lines).encode() + b"\n"))
    return place / f"{stem.name}_physio.tsv.gz"


@pytest.mark.parametrize("top", [True, False])
def test_rows_by_their_number(tmp_path, top):
    """The specification's own example: the first event is four rows before the recording."""
    events = ['-4\t"Ready"', '2\t"Recalibration"', '5\t"new block"']
    path = dataset(tmp_path, IMPLICIT, events, top)
    found = table(path).events
    assert found.seconds.tolist() == [-0.04, 0.02, 0.05]
    assert (found.labels, found.start) == (("Ready", "Recalibration", "new block"), -22.345)
    session = open_session(path, signal="ppg", column="cardiac")
    assert [round(mark.time, 6) for mark in session.marks] == [-22.385, -22.325, -22.295]


def test_rows_by_the_value_of_a_column(tmp_path):
    events = ['13894432331\t"Recalibration"', '13894432334\t"new block"', '13894432325\t"Ready"', "n/a\tlost"]
    found = table(dataset(tmp_path, EXPLICIT, events))
    assert (found.events.seconds.tolist(), found.events.labels) == ([0.02, 0.05], ("Recalibration", "new block"))
    ((reason, count),) = found.remarks
    assert (reason.code, count) == ("read.events-left-out", 2)


@pytest.mark.parametrize(
    "described",
    [None, {}, {"Columns": ["onset", "message"]}, {"Columns": ["timestamp", "message"], "ForeignIndexColumn": "gone"},
     {"Columns": ["gone", "message"], "ForeignIndexColumn": "gone"}],
)  # fmt: skip
def test_events_that_name_no_row_are_left_out_and_told(tmp_path, described):
    found = table(dataset(tmp_path, described, ["1\tx", "2\ty"]))
    assert found.events is None or not found.events.labels
    assert [(reason.code, count) for reason, count in found.remarks] == [("read.events-left-out", 2)]


def test_what_an_event_is_called(tmp_path):
    described = {"Columns": ["foreign_index", "duration", "trial_type", "message"]}
    events = ["1\t0\ttalk\tn/a", "2\t0\tn/a\thello", "3\t0\tn/a\tn/a", "4", "1.5\t0\tbetween"]
    assert table(dataset(tmp_path, described, events)).events.labels == ("talk", "hello", "event", "event")


def test_a_sidecar_that_is_none(tmp_path):
    path = dataset(tmp_path, IMPLICIT, ["1\tx"])
    (path.parent / "sub-01_task-nback_physioevents.json").write_text("[]", encoding="utf-8")
    with pytest.raises(DataError, match="not a sidecar of a physiology file"):
        table(path)


def test_a_data_set_with_its_events(tmp_path):
    path = dataset(tmp_path, EXPLICIT, ["13894432331\tgo", "1\tlost"])
    sidecar = tmp_path / "task-nback_physio.json"
    sidecar.write_text(json.dumps(PHYSIO | {"Columns": ["heart_rate", "timestamp"]}), encoding="utf-8")
    session = open_session(tmp_path)
    assert [(round(mark.time, 6), mark.label) for mark in session.marks] == [(-22.325, "go")]
    assert list(session.recordings[0].signals) == ["heart_rate"]
    assert "read.events-left-out" in {remark.code for remark in session.remarks}
    assert path.is_file()
