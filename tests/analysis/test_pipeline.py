import json
import math
import pickle
from dataclasses import replace

import numpy as np
import pytest

from coregulation.analysis.person_reasons import PersonReason, QualityReason
from coregulation.analysis.pipeline import Analysis, analyze
from coregulation.analysis.preprocessing import SignalPlan
from coregulation.analysis.verdict_reasons import (
    Lead,
    LinkageStatement,
    QualityGate,
    Script,
    SettleLinkage,
)
from coregulation.channels import CHANNELS
from coregulation.clock import Clock
from coregulation.coupling.comparison import compare_signals
from coregulation.coupling.measures.lagged_correlation import LaggedCorrelation
from coregulation.coupling.nulls.permutation import fold_lags, pooled_statistics
from coregulation.coupling.nulls.spectrum_model import SpectrumModel
from coregulation.coupling.nulls.surrogates import AmplitudeAdjusted, CircularShift, PhaseRandomised, SegmentShuffle
from coregulation.coupling.reasons import LinkageRefusal
from coregulation.coupling.surface import stack_sums
from coregulation.errors import DataError, UsageError
from coregulation.events import Block, Exclusion
from coregulation.reasons import because
from coregulation.regulation.gate import GateState, VerdictKind
from coregulation.regulation.reason_codes import Refusal
from coregulation.report.catalogue import Catalogue
from coregulation.report.methods import write_methods
from coregulation.report.page import render_page
from coregulation.session import Person, Recording, Remark, Session
from coregulation.signals import Beats, Signal
from tests.coupling.new_measure import LaggedRank
from tests.sessions import QUICK, RATE, UNSTATED, follower, linked, script, session, strangers, wander


def with_(**said):
    return replace(QUICK, **said)


def states(verdict):
    return {gate.name: gate.state.value for gate in verdict.gates}


def test_a_linked_pair_is_linked_and_its_leader_and_lag_are_told():
    finding = QUICK(linked(shared=()))
    (coupling,) = finding.couplings
    assert coupling.p == pytest.approx(1 / (1 + len(coupling.nulls)))
    assert (coupling.estimate.leader, coupling.estimate.lag) == ("ada", 2.0)
    verdict = finding.verdict("ben", "ada")
    assert verdict.kind is VerdictKind.LINKED
    assert [states(verdict)[name] for name in ("G0", "G1", "G2", "G3")] == ["passed"] * 4
    assert verdict.gate("G4").state is GateState.CANNOT_TELL
    assert verdict.gate("G3").reason.facts["leader"] == "ada"


def test_strangers_are_not():
    verdict = QUICK(strangers(shared=())).verdict("ada", "ben")
    assert verdict.kind is VerdictKind.CANNOT_TELL
    assert verdict.gate("G1").state is GateState.FAILED
    assert verdict.statements[0].code == LinkageStatement.NOT_LINKED


@pytest.mark.parametrize(
    ("shared", "state", "kind"),
    [
        ((), GateState.PASSED, VerdictKind.LINKED),
        (("music",), GateState.CANNOT_TELL, VerdictKind.CANNOT_TELL),
        (None, GateState.CANNOT_TELL, VerdictKind.CANNOT_TELL),
    ],
)
def test_without_pseudo_dyads_the_script_can_only_be_said_away(shared, state, kind):
    finding = QUICK(linked(shared=shared))
    verdict = finding.verdict("ada", "ben")
    assert (verdict.gate("G2").state, verdict.kind) == (state, kind)
    assert all(c.gate == "G1" for c in finding.couplings)
    assert (verdict.gate("G2").reason.code == Script.CANNOT_SEPARATE) is (state is GateState.CANNOT_TELL)


def test_apart_never_claims_that_anything_passed_between_them():
    for shared in ((), None, ("film",)):
        verdict = QUICK(linked(shared=shared, setting="apart")).verdict("ada", "ben")
        assert verdict.gate("G2").state is GateState.FAILED
        assert verdict.kind is VerdictKind.IN_PARALLEL
        assert verdict.statements[0].code == LinkageStatement.APART


