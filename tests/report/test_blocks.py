"""Blocks behind a picture: each has its shade, and a name only where the name meets no other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coregulation.analysis.finding import Finding
from coregulation.events import Block
from coregulation.report import figures
from coregulation.report.catalogue import Catalogue
from coregulation.report.page import render_page


def drawn_with(pair: Finding, blocks: tuple[Block, ...]) -> str:
    traces = {who: signal for (who, _), signal in pair.traces.items()}
    about = replace(pair.about, blocks=blocks)
    return figures.signals(traces, list(traces), about, 200, name="a", alternative="b", catalogue=Catalogue())


@pytest.mark.parametrize(("each", "told"), [(70.0, True), (40.0, True), (12.0, False)])
def test_a_name_is_written_where_it_fits(pair: Finding, each: float, told: bool):
    found = drawn_with(pair, tuple(Block(f"talking {k}", k * each, (k + 1) * each) for k in range(5)))
    assert (">talking 0</text>" in found) is told
    assert ">talking 4</text>" in found  # the last one has the rest of its row


def test_the_order_in_which_blocks_are_given_changes_nothing(pair: Finding):
    blocks = tuple(Block(f"talk {k}", 100.0 * k, 100.0 * k + 80) for k in range(5))
    assert drawn_with(pair, blocks) == drawn_with(pair, blocks[::-1])


def test_a_short_name_needs_little_room(pair: Finding):
    blocks = tuple(Block("ab" if k % 2 else "abcdef", 16.0 * k, 16.0 * k + 16) for k in range(20))
    assert drawn_with(pair, blocks).count(">ab</text>") > 8


def test_the_caption_speaks_of_blocks_only_where_there_are_some(pair: Finding):
    some = replace(pair.about, blocks=(Block("talk", 0.0, 60.0),))
    assert "named above where there is room" in render_page(replace(pair, about=some))
    assert "named above where there is room" not in render_page(replace(pair, about=replace(pair.about, blocks=())))
