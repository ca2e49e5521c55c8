"""WFDB annotations: where the beats are, what else is marked, and what is cut off."""

from __future__ import annotations

import numpy as np
import pytest

from coregulation.errors import DataError
from coregulation.io import open_session
from coregulation.io.examples import laboratory, physionet
from coregulation.io.examples.values import START
from tests.io.formats.reading import alone, table
from tests.paths import SHARED as DATA

SAMPLES = (100, 310, 520, 2730, 2940, 70_000, 70_200)


def test_beats_and_marks_of_annotations(tmp_path):
    path = laboratory.wfdb_annotations(tmp_path / "x.atr", SAMPLES)
    np.testing.assert_allclose(table(path).numbers("beats"), np.array(SAMPLES) / 250)
    session = open_session(path)
    beats = session.of("A").beats
    assert np.flatnonzero(beats.breaks).tolist() == [0, 3, 5]
    assert [(mark.time, mark.label) for mark in session.marks] == [(20 / 250, "(N")]
    assert table(path).metadata_of(0).start == START


def test_annotations_that_are_cut_off_or_have_no_header(tmp_path):
    path = laboratory.wfdb_annotations(tmp_path / "x.atr")
    path.write_bytes(path.read_bytes()[:-2])
    with pytest.raises(DataError, match="damaged or cut off"):
        table(path)
    path.with_suffix(".hea").write_text("x two\n", encoding="ascii")
    with pytest.raises(DataError, match="first line is not"):
        table(path)


def test_annotations_without_a_beat(tmp_path):
    with pytest.raises(DataError, match="no signal"):
        table(laboratory.wfdb_annotations(tmp_path / "x.atr", ()))


def test_ticks_and_types_of_the_files_own(tmp_path):
    """A note at the beginning says how many ticks there are per second; a blocked P wave is no beat (ecgmap.h, isqrs)."""
    path = physionet.annotated(tmp_path / "x.qrs", resolution=1000)
    np.testing.assert_allclose(table(path).numbers("beats"), 1.1 + 0.8 * np.arange(1, 41))
    marks = open_session(path).marks
    assert [(mark.time, mark.label) for mark in marks] == [(1.0, "(N"), (1.1, "talk"), (33.15, "blocked P wave")]


def test_ticks_that_would_lie_after_the_end_contradict_the_header(tmp_path):
    with pytest.raises(DataError, match=r"last annotation is at 66\.3 s, and its header says that the record has 40 s"):
        table(physionet.annotated(tmp_path / "x.qrs", resolution=500))


@pytest.mark.skipif(
    not list((DATA / "mitdb").glob("*.atr")), reason="the MIT-BIH annotations are not beside this checkout"
)
def test_beats_of_mitdb():
    beats = alone(next((DATA / "mitdb").glob("100.atr"))).beats
    assert len(beats) == 2273  # as PhysioNet's table of the records says