def test_who_comes_first_in_the_session_changes_no_number():
    made = linked(seed=11, shared=())
    turned = Session("made", made.recordings[::-1], shared=())
    (one,), (other,) = QUICK(made).couplings, QUICK(turned).couplings
    assert other.pair == one.pair[::-1]
    assert other.p == one.p
    assert other.statistic == pytest.approx(one.statistic)
    assert (other.estimate.leader, other.estimate.lag) == (one.estimate.leader, one.estimate.lag)
    assert other.estimate.lag_interval == pytest.approx((-one.estimate.lag_interval[1], -one.estimate.lag_interval[0]))


def test_the_seed_fixes_everything_and_threads_change_nothing():
    both = linked(seconds=900.0), script(12)
    tried = with_(surrogates=99, sensitivity=(SegmentShuffle(), PhaseRandomised()))
    found = [with_like(tried, jobs=jobs, seed=seed)(*both) for jobs, seed in ((1, 3), (3, 3), (1, 4))]
    ps = [[c.nulls.tolist() for c in finding.couplings] for finding in found]
    intervals = [finding.couplings[0].estimate.interval for finding in found]
    assert ps[0] == ps[1] != ps[2]
    assert intervals[0] == intervals[1] != intervals[2]
    assert str(found[0]) == str(found[1])
    assert [c.seed for c in found[2].couplings] == [4] * len(found[2].couplings)


def with_like(analysis, **said):
    from dataclasses import replace

    return replace(analysis, **said)


@pytest.mark.parametrize("null", [SegmentShuffle(), PhaseRandomised(), AmplitudeAdjusted(5)])
def test_another_primary_null_comes_to_the_same_answer(null):
    finding = with_(null=null, surrogates=99, sensitivity=(SpectrumModel(), SegmentShuffle()))(linked(shared=()))
    assert [c.null for c in finding.couplings] == [null.title, "Gaussian model", "segment shuffle"]
    assert [c.primary for c in finding.couplings] == [True, False, False]
    assert all(c.p <= 0.02 for c in finding.couplings)
    assert finding.verdict("ada", "ben").kind is VerdictKind.LINKED


def test_a_null_that_cannot_be_drawn_is_a_stated_refusal():
    ada = wander(1)
    ben = follower(ada, 2)
    ben[300:560] = np.nan
    made = session({"ada": ada, "ben": ben}, shared=())
    primary = with_(null=PhaseRandomised())(made)
    assert primary.couplings[0].p is None
    assert "A spectrum needs" in primary.couplings[0].refused.facts["template"]
    assert primary.verdict("ada", "ben").gate("G0").state is GateState.CANNOT_TELL
    secondary = with_(sensitivity=(PhaseRandomised(),))(made)
    assert [c.p is None for c in secondary.couplings] == [False, True]


def test_linkage_in_one_block_shows_there_and_in_the_contrast():
    ada = wander(1, 1200)
    ben = np.concatenate([wander(5, 600), follower(ada, 6)[1200:]])
    blocks = (Block("alone-rest", 0, 600), Block("together-rest", 600, 1200))
    finding = QUICK(session({"ada": ada, "ben": ben}, blocks=blocks, shared=()))
    alone, together = finding.blocks
    assert (alone.block, together.block) == ("alone-rest", "together-rest")
    assert alone.interval[0] < 0 < alone.interval[1]
    assert 0.4 < together.interval[0] < together.value < together.interval[1]
    (contrast,) = finding.contrasts
    assert contrast.blocks == ("alone-rest", "together-rest")
    assert contrast.interval[0] > 0
    assert contrast.difference == pytest.approx(math.atanh(together.value) - math.atanh(alone.value))
    assert finding.verdict("ada", "ben").gate("G4").reason.code == Refusal.NO_MOMENT_ALONE


def test_a_level_that_differs_between_blocks_is_no_linkage():
    step = np.where(np.arange(2400) < 1200, 0.0, 25.0)
    blocks = (Block("rest", 0, 600), Block("talk", 600, 1200))
    people = {"ada": wander(1, 1200) + step, "ben": wander(1001, 1200) + step}
    assert QUICK(session(people, blocks=blocks)).couplings[0].p > 0.05


