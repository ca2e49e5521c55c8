from __future__ import annotations

import dataclasses
import json
import math
from importlib.resources import files

import jsonschema
import numpy as np
import pytest

from coregulation.analysis.finding import Finding
from coregulation.coupling.family import adjust_family
from coregulation.report.catalogue import Catalogue, Voice
from coregulation.report.plain_values import finite, plain
from coregulation.report.rendering import say_all
from coregulation.report.result import json_schema, named_leader, result_of, to_json
from coregulation.session import Person


def written(finding: Finding) -> dict:
    def refuse(word: str) -> float:
        raise AssertionError(f"{word} is not JSON")

    return json.loads(to_json(result_of(finding)), parse_constant=refuse)


def test_the_shipped_schema_is_the_one_that_the_code_makes():
    shipped = files("coregulation.report").joinpath("result.schema.json").read_bytes()
    assert shipped == json_schema(), "write coregulation.report.result.json_schema() to result.schema.json"


@pytest.mark.parametrize("which", ["pair", "group", "too_short"])
def test_real_results_keep_to_the_schema(which: str, request: pytest.FixtureRequest):
    schema = json.loads(json_schema())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(written(request.getfixturevalue(which)), schema)


def test_the_schema_refuses_what_is_no_result(pair: Finding):
    bad = written(pair)
    bad["couplings"][0]["p"] = "small"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(bad, json.loads(json_schema()))


def test_a_coupling_is_told_whole(pair: Finding):
    told = written(pair)
    first, coupling = told["couplings"][0], pair.couplings[0]
    assert coupling.estimate is not None
    assert told["schema"] == "coregulation.result/2"
    assert [person["id"] for person in told["people"]] == ["ada", "ben"]
    assert first["pair"] == ["ada", "ben"]
    assert first["measure"] == "LaggedCorrelation"
    assert first["settings"] == {"window": 30.0, "max_lag": 5.0, "hop": 1.0, "detrend": True}
    assert (first["null"], first["n_null"], first["gate"], first["primary"]) == (
        "phase randomisation (FT)",
        len(coupling.nulls),
        "G1",
        True,
    )
    assert first["p"] == coupling.p
    assert first["adjusted"] == pair.adjusted(coupling)
    assert (first["leader"], first["lag"]) == (coupling.estimate.leader, coupling.estimate.lag)
    declared = coupling.estimate.declared
    assert declared is not None
    assert (first["declared_lag"], first["declared_value"]) == (0.0, declared.value)
    assert first["declared_interval"] == pytest.approx(list(declared.interval))
    assert first["value_at_zero"] == pytest.approx(declared.value)
    assert first["difference_from_others"] is None
    assert first["lag_uncertainty"] == 0.0
    assert first["refused"] is None
    assert told["couplings"][1]["adjusted"] is None, "secondary answers are not in the family"


def test_refused_is_null_and_says_why(too_short: Finding):
    coupling = written(too_short)["couplings"][0]
    assert coupling["p"] is coupling["value"] is coupling["lag"] is coupling["statistic"] is None
    assert "at least" in coupling["refused"]


def test_a_verdict_has_direction_gates_and_both_voices(pair: Finding):
    verdict = written(pair)["verdicts"][0]
    assert verdict["from"] is verdict["to"] is None
    assert [gate["name"] for gate in verdict["gates"]] == ["G0", "G1", "G2", "G3", "G4", "G6"]
    assert {gate["state"] for gate in verdict["gates"]} <= {"passed", "failed", "cannot-tell"}
    assert verdict["sentence"] == say_all(pair.verdicts[0].evidence, Catalogue(), Voice.METHODS)
    assert verdict["plain"] == say_all(pair.verdicts[0].statements, Catalogue())
    first = pair.verdicts[0].gates[0]
    assert verdict["gates"][0]["code"] == first.reason.code
    assert verdict["gates"][0]["facts"] == dict(first.reason.facts)


def test_provenance_says_whether_it_was_simulated_and_what_was_shared(
    pair: Finding, group: Finding, too_short: Finding
):
    assert written(pair)["provenance"]["simulated"] is True
    assert written(pair)["provenance"]["shared"] == []
    assert written(group)["provenance"]["shared"] == ["music"]
    assert written(too_short)["provenance"]["shared"] is None
    assert written(pair)["provenance"]["seeds"] == {"analysis": 1}


def test_a_group_is_told_with_its_matrix_and_who_matters(group: Finding):
    told = written(group)["groups"]
    assert [one["gate"] for one in told] == ["G1", "G2"]
    matrix = told[0]["matrix"]
    assert all(matrix[i][i] is None for i in range(4))
    assert matrix[0][1] == pytest.approx(group.groups[0].matrix[0, 1])
    assert [one["person"] for one in told[0]["without"]] == list(group.groups[0].people)
    assert len(written(group)["answer"]["people"]) == 4


@pytest.mark.parametrize(("value", "kept"), [(1.5, 1.5), (math.nan, None), (-math.inf, None), (None, None)])
def test_what_is_no_number_is_null(value: float | None, kept: float | None):
    assert finite(value) == kept


def test_settings_become_plain_values():
    came = plain({"who": Person("ada"), "spans": ((1.0, math.nan),), 3: True})
    assert came == {"who": {"id": "ada", "role": None}, "spans": [[1.0, None]], "3": True}


def test_adjusted_values_are_those_of_each_gate_alone(group: Finding):
    adjusted = group.adjusted_ps()
    for gate in ("G1", "G2"):
        family = [c for c in group.couplings if c.gate == gate and c.primary and c.p is not None]
        slow = adjust_family([c.statistic for c in family], [c.nulls for c in family])
        np.testing.assert_allclose([adjusted[id(c)] for c in family], slow)
        assert all(adjusted[id(c)] >= (c.p or 0.0) for c in family)


@pytest.mark.parametrize(("adjusted", "leader"), [(0.0499, "ada"), (0.05, "ada"), (0.0501, None), (None, None)])
def test_nobody_leads_where_nobody_is_linked(pair: Finding, adjusted: float | None, leader: str | None):
    coupling = pair.couplings[0]
    assert coupling.estimate is not None
    led = dataclasses.replace(coupling, estimate=dataclasses.replace(coupling.estimate, leader="ada"))
    assert named_leader(led, adjusted) == leader
