"""The claims as data: all there, in order, printable, and never louder than their evidence."""

from __future__ import annotations

import pytest

from coregulation.cli import main
from coregulation.errors import UsageError
from coregulation.regulation.claims import EvidenceLevel, behind, claim, claims
from coregulation.regulation.gate import VerdictKind
from coregulation.report.claims_text import claim_lines, claims_table
from tests.paths import ROOT


def test_there_are_76_numbered_claims_each_with_a_status() -> None:
    every = claims()
    assert [one.number for one in every] == list(range(1, 77))
    assert all(one.evidence and one.says.endswith(".") for one in every)
    assert len({one.says for one in every}) == 76


@pytest.mark.parametrize("number", [14, 16, 23, 24, 25, 36])
def test_where_the_popular_text_overreaches_it_is_marked(number: int) -> None:
    assert EvidenceLevel.DISPUTED in claim(number).evidence


def test_metaphors_are_marked_and_measure_no_trauma() -> None:
    assert claim(5).evidence == claim(27).evidence == (EvidenceLevel.METAPHOR,)
    assert "nothing is ever inferred" in claim(27).measured


def printed(number: int) -> str:
    return "\n".join(claim_lines(claim(number), 80))


def test_a_claim_prints_with_its_status_and_says_what_was_not_opened() -> None:
    assert "disputed" in printed(23)
    assert "not re-read" in printed(17)
    assert "not re-read" not in printed(1)
    assert "known" not in printed(29)


def test_numbers_outside_are_refused() -> None:
    for number in (0, 77):
        with pytest.raises(UsageError, match="1 to 76"):
            claim(number)


def test_every_kind_of_verdict_names_claims_behind_it() -> None:
    for kind in VerdictKind:
        assert behind(kind)


def test_the_table_of_the_docs_is_the_data() -> None:
    page = ROOT / "docs" / "generated" / "claims.md"
    assert page.read_text(encoding="utf-8").strip() == claims_table(claims())


def test_the_command_prints_all_some_or_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["claims"]) == 0
    assert capsys.readouterr().out.count("evidence:") == 76
    assert main(["claims", "8", "33"]) == 0
    assert capsys.readouterr().out.count("evidence:") == 2
    assert main(["claims", "--table", "1"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 3
    assert main(["claims", "77"]) == 2
