"""One person alone: known truth recovered from raw signals, what is said beside it, and what is refused."""

from __future__ import annotations

import gzip
from dataclasses import replace

import numpy as np
import pytest

from coregulation.analysis.person import EVERYTHING, BaselineWindow, analyze_person, find_baseline_window
from coregulation.analysis.person_reasons import PersonReason
from coregulation.analysis.pipeline import analyze
from coregulation.errors import DataError
from coregulation.events import Block, Exclusion, Mark, Rating
from coregulation.physiology.hrv import compute_hrv
from coregulation.physiology.reason_codes import PhysiologyReason
from coregulation.physiology.rsa import RsaControl
from coregulation.physiology.states import State
from coregulation.reasons import because
from coregulation.session import Person, Recording, Session
from coregulation.signals import Beats, Signal, Unit, Window
from coregulation.simulate.scenarios import simulate
from coregulation.simulate.sensor_sets import sensor_set
from tests.bodies import REST, TASK, alone, ecg_of, plain_beats, ppg_of, raw_recording, raw_truth
from tests.paths import SHARED

TRUE_BEATS, BELT, FREQUENCY, ONSETS = raw_truth()


def found_of(recording, **said):
    return analyze_person(recording, alone(recording, **said))


@pytest.fixture(scope="module")
def ada():
    (found,) = analyze(alone(raw_recording())).bodies
    return found


def in_block(found, kind):
    return next(span.measures for span in found.spans if span.label == kind)


def test_beats_of_the_ecg_are_the_true_ones(ada):
    beats = ada.heart.cleaned.beats
    inside = TRUE_BEATS[(TRUE_BEATS > 1) & (TRUE_BEATS < 479)]
    nearest = np.abs(beats.times[:, None] - inside).min(axis=0)
    assert nearest.max() < 0.004
    assert len(beats) == pytest.approx(len(TRUE_BEATS), abs=2)


@pytest.mark.parametrize("block", [REST, TASK], ids=lambda block: block.kind)
def test_variability_of_a_block_is_that_of_the_true_beats(ada, block):
    truth = compute_hrv(Beats(TRUE_BEATS[(block.start <= TRUE_BEATS) & (block.end > TRUE_BEATS)]))
    measures = in_block(ada, block.kind)
    for name in ("mean_nn", "rmssd", "sdnn", "hf"):
        assert measures[name].value == pytest.approx(getattr(truth, name).value, rel=0.03), name
        if (
            name != "rmssd" or measures[name].interval is not None
        ):  # the made breath drifts, and a drift has no interval
            low, high = measures[name].interval
            assert low < measures[name].value < high


def test_breath_skin_and_rsa_are_the_true_ones(ada):
    rest, task = in_block(ada, REST.kind), in_block(ada, TASK.kind)
    true = 60 * FREQUENCY[: 240 * 25].mean()
    assert rest["breathing_rate"].value == pytest.approx(true, rel=0.05)
    assert rest["scr_rate"].value == pytest.approx((ONSETS < 240).sum() / 4, abs=0.3)
    assert task["scr_rate"].value == pytest.approx((ONSETS >= 240).sum() / 4, abs=0.5)
    assert rest["rsa"].value == pytest.approx(np.log(40**2 / 2), abs=0.2)
    assert rest["rsa"].interval[0] > task["rsa"].interval[1]
    assert ada.control is RsaControl.ADJUSTED


def test_rsa_peak_to_trough_is_the_true_swing_of_each_breath(ada):
    rest, task = in_block(ada, REST.kind)["rsa_peak_to_trough"], in_block(ada, TASK.kind)["rsa_peak_to_trough"]
    assert rest.unit == "ms"
    assert 0.75 * 80 < rest.value < 80 + 8  # beats sample a swing of 80 ms at four or five places; noise adds to it
    assert rest.interval[0] < rest.value < rest.interval[1]
    assert rest.interval[0] > task.interval[1]
    assert len(ada.breaths) == pytest.approx(FREQUENCY.mean() * 480, abs=5)


def test_without_a_belt_there_is_no_peak_to_trough_and_with_few_beats_it_is_refused(ada):
    assert "rsa_peak_to_trough" not in found_of(raw_recording(resp=None)).everything
    times = ada.heart.cleaned.beats.times
    half = Beats(times[times < 200.0])
    found = found_of(raw_recording(ecg=None, beats=half))
    why = found.everything["rsa_peak_to_trough"].why
    assert (why.code, why.facts["count"]) == (PhysiologyReason.BREATHS_WITHOUT_SWING, 102)
    assert PersonReason.BREATHS_WITHOUT_SWING in {remark.code for remark in found.remarks}


