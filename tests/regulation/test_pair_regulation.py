"""The regulation branch: classes that are plain, designs that cannot tell, and impostors that must not pass."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from coregulation.reasons import because
from coregulation.regulation.design import Design, Probe
from coregulation.regulation.direction import DirectionAnswer
from coregulation.regulation.gate import GateState, VerdictKind
from coregulation.regulation.pair_regulation import PairRegulation, assess_pair
from coregulation.regulation.panel import Panel
from coregulation.regulation.reason_codes import Recovered, Refusal, Settle
from coregulation.regulation.statespace import StateSpace
from tests.regulation.truth import A, B, Truth, simulate, timetable

DESIGN = timetable(4, rest=120.0, hit=30.0, recover=150.0)
CLEAR = Truth(k=(0.02, 0.02), sigma=0.006, noise=0.3, dose=0.03)


def answer(truth: Truth, design: Design = DESIGN, seed: int = 0, seen: Design | None = None) -> PairRegulation:
    panel, _ = simulate(truth, design, np.random.default_rng(seed), 0.5)
    return assess_pair(panel, seen or design, StateSpace(draws=400))[0]


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"d": (0.03, 0.03)}, VerdictKind.MUTUAL),
        ({"d": (0.03, 0.0)}, VerdictKind.LENT),
        ({"p": (0.012, 0.012)}, VerdictKind.CO_DYSREGULATION),
        ({"d": (0.03, 0.03), "p": (0.03, 0.03)}, VerdictKind.LINKED_ONLY),
        ({}, VerdictKind.SELF_REGULATING),
        ({"setpoint_shift": (-0.25, -0.25)}, VerdictKind.CANNOT_TELL),  # half-lives are those over the rest alone
    ],
)
def test_each_clear_class_gets_its_kind(changes: dict[str, object], kind: VerdictKind) -> None:
    told = answer(replace(CLEAR, **changes))  # type: ignore[arg-type]
    assert told.kind is kind
    assert not told.partner_mattered
    assert [gate.name for gate in told.gates] == [f"G4 {B} → {A}", f"G4 {A} → {B}", "G5"]


def test_lent_names_the_direction_and_leaves_the_other_as_an_interval() -> None:
    answers = [answer(replace(CLEAR, d=(0.03, 0.0)), seed=seed) for seed in range(6)]
    for told in answers:
        to_ada, to_ben = told.directions
        assert (to_ada.receiver, to_ada.giver, to_ada.answer) == (A, B, DirectionAnswer.SOONER)
        assert to_ben.answer is not DirectionAnswer.SOONER
        assert told.gates[0].state is GateState.PASSED
    # fewer than 4 of 6 would happen once in four hundred and fifty runs if the intervals held what they promise
    assert sum(told.directions[1].own_burden.low < 1 < told.directions[1].own_burden.high for told in answers) >= 4


def test_a_recording_that_helps_is_one_way_at_most() -> None:
    design = replace(timetable(4, rest=120.0, hit=30.0, recover=150.0, who=(A,)), partners=frozenset({"recorded"}))
    kinds = {answer(replace(CLEAR, d=(0.04, 0.0)), design, seed).kind for seed in range(4)}
    assert kinds == {VerdictKind.ONE_WAY}
    calm = answer(CLEAR, design)
    assert calm.kind in {VerdictKind.SELF_REGULATING, VerdictKind.CANNOT_TELL}


def with_stand_in(helps: float, live: float = 0.04) -> PairRegulation:
    """Ada probed alone, with ben and with his recording; the two help with these d."""
    base = timetable(6, rest=120.0, hit=30.0, recover=150.0, who=(A,))
    probes, spans, met = [], list(base.spans), 0
    for probe in base.probes:
        if probe.together:
            met += 1
            probe = replace(probe, partner="live" if met % 2 else "recorded")
        probes.append(probe)
        at = next(i for i, span in enumerate(spans) if span.start == probe.start)
        spans[at] = replace(spans[at], partner=probe.partner)
    design = replace(base, probes=tuple(probes), spans=tuple(spans), partners=frozenset({"live", "recorded"}))
    parts = {"live": live, "recorded": helps}
    panels = {
        kind: simulate(replace(CLEAR, d=(d, 0.0)), design, np.random.default_rng(5), 0.5)[0]
        for kind, d in parts.items()
    }
    values = panels["live"].values.copy()
    for probe in probes:
        if probe.partner == "recorded":  # stretches are long enough for both to have come back before
            held = (panels["live"].times >= probe.start) & (panels["live"].times < probe.until)
            values[held] = panels["recorded"].values[held]
    return assess_pair(Panel(panels["live"].times, values), design, StateSpace(draws=400))[0]


def test_a_live_partner_who_beats_a_stand_in_earns_because() -> None:
    told = with_stand_in(helps=0.0)
    assert told.directions[0].answer is DirectionAnswer.SOONER
    assert told.partner_mattered


def test_a_stand_in_that_helps_as_much_leaves_it_at_when_somebody_was_there() -> None:
    told = with_stand_in(helps=0.04)
    assert told.directions[0].answer is DirectionAnswer.SOONER
    assert not told.partner_mattered


def test_no_alone_block_says_what_would_settle_it() -> None:
    together = replace(
        DESIGN, spans=tuple(replace(span, company=(A, B)) for span in DESIGN.spans),
        probes=tuple(replace(probe, together=True) for probe in DESIGN.probes),
    )  # fmt: skip
    told = answer(CLEAR, seen=together)
    assert told.kind is VerdictKind.CANNOT_TELL
    assert told.directions == ()
    assert told.gates[0].settle == because(Settle.REST_APART_FIRST)


def test_no_stressor_one_stressor_and_one_that_did_nothing_cannot_tell() -> None:
    for probes in ((), DESIGN.probes[:1]):
        told = answer(replace(CLEAR, dose=0.0), replace(DESIGN, probes=probes))
        assert told.kind is VerdictKind.CANNOT_TELL
        assert {one.settle.code for one in told.directions if one.settle} == {Settle.MOMENTS_OF_ONE}
    told = answer(replace(CLEAR, dose=0.0))
    assert told.kind is VerdictKind.CANNOT_TELL
    assert told.directions[0].reason is not None
    assert told.directions[0].reason.code == Recovered.NOT_RAISED


def test_a_failed_search_cannot_tell_and_blames_no_recording(monkeypatch: pytest.MonkeyPatch) -> None:
    from coregulation.regulation import fit

    monkeypatch.setattr(fit, "_MAX_STEPS", 1)
    monkeypatch.setattr(fit, "_MAX_EVALUATIONS", 1)
    told = answer(CLEAR)
    assert told.kind is VerdictKind.CANNOT_TELL
    assert told.gates[0].reason == because(Refusal.NO_MAXIMUM, steps=1)
    assert told.gates[0].settle is None


def test_order_is_per_person() -> None:
    """A alone, A together, B alone, B together is alone first for both, although their moments alternate."""
    first, second = (replace(DESIGN, probes=DESIGN.of(who, False)[:2] + DESIGN.of(who, True)[:2]) for who in (A, B))
    design = replace(DESIGN, probes=first.probes + second.probes)
    assert [design.order_of(who) for who in (A, B)] == ["alone first", "alone first"]
    assert design.order == "alone first"
    assert replace(DESIGN, probes=first.probes + second.probes[::-1]).order == "alone first"


def test_a_recording_is_not_asked() -> None:
    design = replace(timetable(3, rest=120.0, hit=30.0, recover=150.0, who=(A,)), partners=frozenset({"recorded"}))
    told = answer(replace(CLEAR, d=(0.04, 0.0)), design)
    assert told.kind is VerdictKind.ONE_WAY
    assert [gate.direction for gate in told.gates if gate.direction] == [(B, A)]


def test_slow_shared_input_is_seen_and_does_not_pass_for_contagion() -> None:
    told = answer(replace(CLEAR, script=0.01))
    assert told.shared
    assert told.kind not in {
        VerdictKind.CO_DYSREGULATION,
        VerdictKind.MUTUAL,
        VerdictKind.LENT,
        VerdictKind.LINKED_ONLY,
    }


def test_a_person_swapped_half_way_is_not_called_steadied() -> None:
    """From the middle on, each one's signal is the other's: both are then hit by each other's stressors."""
    panel, _ = simulate(replace(CLEAR, d=(0.03, 0.0)), DESIGN, np.random.default_rng(3), 0.5)
    half = len(panel.times) // 2
    swapped = np.vstack([panel.values[:half], panel.values[half:, ::-1]])
    told = assess_pair(Panel(panel.times, swapped), DESIGN, StateSpace(draws=400))[0]
    assert told.kind not in {VerdictKind.MUTUAL, VerdictKind.LENT}


def test_probes_hit_who_they_say() -> None:
    assert Probe((A,), 0, 1, 2, True) in replace(DESIGN, probes=(Probe((A,), 0, 1, 2, True),)).of(A, True)
