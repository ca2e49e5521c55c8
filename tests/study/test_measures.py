"""A study's answers are read from the finding that a report is made of, by the same thresholds."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from coregulation.coupling.settings import LINKAGE
from coregulation.regulation.direction import DirectionAnswer
from coregulation.regulation.gate import GateState
from coregulation.regulation.interval import Interval
from coregulation.simulate.sensor_sets import sensor_set
from coregulation.study.measures import MEASURES, MeasureAnswer, measures_of

BY_NAME = {measure.name: measure for measure in MEASURES}
CANNOT_TELL = MeasureAnswer(None)


def linkage(p, estimate=None, signal="heart_rate"):
    coupling = SimpleNamespace(signal=signal, estimate=estimate)
    people = (SimpleNamespace(id="ada"), SimpleNamespace(id="ben"))
    return SimpleNamespace(
        about=SimpleNamespace(people=people),
        of=lambda pair, gate: [coupling] if (pair, gate) == (("ada", "ben"), "G1") else [],
        adjusted=lambda _: p,
    )


@pytest.mark.parametrize(
    ("p", "claimed"), [(LINKAGE.alpha - 1e-9, True), (LINKAGE.alpha, True), (LINKAGE.alpha + 1e-9, False), (None, None)]
)
def test_linkage_is_claimed_up_to_the_error_rate(p, claimed):
    assert BY_NAME["heart rate, beyond own dynamics"].read(linkage(p)).claimed is claimed


def test_linkage_has_the_estimate_of_the_report():
    estimate = SimpleNamespace(value=0.3, interval=(0.1, 0.5))
    read = BY_NAME["heart rate, beyond own dynamics"].read
    assert read(linkage(0.01, estimate)) == MeasureAnswer(True, 0.3, (0.1, 0.5))
    assert read(linkage(None, estimate)) == CANNOT_TELL
    assert read(linkage(0.01, estimate, "resp")) == CANNOT_TELL
    assert BY_NAME["heart rate, beyond the script"].read(linkage(0.01, estimate)) == CANNOT_TELL


@pytest.mark.parametrize(
    ("states", "claimed"),
    [
        ("passed passed passed", True),
        ("passed passed cannot_tell", None),
        ("passed failed cannot_tell", False),
        ("cannot_tell passed passed", None),
    ],
)
def test_linked_needs_every_gate_and_one_that_failed_decides(states, claimed):
    by_gate = dict(zip(("G0", "G1", "G2"), (GateState[state.upper()] for state in states.split()), strict=True))
    verdict = SimpleNamespace(gate=lambda name: SimpleNamespace(state=by_gate[name]))
    assert BY_NAME["verdict: linked"].read(SimpleNamespace(verdicts=[verdict])).claimed is claimed


def regulated(*comparisons, index="heart rate"):
    return SimpleNamespace(regulation=SimpleNamespace(index=index, comparisons=comparisons))


def comparison(value, high, manipulated=True):
    return SimpleNamespace(manipulated=manipulated, ratio=Interval(value, value / 2, high))


@pytest.mark.parametrize(("high", "claimed"), [(1 - 1e-9, True), (1.0, False), (1 + 1e-9, False)])
def test_sooner_is_claimed_where_the_whole_interval_is_below_one(high, claimed):
    answer = BY_NAME["heart rate, half-life together over alone"].read(regulated(comparison(0.5, high)))
    assert answer == MeasureAnswer(claimed, 0.5, (0.25, high))


def test_sooner_is_read_of_the_first_whom_the_stressor_reached():
    read = BY_NAME["heart rate, half-life together over alone"].read
    assert read(regulated(comparison(0.9, 2.0, manipulated=False), comparison(0.5, 0.8))).value == 0.5
    assert read(regulated(comparison(0.9, 2.0, manipulated=False))) == CANNOT_TELL
    assert read(regulated()) == CANNOT_TELL
    assert read(SimpleNamespace(regulation=None)) == CANNOT_TELL
    assert read(regulated(comparison(0.5, 0.8), index="arousal")) == CANNOT_TELL


def steadied(*answers):
    own = SimpleNamespace(value=0.6, low=0.4, high=0.9)
    directions = [SimpleNamespace(answer=answer, own_burden=own) for answer in answers]
    return SimpleNamespace(regulation=SimpleNamespace(pairs=[SimpleNamespace(directions=directions)]))


def test_steadied_is_claimed_if_anybody_settles_sooner():
    read = BY_NAME["verdict: steadied"].read
    other = next(a for a in DirectionAnswer if a not in (DirectionAnswer.SOONER, DirectionAnswer.CANNOT_TELL))
    assert read(steadied(DirectionAnswer.CANNOT_TELL, DirectionAnswer.SOONER)) == MeasureAnswer(True, 0.6, (0.4, 0.9))
    assert read(steadied(other, DirectionAnswer.CANNOT_TELL)).claimed is False
    assert read(steadied(DirectionAnswer.CANNOT_TELL)) == CANNOT_TELL
    assert read(SimpleNamespace(regulation=None)) == CANNOT_TELL


@pytest.mark.parametrize(
    ("wearing", "pairs", "recovery", "names"),
    [
        ("strap", 1, False, ["heart rate, beyond own dynamics", "verdict: linked"]),
        ("strap", 2, False, ["heart rate, beyond own dynamics", "heart rate, beyond the script", "verdict: linked"]),
        (
            "arousal",
            1,
            True,
            [
                "arousal, beyond own dynamics",
                "verdict: linked",
                "verdict: steadied",
                "own burden together over alone",
                "arousal, half-life together over alone",
            ],
        ),
    ],
)
def test_a_design_is_asked_what_it_can_answer(wearing, pairs, recovery, names):
    assert [measure.name for measure in measures_of(sensor_set(wearing), pairs, recovery)] == names
