"""What the page says of a link without breath: in words, in a table, in the terminal and in files, and that nothing else changes."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from coregulation.analysis.conditional import Conditioning
from coregulation.analysis.pipeline import Analysis
from coregulation.coupling.measures.concordance import Concordance
from coregulation.report import save
from coregulation.report.catalogue import Catalogue
from coregulation.report.conditional_section import conditional_section
from coregulation.report.page import render_page
from coregulation.report.summary import summary
from coregulation.simulate.breathing_pairs import BreathingPair

PLAIN = Analysis(surrogates=199, bodies=False, signals=("heart_rate",), measures=(Concordance(),))
QUICK = replace(PLAIN, conditioning=Conditioning(("resp",)))


@pytest.fixture(scope="module")
def finding():
    return QUICK(BreathingPair(shared_breath=0.8).simulate(2))


def first_sentence(of):
    return conditional_section(of, Catalogue())["plain"][0]


def test_without_it_there_is_no_section():
    plain = PLAIN(BreathingPair().simulate(2))
    assert conditional_section(plain, Catalogue()) is None
    assert "movement or speech explain it?" not in render_page(plain)


def test_what_goes_with_breath_is_not_called_explained(finding):
    words = first_sentence(finding)
    assert words.startswith(
        "ada and ben, heart rate: without ada's and ben's breathing, moving together cannot be shown any more"
    )
    assert words.endswith("or too little is left to show it.")


def test_what_stays_is_not_all_by_breath():
    words = first_sentence(QUICK(BreathingPair(shared_breath=0.8, shared_slow=0.8).simulate(2)))
    assert "they still moved together" in words
    assert words.endswith("So breathing, as recorded and in a straight line, does not explain all of it.")


def test_what_shows_only_without_breath_is_said_to():
    words = first_sentence(QUICK(BreathingPair(shared_slow=0.8).simulate(2)))
    assert words.startswith("ada and ben, heart rate: only without ada's and ben's breathing did they move together")


def test_neither_is_said_where_nothing_is_there():
    assert "neither with nor without" in first_sentence(QUICK(BreathingPair().simulate(3)))


def test_a_refusal_says_who_has_none():
    session = BreathingPair(shared_breath=0.8).simulate(2)
    first, second = session.recordings
    bare = replace(second, signals={"heart_rate": second.signals["heart_rate"]})
    of = QUICK(replace(session, recordings=(first, bare)))
    assert first_sentence(of).endswith("breathing cannot be taken out. There is no usable breathing of ben.")
    assert "There is no usable breathing of ben" in render_page(of)


def test_page_terminal_tables_and_json_agree(finding, tmp_path):
    save(finding, tmp_path / "out")
    result = json.loads((tmp_path / "out" / "result.json").read_text("utf-8"))
    (kept,) = result["conditional"]
    (measure,) = result["conditional_measures"]
    assert (kept["signal"], kept["covariates"], measure["measure"]) == ("heart_rate", ["resp"], "Concordance")
    assert kept["p"] == kept["adjusted"] > 0.05
    assert "what is left" in summary(finding)
    assert "without breathing: 0 of 1 comparison beyond chance" in " ".join(summary(finding).split())
    for name in ("conditional", "conditional-measures"):
        assert len((tmp_path / "out" / "tables" / f"{name}.csv").read_text("utf-8-sig").splitlines()) == 2
    page = render_page(finding)
    assert f"{100 * kept['explained_first']:.1f} %" in page
    assert "were taken out of every signal by least squares (lags from 2 s before to 10 s after" in page
