"""A study's plan: what cannot be meant is refused with the near name, and equal plans have equal keys."""

from __future__ import annotations

import pytest

from coregulation.data import data_text
from coregulation.errors import UsageError
from coregulation.study.plan import StudyPlan, parse_plan


def test_the_plan_that_new_study_writes_is_a_plan():
    assert parse_plan(data_text("plans", "study.toml"), "study.toml") == StudyPlan()


def test_an_unknown_key_gets_the_near_one():
    with pytest.raises(UsageError, match=r"no key 'covariate' in a study plan\. Did you mean covariates\?"):
        parse_plan('covariate = ["empathy"]', "plan.toml")


@pytest.mark.parametrize(
    "text", ["partners = 1", "permutations = 98", "seed = -1", "margin = 0.0", 'lag = "soon"', "lag ="]
)
def test_what_cannot_be_meant_is_refused(text: str):
    with pytest.raises(UsageError):
        parse_plan(text, "plan.toml")


@pytest.mark.parametrize("text", ["partners = 2", "permutations = 99", "seed = 0", "margin = 0.01"])
def test_the_smallest_that_can_be_meant(text: str):
    parse_plan(text, "plan.toml")


def test_a_plan_of_another_schema_is_refused():
    with pytest.raises(UsageError, match="new-study"):
        parse_plan('schema = "coregulation.study-plan/9"', "plan.toml")


def test_keys_and_differences():
    plan, other = StudyPlan(lag=1.0), StudyPlan(lag=2.0, seed=3)
    assert plan.key() == StudyPlan(lag=1.0).key() != other.key()
    assert other.differences(plan) == ("lag (1.0, now 2.0)", "seed (0, now 3)")
