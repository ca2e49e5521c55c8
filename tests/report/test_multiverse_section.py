"""What the page says of other ways to compare: how many agree, a picture of all, and that none is chosen."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from coregulation.analysis.multiverse import Multiverse
from coregulation.analysis.pipeline import Analysis
from coregulation.report import save
from coregulation.report.catalogue import Catalogue
from coregulation.report.multiverse_section import multiverse_section
from coregulation.report.page import render_page
from coregulation.report.summary import summary
from coregulation.simulate.linkage import simulated_pair

QUICK = Analysis(surrogates=199, bodies=False)


@pytest.fixture(scope="module")
def finding():
    session, _ = simulated_pair(seconds=170, strength=0.7, lag=2.0, seed=3)
    return replace(QUICK, multiverse=Multiverse())(session)


def test_without_it_there_is_no_section():
    session, _ = simulated_pair(seconds=300, strength=0.7, lag=2.0, seed=3)
    plain = QUICK(session)
    assert multiverse_section(plain, Catalogue()) is None
    assert "other choices?" not in render_page(plain)


def test_the_sentence_counts_ways_and_says_that_none_is_chosen(finding):
    section = multiverse_section(finding, Catalogue())
    (of,) = finding.multiverse
    beyond = sum(way.is_beyond for way in of.tested)
    counted, apart = section["plain"]
    assert counted == (
        f"ada and ben, heart rate: of {len(of.tested)} ways to compare them, each taken alone, {beyond} find that they moved "
        f"together beyond each one's own rhythm. {len(of.ways) - len(of.tested)} further ways left too little to compare."
    )
    assert apart.endswith("none of them is chosen.")


def test_the_table_has_every_way_and_marks_the_declared_one(finding):
    (picture,) = multiverse_section(finding, Catalogue())["pictures"]
    (table,) = picture.tables
    assert len(table.rows) == len(finding.multiverse[0].ways)
    assert sum("fixed beforehand" in row[-1] for row in table.rows) == 1
    assert sum(row[-1] == "too little" for row in table.rows) == 12


def test_page_terminal_tables_and_json_agree(finding, tmp_path):
    ways = finding.multiverse[0].tested
    beyond = sum(way.is_beyond for way in ways)
    assert f"{beyond} of {len(ways)} ways" in " ".join(summary(finding).split())
    save(finding, tmp_path / "out")
    kept = json.loads((tmp_path / "out" / "result.json").read_text("utf-8"))["multiverse"]
    assert sum(row["p"] is not None and row["p"] <= 0.05 for row in kept) == beyond
    assert [row["declared"] for row in kept].count(True) == 1
    lines = (tmp_path / "out" / "tables" / "multiverse.csv").read_text("utf-8-sig").splitlines()
    assert len(lines) == 1 + len(kept)


def test_the_methods_say_that_p_is_not_adjusted(finding):
    assert "p is not adjusted for the number of ways" in render_page(finding)
