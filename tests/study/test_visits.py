"""How often one visit answers and several pooled: counted from answers that are made up, and kept so that a run goes on."""

from __future__ import annotations

import csv
import io
import json

import msgspec
import pytest

from coregulation.data import data_text
from coregulation.live.room.comparison import build_comparison
from coregulation.live.room.described import CUE, answer_shares
from coregulation.live.room.practice import protocol
from coregulation.live.room.script import ScriptPeople
from coregulation.study.design import power_plan
from coregulation.study.measures import OWN_BURDEN, STEADIED, MeasureAnswer
from coregulation.study.power import tasks
from coregulation.study.visits import VISITS, kept_answers, visit_rows, visit_table

PLAN = power_plan(data_text("plans", "quarter-hour.toml"))
SMALL = msgspec.structs.replace(PLAN, draws=40)


def answered(sooner: bool, own: float, width: float):
    return {
        STEADIED: MeasureAnswer(sooner or None),
        OWN_BURDEN: MeasureAnswer(sooner, own, (own / width, own * width)),
    }


def everything(answer):
    groups = tasks(SMALL)
    return {task: [answer] * 10 for task in groups}


def test_one_visit_answers_by_its_verdict_and_several_by_what_they_bear_together():
    rows = list(visit_rows(SMALL, everything(answered(False, 0.6, 1.9))))
    assert [row.visits for row in rows[: len(VISITS)]] == list(VISITS)
    shares = {row.visits: row.share for row in rows if row.strength == "nothing"}
    assert shares[1] == 0.0
    assert shares[6] == 1.0, "six visits know what one cannot"
    assert {row.sets for row in rows if row.visits == 4} == {10}


@pytest.mark.parametrize("width", [1.2, float("inf")])
def test_visits_that_bear_as_much_as_alone_or_know_nothing_answer_nothing(width):
    rows = list(visit_rows(SMALL, everything(answered(False, 1.0, width))))
    assert {row.answered for row in rows} == {0}


def test_what_was_kept_is_read_again_and_a_line_cut_off_is_done_again(tmp_path):
    file = tmp_path / "cells.jsonl"
    task = tasks(SMALL)[0]
    whole = msgspec.json.encode([SMALL.key(), task, [answered(True, 0.5, float("inf"))]]).decode()
    file.write_text(f"{whole}\n{whole[:40]}", encoding="utf-8")
    (answers,) = kept_answers(file, SMALL.key())[task]
    assert answers[STEADIED].claimed is True
    assert answers[OWN_BURDEN].interval == (0.0, float("inf"))
    assert kept_answers(file, "another plan") == {}


def test_the_table_that_the_room_reads_is_of_this_plan():
    text = visit_table(tuple(visit_rows(SMALL, everything(answered(True, 0.5, 1.2)))))
    kept = data_text("plans", "quarter-hour.csv")
    assert text.splitlines()[0] == kept.splitlines()[0]
    rows = list(csv.DictReader(io.StringIO(kept)))
    assert {row["strength"] for row in rows} <= {strength.name for strength in PLAN.strength}
    assert len(answer_shares("quarter-hour")) == len(rows)
    assert json.dumps(answer_shares("quarter-hour"))


def test_the_plan_is_what_the_room_does():
    """As many tasks, as long, with as much time after each; the time to change places is what a page promises."""
    spans = PLAN.plan().spans
    parts = build_comparison(protocol("quarter-hour"), ScriptPeople(("ada", "ben")))
    planned = sorted((span.kind, span.seconds) for span in spans if span.kind != "change")
    assert planned == sorted((part.block, part.seconds) for part in parts if part.role != "cue")
    assert {span.seconds for span in spans if span.kind == "change"} == {CUE}


def test_each_round_has_every_part_once_in_an_order_by_lot():
    orders = set()
    for group in range(12):
        kinds = [span.kind for span in PLAN.plan(group=group).spans if span.kind.startswith("perturb")]
        assert all(len({*kinds[k : k + 2]}) == 2 for k in (0, 2, 4))
        orders.add(tuple(kinds))
    assert len(orders) > 3
