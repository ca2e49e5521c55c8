"""The table of coverage: what a row counts, its bounds, and that one command keeps its cells."""

import importlib.util
import json
import math
import sys

import numpy as np
import pytest

from coregulation.physiology.estimate import Estimate, unknown_estimate
from coregulation.physiology.reason_codes import PhysiologyReason
from coregulation.reasons import because
from tests.paths import ROOT

_SPEC = importlib.util.spec_from_file_location("coverage_table", ROOT / "docs" / "interval_coverage.py")
table = importlib.util.module_from_spec(_SPEC)
sys.modules["coverage_table"] = table
_SPEC.loader.exec_module(table)


def test_a_row_counts_intervals_that_are_given_and_that_hold():
    why = because(PhysiologyReason.NO_BREATH)
    estimates = [
        (Estimate(1.0, "ms", (0.0, 2.0)), 1.5),
        (Estimate(1.0, "ms", (0.0, 2.0)), 2.5),
        (Estimate(1.0, "ms"), 1.0),
        (unknown_estimate("ms", why), 1.0),
    ]
    row = table._row("mean_nn", estimates)
    assert (row.runs, row.given, row.held) == (4, 2, 1)


def test_an_unknown_truth_is_the_mean_over_the_runs():
    estimates = [(Estimate(value, "ms", (value - 0.5, value + 0.5)), math.nan) for value in (1.0, 2.0, 3.0)]
    assert table._row("lf", estimates).held == 1
    assert table._row("rmssd", estimates).held == 1  # of the root of the mean square, 2.16


@pytest.mark.parametrize(("count", "bounds"), [(0, (0.0, 0.0362)), (100, (0.9638, 1.0)), (95, (0.8872, 0.9836))])
def test_bounds_are_those_of_clopper_and_pearson(count, bounds):
    assert table.bounds(count, 100) == pytest.approx(bounds, abs=1e-4)


def test_one_command_computes_what_is_missing_and_keeps_it(monkeypatch, tmp_path):
    (tmp_path / "generated").mkdir()
    played = []

    def play(rng: np.random.Generator):
        played.append(rng.standard_normal())
        return {"arousal": (Estimate(played[-1], "z", (-2.0, 2.0)), 0.0)}

    monkeypatch.setattr(table, "HERE", tmp_path)
    monkeypatch.setattr(table, "cells", lambda: [table.Cell("still", play, 9.0)])
    text = table.main(5)
    assert "| still | arousal | 5.1 | 5 | 1.000 |" in text
    assert table.main(5) == text
    assert len(played) == 5
    assert json.loads((tmp_path / "generated" / "coverage.json").read_text())["still"]["runs"] == 5
    table.main(6)
    assert len(played) == 11
