"""How many ordinary hours: the kept table, and what the command prints of it."""

from __future__ import annotations

import pytest

from coregulation.cli import main
from coregulation.study.natural_power import natural_power, natural_power_lines

INDICES = {row.index for row in natural_power()}


def test_the_table_is_whole_and_each_share_lies_in_its_interval():
    rows = natural_power()
    assert {(row.index, row.pairs, row.hours) for row in rows} == {
        (index, pairs, hours)
        for index in INDICES
        for pairs in ("help", "help-responds", "nothing")
        for hours in (1.0, 1.5, 6.0)
    }
    assert all(0 <= row.low <= row.share <= row.high <= 1 and row.draws >= 20 for row in rows)


def test_more_hours_tell_more_where_there_is_help():
    for index in INDICES:
        told = [row.share for row in natural_power() if row.index == index and row.pairs == "help"]
        assert told[0] < told[-1]


def test_the_command_answers_without_a_plan(capsys: pytest.CaptureFixture[str]):
    assert main(["power", "--natural"]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "three times as fast beside a settled partner" in printed
    assert "6 hours" in printed
    assert max(map(len, natural_power_lines(60))) <= 60