def test_arousal_is_told_against_the_own_rest_and_the_stir_is_found(ada):
    assert ada.zero == BaselineWindow(Window(0.0, 240.0), "alone-rest")
    assert ada.body.arousal.inputs == ("heart_rate", "rsa", "scr_rate", "breathing_rate")
    rest, task = in_block(ada, REST.kind)["arousal"], in_block(ada, TASK.kind)["arousal"]
    assert (rest.interval, task.interval) == (None, None)  # breath that drifts over 100 s leaves two effective values
    assert rest.surrounding[0] < 0 < rest.surrounding[1]
    assert task.surrounding[0] > 1
    states = [span.state for span in ada.states]
    assert states == [State.UNCLEAR] * 8 + [State.MOBILISED] * 8
    assert [span.window for span in ada.states][:2] == [Window(0.0, 30.0), Window(30.0, 60.0)]


def test_a_session_of_one_says_nothing_about_two():
    finding = analyze(alone(raw_recording()))
    assert (finding.couplings, finding.verdicts, finding.groups) == ((), (), ())
    assert {quality.channel for quality in finding.qualities} == {"heart_rate", "resp", "eda"}
    assert "ada alone: heart rate 79" in str(finding)
    assert "ada alone: heart rate 79" in finding._repr_html_()
    assert " pair" not in str(finding)


def test_a_pair_has_both_bodies_or_none():
    session = Session("pair", (raw_recording(), raw_recording("ben", eda=None)), blocks=(REST, TASK), shared=())
    ben = Recording(Person("ben"), {"resp": Signal(np.sin(np.arange(12000) / 5), 25.0, 0.0, Unit.ARBITRARY)})
    finding = analyze(replace(session, recordings=(session.recordings[0], ben)), surrogates=99, secondary=99, jobs=1)
    assert [found.person for found in finding.bodies] == ["ada", "ben"]
    assert finding.bodies[1].unknown["variability"] == because(PersonReason.NO_BEATS)
    none = analyze(session, bodies=False, signals=("resp",), surrogates=99, secondary=99, jobs=1)
    assert none.bodies == ()


@pytest.mark.parametrize("lead", [1.0, -1.0])
def test_a_pulse_is_read_either_way_up_and_gives_prv(lead):
    found = found_of(Recording(Person("ada"), {"ppg": ppg_of(TRUE_BEATS, 480.0, lead=lead)}))
    assert found.variability == "PRV"
    assert because(PersonReason.PULSE) in found.remarks
    assert (because(PersonReason.PPG_INVERTED) in found.remarks) is (lead < 0)
    assert in_block(found, REST.kind)["rmssd"].value == pytest.approx(34.6, rel=0.05)
    assert (found.control, found.control_why) == (RsaControl.UNCONTROLLED, because(PhysiologyReason.NO_BREATH))
    assert "breathing_rate" not in found.everything


def test_pulses_of_a_moving_wrist_are_set_aside_and_the_beats_of_an_ecg_are_not():
    still = 0.01 + 0.001 * np.random.default_rng(4).random(4800)
    still[3000:3400] = 0.5  # 300 to 340 s
    motion = Signal(still, 10.0, 0.0, Unit.ARBITRARY)
    pulse = found_of(Recording(Person("ada"), {"ppg": ppg_of(TRUE_BEATS, 480.0), "motion": motion}))
    heart = found_of(Recording(Person("ada"), {"ecg": ecg_of(TRUE_BEATS, 480.0), "motion": motion}))
    (remark,) = (remark for remark in pulse.remarks if remark.code == PersonReason.PULSES_MOVED)
    assert 50 < dict(remark.facts)["count"] < 75
    assert not any(remark.code == PersonReason.PULSES_MOVED for remark in heart.remarks)
    inside = (pulse.body.heart_rate.times > 305) & (pulse.body.heart_rate.times < 335)
    assert np.isnan(pulse.body.heart_rate.values[inside]).all()


def test_an_inverted_lead_gives_the_same_numbers():
    up, down = (found_of(raw_recording(ecg=ecg_of(TRUE_BEATS, 480.0, lead=lead))) for lead in (1.0, -1.0))
    for name in ("rmssd", "heart_rate", "hf"):
        assert down.everything[name].value == pytest.approx(up.everything[name].value, rel=0.01)


