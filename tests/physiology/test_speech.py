"""What speech takes out of a body's measures, and turns from a voice."""

from dataclasses import fields

import numpy as np
import pytest

from coregulation.physiology import analyze_skin, compute_body, compute_hrv
from coregulation.physiology.hrv import Hrv
from coregulation.physiology.reason_codes import PhysiologyReason
from coregulation.physiology.span_measures import Sources, rsa_epochs, span_measures
from coregulation.physiology.speech import (
    HANDLING,
    SpeechHandling,
    beats_without_speech,
    gate_body,
    handling_table,
    merge_spans,
    speech_share,
    without_speech,
)
from coregulation.physiology.voice import turns_of_voices, voice_level
from coregulation.signals import Beats, Signal, Unit, Window
from tests.physiology.made import made_breath, made_skin, modulated_beats

BEATS = modulated_beats({0.25: 40.0}, seconds=600)
BREATH, _ = made_breath(3, 600.0)
SKIN, _ = made_skin(3, 600.0, rate=10.0)


def measures(speech, window=None):
    body = gate_body(compute_body({"beats": BEATS, "resp": without_speech(BREATH, speech), "eda": SKIN}), speech)
    return span_measures(
        Sources(body, BEATS, None, rsa_epochs(body, BEATS), analyze_skin(SKIN), (), tuple(speech)), window
    )


def test_spans_are_joined_where_they_touch():
    spans = [Window(5, 6), Window(0, 2), Window(1, 3), Window(3, 4)]
    assert merge_spans(spans) == (Window(0, 4), Window(5, 6))
    assert merge_spans(spans, 1.0) == (Window(0, 7),)
    assert speech_share(merge_spans(spans), Window(0, 10)) == pytest.approx(0.5)
    assert speech_share((), Window(0, 10)) == 0.0


@pytest.mark.parametrize(("time", "known"), [(9.9, True), (10.0, False), (14.9, False), (16.9, False), (17.0, True)])
def test_a_signal_is_missing_while_its_person_speaks_and_two_seconds_after(time, known):
    signal = Signal(np.ones(300), 10.0, 0.0, Unit.ARBITRARY)
    gated = without_speech(signal, [Window(10.0, 15.0)])
    assert np.isfinite(gated.values[round(10 * time)]) == known
    assert without_speech(signal, []) is signal


def test_beats_break_where_some_were_left_out():
    beats = Beats(np.arange(20.0))
    silent = beats_without_speech(beats, [Window(5.0, 7.0)])
    assert silent.times.tolist() == [*range(5), *range(9, 20)]
    assert silent.breaks[5]
    assert not silent.breaks[6:].any()
    assert np.isnan(silent.nn[5])


def test_a_body_without_speech_is_the_same_and_every_measure_has_a_rule():
    body = compute_body({"beats": BEATS, "resp": BREATH})
    assert gate_body(body, ()) is body
    names = {field.name for field in fields(Hrv)} - {"artefacts", "warnings"}
    assert names <= set(HANDLING)
    assert set(measures(())) <= set(HANDLING)
    assert handling_table().count("`") == 2 * len(HANDLING)


def test_what_follows_the_words_is_off_where_all_is_speech():
    speech = [Window(0.0, 590.0)]
    found, silent = measures(speech), measures(())
    for name, handling in HANDLING.items():
        if handling is SpeechHandling.OFF and name in found:
            assert found[name].value is None, name
            assert found[name].why.code == PhysiologyReason.SPEECH, name
        if handling is SpeechHandling.KEPT and name in found and name != "arousal":
            assert found[name].value == pytest.approx(silent[name].value), name


def test_half_of_the_time_spoken_leaves_the_rest():
    speech = [Window(start, start + 20.0) for start in np.arange(0.0, 200.0, 40.0)]
    found, silent = measures(speech), measures(())
    assert found["breathing_rate"].value == pytest.approx(silent["breathing_rate"].value, rel=0.1)
    assert found["rsa"].value is not None
    assert found["hf"].value == pytest.approx(compute_hrv(beats_without_speech(BEATS, speech)).hf.value)
    assert found["rmssd"] == silent["rmssd"]


@pytest.mark.parametrize(("spoken", "wider"), [(300.0, False), (303.0, True)])
def test_over_half_speech_makes_rmssd_less_certain(spoken, wider):
    rng = np.random.default_rng(1)
    rr = np.where(
        np.arange(700) * 0.85 < spoken, 0.85 + 0.04 * rng.standard_normal(700), 0.85 + 0.035 * rng.standard_normal(700)
    )
    beats = Beats(np.cumsum(rr))
    speech = (Window(0.0, spoken),)
    body = compute_body({"beats": beats})
    window = Window(0.0, 600.0)
    plain = span_measures(Sources(body, beats, None, None, None), window)["rmssd"]
    found = span_measures(Sources(body, beats, None, None, None, (), speech), window)["rmssd"]
    assert found.value == plain.value
    if wider:
        silent = compute_hrv(beats_without_speech(beats, speech)).rmssd
        assert found.interval[0] == pytest.approx(min(silent.interval[0], plain.interval[0]))
        assert found.interval[1] == pytest.approx(max(silent.interval[1], plain.interval[1]))
        assert np.ptp(found.interval) > np.ptp(plain.interval)
    else:
        assert found.interval == plain.interval


def voice(spans, seconds=60.0, rate=100.0, level=1.0, noise=0.01, seed=0):
    rng = np.random.default_rng(seed)
    t = np.arange(round(seconds * rate)) / rate
    on = np.zeros(len(t))
    for start, end in spans:
        on[(t >= start) & (t < end)] = 1.0
    return Signal((level * on + noise) * rng.standard_normal(len(t)), rate, 0.0, Unit.ARBITRARY)


def test_a_level_is_a_mean_square_in_decibels():
    level = voice_level(Signal(np.array([1.0, -1.0] * 50 + [np.nan] * 100), 100.0, 0.0, Unit.ARBITRARY))
    np.testing.assert_allclose(level.values[:10], 0.0, atol=1e-9)
    assert np.isnan(level.values[10:]).all()


def test_turns_are_where_a_voice_stands_above_its_background():
    found = turns_of_voices({"ada": voice([(5, 12), (12.3, 15), (30, 40), (50, 50.2)])})["ada"]
    assert [(round(s.start, 1), round(s.end, 1)) for s in found] == [(5.0, 15.0), (30.0, 40.0)]


def test_another_voice_in_a_microphone_is_not_a_turn():
    ada, ben = [(5, 15)], [(20, 30)]
    heard = voice(ada, seed=1).values + 0.1 * voice(ben, seed=2, noise=0).values
    found = turns_of_voices({"ada": Signal(heard, 100.0, 0.0, Unit.ARBITRARY), "ben": voice(ben, seed=2)})
    assert [(round(s.start), round(s.end)) for s in found["ada"]] == [(5, 15)]
    assert [(round(s.start), round(s.end)) for s in found["ben"]] == [(20, 30)]


def test_both_may_speak_at_once():
    found = turns_of_voices({"ada": voice([(5, 15)], seed=1), "ben": voice([(10, 20)], seed=2)})
    assert found["ada"][0].overlap(found["ben"][0]).length == pytest.approx(5, abs=0.3)


@pytest.mark.parametrize(
    "silent",
    [
        voice([]),
        Signal(np.full(500, np.nan), 10.0, 0.0, Unit.ARBITRARY),
        Signal(np.zeros(500), 10.0, 0.0, Unit.ARBITRARY),
    ],
)
def test_a_voice_that_never_stands_out_has_no_turns(silent):
    assert turns_of_voices({"ada": silent}) == {"ada": None}
