"""One person's heart: the source that is taken, what is told of it, and when it is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coregulation.analysis.beat_source import (
    choose_beat_source,
    select_beats,
    synthetic_rr_remark,
)
from coregulation.analysis.person import analyze_person
from coregulation.analysis.person_reasons import PersonReason
from coregulation.analysis.pipeline import analyze
from coregulation.analysis.preprocessing import (
    assess_quality,
    beats_behind,
    comparable_channels,
    extract_signal,
    plan_for,
    source_of,
)
from coregulation.events import Exclusion
from coregulation.physiology.judged_beats import Artefact
from coregulation.physiology.level_beats import level_beats
from coregulation.physiology.reason_codes import PhysiologyReason
from coregulation.reasons import because
from coregulation.session import FOUND_IN_ECG, FOUND_IN_PPG, Person, Recording, RecordingRemark, Remark, Session
from coregulation.signals import Beats, Signal, Unit

PLAN = plan_for("heart_rate")


def times(seconds=300.0, rr=0.8, seed=1):
    return np.cumsum(rr + 0.03 * np.random.default_rng(seed).standard_normal(round(seconds / rr)))


def ecg(at, rate=250.0, seconds=300.0):
    grid = np.arange(0, seconds, 1 / rate)
    wave = 0.02 * np.random.default_rng(2).standard_normal(len(grid))
    for time in at:
        wave += np.exp(-(((grid - time) / 0.012) ** 2)) + 0.25 * np.exp(-(((grid - time - 0.25) / 0.05) ** 2))
    return Signal(wave, rate, 0.0, Unit.MILLIVOLT)


def ppg(at, rate=50.0, seconds=300.0):
    grid = np.arange(0, seconds, 1 / rate)
    wave = 0.01 * np.random.default_rng(3).standard_normal(len(grid))
    for time in at:
        wave += np.exp(-(((grid - time - 0.15) / 0.09) ** 2)) + 0.4 * np.exp(-(((grid - time - 0.42) / 0.12) ** 2))
    return Signal(wave, rate, 0.0, Unit.ARBITRARY)


def recording(signals=None, beats=None, who="ada"):
    return Recording(Person(who), signals or {}, beats)


def alone(one, *exclusions):
    return Session("s", (one,), exclusions=exclusions)


def test_the_best_source_is_taken():
    at = Beats(times())
    every = {"ppg": ppg([1.0]), "ecg": ecg([1.0])}
    assert choose_beat_source(recording(every, at)) == "beats"
    assert choose_beat_source(recording(every)) == "ecg"
    assert choose_beat_source(recording({"ppg": every["ppg"]})) == "ppg"
    assert choose_beat_source(recording()) is None
    assert select_beats(recording(), alone(recording())) is None


def test_a_recorded_heart_rate_stays_as_it_is():
    given_rate = Signal(70 + np.sin(np.arange(600) / 20), 2.0, 0.0, Unit.PER_MINUTE)
    one = recording({"heart_rate": given_rate, "ecg": ecg([1.0])}, Beats(times()))
    assert source_of(one, "heart_rate") == "heart_rate"
    assert beats_behind(one, "heart_rate", alone(one)) is None
    assert extract_signal(one, "heart_rate", 2.0, alone(one)) is given_rate
    assert comparable_channels(one) == ("heart_rate",)


def test_ecg_becomes_the_heart_rate_of_its_beats():
    at = times()
    one = recording({"ecg": ecg(at)})
    session = alone(one)
    made_of = beats_behind(one, "heart_rate", session)
    assert made_of.refused is None
    signal = extract_signal(one, "heart_rate", 2.0, session, made_of)
    truth = extract_signal(recording(beats=Beats(at)), "heart_rate", 2.0, session)
    shift = round((truth.start - signal.start) * 2)
    there = slice(20, 500)
    assert signal.values[shift:][there] == pytest.approx(truth.values[there], abs=0.8)
    told = assess_quality(signal, one, "heart_rate", session, PLAN, made_of)
    assert (told.rate, told.refused) == (250.0, None)
    assert told.remarks[0] == because(PersonReason.BEATS_FOUND_IN, source="ecg")
    assert signal.coverage > 0.98


def test_ppg_is_a_pulse_and_says_so():
    at = times()
    one = recording({"ppg": ppg(at)})
    found = select_beats(one, alone(one))
    assert found.is_pulse
    assert because(PersonReason.PULSE) in found.remarks
    assert found.refused is None
    assert len(found.cleaned.beats) == pytest.approx(len(at), abs=4)


def test_artefacts_are_marked_counted_and_make_no_heart_rate():
    at = times()
    late = np.delete(at, 100)
    one = recording(beats=Beats(late))
    found = select_beats(one, alone(one))
    assert found.cleaned.count(Artefact.MISSED) == 1
    assert len(found.cleaned.beats) == len(late)
    (remark,) = found.remarks
    assert (remark.code, remark.facts["count"]) == (PersonReason.ARTEFACTS, 374)
    assert remark.facts["share"] == found.cleaned.share == 2 / 374
    assert remark.facts["kinds"][0] == because(PersonReason.ARTEFACT_MISSED, count=1)
    signal = extract_signal(one, "heart_rate", 2.0, alone(one), found)
    assert np.nanmin(signal.values) > 60


@pytest.mark.parametrize(("lost", "whole"), [(1, True), (2, True), (6, False)])
def test_a_lost_packet_or_a_missed_beat_voids_no_window_and_makes_no_interval(lost, whole):
    at = times()
    kept = np.delete(at, slice(100, 100 + lost))
    breaks = np.isin(np.arange(len(kept)), (0, 100))
    one = recording(beats=Beats(kept, None, breaks if lost > 1 else None))  # said by the strap, or found out
    found = select_beats(one, alone(one))
    signal = extract_signal(one, "heart_rate", 2.0, alone(one), found)
    assert np.isfinite(signal.values[4:]).all() == whole
    mended = level_beats(found.cleaned)
    assert mended.breaks.sum() == (1 if whole else 2)
    said = assess_quality(signal, one, "heart_rate", alone(one), plan_for("heart_rate"), found).remarks
    assert (because(PersonReason.BREAKS_BRIDGED, count=1, longest=3.0) in said) == whole
    codes = {remark.code for remark in analyze_person(one, alone(one), judged=found).remarks}
    assert PersonReason.BREAKS_BRIDGED not in codes


def test_too_many_artefacts_are_refused():
    gaps = np.where(np.arange(300) % 3 == 0, 1.75, 0.8) + 0.01 * np.random.default_rng(4).standard_normal(300)
    rr = np.where(np.arange(300) % 3 == 1, 0.3, gaps)
    one = recording(beats=Beats(np.cumsum(rr)))
    found = select_beats(one, alone(one))
    assert found.cleaned.share > 0.2
    told = assess_quality(
        extract_signal(one, "heart_rate", 2.0, alone(one), found), one, "heart_rate", alone(one), PLAN, found
    )
    assert (told.refused.code, told.refused.facts["allowed"]) == (PhysiologyReason.TOO_MANY_ARTEFACTS, 0.2)


def test_silence_and_a_rate_that_cannot_be_read_are_refused_and_stop_nobody_else():
    flat = recording({"ecg": Signal(np.zeros(75000), 250.0, 0.0, Unit.MILLIVOLT)})
    slow = recording({"ecg": Signal(np.sin(np.arange(3000) / 3), 10.0, 0.0, Unit.MILLIVOLT)}, who="ben")
    assert select_beats(flat, alone(flat)).refused == because(PersonReason.NO_BEAT_FOUND)
    facts = select_beats(slow, alone(slow)).refused.facts
    assert (facts["rate"], facts["low"], facts["high"]) == (10.0, 100.0, 2000.0)
    others = [recording(beats=Beats(times(seed=k)), who=f"p{k}") for k in (5, 6)]
    finding = analyze(Session("s", (flat, slow, *others), shared=()), surrogates=99, secondary=99, jobs=1)
    assert [q.refused is None for q in finding.qualities] == [False, False, True, True]
    assert {c.pair for c in finding.couplings} == {("p5", "p6")}


def test_rr_made_from_the_heart_rate_are_told():
    rate = Signal(np.full(300, 75.0), 1.0, 0.0, Unit.PER_MINUTE)
    one = recording({"heart_rate": rate}, Beats(np.arange(1, 360) * 0.8))
    assert synthetic_rr_remark(one) == because(PersonReason.SYNTHETIC_RR, count=5)
    told = assess_quality(rate, one, "heart_rate", alone(one), PLAN)
    assert told.remarks == (synthetic_rr_remark(one),)
    assert synthetic_rr_remark(one) in select_beats(one, alone(one)).remarks
    short = synthetic_rr_remark(recording({"heart_rate": rate}, Beats(np.arange(1, 60) * 0.8)))
    assert short == because(PersonReason.SYNTHETIC_RR, count=1)
    assert synthetic_rr_remark(recording({"heart_rate": rate}, Beats(times()))) is None


@given(st.floats(20, 200), st.floats(1, 80))
def test_an_excluded_span_holds_no_beat_and_no_interval_runs_across_it(start, length):
    one = recording(beats=Beats(times()))
    found = select_beats(one, alone(one, Exclusion(start, start + length, "door"))).cleaned.beats
    assert not ((found.times >= start) & (found.times < start + length)).any()
    after = np.searchsorted(found.times, start)
    assert found.breaks[after : after + 1].all()


def test_nothing_is_looked_for_in_an_excluded_span_of_a_waveform():
    one = recording({"ecg": ecg(times())})
    found = select_beats(one, alone(one, Exclusion(100.0, 130.0, "electrode off")))
    assert not ((found.cleaned.beats.times > 100.0) & (found.cleaned.beats.times < 130.0)).any()
    assert found.lost
    assert found.refused is None


@pytest.mark.parametrize(("reason", "pulse"), [
    (because(RecordingRemark.NOTED, text="beats found in the ppg"), False),  # words decide nothing
    (because(FOUND_IN_PPG), True),
    (because(FOUND_IN_ECG), False),
])  # fmt: skip
def test_beats_written_down_from_a_ppg_stay_pulses_by_the_code_of_their_remark(reason, pulse):
    one = recording(beats=Beats(times()))
    session = alone(one).with_remarks(Remark("ben", "beats", because(FOUND_IN_PPG)), Remark("ada", "beats", reason))
    found = select_beats(one, session)
    assert found.is_pulse is pulse
    assert (because(PersonReason.PULSE) in found.remarks) is pulse
    assert analyze_person(one, session).variability == ("PRV" if pulse else "HRV")
