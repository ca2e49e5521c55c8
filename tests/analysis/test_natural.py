"""Natural mode for sessions: which signal, what is left out, pooled over sessions and pairs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from coregulation.analysis.natural import ORDER, NaturalAnalysis, NaturalFinding, pair_levels, pool_pairs, pool_study
from coregulation.errors import DataError, UsageError
from coregulation.events import Block, Mark, Turn
from coregulation.regulation.natural.answer import NaturalState
from coregulation.session import Person, Recording, Session
from coregulation.signals import Beats, Signal, Unit
from coregulation.simulate.natural_pairs import NATURAL_LAWS, simulate_natural_sessions

QUICK = NaturalAnalysis(shifts=399)
PEOPLE = ("ada", "ben")


def evening(
    seconds: float = 2400.0, seed: int = 1, law: str = "help", names=PEOPLE, roles=(None, None), **facts
) -> Session:
    levels = simulate_natural_sessions(NATURAL_LAWS[law], 1, seconds, seed).levels[0]
    recordings = tuple(
        Recording(Person(name, role), {"heart_rate": Signal(68 + 7 * values, 1.0, 0.0, Unit.PER_MINUTE)})
        for name, role, values in zip(names, roles, levels, strict=True)
    )
    return Session(facts.pop("id", f"evening {seed}"), recordings, **facts)


def answer(*sessions: Session, analysis: NaturalAnalysis = QUICK) -> NaturalFinding:
    finding = analysis(sessions, np.random.default_rng(0))
    assert finding is not None
    return finding


def driven(session: Session) -> np.ndarray:
    return pair_levels(session, PEOPLE)[1].driven


def test_the_heart_stands_for_arousal_and_both_directions_are_answered():
    finding = answer(evening())
    assert finding.index == "heart_rate"
    assert [(d.giver, d.receiver) for d in finding.directions] == [("ben", "ada"), ("ada", "ben")]
    assert finding.is_shown
    assert all(d.state is NaturalState.MORE_NEEDED for d in finding.directions if d.is_shown)


def test_a_recorded_arousal_comes_before_the_heart():
    session = evening()
    recordings = tuple(
        replace(r, signals={**r.signals, "arousal": replace(r.signals["heart_rate"], unit=Unit.ARBITRARY)})
        for r in session.recordings
    )
    assert answer(replace(session, recordings=recordings)).index == "arousal"


def test_beats_give_nearly_the_rises_of_the_level():
    session = evening(2400.0)
    recordings = []
    for r in session.recordings:
        rate = r.signals["heart_rate"].values
        phase = np.cumsum(rate / 60)
        times = np.interp(np.arange(1, int(phase[-1])), phase, np.arange(len(rate), dtype=float))
        recordings.append(Recording(r.person, beats=Beats(times)))
    known, beats = answer(session), answer(replace(session, recordings=tuple(recordings)))
    assert abs(known.directions[0].rises - beats.directions[0].rises) <= 4


def test_sessions_of_a_pair_are_pooled_whatever_the_order_of_the_people():
    first = evening(seed=1)
    second = evening(seed=2)
    turned = replace(second, recordings=second.recordings[::-1])
    pooled, same = answer(first, turned), answer(first, second)
    assert pooled.sessions == ("evening 1", "evening 2")
    assert [d.rises for d in pooled.directions] == [d.rises for d in same.directions]
    assert pooled.directions[0].time == pytest.approx(4800.0)


def test_other_people_are_not_pooled_as_one_pair():
    with pytest.raises(UsageError, match="different people"):
        answer(evening(), evening(names=("cem", "dan")))
    with pytest.raises(UsageError, match="at least one session"):
        answer()
    with pytest.raises(UsageError, match="99 shifts"):
        NaturalAnalysis(shifts=98)


def test_one_person_and_three_are_not_asked():
    session = evening()
    alone = replace(session, recordings=session.recordings[:1])
    assert QUICK((alone,), np.random.default_rng(0)) is None
    third = replace(session.recordings[0], person=Person("cem"))
    assert QUICK((replace(session, recordings=(*session.recordings, third)),), np.random.default_rng(0)) is None


def test_a_copied_column_nobody_s_arousal_and_no_common_time_are_refused():
    session = evening()
    ada, ben = session.recordings
    copied = replace(session, recordings=(ada, replace(ben, signals=ada.signals)))
    assert "copied" in str(answer(copied).refused)
    bare = replace(session, recordings=(ada, Recording(ben.person)))
    assert answer(bare).refused is not None
    assert not answer(bare).is_shown
    late = replace(ben, signals={"heart_rate": replace(ben.signals["heart_rate"], start=9000.0)})
    with pytest.raises(DataError, match="no time in common"):
        pair_levels(replace(session, recordings=(ada, late)), PEOPLE)


def test_time_alone_and_what_was_guided_are_left_out():
    blocks = (Block("alone-rest", 0.0, 600.0), Block("talk", 600.0, 1200.0, present=("ada",)))
    levels = pair_levels(evening(blocks=blocks), PEOPLE)[1]
    assert levels.common == pytest.approx(1200.0, abs=2)
    guided = evening(blocks=(Block("breathe", 0.0, 600.0, guide="pacer"),))
    assert pair_levels(guided, PEOPLE)[1].common == pytest.approx(1800.0, abs=2)


def test_turns_of_speech_and_two_seconds_after_are_driven():
    spoken = driven(evening(turns=(Turn("ada", 100.0, 110.0),)))
    assert spoken[0].sum() == 12
    assert not spoken[1].any()
    known = pair_levels(evening(turns=()), PEOPLE)[1]
    assert known.speech_known
    assert not pair_levels(evening(), PEOPLE)[1].speech_known


def test_movement_above_the_usual_is_driven():
    session = evening()
    motion = np.abs(np.random.default_rng(0).normal(1.0, 0.1, 2400))
    motion[500:520] = 10.0
    recordings = tuple(
        replace(r, signals={**r.signals, "motion": Signal(motion, 1.0, 0.0, Unit.ARBITRARY)})
        for r in session.recordings
    )
    moved = driven(replace(session, recordings=recordings))
    assert moved[0, 500:520].all()
    assert moved[0].sum() < 40
    still = tuple(
        replace(r, signals={**r.signals, "motion": Signal(np.ones(2400), 1.0, 0.0, Unit.ARBITRARY)})
        for r in session.recordings
    )
    assert not driven(replace(session, recordings=still)).any()


def test_marks_and_stressors_are_declared_events_and_corrections_are_not():
    session = evening(
        marks=(Mark(100.0, "door"), Mark(200.0, "call", "ben"), Mark(300.0, "beat", "ada", by_hand=True)),
        blocks=(Block("perturb-together", 500.0, 520.0, perturbed=("ada",)), Block("perturb-all", 600.0, 610.0)),
    )
    events = pair_levels(session, PEOPLE)[1].events
    assert events[0, 99:102].any()
    assert events[1, 99:102].any()
    assert not events[0, 199:202].any()
    assert events[1, 199:202].any()
    assert not events[:, 299:302].any()
    assert events[0, 505]
    assert not events[1, 505]
    assert events[:, 605].all()


def test_a_declared_common_input_allows_no_claim():
    long = evening(5400.0, shared=("film",))
    told = answer(long)
    assert {d.state for d in told.directions} <= {NaturalState.SHARED_KNOWN, NaturalState.MORE_NEEDED}


def test_a_stand_in_is_named():
    session = evening()
    recordings = tuple(
        Recording(r.person, {"motion": replace(r.signals["heart_rate"], unit=Unit.ARBITRARY)})
        for r in session.recordings
    )
    finding = answer(replace(session, recordings=recordings), analysis=NaturalAnalysis(399, "motion"))
    assert (finding.index, finding.stand_in) == ("motion", True)
    assert finding.is_shown
    missing = answer(session, analysis=NaturalAnalysis(399, "motion"))
    assert missing.refused is not None


def test_pairs_by_themselves_and_a_study_together():
    sessions = [evening(seed=1), evening(seed=2), evening(seed=3, names=("cem", "dan"))]
    pairs = list(pool_pairs(sessions, QUICK))
    assert [pair.sessions for pair in pairs] == [("evening 1", "evening 2"), ("evening 3",)]
    study = pool_study(sessions, QUICK)
    assert study is not None
    assert study.people == ORDER
    assert study.directions[0].rises == sum(pair.directions[0].rises for pair in pairs)
    assert pool_study(sessions[:2], QUICK) is None


def test_roles_say_who_is_who_in_a_study():
    first = evening(seed=1, roles=("client", "therapist"))
    second = evening(seed=2, names=("cem", "dan"), roles=("therapist", "client"))
    study = pool_study([first, second], QUICK)
    assert study is not None
    assert study.people == ("client", "therapist")
    turned = replace(second, recordings=second.recordings[::-1])
    again = pool_study([first, turned], QUICK)
    assert again is not None
    assert [d.rises for d in again.directions] == [d.rises for d in study.directions]


def test_a_slow_rating_keeps_its_rate():
    session = evening()
    slow = tuple(
        Recording(r.person, {"feeling": Signal(r.signals["heart_rate"].values[::2], 0.5, 0.0, Unit.ARBITRARY)})
        for r in session.recordings
    )
    levels = pair_levels(replace(session, recordings=slow), PEOPLE, "feeling")[1]
    assert levels.rate == 0.5
    assert levels.common == pytest.approx(2400.0)