def test_what_lies_outside_the_blocks_is_not_lost():
    made = linked(seconds=1200.0, blocks=(Block("talk", 500.0, 700.0),))
    (coupling,) = QUICK(made).couplings
    assert coupling.windows == pytest.approx((470 + 170 + 470) / 30, abs=1)
    brief = linked(seconds=1200.0, blocks=tuple(Block("talk", t, t + 50.0) for t in range(0, 1200, 60)))
    assert QUICK(brief).couplings[0].windows == pytest.approx(1170 / 30, abs=0.5)
    assert QUICK(brief).blocks == (), "one run of windows in each: no interval, so nothing is told"


def test_gaps_leave_windows_out_and_are_told():
    ada = wander(1)
    ben = follower(ada, 2)
    ben[400:480] = np.nan
    finding = QUICK(session({"ada": ada, "ben": ben}, shared=()))
    (coupling,) = finding.couplings
    assert coupling.coverage == pytest.approx(1 - 80 / 1200)
    assert coupling.windows == pytest.approx((600 - 30 - 70) / 30, abs=0.2)
    quality = finding.qualities[1]
    assert (quality.gaps, quality.longest_gap, quality.seconds) == (1, 40.0, 600.0)


def test_what_is_excluded_counts_for_nothing():
    made = linked(shared=(), exclusions=(Exclusion(100, 200, "door"), Exclusion(300, 320, "cough", "ben")))
    finding = QUICK(made)
    assert [q.coverage for q in finding.qualities] == pytest.approx([1 - 100 / 600, 1 - 120 / 600])
    assert np.isnan(finding.traces["ben", "heart_rate"].values[600:640]).all()
    wild = made.recordings[1].signals["heart_rate"].values.copy()
    wild[200:400] = np.random.default_rng(1).uniform(40, 200, 200)
    moved = session({"ada": made.recordings[0].signals["heart_rate"].values, "ben": wild}, exclusions=made.exclusions)
    assert QUICK(moved).couplings[0].statistic == pytest.approx(finding.couplings[0].statistic)


def test_a_group_has_a_matrix_a_p_and_what_each_person_adds():
    lead = wander(1)
    people = {"a": lead, "b": follower(lead, 2), "c": follower(lead, 3), "d": wander(4)}
    finding = with_(surrogates=399)(session(people, shared=()))
    (group,) = finding.groups
    assert group.people == ("a", "b", "c", "d")
    assert np.allclose(group.matrix, group.matrix.T, equal_nan=True)
    assert np.isnan(np.diag(group.matrix)).all()
    by_pair = {c.pair: c.statistic for c in finding.couplings}
    assert group.matrix[0, 1] == pytest.approx(by_pair["a", "b"])
    measure = finding.couplings[0].measure
    traces = {name: finding.traces[name, "heart_rate"] for name in people}
    pairs = {
        pair: fold_lags(stack_sums([compare_signals(traces[pair[0]], traces[pair[1]], measure).observed], 0))
        for pair in by_pair
    }
    assert group.statistic == pytest.approx(pooled_statistics(pairs)[0])
    assert group.p <= 0.01
    assert group.without["d"][0] > group.statistic > group.without["a"][0]
    assert group.without["d"][1] <= 0.01
    assert len(finding.verdicts) == 6
    assert finding.group_verdict is not None
    assert finding.group_verdict.kind.value in str(finding)


def test_a_group_of_strangers_is_none_and_a_late_or_flat_one_stops_nobody():
    blocks = (Block("one", 0, 300), Block("two", 300, 600))
    people = {name: wander(k) for k, name in enumerate("abcd")}
    people["c"][:700] = np.nan  # nothing in the first block
    people["d"][:] = 70.0
    finding = QUICK(session(people, blocks=blocks))
    (group,) = finding.groups
    assert group.people == ("a", "b", "c")
    assert group.p > 0.05
    assert next(q for q in finding.qualities if q.person == "d").refused == because(QualityReason.CONSTANT, value=70.0)
    (refused,) = finding.verdict("a", "d").gate("G0").reason.facts["reasons"]
    assert refused.facts["person"] == "d"


