"""The table of verdicts: counted rightly, kept by a hash of the code, and whole."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import pytest

from coregulation.study import verdicts
from coregulation.study.verdict_cells import VerdictCell, VerdictTask, code_hash
from coregulation.study.verdict_table import coverage_table, verdict_row, verdict_rows, verdict_table
from coregulation.study.verdicts import read_cells, run_tasks


def cell(kind: str, law: str = "zoo-lent", seed: int = 0, **changes: object) -> VerdictCell:
    answers = (("settles sooner", None, (0.4, 0.3, 0.6), (0.5, 0.3, 0.8)),)
    return replace(VerdictCell(law, False, seed, "c-3", kind, None, answers, 0.35, 1.0), **changes)


def test_right_abstained_and_wrong_are_counted_apart():
    row = verdict_row(
        [cell("lent-regulation"), cell("cannot-tell"), cell("mutual-co-regulation"), cell("co-dysregulation")]
    )
    assert (row.sessions, row.right, row.abstained, row.wrong) == (4, 1, 1, 2)
    assert (row.steadied, row.harmed) == (1, 1)
    assert row.covered == (4, 4)


def test_lent_where_both_are_steadied_is_wrong_but_not_false_steadying():
    row = verdict_row([cell("lent-regulation", "zoo-mutual-strong")])
    assert (row.wrong, row.steadied) == (1, 0)


def test_a_refusal_has_no_interval_to_cover():
    row = verdict_row(
        [cell("cannot-tell", answers=(), refused="refusal.no-maximum"), cell("lent-regulation", own_burden=0.9)]
    )
    assert row.covered == (0, 1)


def test_the_halves_are_apart_and_each_has_its_sum():
    table = verdict_table(
        verdict_rows([cell("lent-regulation", "zoo-nothing"), cell("cannot-tell", "held-out-nothing")])
    )
    assert table.index("Development laws") < table.index("`zoo-nothing`") < table.index("Reporting laws")
    assert table.count("all without steadying") == 2
    assert "| **all without steadying** |  | arousal | 1 | 0.00 | 0.00 | 1.00 | 1 | 0 | 1.00 | 1.0 |" in table


def test_cells_of_other_code_are_not_counted(tmp_path):
    file = tmp_path / "cells.jsonl"
    lines = [json.dumps(asdict(cell("cannot-tell", code=code))) for code in ("old-3", "new-3")]
    file.write_text("\n".join([*lines, lines[0][:40]]), encoding="utf-8")
    assert [one.code for one in read_cells(file, "new-3")] == ["new-3"]
    assert len(read_cells(file, None)) == 2
    assert read_cells(tmp_path / "none", None) == []


def test_a_run_goes_on_where_it_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(verdicts, "code_hash", lambda: "c")
    file = tmp_path / "cells.jsonl"
    file.write_text(json.dumps(asdict(cell("lent-regulation"))) + "\n", encoding="utf-8")
    (known,) = run_tasks([VerdictTask("zoo-lent", False, 0)], file, 1)
    assert known.kind == "lent-regulation"
    assert len(file.read_text(encoding="utf-8").splitlines()) == 1


@pytest.mark.parametrize("worn", [False, True])
def test_the_command_writes_a_table(tmp_path, capsys, worn):
    out = tmp_path / "table.md"
    words = ["--sessions", "1", "--law", "zoo-lent-strong", "--input", "beats" if worn else "arousal"]
    verdicts.main([*words, "--cells", str(tmp_path / "cells"), "--out", str(out)])
    assert out.read_text(encoding="utf-8") in capsys.readouterr().out + "\n"
    assert "| `zoo-lent-strong` | two pools |" in out.read_text(encoding="utf-8")


def test_the_hash_is_of_the_code():
    assert code_hash() == code_hash()
    assert len(code_hash()) == 12


def test_coverage_counts_what_is_known_and_no_refusal():
    known = {
        "intervals": ((0.02, 0.01, 0.03),) * 3 + ((0.4, 0.3, 0.6), (0.5, 0.4, 0.6)),
        "truths": (0.025, None, 0.1, 0.35, 0.7),
    }
    lines = coverage_table(
        [cell("cannot-tell", **known), cell("cannot-tell", intervals=(), truths=(0.025, 0, 0, 1, 1))]
    )
    assert "| arousal | k | 1 | 1.00 | -0.005 |" in lines
    assert "| d |" not in lines
    assert "| arousal | p | 1 | 0.00 | -0.080 |" in lines
    assert "| arousal | own | 1 | 1.00 | +0.050 |" in lines
    assert "| arousal | net | 1 | 0.00 | -0.200 |" in lines
