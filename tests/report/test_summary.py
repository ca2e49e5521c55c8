from __future__ import annotations

import pytest

from coregulation.report.catalogue import Catalogue
from coregulation.report.summary import summary
from coregulation.report.text_table import MAX_WIDTH, aligned


@pytest.mark.parametrize("width", [40, 80, 300])
@pytest.mark.parametrize("which", ["pair", "group"])
def test_no_line_is_wider_than_the_terminal_and_there_are_few(which, width, request):
    finding = request.getfixturevalue(which)
    lines = summary(finding, width=width).splitlines()
    assert max(map(len, lines)) <= max(min(width, MAX_WIDTH), 80 if width < 80 else 0)
    if width >= 80:
        assert len(lines) <= 16


def test_the_first_line_names_the_session_and_the_next_the_answer(pair):
    lines = summary(pair).splitlines()
    assert lines[0].startswith(pair.about.id)
    told = " ".join(" ".join(lines).split())
    first = Catalogue().sentence(pair.answer.statements[0])
    assert told.index(first) < told.index(Catalogue().text("terminal.g1"))


def test_a_group_is_told_with_its_pairs(group):
    told = summary(group)
    assert Catalogue().text("terminal.pairs") in told
    assert f"of {len(group.verdicts)}" in told


def test_verbose_has_every_pair(group):
    told = " ".join(summary(group, verbose=True).split())
    for verdict in group.verdicts:
        assert all(person in told for person in verdict.people)
    assert len(told) > len(summary(group))


def test_columns_are_aligned_and_the_last_one_wraps_under_itself():
    lines = aligned([("a", "yes", "x " * 30), ("longer", "not shown", "y")], 60)
    starts = {line.index(mark) for line, mark in ((lines[0], "x"), (lines[-1], "y"))}
    assert len(starts) == 1
    assert all(line.startswith(" " * starts.copy().pop()) for line in lines[1:-1])


def test_without_states_there_is_no_empty_column():
    assert aligned([("ada", "", "heart rate 72 1/min")], 80) == ["  ada  heart rate 72 1/min"]
