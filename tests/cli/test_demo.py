import gzip
import json
import pathlib
from importlib.resources import files
from typing import ClassVar

import numpy as np
import pytest

from coregulation.analysis import pipeline
from coregulation.analysis.finding import Finding
from coregulation.analysis.pipeline import Analysis
from coregulation.cli import main
from coregulation.io import open_session
from tests.paths import SHARED

CONCERT = pathlib.Path(str(files("coregulation") / "data" / "recordings" / "concert"))
DATA = SHARED / "concert-respiration"
FROM = {
    "playing-1/audience.csv.gz": "Case2_Sae1_AudResp.csv.gz",
    "playing-1/conductor.csv.gz": "Conductor_Play1_Feats.csv.gz",
    "playing-2/audience.csv.gz": "Case2_Sae2_AudResp.csv.gz",
    "LICENSE": "LICENSE",
}


@pytest.mark.skipif(not DATA.exists(), reason="the concert recordings are not beside this checkout")
@pytest.mark.parametrize("name", FROM)
def test_what_ships_is_what_was_published(name):
    shipped, published = ((folder / file).read_bytes() for folder, file in ((CONCERT, name), (DATA, FROM[name])))
    assert shipped == published


@pytest.mark.parametrize(("playing", "people", "seconds"), [(1, 16, 490), (2, 15, 477)])
def test_the_recordings_open(playing, people, seconds):
    session = open_session(CONCERT / f"playing-{playing}" / "session.toml")
    assert len(session.people) == people
    assert session.shared == ("music",)
    assert not session.simulated
    assert {person.role for person in session.people} <= {"conductor", "listener"}
    for recording in session.recordings:
        assert recording.signals["resp"].window.length == pytest.approx(seconds, abs=25)
        assert np.nanstd(recording.signals["resp"].values) > 0


def test_what_ships_says_where_it_is_from():
    assert "MIT" in (CONCERT / "LICENSE").read_text(encoding="utf-8")
    assert "finn42" in (CONCERT / "SOURCE.md").read_text(encoding="utf-8")
    with gzip.open(CONCERT / "playing-1/audience.csv.gz", "rt", encoding="utf-8") as lines:
        assert "AU801" in next(lines)


@pytest.fixture
def smaller(monkeypatch):
    """The demo with four people of the concert; the whole of it runs in the nightly tests and in `make demo`."""
    from dataclasses import replace

    import coregulation.io as real

    def few(path):
        session = open_session(path)
        return replace(session, recordings=session.recordings[:4])

    monkeypatch.setattr(real, "open_session", few)
    monkeypatch.setattr(pipeline, "Analysis", Once)


class Once:
    """An analysis whose findings stay for the other tests of this file, which read how they are told."""

    findings: ClassVar[dict[str, Finding]] = {}

    def __init__(self, **settings):
        self.analysis = Analysis(**settings)

    def __call__(self, session, others=(), progress=None):
        if session.id not in self.findings:
            self.findings[session.id] = self.analysis(session, others, progress)
        return self.findings[session.id]


def test_it_answers_twice_and_says_which_one_is_simulated(smaller, tmp_path, capsys):
    assert main(["demo", "--out", str(tmp_path), "--jobs", "2"]) == 0
    out = capsys.readouterr().out
    assert out.index("A simulated pair") < out.index("A real recording")
    assert "(simulated)" in out
    concert, pair = (
        json.loads((tmp_path / name / "result.json").read_text(encoding="utf-8")) for name in ("concert", "pair")
    )
    assert len(concert["verdicts"]) == 6
    assert {c["gate"] for c in concert["couplings"]} == {"G1", "G2"}
    assert pair["verdicts"][0]["kind"] == "lent-regulation"
    assert "simulated" in (tmp_path / "pair" / "report.html").read_text(encoding="utf-8")


def test_json_is_two_results_and_no_words(smaller, tmp_path, capsys):
    assert main(["demo", "--out", str(tmp_path), "--json"]) == 0
    out = capsys.readouterr().out
    first, end = json.JSONDecoder().raw_decode(out)
    second, _ = json.JSONDecoder().raw_decode(out[end:].lstrip())
    assert [found["schema"] for found in (first, second)] == ["coregulation.result/2"] * 2


@pytest.mark.nightly
def test_the_whole_demo(tmp_path):
    assert main(["demo", "--out", str(tmp_path)]) == 0
    assert len(json.loads((tmp_path / "concert/result.json").read_text(encoding="utf-8"))["verdicts"]) == 120