def test_a_group_turns_its_people_whatever_the_null_of_its_pairs():
    finding = with_(null=SegmentShuffle(), surrogates=99)(
        session({name: wander(k) for k, name in enumerate("abc")})
    )  # fmt: skip
    assert finding.groups[0].p is not None


def test_groups_exchange_people_of_one_role_between_sessions():
    def sessions(linked_first):
        shared = wander(99)
        for k in range(3):
            mine = wander(200 + k) if k == 0 and linked_first else None
            people = {
                f"{name}{k}": (follower(mine, 10 * k + n) if mine is not None else wander(10 * k + n))
                + 0.5 * (shared - 70)
                for n, name in enumerate("wxyz")
            }
            yield session(
                people, id=f"group {k}", roles={f"w{k}": "host"} | dict.fromkeys([f"{n}{k}" for n in "xyz"], "guest")
            )

    for linked_first in (True, False):
        first, *others = sessions(linked_first)
        turned, exchange = with_(surrogates=299)(first, others).groups
        assert (turned.gate, exchange.gate) == ("G1", "G2")
        assert exchange.refused is None
        assert (exchange.p <= 0.05) is linked_first
    lonely = [session({f"{n}{k}": wander(7 * k + i) for i, n in enumerate("abc")}, id=str(k)) for k in range(2)]
    roles = dict(zip(("a0", "b0", "c0"), "pqr", strict=True))
    alone = session(
        {name: r.signals["heart_rate"].values for name, r in zip(roles, lonely[0].recordings, strict=True)}, roles=roles
    )
    other = session({f"{n}1": wander(70 + i) for i, n in enumerate("abc")}, roles={"a1": "s", "b1": "s", "c1": "s"})
    assert QUICK(alone, [other]).groups[1].p is None


def test_several_signals_are_paid_for():
    hr = {name: wander(k) for k, name in enumerate(("ada", "ben"))}
    ada = wander(5)
    people = {
        "ada": {"heart_rate": hr["ada"], "motion": ada, "eda": np.abs(wander(7)) / 20},
        "ben": {"heart_rate": hr["ben"], "motion": follower(ada, 6), "eda": np.abs(wander(8)) / 20},
    }
    finding = QUICK(session(people, shared=()))
    assert [c.signal for c in finding.couplings] == ["heart_rate", "motion", "eda"]
    adjusted = [finding.adjusted(c) for c in finding.couplings]
    assert all(a >= c.p - 1e-12 for a, c in zip(adjusted, finding.couplings, strict=True))
    motion = finding.couplings[1]
    assert motion.p <= finding.adjusted(motion) <= 3 * motion.p
    assert finding.verdict("ada", "ben").gate("G1").reason.facts["signal"] == "motion"
    only = with_(signals=("motion",))(session(people))
    assert [c.signal for c in only.couplings] == ["motion"]


def test_too_short_is_refused_in_words_and_never_a_number():
    for seconds in (4.0, 29.0, 100.0, 118.0):
        finding = QUICK(linked(seconds=seconds, shared=()))
        (coupling,) = finding.couplings
        assert (coupling.p, coupling.estimate) == (None, None)
        assert coupling.refused.code == LinkageRefusal.TOO_SHORT
        assert (coupling.refused.facts["valid"], coupling.refused.facts["seconds"]) == (seconds, 120.0)
        verdict = finding.verdict("ada", "ben")
        assert verdict.kind is VerdictKind.CANNOT_TELL
        assert (states(verdict)["G0"], states(verdict)["G1"]) == ("cannot-tell", "cannot-tell")
        assert verdict.statements[0].code in (LinkageStatement.NOT_ENOUGH_CLEAN, LinkageStatement.TOO_LITTLE)
    scripted = QUICK(linked(seconds=100.0), script(12))
    assert scripted.of(("ada", "ben"), "G2")[0].p is None


