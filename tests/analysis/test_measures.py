"""Secondary measures with a test: a family of their own that changes nothing else."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace

import msgspec
import numpy as np
import pytest

from coregulation.analysis.pipeline import Analysis
from coregulation.coupling.comparison import compare_signals
from coregulation.coupling.family import adjust_family
from coregulation.coupling.measures.coherence import MultitaperCoherence, WelchCoherence
from coregulation.coupling.measures.events import EventSynchronisation
from coregulation.coupling.measures.inertia import InertiaCoordination
from coregulation.coupling.measures.lagged_correlation import LaggedCorrelation
from coregulation.coupling.measures.susy import Susy
from coregulation.coupling.nulls.liveliness import LivelyModel, LivelyPhases
from coregulation.coupling.nulls.surrogates import PhaseRandomised
from coregulation.coupling.reasons import LinkageRefusal
from coregulation.coupling.registry import SECONDARY
from coregulation.coupling.series_comparison import SeriesPair, SeriesTest, adjust_measures, choose_series_null
from coregulation.events import Block
from coregulation.report.result import Result, result_of
from coregulation.signals import Signal, Unit, Window
from tests.sessions import QUICK, linked, script, session, strangers, wander

SOME = (WelchCoherence(), InertiaCoordination(), MultitaperCoherence())
ASKED = replace(QUICK, measures=SOME)
NEW = {"measures", "provenance"}


def bytes_of(result: Result) -> dict[str, bytes]:
    return {name: msgspec.json.encode(getattr(result, name)) for name in result.__struct_fields__ if name not in NEW}


def people(kind):
    if kind == "pair":
        return linked(), ()
    if kind == "blocks":
        blocks = (Block("alone-rest", 0.0, 300.0), Block("talk", 300.0, 600.0))
        return linked(blocks=blocks), ()
    if kind == "script":
        first, *others = script(12, linked_by=0.5)
        return first, others
    return session({name: wander(seed) for seed, name in enumerate(("ada", "ben", "cy", "dan"))}), ()


@pytest.mark.parametrize("kind", ["pair", "blocks", "script", "group"])
def test_asking_for_more_changes_no_other_byte(kind):
    recorded, others = people(kind)
    plain, asked = (result_of(analysis(recorded, others)) for analysis in (QUICK, ASKED))
    assert bytes_of(plain) == bytes_of(asked)
    assert plain.measures == []
    pairs = len(recorded.recordings) * (len(recorded.recordings) - 1) // 2
    assert len(asked.measures) == pairs * len(SOME)


def test_each_p_has_its_null_its_number_and_its_seed():
    rows = result_of(ASKED(linked())).measures
    assert {(row.null, row.n_null, row.seed) for row in rows} == {("phase randomisation, liveliness kept", 199, 3)}
    assert [row.measure for row in rows] == ["WelchCoherence", "InertiaCoordination", "MultitaperCoherence"]
    assert all(row.p == 1 / 200 for row in rows)
    assert all(row.p <= row.adjusted for row in rows)
    assert rows[0].settings == {"low": 0.05, "high": 0.15, "segment": 60.0}
    assert rows[0].value > 2 * rows[0].expected


def test_the_same_seed_gives_the_same_and_another_one_not():
    first, again, other = (result_of(replace(ASKED, seed=seed)(strangers())).measures for seed in (1, 1, 2))
    assert first == again
    assert [row.value for row in first] == [row.value for row in other]
    assert [row.expected for row in first] != [row.expected for row in other]


def test_threads_change_nothing():
    one, two = (result_of(replace(ASKED, jobs=jobs)(linked())).measures for jobs in (1, 2))
    assert one == two


def test_a_measure_does_not_depend_on_which_others_are_asked_for():
    alone, among = (replace(QUICK, measures=m)(strangers()).measures for m in (SOME[:1], SOME))
    assert (alone[0].value, alone[0].p) == (among[0].value, among[0].p)


def test_the_family_is_adjusted_by_one_joint_randomisation():
    results = ASKED(strangers()).measures
    expected = adjust_family([r.strength for r in results], [r.null_strengths for r in results])
    assert adjust_measures(results) == pytest.approx(expected)


def test_the_family_of_two_nulls_counts_both():
    results = list(ASKED(strangers()).measures)
    other = [replace(r, signal="resp", null="Gaussian model") for r in results]
    once = adjust_measures(results)
    assert adjust_measures([*results, *other]) == pytest.approx([min(1.0, 2 * p) for p in (*once, *once)])


def test_the_null_leaves_gaps_where_they_are():
    gappy = wander(1)
    gappy[100:400] = np.nan
    signals = [Signal(v, 2.0, 0.0, Unit.PER_MINUTE) for v in (wander(2), gappy)]
    comparison = compare_signals(*signals, LaggedCorrelation(30.0, 5.0))
    null = choose_series_null(comparison, SOME[0])
    assert null == LivelyModel(15.0, 60.0)
    drawn = SeriesPair.of(comparison).redrawn(null, 3, np.random.default_rng(1))
    assert (np.isnan(drawn) == np.isnan(gappy)).all()
    whole = compare_signals(signals[0], Signal(wander(1), 2.0, 0.0, Unit.PER_MINUTE), LaggedCorrelation(30.0, 5.0))
    assert choose_series_null(whole, SOME[0]) == LivelyPhases()
    assert choose_series_null(whole, Susy()) == PhaseRandomised()


@pytest.mark.parametrize("missing", [60, 61])
def test_five_percent_missing_is_still_bridged(missing):
    gappy = wander(1)
    gappy[100 : 100 + missing] = np.nan
    signals = [Signal(v, 2.0, 0.0, Unit.PER_MINUTE) for v in (wander(2), gappy)]
    null = choose_series_null(compare_signals(*signals, LaggedCorrelation(30.0, 5.0)), SOME[0])
    assert type(null) is (LivelyPhases if missing == 60 else LivelyModel)


def test_parts_are_redrawn_inside_and_what_lies_between_them_is_missing():
    x, y = (Signal(wander(seed), 2.0, 10.0, Unit.PER_MINUTE) for seed in (1, 2))
    comparison = compare_signals(x, y, LaggedCorrelation(30.0, 5.0), [Window(10.0, 210.0), Window(310.0, 610.0)])
    series = SeriesPair.of(comparison)
    assert series.parts == ((0, 400), (600, 1200))
    assert (series.y[:400] == y.values[:400]).all()
    assert np.isnan(series.y[400:600]).all()
    drawn = series.redrawn(PhaseRandomised(), 2, np.random.default_rng(0))
    for part in ((0, 400), (600, 1200)):  # each keeps its own mean
        assert drawn[:, slice(*part)].mean(axis=1) == pytest.approx(y.values[slice(*part)].mean())
    assert np.isnan(drawn[:, 400:600]).all()


def test_too_short_is_refused_with_the_length_that_is_needed():
    needed = WelchCoherence().seconds_needed(2.0)
    for seconds, refused in ((needed - 0.5, True), (needed, False)):
        rows = ASKED(strangers(seconds=seconds)).measures
        coherence = next(r for r in rows if isinstance(r.measure, WelchCoherence))
        assert (coherence.p is None) is refused
        if refused:
            assert coherence.refused.code == LinkageRefusal.FEW_UNITS
            assert coherence.refused.facts["seconds"] == needed
            assert coherence.expected is None
    assert next(r for r in rows if isinstance(r.measure, InertiaCoordination)).p is not None


def test_a_pair_that_is_refused_is_refused_by_every_measure():
    rows = ASKED(strangers(seconds=60.0)).measures
    assert len(rows) == len(SOME)
    assert {row.refused.code for row in rows} == {LinkageRefusal.TOO_SHORT}
    assert adjust_measures(rows) == [None] * len(SOME)


def test_surrogates_without_a_number_count_as_strong_as_the_data():
    x = wander(1)
    rare = 70 + np.zeros(1200)
    rare[100::200] = 80.0  # six peaks; a phase-randomised copy has many, or too few
    signals = [Signal(v, 2.0, 0.0, Unit.PER_MINUTE) for v in (x, rare)]
    comparison = compare_signals(*signals, LaggedCorrelation(30.0, 5.0))
    always_few = type("Few", (EventSynchronisation,), {"compare_with": few, "has_size": True, "__slots__": ()})()
    (result,) = SeriesTest((always_few,), 99, 0)(
        comparison, ("ada", "ben"), "heart_rate", lambda: np.random.default_rng(0)
    )
    assert result.value == 0.5
    assert result.p == 1.0


def few(self, x, valid, rate):
    return lambda values: np.full((len(values), 1), 0.5 if len(values) == 1 else np.nan)


def test_a_signal_that_hardly_changes_is_refused():
    flat = 70 + np.zeros(1200)
    flat[600:] = 71.0
    x, y = Signal(wander(1), 2.0, 0.0, Unit.PER_MINUTE), Signal(flat, 2.0, 0.0, Unit.PER_MINUTE)
    comparison = compare_signals(x, y, LaggedCorrelation(30.0, 5.0))
    test = SeriesTest((EventSynchronisation(),), 99, 0)
    (result,) = test(comparison, ("ada", "ben"), "heart_rate", lambda: np.random.default_rng(0))
    assert result.refused.code == LinkageRefusal.UNDEFINED
    assert result.p is None


def test_strangers_are_rejected_about_as_often_as_promised():
    measures = tuple(
        SECONDARY[name]() for name in ("coherence", "phase_consistency", "granger", "multitaper", "inertia")
    )
    test, rejected = SeriesTest(measures, 39, 0), []
    for seed in range(60):
        signals = [Signal(wander(s), 2.0, 0.0, Unit.PER_MINUTE) for s in (seed, seed + 5000)]
        comparison = compare_signals(*signals, LaggedCorrelation(30.0, 5.0))
        results = test(comparison, ("ada", "ben"), "heart_rate", lambda seed=seed: np.random.default_rng(seed))
        rejected.append([r.p <= 0.05 for r in results])
    assert np.mean(rejected) == pytest.approx(0.05, abs=0.045)  # 360 answers, of each pair are not independent


def test_without_them_nothing_of_them_is_loaded():
    code = (
        "import sys; from tests.sessions import QUICK, linked; finding = QUICK(linked()); "
        "from coregulation.report.result import result_of; result_of(finding); "
        "import json; print(json.dumps(sorted(m for m in sys.modules if m.startswith('coregulation.coupling'))))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(json.loads(run.stdout))
    others = {
        "series_comparison",
        *(f"measures.{name}" for name in ("coherence", "granger", "series_kernels", "nested")),
    }
    assert not loaded & {f"coregulation.coupling.{name}" for name in others}


def test_a_measure_whose_size_is_wrong_somewhere_has_a_value_and_no_p():
    (row,) = replace(QUICK, measures=(Susy(),))(linked()).measures
    assert row.refused.code == LinkageRefusal.NO_SIZE
    assert row.p is None
    assert row.value > row.expected > 0
    assert len(row.nulls) == 199
    assert adjust_measures([row]) == [None]


def test_two_nulls_are_drawn_apart():
    both, alone = (replace(QUICK, measures=m)(strangers()).measures for m in ((*SOME, Susy()), SOME))
    assert [r.p for r in both[:3]] == [r.p for r in alone]


@pytest.mark.parametrize(("asked", "drawn"), [(998, 998), (999, 999), (1000, 999)])
def test_there_are_at_most_so_many_surrogates(asked, drawn):
    (row,) = replace(QUICK, surrogates=asked, measures=(Susy(),))(strangers(seconds=150.0)).measures
    assert len(row.nulls) == drawn


def test_settings_say_what_was_asked_for():
    settings = Analysis(measures=SOME).settings()["measures"]
    assert [each["name"] for each in settings] == [m.title for m in SOME]
