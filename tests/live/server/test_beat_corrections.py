"""Beats that were corrected by hand: what is drawn, what is kept, and that reports and downloads have it."""

from __future__ import annotations

import io
import zipfile

import numpy as np
import pytest

from coregulation.errors import CoregulationError
from coregulation.io import open_session, write_session
from coregulation.live.server.beat_corrections import (
    BeatCorrection,
    keep_corrections,
    kept_corrections,
    look_at_beats,
    pack_corrected,
    with_corrections,
)
from coregulation.session import Person, Recording, Session
from coregulation.signals import Beats
from coregulation.store import Store

RR = 0.8 + 0.03 * np.sin(np.arange(300) / 5)
TIMES = np.cumsum(RR)
MISSED = 120  # the beat that the strap did not see


def session():
    beats = Beats(np.delete(TIMES, MISSED))
    return Session("visit", (Recording(Person("ada"), {}, beats), Recording(Person("ben"), {}, Beats(TIMES + 0.1))))


@pytest.fixture
def manifest(tmp_path):
    return write_session(session(), tmp_path / "session")


def test_what_is_doubtful_is_told_and_a_beat_that_was_added_mends_it(manifest):
    seen = look_at_beats(manifest, "ada", ())
    assert len(seen["beats"]) == len(TIMES) - 1
    assert [round(time, 3) for time, _ in seen["doubtful"]] == [round(TIMES[MISSED + 1], 3)]
    assert seen["trace"] is None
    mended = look_at_beats(manifest, "ada", (BeatCorrection("add", float(TIMES[MISSED])),))
    assert len(mended["beats"]) == len(TIMES)
    assert mended["recorded"] == seen["recorded"]
    assert mended["doubtful"] == []


@pytest.mark.parametrize(
    "correction",
    [
        BeatCorrection("remove", float(TIMES[10] + 0.3)),
        BeatCorrection("move", float(TIMES[10])),
        BeatCorrection("add", float("nan")),
    ],
)
def test_a_correction_that_meets_nothing_is_refused(manifest, correction):
    with pytest.raises(CoregulationError):
        look_at_beats(manifest, "ada", (correction,))


def test_somebody_without_beats_is_told_so(manifest):
    with pytest.raises(CoregulationError, match="No beats were recorded of cyd"):
        look_at_beats(manifest, "cyd", ())


def test_only_who_was_corrected_changes_and_it_is_marked_as_by_hand():
    kept = {"ada": (BeatCorrection("add", float(TIMES[MISSED])), BeatCorrection("exclude", 10.0, 12.0, "cough"))}
    after = with_corrections(session(), kept)
    assert len(after.recordings[0].beats) == len(TIMES)
    assert np.array_equal(after.recordings[1].beats.times, session().recordings[1].beats.times)
    assert [mark.by_hand for mark in after.marks] == [True]
    assert [(one.start, one.end, one.person) for one in after.exclusions] == [(10.0, 12.0, "ada")]
    before = session()
    assert with_corrections(before, {}) is before


def test_the_last_list_of_a_person_is_the_one_that_counts(tmp_path):
    store = Store(tmp_path / "store")
    store.begin("visit", 1.0, {"people": [{"person": "ada"}, {"person": "ben"}]})
    first, second = BeatCorrection("add", 5.0), BeatCorrection("exclude", 1.0, 2.0)
    keep_corrections(store, "visit", "ada", (first,))
    keep_corrections(store, "visit", "ben", (second,))
    keep_corrections(store, "visit", "ada", (second, first))
    assert kept_corrections(store, "visit", ("ada", "ben")) == {"ada": (second, first), "ben": (second,)}
    keep_corrections(store, "visit", "ada", ())
    assert kept_corrections(store, "visit", ("ada", "ben")) == {"ben": (second,)}
    store.close()


def test_a_download_has_the_recording_as_it_was_and_the_corrections_beside_it(manifest, tmp_path):
    kept = {"ada": (BeatCorrection("add", float(TIMES[MISSED]), why="=1+1"),)}
    zipfile.ZipFile(io.BytesIO(pack_corrected(manifest, kept))).extractall(tmp_path / "out")
    opened = open_session(tmp_path / "out" / "session.toml")
    assert len(opened.recordings[0].beats) == len(TIMES)
    rows = (tmp_path / "out" / "corrections.csv").read_text().splitlines()
    assert rows[0] == "kind,time,to,person,why"
    assert rows[1].startswith("add,")
    assert rows[1].endswith("'=1+1")