def test_too_few_turns_are_refused():
    (coupling,) = with_(null=CircularShift())(linked(seconds=200.0)).couplings
    assert coupling.p is None
    assert coupling.refused == because(LinkageRefusal.FEW_SURROGATES, count=14, needed=99)
    assert coupling.estimate is not None


def test_one_signal_without_common_time_does_not_end_what_another_answers():
    made = linked()
    late = Signal(wander(2), RATE, 900.0, CHANNELS["motion"].unit)
    ada, ben = (
        replace(one, signals={**one.signals, "motion": motion})
        for one, motion in zip(made.recordings, (replace(late, start=0.0), late), strict=True)
    )
    finding = QUICK(replace(made, recordings=(ada, ben)))
    told = {c.signal: c.refused for c in finding.couplings}
    assert told["heart_rate"] is None
    assert "share no time" in told["motion"].facts["template"]
    assert finding.verdict("ada", "ben").gate("G1").state is GateState.PASSED
    with pytest.raises(DataError, match=r"share no time.*one clock"):
        QUICK(Session("made", (replace(ada, signals={"motion": ada.signals["motion"]}), ben)))


def test_two_people_without_a_common_signal_have_their_bodies_and_a_verdict():
    apart = session({"ada": {"heart_rate": wander(1)}, "ben": {"eda": np.abs(wander(2)) / 20}}, rate=4.0)
    finding = with_(bodies=True)(apart)
    assert [found.body is not None for found in finding.bodies] == [True, True]
    verdict = finding.verdict("ada", "ben")
    assert verdict.kind is VerdictKind.CANNOT_TELL
    has = {"ada": ("heart_rate",), "ben": ("eda",)}
    assert verdict.gate("G0").reason.facts["each"] == tuple(
        because(QualityGate.HAS_SIGNALS, person=who, signals=signals) for who, signals in has.items()
    )
    assert verdict.gate("G0").settle == because(SettleLinkage.RECORD_CLEANLY)
    text = render_page(finding)
    assert "no signal of any two of them could be compared" in text
    assert "Nothing was compared" in text
    flat = session({"ada": wander(1), "ben": np.full(1200, 70.0)})
    why = with_(bodies=True)(flat).verdict("ada", "ben").gate("G0").reason
    constant = because(QualityReason.CONSTANT, value=70.0)
    assert why.facts["reasons"] == (because(QualityReason.REFUSED, person="ben", channel="heart_rate", why=constant),)
    with pytest.raises(DataError, match=QualityReason.CONSTANT):
        with_(bodies=True)(session({"ada": np.full(1200, 60.0), "ben": np.full(1200, 70.0)}))


def test_blocks_too_short_for_the_null_are_told():
    blocks = (Block("talk", 0.0, 200.0), Block("short", 200.0, 260.0), Block("silence", 260.0, 600.0))
    finding = QUICK(linked(blocks=blocks))
    said = because(QualityReason.SPANS_LEFT_OUT, count=1, total=60.0, windows=4, seconds=120.0)
    assert [said in quality.remarks for quality in finding.qualities] == [True, True]
    assert (
        "1 span between edges of blocks (60 s) is shorter than 4 windows (120 s)"
        in write_methods(finding, Catalogue()).text
    )
    every = QUICK(linked(blocks=tuple(Block(f"b{k}", 60.0 * k, 60.0 * k + 60) for k in range(10))))
    assert because(QualityReason.SPANS_TOO_SHORT, windows=4, seconds=120.0) in every.qualities[0].remarks
    for long in ((), blocks[2:], (Block("talk", 0.0, 300.0),)):
        assert QUICK(linked(blocks=long)).qualities[0].remarks == ()


