"""One file is a new measure, or a new null, everywhere: command line, p, interval, leader, methods, references, docs, calibration."""

from __future__ import annotations

import inspect
import json

import numpy as np
import pytest

from coregulation.analysis.pipeline import Analysis
from coregulation.cli import main, parser
from coregulation.coupling.measure import AbstractMeasure
from coregulation.coupling.null import AbstractNull
from coregulation.coupling.nulls.surrogates import AbstractSurrogate
from coregulation.coupling.registry import MEASURES, SECONDARY, SESSION_NULLS, SURROGATES, all_nulls, null_titled
from coregulation.coupling.series_measure import AbstractSeriesMeasure
from coregulation.errors import UsageError
from coregulation.report.citations import papers_of
from coregulation.report.registry_tables import measures_table, nulls_table
from coregulation.simulate.laws.common_input import CommonInput
from coregulation.simulate.laws.coupled import Coupled
from coregulation.simulate.linkage import simulated_pair
from coregulation.study.calibration import Calibrate, CalibrationCase
from tests.coupling import new_measure, new_null
from tests.coupling.new_measure import LaggedRank
from tests.coupling.new_null import TimeReversal
from tests.sessions import session, wander

RATE = 4.0


@pytest.fixture
def rank():
    with MEASURES.including("rank", LaggedRank):
        yield LaggedRank


@pytest.fixture
def reversal():
    with SURROGATES.including("reversal", TimeReversal):
        yield TimeReversal


@pytest.fixture(scope="module")
def recording(tmp_path_factory):
    made, _ = simulated_pair(seconds=600, strength=0.7, lag=2.0, seed=3)
    path = tmp_path_factory.mktemp("pair") / "pair.csv"
    both = [made.of(name).signals["heart_rate"].values for name in ("ada", "ben")]
    assert made.of("ada").signals["heart_rate"].rate == RATE
    np.savetxt(path, np.column_stack(both), "%.5f", ",", header="ada,ben", comments="")
    return path


def analyze(recording, out, *words):
    read = [
        "--person",
        "ada=ada",
        "--person",
        "ben=ben",
        "--signal",
        "heart_rate",
        "--rate",
        f"{RATE:g}",
        "--shared",
        "none",
    ]
    quick = ["--surrogates", "199", "--jobs", "1"]
    assert main(["analyze", str(recording), *read, *quick, "--out", str(out), *words]) == 0
    return json.loads((out / "result.json").read_text(encoding="utf-8")), (out / "report.html").read_text(
        encoding="utf-8"
    )


def test_the_new_files_are_short():
    assert [len(inspect.getsource(module).splitlines()) <= 60 for module in (new_measure, new_null)] == [True, True]


def test_a_new_measure_from_one_file_answers_with_everything(rank, recording, tmp_path):
    result, page = analyze(recording, tmp_path, "--measure", "rank")
    (primary,) = [c for c in result["couplings"] if c["primary"]]
    assert (primary["measure"], primary["settings"]) == ("LaggedRank", {"window": 30.0, "max_lag": 5.0, "hop": 5.0})
    assert primary["p"] <= 0.01
    assert primary["n_null"] >= 99
    assert primary["lag"] == 2.0
    assert primary["leader"] == "ada"
    low, high = primary["interval"]
    assert 0.2 < low < primary["value"] < high < 0.95
    assert "lagged windowed rank correlation (Spearman, 1904) in windows of 30 s, one every 5 s" in page
    assert "lagged windowed rank correlation, mean " in page
    assert "cross-correlation, mean " not in page
    assert "The proof and measurement of association between two things" in page
    assert "Boker" not in page.split("Spearman, 1904")[0].rsplit("compared by", 1)[-1]
    assert "| `rank` | lagged windowed rank correlation (Spearman, 1904) | `LaggedRank` |" in measures_table()


def test_a_new_measure_gets_rows_in_the_calibration(rank):
    assert Calibrate().measures == (LaggedRank,)
    law = CalibrationCase("film", CommonInput(), ("film",), 300.0)
    small = {"pairs": 2, "seed": 3, "secondary": (), "laws": (law,)}
    always = type("AlwaysRank", (LaggedRank,), {"calibration_share": 1.0, "__slots__": ()})
    plain, ranked = (Calibrate(**small, measures=measures)() for measures in ((), (always,)))
    cells = {cell.answer: cell for cell in ranked.cells}
    assert cells["G1 phase randomisation (FT), lagged windowed rank correlation"].answered == 2
    assert cells["G2 pseudo-dyads, lagged windowed rank correlation"].role == "size"
    assert [cell for cell in ranked.cells if "rank" not in cell.answer] == list(plain.cells)


def test_without_it_there_is_no_such_choice(recording, capsys):
    with pytest.raises(SystemExit):
        parser().parse_args(["analyze", str(recording), "--measure", "rank"])
    assert "correlation" in capsys.readouterr().err


