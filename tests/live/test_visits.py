"""Random visits to a room: nobody ever receives or finds a byte that the table of rights forbids; the machine is in `visits`."""

from __future__ import annotations

import pytest
from hypothesis import Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from coregulation.live.room import policy
from coregulation.live.room.policy import Relation, Right
from coregulation.live.server import session_routes, worker
from coregulation.store import writer
from tests.live.visits import RULES, Visits, here


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    Visits.folder = tmp_path
    monkeypatch.setattr(session_routes, "sentences_of", lambda _: {})  # the answers here are markers, no results
    monkeypatch.setattr(worker, "run_limited", here)
    monkeypatch.setattr(writer, "PAUSE", 0.0)  # s between two commits, which a visit of this model would only wait for


def test_random_visits_give_nobody_what_is_not_theirs():
    run_state_machine_as_test(Visits, settings=RULES)


@pytest.mark.nightly
@pytest.mark.parametrize("part", range(30))
def test_thousands_of_random_visits_give_nobody_what_is_not_theirs(part):
    """3,000 visits of up to 50 steps, in parts that can be run one by one."""
    machine = seed(part)(type("Visits", (Visits,), {}))
    run_state_machine_as_test(machine, settings=settings(RULES, max_examples=100, stateful_step_count=50))


LOOSE = {
    "the partner reads answers": {Right.ANSWERS: Relation.PARTNER},
    "the partner takes the half": {Right.HALF: Relation.PARTNER},
    "a later device takes the half": {Right.HALF: Relation.SUCCESSOR},
}


@pytest.mark.parametrize(
    "loose",
    ["the partner takes the half", *(pytest.param(one, marks=pytest.mark.nightly) for one in sorted(LOOSE)[:2])],
)
def test_the_machine_notices_a_table_that_gives_too_much(monkeypatch, loose):
    table = {right: dict(row) for right, row in policy.POLICY.items()}
    for right, relation in LOOSE[loose].items():
        table[right][relation] = policy.FREE
    monkeypatch.setattr(policy, "POLICY", table)
    with pytest.raises(AssertionError):
        run_state_machine_as_test(
            Visits, settings=settings(RULES, max_examples=2000, stateful_step_count=50, phases=[Phase.generate])
        )