def test_a_heart_rate_alone_gives_a_body_and_no_variability():
    rate = Signal(70 + np.sin(np.arange(480) / 9), 1.0, 0.0, Unit.PER_MINUTE)
    found = found_of(Recording(Person("ada"), {"heart_rate": rate}))
    assert found.everything["heart_rate"].value == pytest.approx(70, abs=0.3)
    assert (found.variability, found.control, "rmssd" in found.everything) == (None, None, False)
    assert found.body.arousal.inputs == ("heart_rate",)
    assert found.body.arousal.notes[0].code == PhysiologyReason.AROUSAL_ONE_INPUT
    assert "no variability" in str(found)


def test_beats_win_over_a_recorded_heart_rate_and_lose_if_they_are_useless():
    rate = Signal(np.full(480, 70.0) + np.arange(480) % 2, 1.0, 0.0, Unit.PER_MINUTE)
    both = found_of(raw_recording(heart_rate=rate))
    assert both.everything["heart_rate"].value == pytest.approx(79.5, abs=0.5)
    flat = found_of(raw_recording(heart_rate=rate, ecg=Signal(np.zeros(120_000), 250.0, 0.0, Unit.MILLIVOLT)))
    assert flat.everything["heart_rate"].value == pytest.approx(70.5, abs=0.1)
    assert because(PersonReason.BEATS_NOT_USED, why=because(PersonReason.NO_BEAT_FOUND)) in flat.remarks


def thinned(every):
    """Beats at rest of which one in `every` is missing, so that about twice as many intervals are wrong."""
    beats = plain_beats(480.0)
    return Recording(Person("ada"), {}, Beats(np.delete(beats.times, np.arange(5, len(beats), every))))


def test_over_five_per_cent_it_warns_and_over_twenty_it_refuses():
    some = found_of(thinned(12))
    assert 0.05 < some.heart.cleaned.share < 0.2
    assert some.everything["rmssd"].value == pytest.approx(42.4, rel=0.1)
    rr = np.where(np.arange(600) % 4 == 0, 0.35, 0.9) + 0.01 * np.random.default_rng(5).standard_normal(600)
    many = Recording(Person("ada"), {}, Beats(np.cumsum(rr)))
    with pytest.raises(
        DataError, match=f"{PersonReason.NO_BODY_BEATS_REFUSED} .why={PhysiologyReason.TOO_MANY_ARTEFACTS}"
    ):
        analyze(alone(many, blocks=()))


def test_rr_made_from_the_rate_say_nothing_of_variability():
    times = np.cumsum(np.repeat(60 / (70 + np.arange(8) % 3), 60))
    rate = Signal(60 / np.interp(np.arange(480), times[1:], np.diff(times)), 1.0, 0.0, Unit.PER_MINUTE)
    beats = Beats(times)
    found = found_of(Recording(Person("ada"), {"heart_rate": rate}, beats))
    assert found.unknown["variability"].code == PersonReason.SYNTHETIC_RR
    assert found.everything["rmssd"].value is None
    assert found.everything["rsa"].value is None
    assert found.everything["heart_rate"].value == pytest.approx(71, abs=1)


@pytest.mark.parametrize(
    "said",
    [{"blocks": (REST, replace(TASK, guide="pacer 6/min"))}, {"shared": ("a pacer",)}],
    ids=["a guide in a block", "a pacer for all"],
)
def test_a_guide_takes_breath_and_rsa_out_of_arousal(said):
    found = found_of(raw_recording(), **said)
    assert found.paced
    assert found.body.arousal.inputs == ("heart_rate", "scr_rate")


def test_a_guide_may_leave_nothing_to_tell_arousal_from():
    only_breath = Recording(Person("ada"), {"resp": Signal(BELT, 25.0, 0.0, Unit.ARBITRARY)})
    found = found_of(only_breath, shared=("pacer",))
    assert "a pacer leaves none" in found.unknown["arousal"].facts["template"]
    assert found.zero is None
    assert found.states == ()