def test_clocks_that_nobody_stated_refuse_a_leader_and_known_ones_widen_the_lag():
    exact, wide, unknown = (
        QUICK(linked(shared=(), clocks={"ada": Clock(), "ben": clock}))
        for clock in (Clock(), Clock(offset_sd=3.0), UNSTATED)
    )
    assert exact.couplings[0].estimate.leader == "ada"
    assert wide.couplings[0].estimate.leader is None
    assert wide.couplings[0].estimate.lag_interval[1] > exact.couplings[0].estimate.lag_interval[1] + 3
    assert wide.verdict("ada", "ben").gate("G3").state is GateState.CANNOT_TELL
    assert unknown.couplings[0].estimate.leader is None
    assert unknown.verdict("ada", "ben").gate("G3").reason.code == Lead.CLOCKS_NOT_STATED


def test_beats_count_as_heart_rate():
    rr = 60 / wander(1, 700, 1.2)
    people = tuple(
        Recording(Person(name), {}, Beats(np.cumsum(rr) + late)) for name, late in (("ada", 0.0), ("ben", 2.0))
    )
    finding = QUICK(
        Session("beats", people, shared=(), remarks=(Remark("ada", "beats", because("read.beat-gaps"), 3),))
    )
    assert finding.couplings[0].signal == "heart_rate"
    assert finding.couplings[0].estimate.lag == pytest.approx(2.0)
    assert math.isnan(finding.qualities[0].rate)
    assert finding.qualities[0].remarks[0].facts == {"count": 3}
    assert all(remark.code == PersonReason.ARTEFACTS for remark in finding.qualities[0].remarks[1:])


def test_breath_and_skin_conductance_are_prepared_as_planned():
    t = np.arange(0, 600, 0.1)
    drift = 30 * np.sin(t / 100)
    people = {
        name: {"resp": np.sin(2 * np.pi * 0.25 * t + 0.05 * np.cumsum(np.random.default_rng(k).standard_normal(len(t)))) + drift,
               "eda": 5 + 0.01 * t + 0.1 * np.sin(t / (3 + k))}
        for k, name in enumerate(("ada", "ben"))
    }  # fmt: skip
    finding = QUICK(session(people, rate=10.0))
    assert finding.traces["ada", "resp"].rate == 4.0
    assert np.nanmax(np.abs(finding.traces["ada", "resp"].values)) < 2
    assert finding.traces["ada", "eda"].rate == 2.0
    assert np.nanmax(np.abs(finding.traces["ada", "eda"].values)) < 0.2


def test_a_slower_recording_sets_the_pace_and_says_so():
    made = linked()
    slow = Signal(wander(9, 600, 1.0), 1.0, 0.0, CHANNELS["heart_rate"].unit)
    finding = QUICK(Session("made", (made.recordings[0], Recording(Person("ben"), {"heart_rate": slow}))))
    assert {trace.rate for trace in finding.traces.values()} == {1.0}
    assert [q.rate for q in finding.qualities] == [2.0, 1.0]


def test_the_settings_are_json_and_hold_every_field():
    analysis = Analysis(plans={"motion": SignalPlan(5.0, LaggedCorrelation(20.0, 2.0))}, null=SegmentShuffle(20.0))
    told = json.loads(json.dumps(analysis.settings()))
    assert told["plans"]["motion"]["measure"] == {"window": 20.0, "max_lag": 2.0, "hop": 1.0, "detrend": True}
    assert told["null"] == {"name": "segment shuffle", "length": 20.0}
    assert set(told) == set(Analysis.__dataclass_fields__) - {"jobs", "pictures"}
    finding = QUICK(linked())
    assert json.loads(json.dumps(dict(finding.provenance.settings)))["seed"] == 3
    assert finding.provenance.pseudo_sessions == 0
    assert set(finding.provenance.libraries) == {"numpy", "scipy", "numba"}


def test_an_analysis_survives_bytes():
    analysis = Analysis(measure=LaggedCorrelation, seed=4)
    again = pickle.loads(pickle.dumps(analysis))
    assert replace(again, regulation=analysis.regulation) == analysis
    assert again.settings() == analysis.settings()
    assert pickle.loads(pickle.dumps(Analysis())).settings() == Analysis().settings()
    with pytest.raises(TypeError):
        again.plans["motion"] = again.plan("motion")  # read-only, as before


