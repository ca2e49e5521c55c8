"""A word that may have meant a kind of block is told, and a name of one's own is left alone."""

from __future__ import annotations

import re

import pytest

from coregulation.io import open_session
from coregulation.io.block_kinds import KINDS, near_kind
from tests.io.write import rows, text, wave
from tests.paths import ROOT


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("alone", "alone-rest"), ("Together", "together-rest"), ("hard moment", "perturb-alone"), ("alone_rest", "alone-rest"),
        ("Alone Rest", "alone-rest"), ("together-rset", "together-rest"), ("conversation", "talk"), ("talks", "talk"),
        ("singing", None), ("alone-rest", None), ("concert", None), ("piece 1", None),
    ],
)  # fmt: skip
def test_what_a_word_may_have_meant(word, kind):
    assert near_kind(word) == kind


def test_it_is_told_once_for_each_kind(tmp_path):
    path = rows(tmp_path / "x.csv", "time_s,hr", range(200), wave(200))
    blocks = text(tmp_path / "b.csv", "kind,start,end", "alone,0,60", "alone,60,120", "concert,120,180")
    session = open_session(path, signal="heart_rate", blocks=blocks)
    told = [dict(remark.reason.facts) for remark in session.remarks if remark.code == "read.block-kind"]
    assert told == [{"kind": "alone", "near": "alone-rest"}]


def test_the_page_of_files_tells_the_same_kinds():
    page = (ROOT / "docs" / "files.md").read_text(encoding="utf-8")
    sentence = page[page.index("Block kinds with a meaning of their own") :].split("any other name")[0]
    assert set(re.findall(r"`([a-z-]+)`", sentence)) == set(KINDS)
