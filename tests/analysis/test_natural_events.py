"""Which events a level is averaged around: marks of all, the other's turns, cues; nothing that a correction or the clock adds."""

from __future__ import annotations

from coregulation.analysis.natural import pair_levels
from coregulation.analysis.natural_events import event_courses
from coregulation.events import Block, Mark, Turn
from coregulation.regulation.natural.event_locked import EventKind
from tests.analysis.test_natural import PEOPLE, answer, evening


def test_marks_turns_of_the_other_and_cues_are_events():
    session = evening(
        marks=(Mark(100.0, "hand"), Mark(900.0, "hand"), Mark(200.0, "beat", by_hand=True), Mark(99999.0, "late")),
        turns=(Turn("ada", 50.0, 60.0), Turn("ben", 70.0, 75.0), Turn("ben", 400.0, 410.0)),
        blocks=(Block("touch", 500.0, 600.0, cues={"touch": True, "voice": False}),),
    )
    ada, ben = event_courses(session, PEOPLE, pair_levels(session, PEOPLE)[1])
    assert {name: at.tolist() for name, at in ada.events.items()} == {
        (EventKind.MARK, "hand"): [100, 900], (EventKind.MARK, "late"): [], (EventKind.TURN, "ben"): [70, 400],
        (EventKind.CUE, "touch"): [500],
    }  # fmt: skip
    assert (EventKind.TURN, "ada") in ben.events
    assert (EventKind.TURN, "ben") not in ben.events


def test_a_session_with_marks_says_what_followed_them_and_one_without_nothing():
    marks = tuple(Mark(300.0 + 150 * k, "hand on the back") for k in range(12))
    finding = answer(evening(marks=marks))
    assert {(item.label, item.person) for item in finding.preceding} == {
        ("hand on the back", "ada"),
        ("hand on the back", "ben"),
    }
    assert all(0 < item.p <= item.adjusted <= 1 for item in finding.preceding)
    assert answer(evening()).preceding == ()
