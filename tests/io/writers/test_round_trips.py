"""Written for other programs and read again."""

from __future__ import annotations

import csv
import datetime
import json
import os
import pathlib
import shutil
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from coregulation.cli import main
from coregulation.clock import Clock
from coregulation.errors import DataError
from coregulation.events import Block, Exclusion, Mark
from coregulation.io import open_session, write_session
from coregulation.io.writers.bids import DatasetProvenance, write_bids
from coregulation.io.writers.edf import write_edf
from coregulation.session import Person, Recording, Session
from coregulation.signals import Beats, Signal, Unit

RNG = np.random.default_rng(3)
VALUES = np.where(np.arange(400) % 97 < 4, np.nan, RNG.normal(5, 1, 400))
BEATS = Beats(12.0 + np.cumsum(0.8 + 0.05 * RNG.random(30)), ok=np.arange(30) != 7)


def session(**changed):
    ada = Recording(
        Person("ada", "client"),
        {"eda": Signal(VALUES, 4.0, 10.0, Unit.MICROSIEMENS), "ecg": Signal(VALUES[:200], 125.0, 12.0, Unit.MILLIVOLT)},
        BEATS,
        {"eda": Clock(offset_sd=0.05, name="watch"), "ecg": Clock(offset_sd=None, name="belt")},
    )
    ben = Recording(Person("ben"), {"eda": Signal(VALUES[::-1], 0.5, 11.0, Unit.MICROSIEMENS)})
    whole = Session("pair 7", (ada, ben), marks=(Mark(20.0, "rupture", "ada"),), task="a hard moment",
                    blocks=(Block("talk", 0.0, 30.0),), exclusions=(Exclusion(13.0, 14.0, "cough", "ada"),))  # fmt: skip
    return replace(whole, **changed)


def test_bids_keeps_every_digit(tmp_path):
    write_bids(session(), tmp_path)
    stem = tmp_path / "sub-01" / "ses-pair7" / "beh" / "sub-01_ses-pair7_task-ahardmoment"
    back = open_session(f"{stem}_recording-eda_physio.tsv.gz").of("A").signals["eda"]
    assert (back.rate, back.start, back.unit) == (4.0, 10.0, Unit.MICROSIEMENS)
    np.testing.assert_array_equal(back.values, VALUES)
    scans = (tmp_path / "sub-01/ses-pair7/sub-01_ses-pair7_scans.tsv").read_text(encoding="utf-8").split("\n")
    named = dict(zip(scans[0].split("\t"), scans[1].split("\t"), strict=True))
    assert (named["clock_name"], named["clock_offset_sd"]) == ("watch", "0.05")
    ecg = open_session(f"{stem}_recording-ecg_physio.tsv.gz")
    assert ecg.of("A").channels == ("ecg",)  # the long name tells the channel; the column is BIDS' "cardiac"


VALIDATOR = shutil.which(
    "bids-validator-deno", path=f"{pathlib.Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
)
OF_THE_SITE = {
    "TOO_FEW_AUTHORS",
    "JSON_KEY_RECOMMENDED",
    "SIDECAR_KEY_RECOMMENDED",
}  # what only the owner of the data can say