BLOCKS = {
    "together-rest": Block("together-rest", 0.0, 200.0),
    "alone-rest": Block("alone-rest", 200.0, 400.0),
    "bens": Block("alone-rest", 400.0, 600.0, present=("ben",)),
    "baseline": Block("baseline 1", 600.0, 800.0),
    "short": Block("alone-rest", 900.0, 1000.0),
}


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("together-rest", "alone-rest"), BaselineWindow(Window(200.0, 400.0), "alone-rest")),
        (("together-rest", "bens", "short"), BaselineWindow(Window(0.0, 200.0), "together-rest")),
        (("bens", "baseline"), BaselineWindow(Window(600.0, 800.0), "baseline 1")),
        (("short",), BaselineWindow(Window(10.0, 310.0), "the beginning", marked=False)),
    ],
)
def test_zero_is_the_first_rest_of_the_best_kind(names, expected):
    people = (Recording(Person("ada")), Recording(Person("ben")))
    session = Session("s", people, blocks=tuple(BLOCKS[name] for name in names))
    assert find_baseline_window(session, "ada", Window(10.0, 1200.0)) == expected


def test_without_a_marked_rest_no_state_is_named():
    found = found_of(raw_recording(), blocks=())
    assert (found.zero.marked, found.states) == (False, ())
    assert found.unknown["states"] == because(PersonReason.NO_REST_MARKED, needed=180.0)
    assert found.body.arousal is not None
    assert [span.label for span in found.spans] == [EVERYTHING]


def test_what_somebody_reports_is_heard_for_the_states():
    ratings = tuple(Rating(time, "ada", "engaged", 7.0) for time in (30.0, 90.0, 150.0, 210.0))
    others = (Rating(300.0, "ben", "engaged", 7.0),)
    two = Session("s", (raw_recording(), Recording(Person("ben"))), blocks=(REST, TASK), ratings=(*ratings, *others))
    found = analyze_person(two.recordings[0], two)
    rest = [span.state for span in found.states[:8]]
    assert rest.count(State.SETTLED) >= 4
    assert State.MOBILISED not in rest
    assert all(span.state is State.MOBILISED for span in found.states[9:])


def test_a_skin_that_does_not_respond_is_left_out_of_arousal():
    rng = np.random.default_rng(1)
    dry = Signal(3 + 0.0005 * rng.standard_normal(480 * 8), 8.0, 0.0, Unit.MICROSIEMENS)
    found = found_of(raw_recording(eda=dry))
    assert found.skin.responder is False
    assert "scr_rate" not in found.body.arousal.inputs
    assert because(PersonReason.NON_RESPONDER) in found.remarks


@pytest.mark.parametrize(
    ("channel", "signal", "why"),
    [
        ("eda", Signal(np.random.default_rng(1).random(3840), 8.0, 0.0, Unit.ARBITRARY), PersonReason.OTHER_UNIT),
        ("eda", Signal(5e6 + np.arange(3840.0), 8.0, 0.0, Unit.MICROSIEMENS), PersonReason.IMPLAUSIBLE),
        ("eda", Signal(5 + np.arange(480.0) / 480, 1.0, 0.0, Unit.MICROSIEMENS), PersonReason.TOO_SLOW),
        ("resp", Signal(np.ones(12000), 25.0, 0.0, Unit.ARBITRARY), PersonReason.CONSTANT),
        ("resp", Signal(np.full(12000, np.nan), 25.0, 0.0, Unit.ARBITRARY), PersonReason.EMPTY),
    ],
)
def test_a_channel_that_cannot_be_read_is_left_out_with_the_reason(channel, signal, why):
    found = found_of(raw_recording(**{channel: signal}))
    assert [remark.code for remark in found.remarks if remark.facts.get("channel") == channel] == [why]
    assert found.everything["rmssd"].value is not None
    assert {"eda": "scl", "resp": "breathing_rate"}[channel] not in found.everything


def test_siemens_are_read_as_they_say():
    micro = raw_recording().signals["eda"]
    plain = Signal(micro.values * 1e-6, micro.rate, 0.0, Unit.SIEMENS)
    one, other = found_of(raw_recording()), found_of(raw_recording(eda=plain))
    assert other.everything["scl"].value == pytest.approx(one.everything["scl"].value, rel=1e-9)


def test_corrections_and_exclusions_are_carried_along():
    mark, other = Mark(50.0, "beat added: missed", "ada", by_hand=True), Mark(60.0, "clapped by hand", "ada")
    session = alone(raw_recording(), marks=(mark, other), exclusions=(Exclusion(100.0, 130.0, "cough", "ada"),))
    found = analyze_person(session.recordings[0], session)
    assert found.corrections == (mark,)
    assert [span.why for span in found.excluded] == ["cough"]
    times = found.heart.cleaned.beats.times
    assert not ((times > 100) & (times < 130)).any()
    assert np.isnan(found.body.heart_rate.within(Window(105, 125)).values).all()


