"""What a finding shows in a notebook, without the report and its plotter."""

from __future__ import annotations

import html
import subprocess
import sys

from coregulation.analysis.finding import Finding
from tests.report.conftest import AWKWARD
from tests.report.test_page import Walk


def test_a_finding_is_a_small_table(pair: Finding):
    shown = pair._repr_html_()
    text = Walk(shown).text
    assert "(simulated)" in text
    assert pair.verdicts[0].kind.value in text
    assert "G1 passed" in text or "G1 failed" in text
    assert "+" not in text


def test_a_group_shows_its_own_answer_first_and_escapes_names(group: Finding):
    shown = group._repr_html_()
    rows = shown.split("<tr>")
    assert group.group_verdict is not None
    assert group.group_verdict.kind.value in rows[1]
    assert rows[2].count(" and ") == 1  # then its pairs
    assert html.escape(AWKWARD) in shown
    assert AWKWARD not in shown


def test_the_finding_does_not_need_the_report():
    code = "import sys, coregulation.analysis.results; assert not any(name.startswith(('coregulation.report', 'matplotlib')) for name in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
