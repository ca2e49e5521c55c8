from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from coregulation.analysis.finding import Finding
from coregulation.errors import UsageError
from coregulation.report import save, saving


def everything(directory: Path) -> dict[str, bytes]:
    return {str(path.relative_to(directory)): path.read_bytes() for path in directory.rglob("*") if path.is_file()}


def full_disk(*_args: object, **_named: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def stopped(*_args: object, **_named: object) -> None:
    raise KeyboardInterrupt


def test_a_report_is_a_page_a_result_and_tables(pair: Finding, tmp_path: Path):
    path = save(pair, tmp_path / "deep" / "out")
    assert path == tmp_path / "deep" / "out" / "report.html"
    assert sorted(p.name for p in path.parent.iterdir()) == ["report.html", "result.json", "tables"]
    assert json.loads((path.parent / "result.json").read_bytes())["schema"] == "coregulation.result/2"


def test_saving_again_gives_the_same_bytes_and_takes_nothing_away(pair: Finding, tmp_path: Path):
    save(pair, tmp_path)
    first = everything(tmp_path)
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "tables" / "old.csv").write_text("stale")
    save(pair, tmp_path)
    assert everything(tmp_path) == {**first, "notes.txt": b"mine"}


@pytest.mark.parametrize("failure", [full_disk, stopped])
@pytest.mark.parametrize("step", ["render_page", "write_tables", "to_json"])
def test_a_failed_writing_leaves_nothing(
    step: str, failure: Callable[..., None], pair: Finding, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(saving, step, failure)
    with pytest.raises((OSError, KeyboardInterrupt)):
        save(pair, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("failure", [full_disk, stopped])
@pytest.mark.parametrize("at", range(6))
def test_a_failed_move_keeps_the_older_report(
    at: int, failure: Callable[..., None], pair: Finding, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    save(pair, tmp_path)
    (tmp_path / "tables" / "old.csv").write_text("the older report's own")
    before, moves, real = everything(tmp_path), [], os.replace

    def replace(source: Path, target: Path) -> None:
        moves.append(target)
        if len(moves) == at + 1:
            failure()
        real(source, target)

    monkeypatch.setattr(saving.os, "replace", replace)
    with pytest.raises((OSError, KeyboardInterrupt)):
        save(pair, tmp_path)
    assert everything(tmp_path) == before


def test_a_disk_that_fills_up_at_the_page_keeps_the_older_report(
    pair: Finding, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    save(pair, tmp_path)
    before = everything(tmp_path)
    monkeypatch.setattr(Path, "write_text", full_disk)
    with pytest.raises(OSError, match="No space left"):
        save(pair, tmp_path)
    assert everything(tmp_path) == before


@pytest.mark.parametrize("name", ["tables", "report.html", "result.json"])
def test_what_is_no_report_is_not_overwritten(name: str, pair: Finding, tmp_path: Path):
    mine = tmp_path / name
    if name == "tables":
        mine.mkdir()
        (mine / "data.csv").write_text("mine")
    else:
        mine.write_text("mine")
    before = everything(tmp_path)
    with pytest.raises(UsageError, match=name):
        save(pair, tmp_path)
    assert everything(tmp_path) == before


def test_a_file_in_the_place_of_the_directory_is_an_error(pair: Finding, tmp_path: Path):
    (tmp_path / "out").write_text("mine")
    with pytest.raises(UsageError, match="is a file"):
        save(pair, tmp_path / "out")
