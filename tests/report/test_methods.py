from __future__ import annotations

import dataclasses

from coregulation.analysis.results import Finding
from coregulation.report.methods import PAPERS, methods_text, papers


def test_the_paragraph_of_a_pair_says_what_was_done(pair: Finding):
    text = methods_text(pair)
    for told in (
        "The data are simulated.", "nothing was shared, as stated", "resampled to 2 Hz", "windows of 30 s, one every 1 s",
        "lags up to ±5 s", f"against {len(pair.couplings[0].nulls)} circular shifts", "at least 20 s", "seed 1",
        "99 segments of 30 s in another order", "999 draws", "Phipson & Smyth, 2010", "coregulation 0",
    ):  # fmt: skip
        assert told in text
    assert "pseudo" not in text


def test_the_paragraph_of_a_group_says_how_groups_and_scripts_were_held(group: Finding):
    text = methods_text(group)
    for told in (
        "shared by all: music",
        "band-passed from 0.05 to 0.6 Hz",
        "turning each person's series",
        "exchanging people with other sessions",
        "single blocks",
    ):
        assert told in text
    assert "simulated" not in text


def test_what_nobody_said_is_not_made_up(too_short: Finding):
    text = methods_text(too_short)
    assert "whether anything was shared was not stated" in text
    assert "+1 rule" not in text


def test_only_the_papers_that_are_named_are_listed(pair: Finding):
    cited = papers(methods_text(pair))
    assert PAPERS["Boker et al., 2002"] in cited
    assert PAPERS["Schreiber & Schmitz, 2000"] not in cited
    renamed = [dataclasses.replace(c, null="amplitude-adjusted phase randomisation (IAAFT)") for c in pair.couplings]
    assert PAPERS["Schreiber & Schmitz, 2000"] in papers(
        methods_text(dataclasses.replace(pair, couplings=tuple(renamed)))
    )