@pytest.mark.skipif(VALIDATOR is None, reason="the BIDS validator is not installed")
def test_the_validator_finds_no_error(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    write_bids(session(), folder, DatasetProvenance(("A. Name", "B. Name"), "CC0"))
    assert VALIDATOR is not None
    told = subprocess.run(
        [VALIDATOR, str(folder), "--format", "json"], capture_output=True, text=True, timeout=120, check=False
    )
    issues = json.loads(told.stdout)["issues"]["issues"]
    assert [issue["code"] for issue in issues if issue["severity"] == "error"] == []
    assert {issue["code"] for issue in issues} <= OF_THE_SITE


def test_bids_tells_people_blocks_marks_spans_and_beats(tmp_path):
    write_bids(session(), tmp_path)
    people = (tmp_path / "participants.tsv").read_text(encoding="utf-8").split("\n")
    assert people[1:3] == ["sub-01\tada\tclient\tno", "sub-02\tben\tn/a\tno"]
    with (tmp_path / "sub-01/ses-pair7/beh/sub-01_ses-pair7_task-ahardmoment_events.tsv").open(
        encoding="utf-8", newline=""
    ) as file:
        events = list(csv.DictReader(file, delimiter="\t"))
    assert [float(e["onset"]) for e in events] == sorted(float(e["onset"]) for e in events)
    beats = [event for event in events if event["trial_type"] == "beat"]
    assert [float(event["onset"]) for event in beats] == BEATS.times.tolist()
    assert [event["ok"] for event in beats].index("0") == 7
    assert {(e["trial_type"], e["description"]) for e in events} >= {
        ("block", "talk"),
        ("mark", "rupture"),
        ("exclude", "cough"),
    }
    other = (tmp_path / "sub-02/ses-pair7/beh/sub-02_ses-pair7_task-ahardmoment_events.tsv").read_text(encoding="utf-8")
    assert "rupture" not in other
    assert "talk" in other
    assert json.loads((tmp_path / "dataset_description.json").read_text(encoding="utf-8"))["Name"] == "pair 7"


def test_edf_keeps_values_to_its_16_bits_and_gaps_and_beats(tmp_path):
    write_edf(session(), tmp_path)
    back = open_session(tmp_path / "person-1.edf").of("A")
    eda = back.signals["eda"]
    assert (eda.rate, eda.unit) == (4.0, Unit.MICROSIEMENS)
    step = (np.nanmax(VALUES) - np.nanmin(VALUES)) / 65535
    np.testing.assert_allclose(eda.values[:400], VALUES, atol=1.1 * step, equal_nan=True)
    ecg = back.signals["ecg"].values
    np.testing.assert_array_equal(np.isnan(ecg[250:450]), np.isnan(VALUES[:200]))
    assert np.isnan(ecg[:250]).all()
    kept = BEATS.times[BEATS.ok] - 10.0
    np.testing.assert_allclose(back.beats.times, kept, atol=1e-9)


def test_edf_files_of_people_have_one_zero(tmp_path):
    write_edf(session(), tmp_path)
    both = open_session(tmp_path / "person-1.edf", tmp_path / "person-2.edf", signal="eda")
    ben = both.of("B").signals["eda"]
    first = int(np.flatnonzero(np.isfinite(ben.values))[0])
    late = int(np.flatnonzero(np.isfinite(VALUES[::-1]))[0])
    assert abs(first / 0.5 - (1.0 + late / 0.5)) <= 1.0  # half a sample at 0.5 Hz


def test_edf_keeps_the_date_and_beats_alone(tmp_path):
    alone = Recording(Person("ada"), beats=BEATS)
    write_edf(session(recordings=(alone,), date=datetime.date(2026, 5, 4), exclusions=()), tmp_path)
    back = open_session(tmp_path / "person-1.edf").of("A")
    np.testing.assert_allclose(np.diff(back.beats.times), np.diff(BEATS.times[BEATS.ok]), atol=1e-9)


@pytest.mark.parametrize(
    ("recording", "words"),
    [
        (Recording(Person("ada")), "neither signals nor beats"),
        (
            Recording(Person("ada"), {"eda": Signal(VALUES, 4.0027, 0.0, Unit.MICROSIEMENS)}),
            "do not fit into EDF.*--to bids",
        ),
        (
            Recording(Person("ada"), {"eda": Signal(VALUES, 1e-4, 0.0, Unit.MICROSIEMENS)}),
            "hours do not fit|do not fit",
        ),
        (Recording(Person("ada"), {"eda": Signal(np.full(400, np.nan), 1 / 1800, 0, Unit.ARBITRARY)}), "do not fit"),
    ],
)
def test_what_edf_cannot_hold(tmp_path, recording, words):
    with pytest.raises(DataError, match=words):
        write_edf(session(recordings=(recording,), marks=(), exclusions=()), tmp_path)


def test_a_week_does_not_fit_into_an_edf_file(tmp_path):
    beats = Beats(np.array([0.0, 8 * 86400.0]), breaks=np.array([True, True]))
    with pytest.raises(DataError, match="192 hours do not fit"):
        write_edf(session(recordings=(Recording(Person("ada"), beats=beats),), marks=(), exclusions=()), tmp_path)


@pytest.mark.parametrize("form", ["bids", "edf"])
def test_the_command(tmp_path, capsys, form):
    path = write_session(session(), tmp_path / "in")
    assert main(["convert", str(path), "--to", form, "--out", str(tmp_path / "out")]) == 0
    assert "The recordings of 2 people were written" in capsys.readouterr().out
    assert any((tmp_path / "out").rglob("*.edf" if form == "edf" else "*_physio.tsv.gz"))
    assert main(["convert", str(path), "--to", form, "--out", str(tmp_path / "out")]) == 2
    assert "exists already" in capsys.readouterr().err
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert main(["convert", str(path), "--to", form, "--out", str(tmp_path / "file" / "x")]) == 3


@pytest.mark.parametrize("command", [["beats"], ["convert", "--to", "edf"]])
def test_one_session_at_a_time(tmp_path, capsys, command):
    for name in ("one", "two"):
        write_session(session(id=name), tmp_path / "in" / name)
    assert main([*command, str(tmp_path / "in"), "--out", str(tmp_path / "out")]) == 2
    assert "hoose one, such as --only one" in capsys.readouterr().err


def test_beats_of_somebody_who_has_none_are_left_to_the_others(tmp_path):
    path = write_session(session(), tmp_path / "in")
    assert main(["beats", str(path), "--out", str(tmp_path / "out")]) == 0
    assert open_session(tmp_path / "out").of("ben").beats is None


@pytest.mark.parametrize("simulated", [True, False])
def test_a_simulated_data_set_says_so(tmp_path, simulated):
    write_bids(replace(session(), simulated=simulated), tmp_path)
    assert ("come from a simulation" in (tmp_path / "README").read_text(encoding="utf-8")) == simulated
