"""What a researcher meets in a notebook: near words, short representations, tables, plots, one call for one number."""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np
import pytest

import coregulation as co
from coregulation.errors import DataError, UsageError
from coregulation.io import write_session
from coregulation.report.presented import PresentedSession
from coregulation.signals import Beats
from tests.paths import ROOT

EXAMPLES = ROOT / "examples"
LINKED, TRUTH = co.simulated_pair(seconds=600, strength=0.6, lag=2.0, seed=1)


@pytest.fixture(scope="module")
def finding():
    return co.analyze(LINKED, surrogates=199, seed=1)


def test_representations_are_short(finding):
    session = co.open_session(
        EXAMPLES / "ada_rr.txt", EXAMPLES / "ben_rr.txt", signal="rr", unit="ms", people=("ada", "ben")
    )
    assert repr(session) == "<Session session: ada: beats; ben: beats>"
    assert repr(finding) == "<Finding simulated-pair-1 (simulated): 2 people, linked-steadying-unknown>"
    assert len(session._repr_html_()) < 2000
    assert len(finding._repr_html_()) < 3000
    assert "rose and fell together" in finding._repr_html_()
    assert str(finding).startswith("simulated-pair-1 (simulated)")


def test_names_in_a_notebook_are_escaped():
    first, second = LINKED.recordings
    odd = replace(LINKED, id="<script>", recordings=(first, second))
    assert "<script>" not in PresentedSession.present(odd)._repr_html_()


def test_a_wrong_setting_or_table_gets_the_near_one(finding):
    with pytest.raises(UsageError, match="Did you mean sensitivity"):
        co.analyze(LINKED, sensitivty=())
    with pytest.raises(UsageError, match="Did you mean couplings"):
        finding.table("couplngs")


def test_a_table_is_a_data_frame_or_without_pandas_records(finding, monkeypatch):
    frame = finding.table("couplings")
    assert {"first", "second", "p"} <= set(frame.columns)
    monkeypatch.setitem(sys.modules, "pandas", None)
    records = finding.table("couplings")
    assert len(records) == len(frame)
    assert records[0]["p"] == frame["p"][0]


def test_plots_are_figures_and_show_something(finding):
    for figure in (finding.plot(), PresentedSession.present(LINKED).plot()):
        assert sum(len(axes.lines) for axes in figure.axes) >= 2


def test_a_path_does_where_a_session_is(finding, tmp_path):
    write_session(LINKED, tmp_path / "kept")
    again = co.analyze(tmp_path / "kept", surrogates=199, seed=1)
    assert again.couplings[0].p == finding.couplings[0].p


def test_hrv_of_beats_of_a_recording_and_of_a_file_is_the_same():
    path = EXAMPLES / "ada_rr.txt"
    rr = np.loadtxt(path)
    recording = co.open_session(path, signal="rr", unit="ms").recordings[0]
    of_file, of_recording = co.hrv(path, unit="ms"), co.hrv(recording)
    assert of_file.rmssd.value == of_recording.rmssd.value
    assert of_file.rmssd.value == pytest.approx(np.sqrt(np.mean(np.diff(rr) ** 2)), rel=0.02)
    assert co.hrv(Beats(np.cumsum(rr) / 1000)).rmssd.unit == "ms"


def test_hrv_without_beats_is_refused():
    with pytest.raises(DataError, match="no beats"):
        co.hrv(LINKED.recordings[0])


def test_linkage_of_two_signals_is_that_of_the_analysis():
    ada, ben = (recording.signals["heart_rate"] for recording in LINKED.recordings)
    found = co.linkage(ada, ben, surrogates=199, seed=1)
    assert found.p < 0.05
    assert found.estimate.lag == pytest.approx(TRUTH.link.lag, abs=0.5)


def test_linkage_of_unlinked_signals_is_seldom_found():
    unlinked, _ = co.simulated_pair(seconds=600, strength=0.0, seed=2)
    first, second = (recording.signals["heart_rate"] for recording in unlinked.recordings)
    assert co.linkage(first, second, surrogates=199).p > 0.01


@pytest.mark.parametrize(("wrong", "right"), [("analyse", "analyze"), ("opensession", "open_session"), ("hrvv", "hrv")])
def test_a_wrong_name_of_the_package_gets_the_near_one(wrong, right):
    with pytest.raises(AttributeError, match=f"Did you mean {right}"):
        getattr(co, wrong)


def test_variability_of_a_session_is_that_of_its_one_person():
    ada, ben = EXAMPLES / "ada_rr.txt", EXAMPLES / "ben_rr.txt"
    session = co.open_session(ada, people=("ada",), signal="rr", unit="ms")
    assert co.hrv(session).rmssd == co.hrv(ada, unit="ms").rmssd
    both = co.open_session(ada, ben, people=("ada", "ben"), signal="rr", unit="ms")
    with pytest.raises(UsageError, match="ada and ben"):
        co.hrv(both)
