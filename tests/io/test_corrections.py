"""Corrections by hand: applied, marked, counted, and refused where they cannot be meant."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coregulation.cli import main
from coregulation.errors import DataError, UsageError
from coregulation.events import Exclusion
from coregulation.io import open_session, write_session
from coregulation.io.corrections import Correction, CorrectionKind, apply_corrections, correct_beats, read_corrections
from coregulation.io.examples.values import RR
from coregulation.session import Person, Recording, Session
from coregulation.signals import Beats, Signal, Unit
from tests.io.write import rows, text, wave

TIMES = np.array([0.0, 0.8, 1.6, 2.4, 9.0, 9.8, 10.6])
BROKEN = np.array([True, False, False, False, True, False, False])


def beats(ok=None):
    return Beats(TIMES, ok, BROKEN)


def done(*corrections, of=None):
    return correct_beats(beats() if of is None else of, [Correction(*one) for one in corrections])


def add(time):
    return (CorrectionKind.ADD, time, None, "ada")


def remove(time):
    return (CorrectionKind.REMOVE, time, None, "ada")


def move(time, to):
    return (CorrectionKind.MOVE, time, to, "ada")


def test_a_missed_beat_divides_its_interval():
    found = done(add(2.0))
    np.testing.assert_allclose(found.rr[:5], [np.nan, 0.8, 0.8, 0.4, 0.4])
    assert found.ok.all()


def test_a_beat_added_in_a_gap_or_far_from_any_does_not_close_it():
    assert np.isnan(done(add(5.0)).rr[[4, 5]]).all()
    assert np.isnan(done(add(15.0)).rr[-1])
    assert np.isnan(done(add(-5.0)).rr[[0, 1]]).all()


def test_a_beat_added_before_the_first_begins_the_chain():
    found = done(add(-0.7))
    np.testing.assert_allclose(found.rr[:2], [np.nan, 0.7])
    assert done(add(3.0), of=Beats(np.array([]))).times.tolist() == [3.0]


def test_a_removed_beat_joins_its_intervals_and_leaves_its_gap_to_the_next():
    np.testing.assert_allclose(done(remove(1.61)).rr[:3], [np.nan, 0.8, 1.6])
    assert np.flatnonzero(np.isnan(done(remove(9.0)).rr)).tolist() == [0, 4]
    assert np.isnan(done(remove(0.0)).rr[0])
    assert len(done(remove(10.6))) == 6


def test_a_moved_beat_is_trusted_again():
    found = done(move(1.6, 1.7), of=beats(ok=np.arange(7) != 2))
    np.testing.assert_allclose(found.nn[1:4], [0.8, 0.9, 0.7])


@given(st.lists(st.floats(-20, 30).map(lambda t: round(t, 3)), max_size=8, unique=True))
def test_what_was_added_can_be_removed_again(times):
    new = [time for time in times if np.abs(TIMES - time).min() > 0.2]
    new = [time for n, time in enumerate(new) if all(abs(time - other) > 0.2 for other in new[:n])]
    there_and_back = done(*map(add, new), *map(remove, new))
    np.testing.assert_array_equal(there_and_back.times, TIMES)
    assert set(np.flatnonzero(BROKEN)) <= set(np.flatnonzero(there_and_back.breaks))


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (remove(5.0), r"no beat within 0\.05 s of 5\.000 s; the nearest is at 2\.400"),
        (move(1.6, 2.4), "past the next one"),
        (add(1.6), "already"),
    ],
)
def test_corrections_that_meet_no_beat_or_another(one, words):
    with pytest.raises(DataError, match=words):
        done(one)


def test_no_beats_at_all():
    with pytest.raises(DataError, match="no beat within"):
        done(remove(1.0), of=Beats(np.array([])))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ((CorrectionKind.ADD, np.nan, None, "ada"), "finite"),
        ((CorrectionKind.MOVE, 1.0, None, "ada"), "need `to`"),
        ((CorrectionKind.REMOVE, 1.0, 2.0, "ada"), "have none"),
        ((CorrectionKind.ADD, 1.0), "needs a person"),
    ],
)
def test_a_correction_that_cannot_be_meant(fields, words):
    with pytest.raises(DataError, match=words):
        Correction(*fields)


def pair():
    other = Recording(Person("ben"), {"resp": Signal(np.zeros(9), 1.0, 0.0, Unit.ARBITRARY)})
    return Session("s", (Recording(Person("ada"), beats=beats()), other))


def test_a_session_shows_and_counts_them():
    said = [
        Correction(*add(2.0)),
        Correction(CorrectionKind.REMOVE, 9.8, None, "ada", "T wave"),
        Correction(CorrectionKind.REMOVE, 10.6, None, "ada"),
        Correction(CorrectionKind.EXCLUDE, 3.0, 8.0, None, "talking"),
    ]
    found = apply_corrections(pair(), said)
    assert found.of("ada").beats.times.tolist() == [0.0, 0.8, 1.6, 2.0, 2.4, 9.0]
    assert [(mark.time, mark.label, mark.person) for mark in found.marks] == [
        (2.0, "beat added by hand", "ada"),
        (9.8, "beat removed by hand: T wave", "ada"),
        (10.6, "beat removed by hand", "ada"),
    ]
    assert found.exclusions == (Exclusion(3.0, 8.0, "talking"),)
    assert {(r.person, r.code, r.count) for r in found.remarks} == {
        ("ada", "corrected.beats-added", 1),
        ("ada", "corrected.beats-removed", 2),
        ("", "corrected.spans-left-out", 1),
    }


@pytest.mark.parametrize(
    ("person", "words"),
    [
        ("carl", "names 'carl'; the people here are ada, ben"),
        ("ben", "ben has no beats to correct.*coregulation beats"),
        ("ada", "ada: there is no beat"),
    ],
)
def test_corrections_of_somebody_who_cannot_have_them(person, words):
    with pytest.raises(DataError, match=words):
        apply_corrections(pair(), [Correction(CorrectionKind.REMOVE, 5.0, None, person)])


def test_a_table_of_corrections(tmp_path):
    path = text(
        tmp_path / "c.csv",
        "kind,time,to,person,why",
        "Exclude,1,2.5,,talking, loud".replace(", loud", ""),
        "move,3.2,3.3,ada,",
        "add,4,,ada,",
    )
    found = read_corrections(path)
    assert [(one.kind, one.time, one.to, one.person, one.why) for one in found] == [
        (CorrectionKind.EXCLUDE, 1.0, 2.5, None, "talking"),
        (CorrectionKind.MOVE, 3.2, 3.3, "ada", ""),
        (CorrectionKind.ADD, 4.0, None, "ada", ""),
    ]
    assert read_corrections(text(tmp_path / "none.csv", "kind,time,to,person,why")) == ()


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("delete,1,,ada,", "row 2: the kind 'delete' is not known. Did you mean add, exclude, move or remove"),
        ("add,soon,,ada,", "row 2"),
        ("add,,,ada,", "row 2: time is missing"),
        ("move,1,,ada,", "row 2: .*need `to`"),
    ],
)
def test_a_row_that_cannot_be_meant_is_named(tmp_path, row, words):
    with pytest.raises(DataError, match=words):
        read_corrections(text(tmp_path / "c.csv", "kind,time,to,person,why", row))


def test_they_are_applied_whenever_a_session_is_read(tmp_path):
    paths = [text(tmp_path / name, *RR[k:]) for k, name in enumerate(("a.txt", "b.txt"))]
    table = text(tmp_path / "c.csv", "kind,time,to,person,why", "remove,0.8,,A,T wave")
    plain = open_session(*paths, signal="rr", unit="ms")
    found = open_session(*paths, signal="rr", unit="ms", corrections=table)
    assert found.of("A").beats.times.tolist() == np.delete(plain.of("A").beats.times, 1).tolist()
    manifest = write_session(plain, tmp_path / "kept", corrections="c.csv")
    table.rename(manifest.parent / "c.csv")
    kept = open_session(manifest)
    np.testing.assert_array_equal(kept.of("A").beats.times, found.of("A").beats.times)
    (manifest.parent / "c.csv").unlink()
    with pytest.raises(UsageError, match="no file"):
        open_session(manifest)


def beating(seconds, rate, seed):
    """An ECG of sharp beats, and where they are."""
    times = 0.5 + np.cumsum(0.8 + 0.06 * np.random.default_rng(seed).random(int(seconds / 0.9)))
    t = np.arange(int(seconds * rate)) / rate
    wave = np.exp(-((t[:, None] - times[None]) ** 2) / (2 * 0.012**2)).sum(axis=1)
    return t, wave, times[times < seconds - 3]


def test_the_command_finds_beats_and_starts_the_corrections(tmp_path, capsys):
    truth = []
    for number in (1, 2):
        t, wave_, times = beating(60, 250, number)
        rows(tmp_path / f"{number}.csv", "time_s,ecg_mV", t.tolist(), wave_.round(5).tolist())
        truth.append(times)
    said = [str(tmp_path / "1.csv"), str(tmp_path / "2.csv"), "--signal", "ecg", "--column", "ecg_mV"]
    out = tmp_path / "checked"
    assert main(["beats", *said, "--out", str(out)]) == 0
    assert "doubtful beats" in capsys.readouterr().out
    session = open_session(out)
    for who, times in zip("AB", truth, strict=True):
        found = session.of(who).beats.times
        # the detector has too little around the first and the last beat, and leaves them out rather than guess
        assert np.abs(found[:, None] - times[None, 1:-1]).min(axis=0).max() < 0.01
    assert ("A", "beats", "beats.found-in-ecg") in {(r.person, r.channel, r.code) for r in session.remarks}
    first = session.of("A").beats.times[5]
    with (out / "corrections.csv").open("a", encoding="utf-8") as file:
        file.write(f"remove,{first!r},,A,because\n".replace("np.float64(", "").replace(")", ""))
    assert len(open_session(out).of("A").beats) == len(session.of("A").beats) - 1
    assert main(["beats", *said, "--out", str(out)]) == 2
    assert "exists already and may hold corrections" in capsys.readouterr().err


def test_the_command_tells_doubtful_beats_and_where_there_are_none(tmp_path, capsys):
    intervals = [*RR, *RR, 400, 1300, *RR]
    paths = [text(tmp_path / name, *intervals[k:]) for k, name in enumerate(("a.txt", "b.txt"))]
    assert main(["beats", *map(str, paths), "--signal", "rr", "--unit", "ms", "--out", str(tmp_path / "x")]) == 0
    assert "A,66" in (tmp_path / "x" / "doubtful.csv").read_text(encoding="utf-8")
    table = rows(tmp_path / "pair.csv", "a,b", wave(30), wave(30, phase=1))
    assert main(["beats", str(table), "--signal", "resp", "--rate", "1", "--out", str(tmp_path / "y")]) == 3
    assert "No person has beats" in capsys.readouterr().err
