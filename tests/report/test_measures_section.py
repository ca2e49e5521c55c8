"""What the page says of other measures: one sentence for the people, one row for each number, and what none of them may claim."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coregulation.analysis.finding import Finding
from coregulation.coupling.measures.granger import Granger
from coregulation.coupling.measures.phase import PhaseLocking
from coregulation.coupling.measures.susy import Susy
from coregulation.report.catalogue import Catalogue
from coregulation.report.measures_section import measures_section
from coregulation.report.page import render_page
from coregulation.report.summary import summary
from tests.report.catalogue.pseudo import pseudo_catalogue
from tests.report.test_translation import escaped, own_text
from tests.sessions import QUICK, linked, strangers

ASKED = replace(QUICK, measures=(PhaseLocking(), Susy(), Granger()))


@pytest.fixture(scope="module")
def answered() -> Finding:
    return ASKED(linked())


def section(finding):
    return measures_section(finding, Catalogue())


def test_without_measures_there_is_no_section():
    finding = QUICK(linked())
    assert section(finding) is None
    assert "Other measures" not in render_page(finding)


def test_the_sentence_counts_tests_and_names_what_stands_out(answered):
    first, apart, directed = section(answered)["plain"]
    assert first == (
        "3 tests by other measures: 2 beyond coincidence once all of them are counted (phase-locking value and Granger causality)."
    )
    assert apart == "They are kept apart from the answer above and do not change it."
    assert directed.endswith("That is no evidence that one person steadies the other.")


def test_strangers_stand_out_in_nothing():
    assert section(ASKED(strangers(seed=5)))["plain"][0] == (
        "3 tests by other measures: none is beyond coincidence once all of them are counted."
    )


def test_each_number_has_a_row_with_its_null_and_p(answered):
    table = section(answered)["table"]
    assert len(table.rows) == 4
    locking, susy, granger, back = table.rows
    assert locking[2:4] == ["phase-locking value", "phase-locking value"]
    assert locking[6:] == ["199 × phase-randomised series with their liveliness", ".005", ".005"]
    assert susy[-2:] == ["—", "—"]
    assert float(susy[4]) > float(susy[5])
    assert granger[3].endswith("(ben after ada)")
    assert back[3].endswith("(ada after ben)")


def test_what_is_not_claimed_is_said_once_for_all(answered):
    limits = section(answered)["limits"]
    assert limits[0].startswith("There is no p for surrogate synchrony (SUSY):")
    assert "Who steadies whom does not follow from Granger causality." in limits
    assert "Who comes first does not follow from phase-locking value and surrogate synchrony (SUSY)." in limits


def test_too_little_data_is_said_with_what_is_needed():
    found = section(ASKED(strangers(seconds=130.0)))
    assert found["plain"][0] == "There was too little data for the other measures."
    assert "at least 20 are needed (271 s without gaps)" in found["table"].rows[0][-2]


def test_no_word_escapes_the_catalogue(answered):
    assert escaped(own_text(render_page(answered, pseudo_catalogue())), answered) == set()


def test_the_terminal_counts_them(answered):
    assert "2 of 3 tests beyond chance, all counted; none says who steadies whom" in " ".join(
        summary(answered, width=200).split()
    )
    assert "other measures" not in summary(QUICK(linked()))
