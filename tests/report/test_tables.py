from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from coregulation.analysis.finding import Finding
from coregulation.report.result import result_of
from coregulation.report.tables import write_tables
from coregulation.signals import Signal, Unit
from tests.report.conftest import AWKWARD


def read(finding: Finding, directory: Path) -> dict[str, pd.DataFrame]:
    write_tables(finding, result_of(finding), directory)
    return {path.stem: pd.read_csv(path) for path in directory.iterdir()}


def test_every_table_reads_back_with_its_numbers(group: Finding, tmp_path: Path):
    tables = read(group, tmp_path)
    couplings = tables["couplings"]
    assert len(couplings) == len(group.couplings)
    np.testing.assert_allclose(couplings["p"], [np.nan if c.p is None else c.p for c in group.couplings])
    assert list(couplings["first"]) == [c.pair[0] for c in group.couplings]
    assert AWKWARD in set(couplings["second"])
    assert len(tables["gates"]) == 6 * len(group.verdicts)
    assert len(tables["nulls"]) == sum(len(c.nulls) for c in group.couplings)
    assert len(tables["group_nulls"]) == sum(len(g.nulls) for g in group.groups)
    assert len(tables["pair_matrix"]) == 2 * 6
    assert len(tables["group_without"]) == 4
    assert list(tables["blocks"]["block"].unique()) == ["alone-rest", "talk"]
    assert {"interval_low", "interval_high", "other_block"} <= set(tables["contrasts"].columns)
    assert tables["quality"]["remarks"].dropna().tolist() == ["3 rows without a time were left out."]
    assert len(tables["lag_profiles"]) == sum(len(s.lags) for s in group.surfaces.values())


def test_traces_are_the_compared_ones_a_column_a_person(group: Finding, tmp_path: Path):
    traces = read(group, tmp_path)["traces_resp"]
    signal = group.traces["ben", "resp"]
    assert list(traces.columns) == ["time", "ada", "ben", AWKWARD, "dan"]
    row = traces["time"].searchsorted(signal.start - 1e-9)
    np.testing.assert_allclose(traces["ben"].iloc[row : row + len(signal)], signal.values, atol=1e-7)


def test_people_who_start_apart_stand_on_one_grid(pair: Finding, tmp_path: Path):
    late = Signal(np.arange(3.0), 2.0, 1.0, Unit.PER_MINUTE)
    early = Signal(np.array([5.0, np.nan]), 2.0, 0.0, Unit.PER_MINUTE)
    finding = dataclasses.replace(pair, traces={("ada", "a/b c"): early, ("ben", "a/b c"): late})
    traces = read(finding, tmp_path)["traces_a_b_c"]
    assert traces["time"].tolist() == [0.0, 0.5, 1.0, 1.5, 2.0]
    np.testing.assert_equal(traces["ada"].to_numpy(), [5.0, np.nan, np.nan, np.nan, np.nan])
    np.testing.assert_equal(traces["ben"].to_numpy(), [np.nan, np.nan, 0.0, 1.0, 2.0])


@pytest.mark.parametrize("which", ["pair", "too_short"])
def test_an_empty_table_still_has_its_header(which: str, request: pytest.FixtureRequest, tmp_path: Path):
    tables = read(request.getfixturevalue(which), tmp_path)
    assert len(tables["groups"]) == 0
    assert {"signal", "gate", "statistic", "p"} <= set(tables["groups"].columns)


def test_simulated_numbers_say_so_in_every_row(pair: Finding, group: Finding, tmp_path: Path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    for frame in read(pair, tmp_path / "a").values():
        assert "simulated" in frame.columns
        assert frame["simulated"].all()
    assert all("simulated" not in frame.columns for frame in read(group, tmp_path / "b").values())


def test_spreadsheets_are_told_the_encoding(pair: Finding, tmp_path: Path):
    write_tables(pair, result_of(pair), tmp_path)
    assert (tmp_path / "couplings.csv").read_bytes().startswith(b"\xef\xbb\xbffirst,second")
