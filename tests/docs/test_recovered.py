"""What is read off raw simulated files is what was so; the table of the docs is made by the same functions."""

import importlib.util
import sys

import numpy as np
import pytest

from coregulation.simulate.scenarios import simulate
from coregulation.simulate.sensor_sets import sensor_set
from tests.paths import ROOT

DOCS = ROOT / "docs"


@pytest.fixture(scope="module")
def recovered():
    spec = importlib.util.spec_from_file_location("docs_recovered", DOCS / "recovered.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # its dataclasses look their module up
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


@pytest.mark.parametrize("worn", ["electrodes", "full"])
def test_beats_and_breath_are_read_as_they_were(recovered, worn):
    session, truth = simulate("car-crash-steady", 1, sensor_set(worn))
    for read in recovered._signals(session, truth, recovered._breathing("car-crash-steady", 1)):
        assert read.found > 0.998
        assert read.false < 0.002
        assert read.late < 0.012
        assert read.rate_error < 0.3
        assert read.rmssd_ratio == pytest.approx(1.0, abs=0.03)
        assert read.breath_error < 0.6


def test_a_raw_session_analysed_like_a_real_one_shows_whose_return_is_shorter(recovered):
    session, truth = simulate("car-crash-steady", 1, sensor_set("electrodes"))
    assert "beats" not in session.of("ada").channels
    met = recovered._met(session, truth)
    alone, together, ratio, low, high = met.seen
    assert met.truth[1] < met.truth[0] / 2
    assert together < alone
    assert low < ratio < high < 1
    assert ratio == pytest.approx(met.truth[1] / met.truth[0], abs=0.15)


def test_where_a_recovery_cannot_be_read_nothing_is_said(recovered):
    session, _ = simulate("protocol-together-only", 1, sensor_set("strap"))
    assert np.isnan(recovered._half_lives(recovered.analysed(session), "ada")).all()


def test_the_table_of_the_docs_has_a_row_for_each(recovered):
    page = (DOCS / "generated" / "recovered.md").read_text(encoding="utf-8")
    assert all(f"| `{name}` |" in page for name in recovered.SCENARIOS)
    assert all(f"| {name} |" in page for name in recovered.PAIRS)