def test_a_group_is_answered_by_a_new_measure(rank):
    lead = wander(1, 300.0)
    people = {"a": lead, "b": lead + wander(2, 300.0) / 2, "c": lead + wander(3, 300.0) / 2}
    others = [session({f"{n}{k}": wander(10 * k + i, 300.0) for i, n in enumerate("abc")}) for k in range(1, 5)]
    quick = Analysis(surrogates=199, secondary=99, jobs=1, bodies=False, sensitivity=(), pictures=0, measure=rank)
    own, script = quick(session(people), others).groups
    assert own.p <= 0.01
    assert script.p <= 0.05
    assert np.isfinite(own.matrix[np.triu_indices(3, 1)]).all()


def test_a_new_null_from_one_file_is_everywhere(reversal, recording, tmp_path):
    result, page = analyze(recording, tmp_path, "--null", "reversal")
    (primary,) = [c for c in result["couplings"] if c["primary"]]
    assert (primary["null"], primary["n_null"]) == ("time reversal", 199)
    assert primary["p"] == 1 / 200
    assert "against 199 backward series, turned by at least 10 s (Theiler et al., 1992)" in page
    assert "Testing for nonlinearity in time series" in page
    row = "| `reversal` | time reversal (Theiler et al., 1992) | G1 | the spectrum and the values |"
    assert row in nulls_table()
    assert (TimeReversal(), 0.5) in Calibrate().secondary
    law = CalibrationCase("coupled", Coupled(0.5, 2.0), (), 300.0)
    cells = Calibrate(pairs=1, secondary=((TimeReversal(), 1.0),), laws=(law,))().cells
    assert [(c.role, c.answered) for c in cells if c.answer == "G1 time reversal, secondary"] == [("power", 1)]


@pytest.mark.parametrize("name", SECONDARY)
def test_each_secondary_measure_can_be_asked_for(name, recording, tmp_path):
    result, page = analyze(recording, tmp_path, "--measures", name)
    kind = SECONDARY[name]
    values = {d["quantity"]: d["value"] for d in result["descriptions"] if d["measure"] == kind.__name__}
    assert tuple(values) == kind.quantities
    assert not values or any(value is not None for value in values.values())
    tested = [m for m in result["measures"] if m["measure"] == kind.__name__]
    assert [m["quantity"] for m in tested] == [each.name for each in kind.statistics]
    assert all(m["n_null"] == 199 and m["seed"] == 0 for m in tested)
    assert all((m["p"] is not None) == kind.has_size for m in tested)
    assert (tmp_path / "tables" / "measures.csv").exists()
    assert all(paper.citation.replace("&", "&amp;") in page for paper in papers_of(kind))
    assert {"PeakPicking", "Concordance"} <= {d["measure"] for d in result["descriptions"]}


def test_all_of_them_at_once(recording, tmp_path):
    result, page = analyze(recording, tmp_path, "--measures", "all")
    assert {m["measure"] for m in result["measures"]} == {kind.__name__ for kind in SECONDARY.values()}
    assert "Other measures" in page
    assert "That is no evidence that one person steadies the other." in page
    assert "They are kept apart from the answer above and do not change it." in page


def test_names_with_commas_and_names_that_are_not_there(recording, tmp_path, capsys):
    result, page = analyze(recording, tmp_path, "--measures", "susy,coherence", "--measures", "susy")
    assert [m["measure"] for m in result["measures"]] == ["Susy", "WelchCoherence"]
    assert "no evidence that one person steadies" not in page
    assert main(["analyze", str(recording), "--measures", "coherance"]) == 2
    assert "Did you mean coherence" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("registry", "base"),
    [
        (MEASURES, AbstractMeasure),
        (SURROGATES, AbstractSurrogate),
        (SESSION_NULLS, AbstractNull),
        (SECONDARY, AbstractSeriesMeasure),
    ],
)
def test_every_entry_keeps_the_protocol(registry, base):
    kinds = list(registry.values())
    assert all(issubclass(kind, base) for kind in kinds)
    assert len({kind.title for kind in kinds}) == len(kinds) == len(registry)
    assert all(papers_of(kind) is not None for kind in kinds)
    assert registry is MEASURES or all(kind() == kind() for kind in kinds)  # settings with defaults, compared by value


def test_a_null_is_found_by_its_title():
    assert all(null_titled(null.title) is null for null in all_nulls().values())
    assert null_titled("none such") is None


def test_names_that_are_not_there_or_taken():
    with pytest.raises(UsageError, match=r"no measure 'sweat'\. Did you mean correlation"):
        MEASURES["sweat"]
    with pytest.raises(UsageError, match="null 'circular' already"):
        SURROGATES.register("circular", TimeReversal)
    with MEASURES.including("rank", LaggedRank):
        assert "rank" in MEASURES
    assert "rank" not in MEASURES
