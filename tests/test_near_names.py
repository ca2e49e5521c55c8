"""A name that is not known gets the nearest one that is: every kind of name, and every path."""

from __future__ import annotations

import ast
import contextlib
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from coregulation.cli import main
from coregulation.coupling.registry import MEASURES, SURROGATES
from coregulation.errors import CoregulationError
from coregulation.io import open_session
from coregulation.io.tables.header_names import time_size
from coregulation.io.text import missing_path, nearest_path
from coregulation.live.room.practice import practice, protocol
from coregulation.signals import Unit
from coregulation.simulate.laws.registry import LAWS
from coregulation.simulate.profiles import profile
from coregulation.simulate.scenarios import load_scenario
from coregulation.simulate.sensor_sets import sensor_set
from tests import sessions
from tests.paths import ROOT

SOURCE = ROOT / "src" / "coregulation"
UNKNOWN = re.compile(
    r"[Tt]here (?:is|are) no (?!such)[\w .]*\{\w+!?r?\}|has no [\w ]*\{\w+!r\}|\{\w+!r\}[\w ]* is not known"
)
NEAR = re.compile(r"[Dd]id you mean \{")
ELSEWHERE = {
    "The alignment": "there is one word, and the error says it",
    "Known units": "said only where nothing is near",
    "the columns are 0 to": "the column is a number",
    "time zone": "any offset from UTC is known, so no list has a nearest one",
    "which is not known. If": "the unit in a table's header: the error proposes the column's usual unit",
    "Check its name and folder": "said only where nothing is near",
    "refers to the time slot": "a fault inside a file",
    "in this folder": "the name is the one that was expected",
    "{path!r}, since": "said only where nothing is near",
}
"""Templates with an unknown name but without a nearest one, by a part of each, and why."""


def templates() -> list[tuple[str, str]]:
    """Return every string given to an error's constructor, with its module."""
    out = []
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and re.search(r"(?:Error|^kind)$", getattr(node.func, "id", "")):
                first = node.args[0] if node.args else None
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    out.append((path.relative_to(SOURCE).as_posix(), first.value))
    return out


def test_no_error_about_an_unknown_name_leaves_out_the_nearest():
    wrong = [
        (where, text)
        for where, text in templates()
        if UNKNOWN.search(text) and not NEAR.search(text) and not any(part in text for part in ELSEWHERE)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "text", ["There is no gate {name!r}; there are {known:and}.", "the kind {word!r} is not known; x"]
)
def test_the_search_sees_a_template_without_the_nearest(text: str):
    assert UNKNOWN.search(text)
    assert not NEAR.search(text)


NAMES: dict[str, tuple[Callable[[], object], str]] = {
    "unit": (lambda: Unit.parse("ms²"), "ms"),
    "time unit": (lambda: time_size("mss"), "ms"),
    "practice": (lambda: practice("breathe-togther"), "breathe-together"),
    "protocol": (lambda: protocol("alone-and-wth"), "alone-and-with"),
    "measure": (lambda: MEASURES["corelation"], "correlation"),
    "null": (lambda: SURROGATES["circulr"], "circular"),
    "law": (lambda: LAWS["independen"], "independent"),
    "profile": (lambda: profile("secur"), "secure"),
    "scenario": (lambda: load_scenario("attunment"), "attunement"),
    "set of sensors": (lambda: sensor_set("ful"), "full"),
}


@pytest.mark.parametrize("kind", NAMES)
def test_an_unknown_name_gets_the_nearest(kind: str):
    ask, near = NAMES[kind]
    with pytest.raises(CoregulationError, match=rf"Did you mean [^.?]*{near}"):
        ask()


def test_a_missing_folder_gets_the_nearest_even_with_a_file_below(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "examples" / "two-rr").mkdir(parents=True)
    (tmp_path / "examples" / "two-rr" / "ada.txt").write_text("800\n")
    monkeypatch.chdir(tmp_path)
    assert nearest_path(Path("exmaples")) == Path("examples")
    assert nearest_path(Path("exmaples/two-rr/ada.txt")) == Path("examples/two-rr/ada.txt")
    assert nearest_path(tmp_path / "exmaples" / "tow-rr" / "ada.txt") == tmp_path / "examples" / "two-rr" / "ada.txt"
    assert nearest_path(Path("exmaples/zzz/ada.txt")) == Path("examples")
    assert nearest_path(Path("examples/zzz")) is None
    assert nearest_path(Path("zzz/ada.txt")) is None
    assert "Did you mean 'examples'?" in str(missing_path("exmaples"))
    assert "Check its name and folder" in str(missing_path("zzz"))


@pytest.mark.parametrize(
    "command",
    [
        ["analyze", "exmaples"], ["analyze", "exmaples/ada.txt", "exmaples/ben.txt"], ["inspect", "exmaples/ada.txt"],
        ["convert", "exmaples", "--to", "bids", "--out", "out"], ["study", "exmaples", "--out", "out"],
        ["journey", "exmaples"], ["coin", "exmaples"], ["calibrate", "--out", "exmaples/table.md"],
        ["analyze", "examples/ada.txt", "examples/ben.txt", "--signal", "rr", "--unit", "ms", "--pseudo-from", "exmaples"],
    ],
)  # fmt: skip
def test_every_command_proposes_the_near_folder(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "examples").mkdir()
    rng = np.random.default_rng(1)
    for name in ("ada", "ben"):
        (tmp_path / "examples" / f"{name}.txt").write_text("".join(f"{x:.0f}\n" for x in rng.normal(800, 20, 600)))
    monkeypatch.chdir(tmp_path)
    with contextlib.suppress(SystemExit):
        main(command)
    assert re.search(r"Did you mean 'examples", " ".join(capsys.readouterr().err.split()))


def test_a_person_a_gate_and_a_series_get_the_nearest():
    session = sessions.linked(shared=())
    with pytest.raises(CoregulationError, match="Did you mean ada"):
        session.of("adda")
    with pytest.raises(CoregulationError, match="Did you mean signal"):
        open_session(ROOT / "examples", sinal="rr")