# Bad input, all the way through `analyze`: a typed error or a sentence, never a wrong number.


def ecg_alone(values, rate=250.0, start=0.0, unit=Unit.MILLIVOLT):
    return alone(Recording(Person("ada"), {"ecg": Signal(values, rate, start, unit)}), blocks=())


@pytest.mark.parametrize(
    "values",
    [np.zeros(75_000), np.full(75_000, 5.0), np.random.default_rng(1).standard_normal(75_000), np.full(75_000, np.nan)],
    ids=["flat", "rail", "noise", "missing"],
)
def test_silence_rails_and_noise_make_no_heart(values):
    with pytest.raises(DataError, match=f"{PersonReason.NO_BODY_BEATS_REFUSED} .why={PersonReason.NO_BEAT_FOUND}"):
        analyze(ecg_alone(values))


def test_clipping_at_the_rails_in_between_is_lost_and_not_counted():
    ecg = ecg_of(TRUE_BEATS, 480.0).values.copy()
    ecg[100 * 250 : 160 * 250] = 5.0
    (found,) = analyze(ecg_alone(ecg)).bodies
    assert sum(span.length for span in found.heart.lost) == pytest.approx(60, abs=3)
    times = found.heart.cleaned.beats.times
    assert not ((times > 101) & (times < 159)).any()
    assert found.everything["rmssd"].value == pytest.approx(23.8, rel=0.05)


def test_islands_of_nan_change_no_number_by_much():
    ecg = ecg_of(TRUE_BEATS, 480.0).values.copy()
    rng = np.random.default_rng(3)
    for start in rng.integers(0, len(ecg) - 600, 40):
        ecg[start : start + rng.integers(1, 500)] = np.nan
    (found,) = analyze(ecg_alone(ecg)).bodies
    truth = compute_hrv(Beats(TRUE_BEATS))
    assert found.heart.cleaned.share < 0.05
    assert found.everything["rmssd"].value == pytest.approx(truth.rmssd.value, rel=0.1)
    assert found.everything["mean_nn"].value == pytest.approx(truth.mean_nn.value, rel=0.05)


def test_twenty_seconds_tell_a_heart_and_refuse_the_rest_in_words():
    ecg = ecg_of(TRUE_BEATS[TRUE_BEATS < 20], 20.0).values
    (found,) = analyze(ecg_alone(ecg)).bodies
    assert all(measured.value is None and measured.why for measured in found.everything.values())
    assert found.unknown["arousal"].facts["needed"] == 180.0
    assert found.states == ()


def test_three_hundred_beats_a_minute_are_no_heart():
    rr = 0.2 + 0.002 * np.random.default_rng(1).standard_normal(1500)
    fast = Recording(Person("ada"), {}, Beats(np.cumsum(rr)))
    (found,) = analyze(alone(fast, blocks=())).bodies
    assert all(measured.value is None for measured in found.everything.values())
    assert found.everything["rmssd"].why.code == PhysiologyReason.TOO_MANY_ARTEFACTS


def test_beats_thirty_seconds_apart_tell_nothing():
    slow = Recording(Person("ada"), {}, Beats(np.arange(0, 600, 30.0)))
    (found,) = analyze(alone(slow, blocks=())).bodies
    assert all(measured.value is None for measured in found.everything.values())


def test_microvolts_are_no_other_heart():
    ecg = ecg_of(TRUE_BEATS, 480.0).values
    one, other = (
        analyze(ecg_alone(values, unit=unit)).bodies[0]
        for values, unit in ((ecg, Unit.MILLIVOLT), (1000 * ecg, Unit.MICROVOLT))
    )
    assert other.everything["rmssd"].value == pytest.approx(one.everything["rmssd"].value, rel=1e-6)


def test_a_moment_of_breath_is_no_body():
    moment = Recording(Person("ada"), {"resp": Signal(np.array([0.0, 1.0]), 2.0, 0.3, Unit.ARBITRARY)})
    assert (
        analyze_person(moment, alone(moment, blocks=()))
        .unknown["body"]
        .facts["template"]
        .startswith("Nothing of this body")
    )


