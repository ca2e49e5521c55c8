"""What a body can be made of: acceleration of the chest stands in for a belt, says so, and doubts what was moved."""

from __future__ import annotations

import numpy as np
import pytest

from coregulation.analysis.beat_source import select_beats
from coregulation.analysis.body_inputs import select_body_inputs
from coregulation.analysis.person import analyze_person
from coregulation.analysis.person_reasons import PersonReason
from coregulation.analysis.pipeline import analyze
from coregulation.analysis.preprocessing import comparable_channels
from coregulation.events import Exclusion
from coregulation.io import open_session
from coregulation.physiology.body import BreathSource
from coregulation.physiology.motion import CHEST
from coregulation.reasons import because
from coregulation.report.catalogue import Catalogue
from coregulation.report.page import render_page
from coregulation.report.person_words import control_text
from coregulation.report.result import result_of
from coregulation.session import Person, Recording
from coregulation.signals import Signal, Unit, Window
from tests.bodies import REST, alone, raw_recording, raw_truth

_, BELT, FREQUENCY, _ = raw_truth()


def chest_axes(moved=(300.0, 320.0), rate=25.0, noise=0.001):
    """The chest of the person in tests.bodies, in milli-g; shaken in one span."""
    rng = np.random.default_rng(5)
    values = np.outer([0.5, -0.3, 0.8], 0.02 * BELT) + np.array([[0.1], [0.2], [0.97]])
    values = values + noise * rng.standard_normal(values.shape)
    times = np.arange(len(BELT)) / rate
    inside = (times >= moved[0]) & (times < moved[1])
    values[:, inside] += 0.3 * rng.standard_normal((3, int(inside.sum())))
    return {name: Signal(1000 * row, rate, 0.0, Unit.ARBITRARY) for name, row in zip(CHEST, values, strict=True)}


def strap(**changed):
    return raw_recording(resp=None, **(chest_axes() | changed))


def taken(recording, **said):
    session = alone(recording, **said)
    return select_body_inputs(recording, session, select_beats(recording, session))


@pytest.fixture(scope="module")
def finding():
    return analyze(alone(strap()))


def test_breath_comes_from_acceleration_where_no_belt_is_and_is_marked_so(finding):
    (found,) = finding.bodies
    assert found.body.breath_source is BreathSource.ACCELERATION
    assert because(PersonReason.BREATH_FROM_TILT) in found.remarks
    (rest,) = (span.measures for span in found.spans if span.label == REST.kind)
    assert rest["breathing_rate"].value == pytest.approx(60 * FREQUENCY[: 240 * 25].mean(), rel=0.05)
    assert control_text(found, Catalogue()).endswith("breath read from the tilt of the chest")
    assert "rsa_peak_to_trough" not in found.everything  # which half breathes in is a guess
    assert found.body.inputs["rsa"] is found.body.rsa
    assert result_of(finding).bodies[0].breath_source == "derived from acceleration"
    text = render_page(finding)
    assert ">breaths, from tilt</text>" in text
    assert "read from the tilt of the chest" in text
    assert ">movement</text>" in text


def test_movement_takes_quality_from_heart_breath_and_skin(finding):
    (found,) = finding.bodies
    for name in ("heart", "skin"):
        assert found.body.quality[name].within(Window(312, 319)).values.max() < 0.1
        assert found.body.quality[name].within(Window(200, 290)).values.min() > 0.9
    (moved,) = [remark for remark in found.remarks if remark.code == PersonReason.MOVED]
    assert 0.04 <= moved.facts["share"] < 0.05


def test_a_belt_wins_and_a_channel_of_motion_is_kept():
    motion = Signal(np.where(np.arange(4800) // 100 == 30, 90.0, np.arange(4800) % 3), 10.0, 0.0, Unit.ARBITRARY)
    both = taken(raw_recording(motion=motion, **chest_axes()))
    assert (both.breath, both.moving, both.belt is not None) == (BreathSource.MEASURED, None, True)
    assert because(PersonReason.BREATH_FROM_TILT) not in both.remarks
    np.testing.assert_array_equal(both.channels["motion"].values, motion.values)
    recording = raw_recording(motion=motion)
    found = analyze_person(recording, alone(recording))
    assert found.body.quality["heart"].within(Window(309, 309.9)).values.max() < 0.2
    unmarked = analyze_person(recording, alone(recording, blocks=()))
    assert unmarked.body.quality["heart"].within(Window(309, 309.9)).values.min() > 0.9


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({CHEST[1]: None}, because(PersonReason.AXES_MISSING, axes=(CHEST[0], CHEST[2]))),
        ({CHEST[1]: Signal(np.ones(90), 25.0, 0.0, Unit.ARBITRARY)}, "must have one rate, start, length and unit"),
        ({name: Signal(np.ones(1920), 4.0, 0.0, Unit.ARBITRARY) for name in CHEST}, "rate=4.0, needed=10.0"),
        ({name: Signal(np.ones(12_000), 25.0, 0.0, Unit.ARBITRARY) for name in CHEST}, "mainly in one direction"),
    ],
    ids=["an axis missing", "another length", "too slow", "nothing changes"],
)
def test_what_cannot_be_read_is_left_out_and_told(changed, told):
    found = taken(strap(**changed))
    assert any(str(told) in str(remark) for remark in found.remarks)
    assert "resp" not in found.channels
    assert found.breath is BreathSource.MEASURED


def test_an_excluded_span_counts_for_nothing():
    found = taken(strap(), exclusions=(Exclusion(100.0, 130.0, "cough", "ada"),))
    assert not found.channels["resp"].within(Window(105, 125)).coverage


def test_axes_are_never_compared_with_somebody_elses():
    assert not set(CHEST) & set(comparable_channels(Recording(Person("ada"), chest_axes())))


def test_axes_come_in_by_their_names(tmp_path):
    columns = chest_axes()
    rows = np.stack([signal.values for signal in columns.values()], axis=1)
    np.savetxt(tmp_path / "acc.csv", rows, "%.4f", ",", header=",".join(columns), comments="")
    files = "".join(
        f'  [[person.file]]\n  path = "acc.csv"\n  channel = "{name}"\n  column = "{name}"\n  rate = 25\n'
        for name in columns
    )
    (tmp_path / "session.toml").write_text(
        f'schema = "coregulation.session/1"\nid = "one"\n[[person]]\nid = "ada"\n{files}', encoding="utf-8"
    )
    session = open_session(tmp_path / "session.toml")
    (found,) = analyze(session).bodies
    assert found.body.breath_source is BreathSource.ACCELERATION
    assert np.nanmedian(found.body.breathing_rate.values) == pytest.approx(60 * FREQUENCY.mean(), rel=0.1)
