from __future__ import annotations

import gzip
import json

import pytest

from coregulation.errors import DataError
from coregulation.io import open_session
from coregulation.io.formats.registry import read_any
from coregulation.io.tables.table import TableShape
from tests.io.write import text, wave

SIDE = {
    "SamplingFrequency": 4.0,
    "StartTime": -2.5,
    "Columns": ["ada", "ben", "trigger"],
    "ada": {"Units": "1/min"},
    "ben": {"Units": "bpm", "Description": "a strap"},
}


def recording(path, side=SIDE, gz=True):
    lines = [f"{a}\t{b}\tn/a" for a, b in zip(wave(60), wave(60, phase=1), strict=True)]
    content = ("\n".join(lines) + "\n").encode()
    name = path / ("pair_physio.tsv.gz" if gz else "pair_physio.tsv")
    name.write_bytes(gzip.compress(content) if gz else content)
    if side is not None:
        (path / "pair_physio.json").write_text(side if isinstance(side, str) else json.dumps(side))
    return name


@pytest.mark.parametrize("gz", [True, False])
def test_rate_start_names_and_units_come_from_the_sidecar(tmp_path, gz):
    session = open_session(recording(tmp_path, gz=gz), signal="heart_rate", people={"x": "ada", "y": "ben"})
    signal = session.of("x").signals["heart_rate"]
    assert (signal.rate, signal.start, signal.values.tolist()) == (4.0, -2.5, wave(60))


def test_a_unit_in_the_sidecar_that_the_signal_cannot_have(tmp_path):
    path = recording(tmp_path, {**SIDE, "ben": {"Units": "mV"}})
    with pytest.raises(DataError, match="says that it is in mV, and a unit of rate was expected for heart_rate"):
        open_session(path, signal="heart_rate", people={"x": "ada", "y": "ben"})


@pytest.mark.parametrize(
    ("side", "words"),
    [
        (None, "no .json says its rate and its columns"),
        ("{", "not a sidecar"),
        ({**SIDE, "SamplingFrequency": "4"}, r"SamplingFrequency"),
        ({**SIDE, "SamplingFrequency": 0}, "must be positive"),
        ({"SamplingFrequency": 4}, "StartTime"),
        ({**SIDE, "Columns": ["ada", "ben"]}, "3 values where 2 were expected"),
        ({**SIDE, "Columns": []}, "3 values where 0 were expected"),
    ],
)
def test_a_sidecar_that_is_missing_or_wrong(tmp_path, side, words):
    with pytest.raises(DataError, match=words):
        open_session(recording(tmp_path, side), signal="heart_rate", people={"x": "ada", "y": "ben"})


def test_a_sidecar_further_up_applies_to_all_below(tmp_path):
    (tmp_path / "dataset_description.json").write_text('{"Name": "x", "BIDSVersion": "1.11.0"}', encoding="utf-8")
    top = {"SamplingFrequency": 10.0, "StartTime": -1.0, "Columns": ["cardiac"], "cardiac": {"Units": "mV"}}
    (tmp_path / "task-rest_physio.json").write_text(json.dumps(top), encoding="utf-8")
    (tmp_path / "task-other_physio.json").write_text(json.dumps(top | {"SamplingFrequency": 99.0}), encoding="utf-8")
    folder = tmp_path / "sub-01" / "beh"
    folder.mkdir(parents=True)
    path = text(folder / "sub-01_task-rest_physio.tsv", *(f"{n % 7}" for n in range(50)))
    found = read_any(path, TableShape())
    assert (found.names, found.metadata_of(0).rate, found.metadata_of(0).start, found.metadata_of(0).unit) == (
        ("cardiac",),
        10.0,
        -1.0,
        "mV",
    )
    (folder / "sub-01_task-rest_physio.json").write_text('{"StartTime": 3.0}', encoding="utf-8")
    found = read_any(path, TableShape())
    assert (found.metadata_of(0).rate, found.metadata_of(0).start) == (10.0, 3.0)
    (tmp_path / "dataset_description.json").unlink()
    with pytest.raises(DataError, match="missing required field `SamplingFrequency`"):
        read_any(path, TableShape())