def test_nothing_that_a_body_is_made_of():
    voice = Recording(
        Person("ada"), {"voice": Signal(np.random.default_rng(1).random(4800), 10.0, 0.0, Unit.ARBITRARY)}
    )
    with pytest.raises(DataError, match=PersonReason.NO_BODY):
        analyze(alone(voice, blocks=()))


def test_a_simulated_organism_is_found_again_from_its_electrodes():
    session, truth = simulate("tools-alone-or-together", 5, sensor_set("electrodes"))
    found = analyze_person(session.recordings[0], session)
    true = truth.beats["ada"].times
    beats = found.heart.cleaned.beats.times
    assert len(beats) == pytest.approx(len(true), abs=2)
    assert np.abs(beats[:, None] - true).min(axis=1).max() < 0.002
    assert found.everything["rmssd"].value == pytest.approx(compute_hrv(truth.beats["ada"]).rmssd.value, rel=0.01)
    latent, index = truth.arousal["ada"], found.body.arousal.value
    at = np.arange(120, latent.window.end - 60, 5)
    told = np.interp(at, index.times, index.values)
    known = np.isfinite(told)
    assert known.mean() > 0.9
    assert np.corrcoef(told[known], np.interp(at, latent.times, latent.values)[known])[0, 1] > 0.8
    assert {span.state for span in found.states} == {State.UNCLEAR, State.MOBILISED}


# Real recordings.

DATA = SHARED
needs_data = pytest.mark.skipif(not DATA.exists(), reason="recordings that may not ship are not here")


@needs_data
def test_a_real_person_with_ecg_breath_and_skin():
    raw = np.load(DATA / "ecg-resp-eda" / "systole_task1.npz")
    signals = {
        "ecg": Signal(raw["ecg_250hz"], 250.0, 0.0, Unit.MILLIVOLT),
        "resp": Signal(raw["resp_25hz"], 25.0, 0.0, Unit.ARBITRARY),
        "eda": Signal(raw["eda_25hz"], 25.0, 0.0, Unit.MICROSIEMENS),
    }
    (found,) = analyze(alone(Recording(Person("ada"), signals), blocks=(REST,))).bodies
    assert found.heart.cleaned.share < 0.01
    assert len(found.heart.cleaned.beats) == pytest.approx(1936, abs=3)
    assert found.everything["heart_rate"].value == pytest.approx(75.6, abs=0.5)
    assert found.everything["rmssd"].value == pytest.approx(25.6, abs=1)
    assert 8 < found.everything["breathing_rate"].value < 25
    assert found.control is RsaControl.ADJUSTED
    assert found.skin.responder


@needs_data
@pytest.mark.parametrize("turned", [1.0, -1.0])
def test_a_real_watch_from_its_pulse_agrees_with_its_own_rate(turned):
    (path,) = (DATA / "concert-hr").glob("*W004.csv.gz")
    lines = gzip.decompress(path.read_bytes()).decode().splitlines()[2:-1]
    rows = np.array([[float(cell) for cell in line.split(",")] for line in lines if line.count(",") == 4])
    grid = np.arange(rows[0, 0] / 1000, rows[-1, 0] / 1000, 0.04)
    ppg = Signal(turned * np.interp(grid, rows[:, 0] / 1000, rows[:, 3]), 25.0, float(grid[0]), Unit.ARBITRARY)
    found = found_of(Recording(Person("W004"), {"ppg": ppg}), blocks=())
    assert (because(PersonReason.PPG_INVERTED) in found.remarks) is (turned < 0)
    assert found.heart.cleaned.share < 0.05
    assert not found.heart.cleaned.has_shapes
    sure = rows[rows[:, 2] >= 80]
    rate = np.interp(sure[:, 0] / 1000, found.body.heart_rate.times, found.body.heart_rate.values)
    apart = rate - sure[:, 1] / 10
    known = np.isfinite(apart)
    assert known.mean() > 0.9
    assert abs(np.median(apart[known])) < 1.5
    assert (np.abs(apart[known]) < 5).mean() > 0.9


@pytest.mark.parametrize(("length", "marked"), [(179.9, False), (180.0, True), (180.1, True)])
def test_a_rest_of_three_minutes_is_a_baseline(length, marked):
    session = alone(raw_recording(), blocks=(Block("alone-rest", 10.0, 10.0 + length),))
    found = find_baseline_window(session, "ada", Window(0.0, 480.0))
    assert found.marked is marked
    assert found.window == (Window(10.0, 10.0 + length) if marked else Window(0.0, 300.0))