def test_a_measure_is_made_with_each_plan_s_window_and_lag():
    ranked = with_(measure=LaggedRank)
    assert ranked.plan("heart_rate").measure == LaggedRank(30.0, 5.0)
    assert ranked.plan("eda").measure == LaggedRank(60.0, 10.0)
    assert ranked.plan("whatever").measure == LaggedRank(60.0, 5.0)
    told = ranked.settings()
    assert told["measure"] == "lagged windowed rank correlation"
    assert told["plans"]["heart_rate"]["measure"] == {"window": 30.0, "max_lag": 5.0, "hop": 5.0}


def test_many_people_keep_the_maps_of_the_few_strongest():
    people = {f"p{k}": wander(k, 400) for k in range(9)}
    people["shadow"] = follower(people["p0"], 99)
    finding = with_(pictures=2)(session(people))
    assert len(finding.couplings) == 45
    assert len(finding.surfaces) == 2
    alone = QUICK(session({name: people[name] for name in ("p0", "shadow")}))
    key = ("p0", "shadow", "heart_rate")
    assert np.array_equal(finding.surfaces[key].r, alone.surfaces[key].r, equal_nan=True)


def test_sessions_of_a_script_that_share_no_time_tell_nothing_of_each_other():
    here = session({f"{n}0": wander(i) for i, n in enumerate("abc")})
    later = session({f"{n}1": wander(70 + i) for i, n in enumerate("abc")}, start=5000.0)
    finding = QUICK(here, [later])
    assert finding.groups[1].refused == because(LinkageRefusal.FEW_COMPARABLE)
    assert finding.groups[1].p is None
    other = session({f"{n}1": wander(i) for i, n in enumerate("abc")}, channel="motion")
    assert QUICK(here, [other]).groups[1].p is None
    none = because(LinkageRefusal.FEW_PSEUDO_DYADS, count=0, needed=19)
    assert all(c.refused == none for c in finding.couplings if c.gate == "G2")


def test_a_group_that_hangs_on_one_person_has_no_value_without_them():
    names = iter("bcd")
    people = {"a": wander(1, 1200)}
    for k in range(3):  # each there for a third of the time, so that only a shares time with anybody
        part = np.full(2400, np.nan)
        part[800 * k : 800 * (k + 1)] = wander(k + 2, 400)
        people[next(names)] = part
    (group,) = QUICK(session(people)).groups
    assert group.p is not None
    value, p = group.without["a"]
    assert math.isnan(value)
    assert p is None


def test_progress_is_told():
    told = []
    QUICK(linked(), progress=lambda *said: told.append(said))
    assert told == [("heart_rate", 0, 1), ("heart_rate", 1, 1)]


def test_pictures_are_kept_for_the_strongest():
    lead = wander(1)
    people = {"a": lead, "b": follower(lead, 2), "c": wander(3), "d": wander(4)}
    finding = with_(pictures=1)(session(people))
    assert set(finding.surfaces) == set(finding.map_threshold) == {("a", "b", "heart_rate")}
    surface = finding.surfaces["a", "b", "heart_rate"]
    assert np.nanmax(np.abs(surface.r)) >= finding.map_threshold["a", "b", "heart_rate"] > 0


def test_the_function_is_the_value_called():
    settings = {
        "surrogates": 199,
        "secondary": 99,
        "jobs": 1,
        "seed": 3,
        "sensitivity": (),
        "bootstrap": QUICK.bootstrap,
        "bodies": False,
    }
    assert str(analyze(linked(), **settings)) == str(QUICK(linked()))


@pytest.mark.parametrize(
    "call",
    [
        lambda: Analysis(seed=-1),
        lambda: Analysis(surrogates=98),
        lambda: Analysis(secondary=10),
        lambda: with_(signals=("voice",))(linked()),
        lambda: QUICK(linked()).verdict("ada", "zoe"),
    ],
)
def test_what_cannot_be_meant_is_refused(call):
    with pytest.raises(UsageError):
        call()
