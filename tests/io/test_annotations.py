from __future__ import annotations

import pytest

from coregulation.errors import DataError
from coregulation.io import open_session
from tests.io.write import rows, text, wave


@pytest.fixture
def pair(tmp_path):
    return rows(tmp_path / "pair.csv", "ada,ben", wave(60), wave(60, phase=1))


def opened(pair, **said):
    return open_session(pair, people=("ada", "ben"), signal="heart_rate", rate=1, **said)


def test_blocks(pair, tmp_path):
    path = text(
        tmp_path / "blocks.csv",
        "kind,start,end,perturbed,dose,with,partner,guide,session",
        "alone-rest,0,10,,,,,,",
        'perturb-together,10,"20,5",ada+ben,1.5,ben,live,pacer 6/min,session',
        "talk,30,40,,,,,,another",
    )
    one, two = opened(pair, blocks=path).blocks
    assert (one.kind, one.start, one.end, one.perturbed, one.dose) == ("alone-rest", 0, 10, (), None)
    assert (two.end, two.perturbed, two.dose, two.present) == (20.5, ("ada", "ben"), 1.5, ("ben",))
    assert (two.partner, two.guide) == ("live", "pacer 6/min")


def test_bids_events(pair, tmp_path):
    path = text(tmp_path / "events.tsv", "onset\tduration\ttrial_type", "5\t10\ttalk", "20\t4.5\tpause")
    assert [(b.kind, b.start, b.end) for b in opened(pair, blocks=path).blocks] == [
        ("talk", 5, 15),
        ("pause", 20, 24.5),
    ]


def test_marks_and_spans_to_leave_out(pair, tmp_path):
    marks = text(tmp_path / "marks.csv", "TIME;LABEL;person", "12,5;a hard moment;ada", "14;bell;")
    spans = text(tmp_path / "out.csv", "start,end,why,person", "3,5,cough,ben")
    session = opened(pair, marks=marks, exclude=spans)
    assert [(m.time, m.label, m.person) for m in session.marks] == [
        (12.5, "a hard moment", "ada"),
        (14.0, "bell", None),
    ]
    assert session.excluded("ben")[0].length == 2
    assert session.excluded("ada") == ()


def test_annotations_in_times_of_day_follow_the_session_clock(tmp_path):
    stamps = [f"14:{n // 60:02d}:{n % 60:02d}" for n in range(60)]
    pair = rows(tmp_path / "pair.csv", "time,a,b", stamps, wave(60), wave(60, phase=1))
    marks = text(tmp_path / "marks.csv", "time,label", "14:00:30,x", "14:00:40,y")
    session = open_session(pair, signal="heart_rate", marks=marks)
    assert [mark.time for mark in session.marks] == [30, 40]
    seconds = rows(tmp_path / "u.csv", "time_s,a,b", range(1644227583, 1644227643), wave(60), wave(60, phase=1))
    marks = text(tmp_path / "m.csv", "time,label", "1644227593,x", "20,y")
    assert [mark.time for mark in open_session(seconds, signal="heart_rate", marks=marks).marks] == [10, 20]
    marks = text(tmp_path / "m2.csv", "time,label", "2026-05-04T14:00:30Z,x", "2026-05-04T14:00:31Z,y")
    with pytest.raises(DataError, match="dates with a time zone here and as times of day"):
        open_session(pair, signal="heart_rate", marks=marks)


@pytest.mark.parametrize(
    ("kind", "lines", "words"),
    [
        ("blocks", ["kind,end", "x,1", "y,2"], "the column 'start' is missing"),
        ("blocks", ["kind,start,end", "x,5,1", "y,6,7"], "row 2: .*'x' needs start < end"),
        ("blocks", ["kind,start,end", "x,0,5", "x,4,7"], "Two blocks 'x' overlap"),
        ("blocks", ["kind,start,end", "x,0,", "y,4,7"], "row 2: end is missing"),
        ("marks", ["time,label", "soon,x", "4,y"], "row 2: time is 'soon', where a number"),
        ("marks", ["time,label,person", "3,x,eve", "4,y,"], "a mark names 'eve'"),
        ("exclude", ["start,end,why", "5,4,x", "1,2,y"], "row 2: An exclusion needs start < end; 5 and 4"),
        ("exclude", [""], "empty"),
    ],
)
def test_what_is_wrong_is_named(pair, tmp_path, kind, lines, words):
    with pytest.raises(DataError, match=words):
        opened(pair, **{kind: text(tmp_path / "notes.csv", *lines)})
