"""A conversation with and without turns: what is off, what is stated, and what linkage makes of it."""

import re

import numpy as np
import pytest

from coregulation.analysis import Analysis
from coregulation.analysis.decisions import TURNS_OF_SPEECH, session_context
from coregulation.analysis.person import analyze_person
from coregulation.analysis.person_reasons import PersonReason
from coregulation.analysis.speech import find_speech
from coregulation.events import Turn
from coregulation.report.catalogue import Catalogue
from coregulation.report.page import render_page
from coregulation.report.person_result import body_result
from coregulation.session import Person, Recording, Session
from coregulation.signals import Beats, Signal, Unit, Window

RATE, LENGTH, OWN, SPOKEN = 10.0, 900, 15.0, 8.0  # Hz; s; breaths per minute in silence and in speech
TURNS = tuple(Turn(("ada", "ben")[k % 2], float(start), start + 14.0) for k, start in enumerate(range(100, 880, 15)))


def speaker(person: str, seed: int) -> Recording:
    """Somebody who breathes 15 times per minute, and 8 times and deeper while speaking; the heart follows the breath."""
    rng = np.random.default_rng(seed)
    t = np.arange(LENGTH * RATE) / RATE
    spoken = np.zeros(len(t), bool)
    for turn in TURNS:
        spoken |= (turn.person == person) & (t >= turn.start) & (t < turn.end)
    phase = np.cumsum(2 * np.pi * np.where(spoken, SPOKEN, OWN) / 60 / RATE)
    breath = np.sin(phase) * np.where(spoken, 2.0, 1.0)
    beats, at = [], 0.5
    while at < LENGTH - 1:
        beats.append(at)
        at += 0.85 - 0.04 * breath[int(at * RATE)] + 0.01 * rng.standard_normal()
    voice = Signal((0.005 + spoken) * rng.standard_normal(len(t)), RATE, 0.0, Unit.ARBITRARY)
    return Recording(
        Person(person), {"resp": Signal(breath, RATE, 0.0, Unit.ARBITRARY), "voice": voice}, Beats(np.array(beats))
    )


def talk(turns, voices=False):
    recordings = [speaker("ada", 1), speaker("ben", 2)]
    if not voices:
        recordings = [Recording(r.person, {"resp": r.signals["resp"]}, r.beats) for r in recordings]
    return Session("talk", tuple(recordings), shared=(), turns=turns)


@pytest.fixture(scope="module")
def with_turns():
    return analyze_person(talk(TURNS).recordings[0], talk(TURNS))


@pytest.fixture(scope="module")
def without_turns():
    return analyze_person(talk(None).recordings[0], talk(None))


def test_breath_is_ones_own_with_turns_and_that_of_speech_without(with_turns, without_turns):
    assert with_turns.everything["breathing_rate"].value == pytest.approx(OWN, abs=0.5)
    assert without_turns.everything["breathing_rate"].value < OWN - 1.5
    assert with_turns.everything["heart_rate"].value == pytest.approx(without_turns.everything["heart_rate"].value)
    speaking = [breath for breath in with_turns.breaths if breath.speaking]
    assert speaking
    assert not any(breath.speaking for breath in without_turns.breaths)


def test_no_breath_and_no_rsa_is_known_while_a_person_speaks(with_turns):
    for signal in (with_turns.body.breathing_rate, with_turns.body.rsa, with_turns.body.rsa_adjusted):
        for span in with_turns.speech:
            assert np.isnan(signal.within(Window(span.start, span.end)).values).all()
    assert np.isfinite(with_turns.body.heart_rate.within(with_turns.speech[0]).values).all()


def test_arousal_of_who_speaks_keeps_its_inputs(with_turns, without_turns):
    assert with_turns.body.arousal.inputs == ("heart_rate",)
    assert set(without_turns.body.arousal.inputs) == {"heart_rate", "rsa", "breathing_rate"}


def test_what_is_known_of_speech_is_stated(with_turns, without_turns):
    (spoke,) = [remark for remark in with_turns.remarks if remark.code == PersonReason.SPOKE]
    assert spoke.facts["share"] == pytest.approx(26 * 14 / LENGTH, abs=0.01)
    assert spoke.facts["count"] == 26
    assert PersonReason.SPEECH_UNKNOWN in [remark.code for remark in without_turns.remarks]
    one = Session("alone", talk(None).recordings[:1])
    assert PersonReason.SPEECH_UNKNOWN not in [remark.code for remark in analyze_person(one.recordings[0], one).remarks]
    assert body_result(with_turns).speech[0] == (100.0, 114.0)
    assert body_result(without_turns).speech is None


def test_a_voice_channel_gives_the_same_turns():
    session = talk(None, voices=True)
    found = find_speech(session)["ada"]
    stated = find_speech(talk(TURNS))["ada"]
    assert len(found) == len(stated)
    assert max(abs(a.start - b.start) + abs(a.end - b.end) for a, b in zip(found, stated, strict=True)) < 0.5
    assert find_speech(talk(None)) == {}


def test_turns_are_a_shared_input_of_linkage_and_shown_on_the_page():
    finding = Analysis(surrogates=99, pictures=0, sensitivity=(), jobs=1)(talk(TURNS))
    assert session_context(finding.about).shared == (TURNS_OF_SPEECH,)
    gate = next(gate for gate in finding.answer.gates if gate.name == "G2")
    assert gate.state == "cannot-tell"
    page = render_page(finding)
    for key in ("lane.speech", "caption.speech"):
        assert Catalogue().text(key) in page
    assert re.search(r"ada spoke for 4[\d.]*\s?% of the time", page)
