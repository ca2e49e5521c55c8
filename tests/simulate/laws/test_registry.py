"""One file is a new law everywhere: calibration, command line, table of the documentation, session with its truth."""

from __future__ import annotations

import inspect
import json

import numpy as np
import pytest

from coregulation.cli import main
from coregulation.errors import UsageError
from coregulation.io import open_session
from coregulation.report.registry_tables import laws_table
from coregulation.simulate.laws.law import AbstractLaw, LawClaim
from coregulation.simulate.laws.registry import FAMILIES, LAWS
from coregulation.simulate.scenarios import scenario_names
from coregulation.study.calibration import Calibrate, calibration_cases
from tests.simulate.laws import new_law


@pytest.fixture
def wandering():
    with LAWS.including(*new_law.LAWS):
        yield new_law.LAWS[0]


def test_the_new_file_is_short():
    assert len(inspect.getsource(new_law).splitlines()) <= 60


def test_a_new_law_is_the_last_row_of_the_calibration(wandering):
    *others, case = calibration_cases()
    assert [law.name for law in others] == [law.title for law in LAWS.series()[:-1]]
    assert (case.name, case.linkage, case.shared, case.seconds) == ("wandering lag", wandering.generator, (), 600.0)
    cells = Calibrate(pairs=1, secondary=(), laws=(case,))().cells
    assert {cell.law for cell in cells} == {"wandering lag"}
    assert [cell.role for cell in cells if cell.answer == "G1 phase randomisation (FT)"] == ["power"]


def test_a_new_law_is_a_name_on_the_command_line(wandering, tmp_path, capsys):
    assert main(["simulate", "--list"]) == 0
    assert "wandering-lag" in {line.split()[0] for line in capsys.readouterr().out.splitlines()}
    assert main(["simulate", "wandering-lag", "--seed", "2", "--out", str(tmp_path), "--json"]) == 0
    session = open_session(tmp_path / "session.toml")
    assert (session.id, session.simulated) == ("wandering-lag-2", True)
    truth = json.loads((tmp_path / "truth.json").read_text(encoding="utf-8"))
    assert truth["link"] == {"beyond_own": True, "beyond_script": True, "coupled": True, "leader": 0, "lag": None}


def test_a_new_law_is_a_row_of_the_documentation(wandering):
    row = "| `wandering-lag` | Ben repeats Ada, later by a lag that wanders. | linked beyond own dynamics; linked beyond the script |  |"
    assert laws_table().splitlines()[-1] == row


def test_without_it_there_is_no_such_law(capsys):
    assert "wandering-lag" not in LAWS
    assert main(["simulate", "comon-trend"]) == 2
    assert "There is no law or scenario 'comon-trend'. Did you mean common-trend" in capsys.readouterr().err


def test_names_that_are_taken_are_refused(wandering):
    with pytest.raises(UsageError, match="law 'wandering-lag' already"):
        LAWS.register(wandering)
    with pytest.raises(UsageError, match=f"law '{scenario_names()[0]}' already"):
        LAWS.register(type("Taken", (), {"name": scenario_names()[0]})())


def test_every_family_and_every_scenario_is_there():
    assert len(set(LAWS)) == len(LAWS) == len([*LAWS])
    assert set(scenario_names()) < set(LAWS)
    modules = {type(law).__module__ for law in LAWS.values()}
    assert modules == {
        f"coregulation.simulate.laws.{name}"
        for name in ("series", "pair", "scenario", "zoo_law", "fresh_law", "unseen_law")
    }
    assert len(FAMILIES) == len(set(FAMILIES))
    assert len({law.title for law in LAWS.series()}) == len(LAWS.series())


@pytest.mark.parametrize("name", LAWS)
def test_every_law_says_what_is_true_and_is_a_trap_only_for_what_is_false(name):
    law = LAWS[name]
    assert isinstance(law, AbstractLaw)
    assert law.name == name == name.lower()
    assert law.title
    assert law.about[-1] in '.?"'
    assert not any(law.truth.is_true(claim) for claim in law.traps)


@pytest.mark.parametrize("claim", LawClaim)
def test_every_claim_has_a_law_where_it_is_true_and_one_that_is_a_trap(claim):
    assert any(law.truth.is_true(claim) for law in LAWS.values())
    assert any(claim in law.traps for law in LAWS.values())


@pytest.mark.parametrize("name", [*(law.name for law in LAWS.series()), "lent", "guide-only", "silent-sitting"])
def test_a_seed_is_a_session_and_another_seed_is_another(name):
    values = []
    for seed in (3, 3, 4):
        session, truth = LAWS[name].simulate(seed)
        assert (session.id, session.simulated, truth.seed) == (f"{name}-{seed}", True, seed)
        assert truth.link == LAWS[name].truth.link
        assert truth.kinds == LAWS[name].truth.kinds
        values.append(next(iter(session.recordings[0].signals.values())).values)
    assert np.array_equal(values[0], values[1], equal_nan=True)
    assert not np.array_equal(values[0], values[2])
