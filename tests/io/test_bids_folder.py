"""A BIDS data set comes back as the session that was written, to the bit; others are read as far as they say what they hold."""

from __future__ import annotations

import json

import numpy as np
import pytest

from coregulation.errors import DataError, UsageError
from coregulation.events import Block, Exclusion, Mark, Rating
from coregulation.io import open_session, open_sessions
from coregulation.io.writers.bids import write_bids
from tests.io.writers.test_session import made


def whole():
    return made(
        marks=(Mark(1.5, "said no", "ada"), Mark(2.0, "bell")),
        blocks=(Block("alone-rest", 0.1, 5.7, ("ada",), 1.0, ("ben",), {}, "live", "pacer"), Block("talk", 6.0, 11.0)),
        ratings=(Rating(3.0, "ben", "felt safe", 6.0),),
        exclusions=(Exclusion(1.0, 2.0, "cough", "ada"),),
    )


def test_a_session_comes_back_to_the_bit(tmp_path):
    session = whole()
    write_bids(session, tmp_path)
    back = open_session(tmp_path)
    for own, read in zip(session.recordings, back.recordings, strict=True):
        assert set(own.channels) == set(read.channels)
        for name, signal in own.signals.items():
            found = read.signals[name]
            assert (found.rate, found.start, found.unit) == (signal.rate, signal.start, signal.unit)
            np.testing.assert_array_equal(found.values, signal.values)
    assert (back.id, back.people, back.blocks, back.ratings) == (
        session.id,
        session.people,
        session.blocks,
        session.ratings,
    )
    assert (set(back.marks), set(back.exclusions)) == (set(session.marks), set(session.exclusions))
    for own, read in zip(session.recordings, back.recordings, strict=True):
        assert dict(own.clocks) == dict(read.clocks)
        for part in ("times", "ok", "breaks"):
            np.testing.assert_array_equal(getattr(own.beats, part), getattr(read.beats, part))


def test_options_that_it_says_itself_are_refused(tmp_path):
    write_bids(whole(), tmp_path)
    with pytest.raises(UsageError, match="A BIDS data set says itself what --rate would say"):
        open_sessions(tmp_path, rate=4)
    with pytest.raises(UsageError, match="is one folder"):
        open_sessions(tmp_path, tmp_path)


def test_a_data_set_of_others(tmp_path):
    (tmp_path / "dataset_description.json").write_text(
        json.dumps({"Name": "x", "BIDSVersion": "1.9.0"}), encoding="utf-8"
    )
    side = {"SamplingFrequency": 10.0, "StartTime": 0.0, "Columns": ["cardiac", "respiratory", "trigger"]}
    (tmp_path / "task-rest_physio.json").write_text(json.dumps(side), encoding="utf-8")
    for number in (1, 2):
        folder = tmp_path / f"sub-{number}" / "func"
        folder.mkdir(parents=True)
        rows = [f"{np.sin(n / 3 + number):.4f}\t{np.sin(n / 9 + number):.4f}\t0" for n in range(300)]
        (folder / f"sub-{number}_task-rest_physio.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
        events = "onset\tduration\ttrial_type\n1.0\t5.0\ttalk\n8.0\tn/a\tbell\n"
        (folder / f"sub-{number}_task-rest_events.tsv").write_text(events, encoding="utf-8")
    session = open_session(tmp_path)
    assert [recording.channels for recording in session.recordings] == [("resp",), ("resp",)]
    assert [(block.kind, block.start, block.end) for block in session.blocks] == [("talk", 1.0, 6.0)]
    assert [(mark.time, mark.label, mark.person) for mark in session.marks] == [(8.0, "bell", None)]
    assert {remark.reason.facts.get("part") for remark in session.remarks} >= {"cardiac", "trigger"}


def test_a_data_set_without_physiology(tmp_path):
    (tmp_path / "dataset_description.json").write_text("{}", encoding="utf-8")
    with pytest.raises(DataError, match="holds no physiology"):
        open_session(tmp_path)
    (tmp_path / "dataset_description.json").write_text("[", encoding="utf-8")
    with pytest.raises(DataError, match="not the description of a BIDS data set"):
        open_session(tmp_path)
