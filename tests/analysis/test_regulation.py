"""From a session to an account: which index, for whom, and what is refused with a reason."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from coregulation.analysis.pipeline import Analysis
from coregulation.analysis.regulation import RegulationAnalysis, scripted_input
from coregulation.coupling.bootstrap import BlockBootstrap
from coregulation.events import Block
from coregulation.reasons import because
from coregulation.regulation.gate import GateState, VerdictKind
from coregulation.regulation.reason_codes import Refusal, Settle
from coregulation.regulation.result import RegulationResult, RegulationSettings
from coregulation.regulation.statespace import StateSpace
from coregulation.report.page import render_page
from coregulation.report.regulation_output import regulation_output
from coregulation.session import Person, Recording, Session
from coregulation.signals import Signal, Unit
from coregulation.simulate.confounds import known_answer
from coregulation.simulate.observe import Wearing
from coregulation.simulate.sensors import Belt

QUICK = RegulationAnalysis(RegulationSettings(model=StateSpace(draws=120), draws=20))
WORN = Wearing(sensors=(Belt(),))


def account(session: Session) -> RegulationResult:
    told = QUICK(session, np.random.default_rng(0))
    assert told is not None
    return told


@pytest.fixture(scope="module")
def lent() -> Session:
    return known_answer("lent", 2)[0]


@pytest.fixture(scope="module")
def of_lent(lent: Session) -> RegulationResult:
    return account(lent)


def swapped(session: Session, who: str, **signals: Signal) -> Session:
    kept = tuple(
        replace(r, signals={**r.signals, **signals}) if r.person.id == who else r for r in session.recordings
    )  # fmt: skip
    return replace(session, recordings=kept)


def test_an_account_has_every_part(of_lent: RegulationResult) -> None:
    assert of_lent.index == "arousal"
    assert of_lent.pairs[0].kind is VerdictKind.LENT
    assert len(of_lent.recoveries) == 12
    assert {one.receiver for one in of_lent.totals} == {"ada", "ben"}
    assert {one.person for one in of_lent.composure} == {"ada", "ben"}
    ada = of_lent.trajectories["ada"]
    assert np.nanmean(ada.without - ada.path) > 0
    written = regulation_output(of_lent)
    assert written is not None
    assert len(written.counterfactual_effects) == 8
    assert regulation_output(None) is None


def test_heart_rate_stands_for_arousal_where_there_is_none() -> None:
    told = account(known_answer("co-dysregulation", 2, wearing=WORN)[0])
    assert told.index == "heart rate"
    assert told.pairs[0].directions


def test_no_blocks_ask_nothing_and_one_person_neither(lent: Session) -> None:
    assert QUICK(replace(lent, blocks=()), np.random.default_rng(0)) is None
    assert QUICK(replace(lent, recordings=lent.recordings[:1], blocks=()), np.random.default_rng(0)) is None


def test_blocks_that_cannot_be_read_are_refused_with_the_reason(lent: Session) -> None:
    bad = {
        "overlap": (*lent.blocks, Block("talk", 0.0, 100.0)),
        "who was perturbed": (*lent.blocks, Block("perturb-alone", lent.blocks[-1].end, lent.blocks[-1].end + 9)),
        "outside the recording": (*lent.blocks, Block("perturb-alone", 90000.0, 90040.0, ("ada",))),
        Refusal.NOBODY_ALONE: tuple(b for b in lent.blocks if "alone" not in b.kind),
        Refusal.NOBODY_TOGETHER: tuple(b for b in lent.blocks if "together" not in b.kind),
    }
    for why, blocks in bad.items():
        told = account(replace(lent, blocks=blocks))
        assert told.pairs[0].kind is VerdictKind.CANNOT_TELL
        assert why in str(told.pairs[0].gates[0].reason)
        assert told.pairs[0].gates[0].settle


def test_unknown_kinds_are_told_and_say_nothing_of_company(lent: Session) -> None:
    told = account(replace(lent, blocks=(*lent.blocks, Block("tea", 5.0, 10.0))))
    assert told.design.ignored == ("tea",)


def test_bad_signals_cannot_tell(lent: Session) -> None:
    ada = lent.of("ada").signals["arousal"]
    flat = replace(ada, values=np.zeros(len(ada)))
    gaps = ada.values.copy()
    gaps[np.random.default_rng(0).random(len(gaps)) < 0.9] = np.nan
    for signal, why in ((flat, "do not vary"), (replace(ada, unit=Unit.PER_MINUTE), "One unit")):
        gate = account(swapped(lent, "ada", arousal=signal)).pairs[0].gates[0]
        assert why in str(gate.reason)
        assert gate.settle
    same = account(swapped(lent, "ada", arousal=lent.of("ben").signals["arousal"]))
    assert "same values" in str(same.pairs[0].gates[0].reason)
    sparse = account(swapped(lent, "ada", arousal=replace(ada, values=gaps)))
    assert sparse.pairs[0].kind in {VerdictKind.CANNOT_TELL, VerdictKind.LENT, VerdictKind.SELF_REGULATING}


def test_somebody_without_an_index_is_left_out_and_too_many_are_refused(lent: Session) -> None:
    third = replace(
        lent, recordings=(*lent.recordings, Recording(Person("cy"), {"eda": lent.of("ada").signals["arousal"]}))
    )
    told = account(third)
    assert told.of(("ada", "ben")).directions
    assert told.of(("ada", "cy")).gates[0].reason == because(Refusal.NO_AROUSAL_SIGNAL_OF_ONE)
    noise = np.random.default_rng(0)
    many = tuple(
        Recording(
            Person(f"p{k}"),
            {
                "arousal": Signal(
                    noise.standard_normal(len(lent.of("ada").signals["arousal"])), 1.0, 0.0, Unit.ARBITRARY
                )
            },
        )
        for k in range(5)
    )
    crowd = account(replace(lent, recordings=(*lent.recordings, *many)))
    assert crowd.pairs[0].gates[0].reason == because(Refusal.TOO_MANY_PEOPLE, people=7, most=6)


def test_both_up_in_company_is_a_rupture_and_ends_with_its_stretch(lent: Session, of_lent: RegulationResult) -> None:
    """Both are lifted in the rest together, a minute before the first hard moment: what follows is no part of it."""
    rest = next(block for block in lent.blocks if block.kind == "together-rest")
    up = {who: lent.of(who).signals["arousal"] for who in ("ada", "ben")}
    lifted = lent
    for who, signal in up.items():
        late = (signal.times >= rest.end - 60.0) & (signal.times < rest.end)
        lifted = swapped(lifted, who, arousal=replace(signal, values=signal.values + 6.0 * late))
    told = [met for met in account(lifted).co_escalations if met.episode.onset > rest.end - 70.0]
    assert [met.episode.repaired for met in told] == [None]
    assert told[0].episode.until <= rest.end
    assert of_lent.co_escalations == ()


def test_what_several_answered_at_once_is_scripted(lent: Session) -> None:
    spans = scripted_input(lent)
    assert len(spans) == 3
    assert scripted_input(replace(lent, blocks=(*lent.blocks, Block("talk", 0.0, 100.0)))) == ()


def test_analyze_joins_both_branches_into_one_verdict_and_a_page(lent: Session) -> None:
    quick = Analysis(
        surrogates=99, secondary=99, sensitivity=(), bootstrap=BlockBootstrap(draws=99), jobs=1, regulation=QUICK
    )
    finding = quick(lent)
    verdict = finding.verdicts[0]
    assert (verdict.kind, verdict.giver, verdict.receiver) == (VerdictKind.LENT, "ben", "ada")
    assert [gate.question for gate in verdict.gates] == ["G0", "G1", "G2", "G3", "G4", "G4", "G5", "G6"]
    assert verdict.gates[-1].state is GateState.CANNOT_TELL
    html = render_page(finding)
    assert "Does ada settle sooner when ben is there?" in html
    for picture in ("recoveries", "courses"):
        assert f'id="{picture}-' in html
    guided = replace(
        lent, blocks=tuple(replace(b, guide="pacer 6/min") if "together" in b.kind else b for b in lent.blocks)
    )
    assert quick(guided).verdicts[0].gate("G2").state is GateState.FAILED
    bare = quick(replace(lent, blocks=())).verdicts[0]
    assert bare.gate("G4").settle == because(Settle.REST_APART_AND_MOMENTS)
