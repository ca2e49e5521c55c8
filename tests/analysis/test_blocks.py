"""Each threshold of blocks: just below, at, and just above it."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from coregulation.analysis.blocks import excluded_spans, shifting_spans
from coregulation.coupling.measures.lagged_correlation import LaggedCorrelation
from coregulation.events import Block
from coregulation.signals import Window
from tests.sessions import QUICK, follower, linked, session, wander

MEASURE = LaggedCorrelation(30.0, 5.0)


def cut_at(*edges):
    blocks = tuple(Block(f"block {k}", a, b) for k, (a, b) in enumerate(itertools.pairwise((0.0, *edges, 600.0))))
    return linked(blocks=blocks)


@pytest.mark.parametrize(("edge", "kept"), [(119.5, 1), (120.0, 2), (120.5, 2)])
def test_a_span_holds_four_windows(edge, kept):
    made = cut_at(edge)
    assert len(shifting_spans(made, MEASURE)) == kept
    assert (len(excluded_spans(made, MEASURE)) == 1) is (kept == 1)


@pytest.mark.parametrize(("edge", "kept"), [(299.0, []), (300.0, [Window(0.0, 300.0)]), (301.0, [Window(0.0, 301.0)])])
def test_long_spans_make_up_half_of_the_session(edge, kept):
    assert shifting_spans(cut_at(edge, edge + 100.0, edge + 200.0), MEASURE) == kept


def test_without_blocks_nothing_is_cut():
    assert shifting_spans(linked(), MEASURE) == []
    assert excluded_spans(linked(), MEASURE) == ()


@pytest.mark.parametrize(("edge", "missing", "windows"), [(150.0, 0, 119), (152.0, 1, 120), (152.0, 0, 121)])
def test_a_block_has_linkage_where_two_blocks_of_the_bootstrap_fit(edge, missing, windows):
    """Windows of 30 s, one every second, drawn 60 at a time; the lag of 2 s takes two windows off."""
    ada = wander(1)
    ben = follower(ada, 1001)
    ada[:missing] = np.nan
    blocks = (Block("talk", 0.0, edge), Block("silence", edge, 600.0))
    finding = QUICK(session({"ada": ada, "ben": ben}, blocks=blocks))
    counts = {block.block: block.windows for block in finding.blocks}
    assert ("talk" in counts) is (windows >= 120)
    assert counts.get("talk", windows) == windows
    assert len(finding.contrasts) == (windows >= 120)


def test_contrasts_compare_blocks_of_different_kinds():
    blocks = (Block("talk", 0.0, 200.0), Block("silence", 200.0, 400.0), Block("talk", 400.0, 600.0))
    finding = QUICK(linked(blocks=blocks))
    assert [contrast.blocks for contrast in finding.contrasts] == [("talk", "silence"), ("silence", "talk")]
    z = {k: block.value for k, block in enumerate(finding.blocks)}
    assert all(
        low <= contrast.difference <= high for contrast in finding.contrasts for low, high in [contrast.interval]
    )
    assert len(z) == 3
