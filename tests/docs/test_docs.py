"""Docs that cannot lie: every block of code runs, every command and option exists, every public name is told."""

from __future__ import annotations

import argparse
import importlib.util
import json
import pathlib
import re
import shlex
import shutil
from dataclasses import dataclass

import msgspec
import numpy as np
import pytest

import coregulation
from coregulation.analysis.preprocessing import PLANS, plan_for
from coregulation.cli import main, parser
from coregulation.io import manifest_structure
from coregulation.io.manifest import parse_manifest
from coregulation.regulation.gate import VerdictKind
from coregulation.report import registry_tables, result
from coregulation.simulate.scenarios import load_scenario, scenario_names
from tests.paths import ROOT

DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(path for path in DOCS.rglob("*.md") if "generated" not in path.parts)]
TEXTS = [*PAGES, *(ROOT / name for name in ("ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"))]

# Written when a session is kept; nobody writes them by hand.
KEYS_OF_KEPT_SESSIONS = {"applied", "breaks", "ok", "remark", "simulated"}


@dataclass(frozen=True)
class Block:
    """A fenced block of code: where it stands, in which language, and what it says."""

    page: pathlib.Path
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT).as_posix()}:{self.line}"


def blocks(page: pathlib.Path, *languages: str) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    found = re.finditer(r"^```(\w+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [Block(page, text[: m.start(2)].count("\n") + 1, m[1], m[2]) for m in found if m[1] in languages]


def every(*languages: str) -> list[Block]:
    return [block for page in TEXTS for block in blocks(page, *languages)]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with the small files that the pages speak of: two straps' RR intervals, in ms."""
    rng = np.random.default_rng(1)
    for name, resting in (("ada", 820.0), ("ben", 910.0)):
        wander = np.convolve(rng.standard_normal(720), np.ones(8) / 8, "same")
        rr = np.rint(resting + 60 * wander)
        (tmp_path / f"{name}_rr.txt").write_text("\n".join(f"{value:.0f}" for value in rr[10:-10]), encoding="utf-8")
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "python")], ids=lambda p: p.stem)
def test_every_block_of_python_runs(page, folder):
    namespace: dict[str, object] = {"__name__": f"docs_{page.stem}"}
    for block in blocks(page, "python"):
        source = "\n" * (block.line - 1) + block.text  # so that a traceback names the page's own line
        exec(compile(source, str(page), "exec"), namespace)


def test_every_public_name_is_told():
    told = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    untold = [name for name in getattr(coregulation, "__all__", []) if not re.search(rf"\b{re.escape(name)}\b", told)]
    assert not untold


def test_every_room_has_a_page():
    source = ROOT / "src" / "coregulation"
    rooms = {
        path.stem for path in source.iterdir() if not path.name.startswith(("_", ".")) and path.suffix in ("", ".py")
    }
    pages = {
        path.stem: path.read_text(encoding="utf-8") for path in (DOCS / "modules").glob("*.md") if path.stem != "index"
    }
    told_with_others = set(re.findall(r"`coregulation\.(\w+)`", "\n".join(pages.values())))
    assert {*pages, *told_with_others} == rooms


def commands() -> dict[str, argparse.ArgumentParser]:
    """Every command of the real command line, with its parser."""
    (subparsers,) = (action for action in parser()._actions if isinstance(action, argparse._SubParsersAction))
    return dict(subparsers.choices)


def calls() -> list[tuple[Block, list[str]]]:
    """Every call of our command line in a block of shell, as words."""
    lines = [(b, line) for b in every("sh", "bash", "console") for line in b.text.replace("\\\n", " ").splitlines()]
    words = [(block, shlex.split(line.removeprefix("$ "), comments=True)) for block, line in lines]
    return [(block, said[1:]) for block, said in words if said and said[0] == "coregulation"]


@pytest.mark.parametrize(("block", "call"), calls(), ids=str)
def test_every_call_in_a_page_exists(block, call):
    command, *rest = call
    known = parser() if command.startswith("-") else commands()[command]
    given = {word.split("=")[0] for word in (command, *rest) if word.startswith("-")}
    assert given <= set(known._option_string_actions)


def test_every_command_is_told():
    told = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert not [command for command in commands() if f"coregulation {command}" not in told]


def test_every_make_target_in_a_page_exists():
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    used = {found for block in every("sh") for found in re.findall(r"^make ([\w-]+)", block.text, re.MULTILINE)}
    assert {"demo", "test"} <= used <= targets


@pytest.mark.parametrize("block", every("toml"), ids=str)
def test_a_manifest_in_a_page_is_one(block, tmp_path):
    path = tmp_path / "session.toml"
    path.write_text(block.text, encoding="utf-8")
    assert len(parse_manifest(path).person) == 2


