"""Put a report beside its data and tables, whole or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack
from pathlib import Path

from coregulation.analysis.finding import Finding
from coregulation.errors import UsageError
from coregulation.report.page import render_page
from coregulation.report.result import result_of, to_json
from coregulation.report.tables import write_tables

PARTS = ("tables", "result.json", "report.html")


def save(finding: Finding, directory: str | os.PathLike[str]) -> Path:
    """Write `report.html`, `result.json` and `tables/` into a directory and return the path of the page.

    Everything is written beside its place first and then moved, so that a full disk or a stop by hand leaves no half
    of a report and does not harm an older one.

    Raises
    ------
    UsageError
        If something of these names is there that is no report's, or a file is in the place of the directory.
    OSError
        If the disk is full or the directory cannot be written.
    """
    target = Path(directory)
    with ExitStack() as undo:
        if not target.exists():
            target.mkdir(parents=True)
            undo.callback(target.rmdir)
        _refuse_strangers(target)
        with tempfile.TemporaryDirectory(prefix=".report-", dir=target) as staged:
            _write(finding, Path(staged))
            _move(Path(staged), target)
        undo.pop_all()
    return target / "report.html"


def _write(finding: Finding, staged: Path) -> None:
    result = result_of(finding)
    (staged / "tables").mkdir()
    write_tables(finding, result, staged / "tables")
    (staged / "result.json").write_bytes(to_json(result))
    (staged / "report.html").write_text(render_page(finding), encoding="utf-8", newline="\n")


def _move(staged: Path, target: Path) -> None:
    """Put each part in its place; if one cannot be, put back what was there."""
    before = staged / "before"
    before.mkdir()
    with ExitStack() as undo:
        for part in PARTS:
            if (target / part).exists():
                os.replace(target / part, before / part)
                undo.callback(os.replace, before / part, target / part)
            os.replace(staged / part, target / part)
            undo.callback(os.replace, target / part, staged / part)
        undo.pop_all()


def _refuse_strangers(target: Path) -> None:
    if not target.is_dir():
        raise UsageError("{target} is a file; a report needs a directory. Give another name.", target=target)
    taken = [part for part in PARTS if (target / part).exists()]
    ours = (target / "result.json").is_file() and b'"coregulation.result/' in (target / "result.json").read_bytes()[
        :200
    ]
    if taken and not ours:
        raise UsageError(
            "{target} already holds {listed}, but no result.json of a report; it would be overwritten. Give another directory.",
            target=target,
            listed=", ".join(taken),
        )
