from __future__ import annotations

import datetime

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coregulation.clock import Clock
from coregulation.errors import DataError
from coregulation.events import Block, Exclusion, Mark, Rating
from coregulation.io import open_session, write_session
from coregulation.reasons import because
from coregulation.session import Person, Recording, Remark, Session
from coregulation.signals import Beats, Signal, Unit

NAMES = st.text(min_size=1, max_size=12).filter(lambda name: name.strip() and "FILL IN" not in name)


def same(one, other):
    assert one.people == other.people
    for a, b in zip(one.recordings, other.recordings, strict=True):
        assert a.channels == b.channels
        assert dict(a.clocks) == dict(b.clocks)
        for name, signal in a.signals.items():
            read = b.signals[name]
            assert (signal.rate, signal.start, signal.unit) == (read.rate, read.start, read.unit)
            np.testing.assert_array_equal(signal.values, read.values)
        if a.beats is not None:
            for part in ("times", "ok", "breaks"):
                np.testing.assert_array_equal(getattr(a.beats, part), getattr(b.beats, part))
    for part in ("id", "marks", "ratings", "exclusions", "shared", "setting", "task", "date", "simulated"):
        assert getattr(one, part) == getattr(other, part)
    assert other.remarks[: len(one.remarks)] == one.remarks


def made(names=("ada", "ben"), seed=0, **rest):
    rng = np.random.default_rng(seed)
    clocks = (Clock(0.25, 0.05, 30.0, 10.0, "strap"), Clock(1.5, None, -20.0, 0.0, "watch"))
    recordings = []
    for name, clock in zip(names, clocks, strict=True):
        values = 70 + rng.normal(size=50)
        values[7] = np.nan
        signals = {
            "heart_rate": Signal(values, 4.0, rng.normal(), Unit.PER_MINUTE),
            "ecg": Signal(rng.normal(size=50), 128.0, 0.1, Unit.MILLIVOLT),
            "temperature": Signal(rng.normal(size=50), 1 / 3, -2.0, Unit.ARBITRARY),
        }
        breaks = np.arange(30) % 11 == 0
        beats = Beats(np.cumsum(rng.uniform(0.5, 1, 30)), np.arange(30) != 5, breaks)
        recordings.append(Recording(Person(name, "client"), signals, beats, dict.fromkeys((*signals, "beats"), clock)))
    return Session("a session", tuple(recordings), **rest)


def test_everything_reads_back_to_the_same_numbers(tmp_path):
    session = made(
        marks=(Mark(1.5, 'said "no"', "ada"), Mark(2.0, "bell")),
        blocks=(Block("alone-rest", 0.0, 5.0, ("ada",), 1.0, ("ben",), {"voice": True}, "live", "pacer"),),
        ratings=(Rating(3.0, "ben", "felt safe", 6.0),),
        exclusions=(Exclusion(1.0, 2.0, "cough", "ada"),),
        remarks=(Remark("ada", "ecg", because("read.saturated"), 3),),
        shared=("music",),
        setting="one room",
        task="two\nlines",
        date=datetime.date(2026, 5, 4),
        simulated=True,
    )
    path = write_session(session, tmp_path / "kept")
    same(session, open_session(path))
    read = open_session(path.parent)
    assert [(b.kind, b.present, dict(b.cues), b.guide) for b in read.blocks] == [
        ("alone-rest", ("ben",), {"voice": True}, "pacer")
    ]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(NAMES, min_size=2, max_size=2, unique=True),
    st.integers(0, 1000),
    st.none()
    | st.lists(NAMES.map(str.strip).filter(lambda word: word.lower() not in ("", "none", "nothing"))).map(tuple),
    NAMES,
)
def test_any_names_and_numbers_read_back(tmp_path, names, seed, shared, words):
    session = made(names, seed, shared=shared, task=words, marks=(Mark(1.0, words),))
    same(session, open_session(write_session(session, tmp_path / "kept")))


def test_no_file_is_called_by_a_name(tmp_path):
    write_session(made(), tmp_path)
    assert not [path.name for path in tmp_path.iterdir() if "ada" in path.name or "ben" in path.name]


def test_a_folder_that_cannot_be_written_to(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DataError, match="could not be written here"):
        write_session(made(), tmp_path / "file")
