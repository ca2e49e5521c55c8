"""Move each threshold a little and see whether its boundary test notices: `python tools/thresholds.py [NAME...]`.

The thresholds and their tests are those of `tests/boundaries.py`. In a copy of the checkout, each number of a threshold's
definition is made larger and smaller by 2 % (a whole number by one), and the one test that is named there is run. Prints each
threshold whose move no test notices, and how many were noticed. Names on the command line choose: `python tools/thresholds.py
LINKAGE physiology/eda.py` runs those whose name contains one of them.
"""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SHARE = 0.02  # of a number by which it is moved
sys.path.insert(0, str(ROOT))


def moves(module: Path, name: str) -> Iterator[tuple[str, str]]:
    """Yield what each number of a constant's or a field's definition becomes, and the module's text with it."""
    text = module.read_text(encoding="utf-8")
    for number in _numbers(ast.parse(text), name):
        for sign in (1, -1):
            value = number.value + sign if isinstance(number.value, int) else number.value * (1 + sign * SHARE)
            lines = text.split("\n")
            line = lines[number.lineno - 1].encode()
            lines[number.lineno - 1] = (
                line[: number.col_offset] + repr(value).encode() + line[number.end_col_offset :]
            ).decode()
            yield f"{number.value!r} -> {value!r}", "\n".join(lines)


def _numbers(tree: ast.Module, name: str) -> list[ast.Constant]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            (target,) = node.targets
            if isinstance(target, ast.Name) and target.id == name:
                return _inside(node.value)
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs = zip(target.elts, node.value.elts, strict=True)
                mine = [value for part, value in pairs if isinstance(part, ast.Name) and part.id == name]
                if mine:
                    return _inside(mine[0])
        if (
            isinstance(node, ast.AnnAssign)
            and isinstance(node.target, ast.Name)
            and node.target.id == name
            and node.value
        ):
            return _inside(node.value)
    return []


def _inside(value: ast.expr) -> list[ast.Constant]:
    return [part for part in ast.walk(value) if isinstance(part, ast.Constant) and type(part.value) in (int, float)]


def main() -> int:
    """Move, test and print; the exit code is 1 where a move is not noticed."""
    from tests.boundaries import BOUNDARIES

    wanted = sys.argv[1:] or [""]
    chosen = {name: test for name, test in BOUNDARIES.items() if any(part in name for part in wanted)}
    unnoticed, count = [], 0
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".git", ".venv", "site", "build", "__pycache__"))
        for threshold, test in chosen.items():
            module, name = threshold.split(":")
            target = copy / "src" / "coregulation" / module
            kept = target.read_text(encoding="utf-8")
            for what, text in moves(target, name):
                count += 1
                target.write_text(text, encoding="utf-8")
                if _passes(copy, test):
                    unnoticed.append(f"{threshold} {what}")
                    print("NOT NOTICED", unnoticed[-1], flush=True)
            target.write_text(kept, encoding="utf-8")
    print(f"{count - len(unnoticed)} of {count} moves of {len(chosen)} thresholds noticed")
    return 1 if unnoticed else 0


def _passes(folder: Path, test: str) -> bool:
    environment = {**os.environ, "PYTHONPATH": str(folder / "src"), "NUMBA_CACHE_DIR": str(folder / "compiled")}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-x",
        "-q",
        "-p",
        "no:randomly",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
        test,
    ]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise RuntimeError(re.sub(r"\n.*\Z", "", done.stdout[-2000:]) + done.stderr[-2000:])
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
