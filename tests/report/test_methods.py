from __future__ import annotations

import dataclasses

from coregulation.analysis.finding import Finding
from coregulation.coupling.measures.concordance import Concordance
from coregulation.report.bibliography import papers
from coregulation.report.catalogue import Catalogue
from coregulation.report.methods import Methods, write_methods


def written(finding: Finding) -> Methods:
    return write_methods(finding, Catalogue())


def test_the_paragraph_of_a_pair_says_what_was_done(pair: Finding):
    text = written(pair).text
    for told in (
        "The data are simulated.", "nothing was shared, as stated", "resampled to 2 Hz", "windows of 30 s, one every 1 s",
        "lags up to ±5 s", f"against {len(pair.couplings[0].nulls)} phase-randomised series (Theiler et al., 1992)", "seed 1",
        "chosen by length and gaps", "Westfall & Young, 1993",
        "99 segments of 30 s in another order", "999 draws", "Phipson & Smyth, 2010", "coregulation 0",
    ):  # fmt: skip
        assert told in text
    assert "pseudo" not in text


def test_the_paragraph_of_a_group_says_how_groups_and_scripts_were_held(group: Finding):
    text = written(group).text
    for told in (
        "shared by all: music",
        "band-passed from 0.05 to 0.6 Hz",
        "turning each person",
        "exchanging people with other sessions",
        "single blocks",
    ):
        assert told in text
    assert "simulated" not in text


def test_what_nobody_said_is_not_made_up(too_short: Finding):
    text = written(too_short).text
    assert "whether anything was shared was not stated" in text
    assert "+1 rule" not in text


def test_exactly_the_papers_that_are_cited_are_listed(pair: Finding):
    found = written(pair)
    assert papers()["boker2002"].reference in found.references
    assert papers()["schreiber2000"].reference not in found.references
    named = {paper.reference for paper in papers().values() if paper.citation in found.text}
    assert set(found.references) == named
    renamed = [dataclasses.replace(c, null="amplitude-adjusted phase randomisation (IAAFT)") for c in pair.couplings]
    iaaft = written(dataclasses.replace(pair, couplings=tuple(renamed)))
    assert papers()["schreiber2000"].reference in iaaft.references


def test_secondary_measures_cite_their_papers(pair: Finding):
    found = written(pair)
    assert "peak picking (Boker et al., 2002; Moulder et al., 2018)" in found.text
    assert f"{Concordance.title} (Marci et al., 2007)" in found.text
    assert papers()["marci2007"].reference in found.references
    assert "Secondary measures" not in written(dataclasses.replace(pair, descriptions=())).text