def test_every_key_of_the_manifest_is_told():
    told = (DOCS / "files.md").read_text(encoding="utf-8")
    tables = ["Manifest", "PersonText", "FileText", "BlockText", "MarkText", "RatingText", "ExcludeText", "ClockText"]
    keys = {key for name in tables for key in getattr(manifest_structure, name).__struct_encode_fields__}
    assert {key for key in keys if not re.search(rf"`(?:\w+\.)?{key}`", told)} == KEYS_OF_KEPT_SESSIONS


def test_every_key_of_the_result_is_told():
    told = (DOCS / "report.md").read_text(encoding="utf-8")
    kinds = [kind for kind in vars(result).values() if isinstance(kind, type) and issubclass(kind, msgspec.Struct)]
    keys = {key for kind in kinds for key in kind.__struct_encode_fields__}
    assert {"from", "adjusted", "pseudo_sessions"} <= keys
    assert not [key for key in keys if f"`{key}`" not in told]
    assert not [kind.value for kind in VerdictKind if f"`{kind.value}`" not in told]


def test_the_table_of_plans_is_the_plans():
    told = (DOCS / "linkage.md").read_text(encoding="utf-8")
    for name, plan in [*PLANS.items(), ("any other", plan_for("motion"))]:
        (row,) = re.findall(rf"^\| `?{name}`? \| (.*) \|$", told, re.MULTILINE)
        band = f"{plan.band.low:g} to {plan.band.high:g}" if plan.band else ""
        compared = "change per second" if plan.difference else "level"
        expected = [f"{plan.rate:g}", band, compared, f"{plan.measure.window:g}", f"±{plan.measure.max_lag:g}"]
        assert [cell.strip() for cell in row.split("|")] == expected


def test_the_tables_of_measures_and_nulls_are_those_of_the_registries():
    for name, table in (
        ("measures", registry_tables.measures_table),
        ("nulls", registry_tables.nulls_table),
        ("secondary-measures", registry_tables.secondary_table),
        ("laws", registry_tables.laws_table),
    ):
        written = (DOCS / "generated" / f"{name}.md").read_text(encoding="utf-8")
        assert written == table() + "\n", "run python docs/measures.py"


def test_the_gallery_has_every_scenario():
    told = (DOCS / "gallery.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([\w-]+)` \| (.*) \| (.*) \|$", told, re.MULTILINE)
    played = [
        (name, load_scenario(name).title, ", ".join(load_scenario(name).kinds) or "—") for name in scenario_names()
    ]
    assert rows == played


@pytest.mark.parametrize("page", [ROOT / "README.md", DOCS / "start.md"], ids=lambda page: page.stem)
def test_the_first_calls_run_as_they_stand(page, folder, capsys):
    ready = [
        call for block, call in calls() if block.page == page and any(word.endswith("ada_rr.txt") for word in call)
    ]
    assert [call[0] for call in ready] == ["inspect", "analyze"]
    assert [main(call) for call in ready] == [0, 0]
    assert "ada's and ben's heart rates" in capsys.readouterr().out
    assert (folder / "out" / "report.html").is_file()


def test_the_example_files_are_what_the_simulator_writes():
    spec = importlib.util.spec_from_file_location("example_rr", ROOT / "tools" / "example_rr.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    for name, content in tool.example_rr().items():
        assert (ROOT / "examples" / name).read_text(encoding="utf-8") == content


@pytest.mark.parametrize("block", every("json"), ids=str)
def test_json_is_json(block):
    assert json.loads(block.text)


@pytest.mark.parametrize("page", TEXTS, ids=lambda page: page.name)
def test_what_a_page_points_to_is_there(page):
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text):
        assert target.startswith("https://") or (page.parent / target).exists(), target


def test_the_citation_states_this_version():
    assert f"\nversion: {coregulation.__version__}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")


def test_a_generated_table_is_put_in_or_told_as_absent(tmp_path, monkeypatch):
    spec = importlib.util.spec_from_file_location("docs_include", DOCS / "include.py")
    include = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(include)
    monkeypatch.setattr(include, "HERE", tmp_path)
    page = "before\n<!-- include: generated/calibration.md -->\n<!-- a remark -->"
    assert include.filled(page) == f"before\n{include.ABSENT}\n<!-- a remark -->"
    (tmp_path / "generated").mkdir()
    (tmp_path / "generated" / "calibration.md").write_text("| a |", encoding="utf-8")
    assert include.filled(page) == "before\n| a |\n<!-- a remark -->"
