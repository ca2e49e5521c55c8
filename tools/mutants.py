"""Change one thing in the code at a time and see whether a test notices: a random sample of such mutants over a package.

    python tools/mutants.py coupling --count 300 --seed 1        # goes on where it stopped
    python tools/mutants.py regulation --count 50 --tests tests/regulation tests/analysis

Every mutant is one small change of one line (a comparison, a sign, a constant, a condition, a returned value). It is put into a copy
of the checkout, and the tests that run its line are run there until one fails. Results are cells under `docs/generated/mutants`, so
that a run, or a later session, goes on where one stopped (`--minutes` stops it). A cell holds for the text of its mutated module. One
that was killed stays killed; one that survived is tried again when a test has changed. A survivor's cell may say `why`: that
no test can see the change, or what is missing.

    python tools/mutants.py --table                              # writes docs/generated/mutants.md from all cells

Prints what survived and the share that was killed, with its 95 % interval.
"""

from __future__ import annotations

import argparse
import ast
import copy
import hashlib
import json
import math
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "coregulation"
KEPT = ROOT / "docs" / "generated" / "mutants"
NOT_FOUND, NONE_RUN = 4, 5  # exit codes of pytest that say nothing about a mutant
SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.And: ast.Or, ast.Or: ast.And,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """One change: the file, the line, the module's text with the change in it, and the lines of the statement around it."""

    path: Path
    line: int
    what: str
    text: str
    statement: range = range(0)

    @property
    def name(self) -> str:
        """Where and what, as it is printed."""
        return f"{self.path.relative_to(ROOT).as_posix()}:{self.line} {self.what}"

    @property
    def key(self) -> str:
        """A hash of the module's path and its text with the change in it."""
        return hashlib.sha256(f"{self.path.relative_to(ROOT).as_posix()}\n{self.text}".encode()).hexdigest()[:16]


def mutants_of(path: Path) -> Iterator[Mutant]:
    """Yield every mutant of a module; docstrings, annotations and `raise` statements are left alone."""
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    quiet = {id(part) for node in ast.walk(tree) for part in _silent(node)}
    nodes = [node for node in ast.walk(tree) if id(node) not in quiet and hasattr(node, "lineno")]
    statements = _statements(tree)
    for node in nodes:
        for number, what in enumerate(_changes(node)):
            changed = copy.deepcopy(tree)
            twin = next(other for other, own in zip(ast.walk(changed), ast.walk(tree), strict=True) if own is node)
            _apply(twin, number)
            text_of = ast.unparse(ast.fix_missing_locations(changed))
            yield Mutant(
                path, node.lineno, what, text_of, statements.get(id(node), range(node.lineno, node.lineno + 1))
            )


def _statements(tree: ast.AST) -> dict[int, range]:
    """Return the lines of the statement that each node stands in, without the lines of what a compound one contains."""
    out: dict[int, range] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None)
            end = body[0].lineno - 1 if isinstance(body, list) and body else node.end_lineno or node.lineno
            lines = range(node.lineno, max(node.lineno, end) + 1)
            out |= {id(part): lines for part in ast.walk(node)}  # inner statements come later and win
    return out


def _silent(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Raise):
        yield from ast.walk(node)
    for field in ("annotation", "returns", "decorator_list"):
        for part in _listed(getattr(node, field, None)):
            yield from ast.walk(part)
    body = getattr(node, "body", None)
    if isinstance(body, list) and body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        yield from ast.walk(body[0])


def _listed(value: object) -> list[ast.AST]:
    return [part for part in (value if isinstance(value, list) else [value]) if isinstance(part, ast.AST)]


def _changes(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Compare) and type(node.ops[0]) in SWAPS:
        return [f"{type(node.ops[0]).__name__} -> {SWAPS[type(node.ops[0])].__name__}"]
    if isinstance(node, ast.BinOp | ast.BoolOp) and type(node.op) in SWAPS:
        return [f"{type(node.op).__name__} -> {SWAPS[type(node.op)].__name__}"]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.Not):
        return [f"without {type(node.op).__name__}"]
    if isinstance(node, ast.Constant) and type(node.value) in (int, float, bool):
        return [f"{node.value!r} -> {_other(node.value)!r}"]
    if isinstance(node, ast.IfExp | ast.If):
        return ["condition turned"]
    return []


def _apply(node: ast.AST, _number: int) -> None:
    if isinstance(node, ast.Compare):
        node.ops[0] = SWAPS[type(node.ops[0])]()  # type: ignore[assignment]
    elif isinstance(node, ast.BinOp | ast.BoolOp):
        node.op = SWAPS[type(node.op)]()  # type: ignore[assignment]
    elif isinstance(node, ast.UnaryOp):
        node.op = ast.UAdd() if isinstance(node.op, ast.USub) else ast.Not()
        if isinstance(node.op, ast.Not):
            node.operand = ast.UnaryOp(ast.Not(), node.operand)
    elif isinstance(node, ast.Constant):
        node.value = _other(node.value)  # type: ignore[arg-type]
    elif isinstance(node, ast.IfExp | ast.If):
        node.test = ast.UnaryOp(ast.Not(), node.test)


def _other(value: complex) -> complex:
    if isinstance(value, bool):
        return not value
    return value + 1 if isinstance(value, int) else value * 1.5 if value else 0.5


def covering_tests(folder: Path, tests: list[str]) -> dict[tuple[str, int], list[str]]:
    """Run the tests once and return, for each file and line, the tests that run it."""
    import coverage

    data = folder / ".coverage"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "-p", "no:cacheprovider", "-p", "no:xdist", "-m", "not nightly and not browser",
               "--cov", "--cov-context=test", "--cov-report=", *tests]  # fmt: skip
    subprocess.run(command, cwd=folder, env=_environment(folder), check=True, stdout=subprocess.DEVNULL)
    data_of_tests = coverage.CoverageData(str(data))
    data_of_tests.read()
    out: dict[tuple[str, int], list[str]] = {}
    for file in data_of_tests.measured_files():
        for line, contexts in data_of_tests.contexts_by_lineno(file).items():
            names = sorted({name.split("|")[0] for name in contexts if name})
            out[Path(file).relative_to(folder).as_posix(), line] = names
    return out


def reaching(mutant: Mutant, lines: dict[tuple[str, int], list[str]]) -> list[str]:
    """Return the tests that run a mutant's line; of a line that runs at import, those that run anything of its file."""
    file = mutant.path.relative_to(ROOT).as_posix()
    around = [(file, line) for line in (mutant.line, *mutant.statement)]
    if tests := next((lines[place] for place in around if lines.get(place)), None):
        return tests
    at_import = any(place in lines for place in around)
    return sorted({name for (other, _), names in lines.items() if at_import and other == file for name in names})


def is_compiled(path: Path) -> bool:
    """Return whether a module's functions run compiled, where no test is seen to run their lines."""
    return "njit" in path.read_text(encoding="utf-8")


def _environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(folder / "src"), "NUMBA_CACHE_DIR": str(folder / "compiled")}


def is_killed(mutant: Mutant, folder: Path, tests: list[str], seconds: float) -> bool:
    """Put a mutant into the copy, run the tests that reach it, and take it out again."""
    target = folder / mutant.path.relative_to(ROOT)
    kept = target.read_bytes()
    target.write_text(mutant.text, encoding="utf-8")
    try:
        code = _outcome(folder, tests, seconds)
        if code in (
            NOT_FOUND,
            NONE_RUN,
        ):  # the change renamed parametrized tests, or emptied them: run their files as a whole
            code = _outcome(folder, sorted({test.split("::")[0] for test in tests}), seconds)
    except subprocess.TimeoutExpired:
        return True  # it never ends, which a person would notice
    finally:
        target.write_bytes(kept)
    if code in (NOT_FOUND, NONE_RUN):
        raise RuntimeError(f"pytest found none of {tests[:3]} (exit code {code})")
    return code != 0


def _outcome(folder: Path, tests: list[str], seconds: float) -> int:
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
    ]
    chosen = ["-m", "not nightly and not browser", *tests]
    done = subprocess.run(
        [*command, *chosen], cwd=folder, env=_environment(folder), timeout=seconds, capture_output=True, check=False
    )
    return done.returncode


def fingerprint(tests: list[str]) -> str:
    """Return a hash of the tests that are run."""
    named = [ROOT / name.split("::")[0] for name in tests]
    paths = [part for path in named for part in ([path] if path.is_file() else path.rglob("*.py"))]
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def main() -> None:
    """Sample, run, keep and print; or write the table of what is kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", nargs="?", help="a package or module under src/coregulation, such as coupling")
    parser.add_argument("--count", type=int, default=300, help="how many mutants (default 300)")
    parser.add_argument("--seed", type=int, default=1, help="of the sample (default 1)")
    parser.add_argument("--tests", nargs="+", help="which tests (default: the package's own)")
    parser.add_argument("--seconds", type=float, default=300.0, help="after which a mutant counts as killed")
    parser.add_argument("--minutes", type=float, default=math.inf, help="after which no further mutant is begun")
    parser.add_argument("--table", action="store_true", help="write docs/generated/mutants.md and end")
    args = parser.parse_args()
    if args.table:
        (KEPT.parent / "mutants.md").write_text(table(), encoding="utf-8")
    elif args.package is None:
        parser.error("name a package")
    else:
        _run(args)


def _run(args: argparse.Namespace) -> None:
    tests = args.tests or [f"tests/{args.package}"]
    sample, known = drawn(args.package, args.seed, args.count)
    kept = KEPT / f"{args.package.replace('/', '-')}.json"
    kept.parent.mkdir(exist_ok=True)
    cells: dict[str, dict[str, object]] = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    stamp, end = fingerprint(tests), time.monotonic() + 60 * args.minutes
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "copy"
        shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(".git", ".venv", "site", "build", "__pycache__"))
        lines = None
        for number, mutant in enumerate(sample):
            if not holds(cells.get(mutant.key), stamp):
                if time.monotonic() > end:
                    break
                lines = lines if lines is not None else covering_tests(folder, tests)
                reached = reaching(mutant, lines) or (tests if is_compiled(mutant.path) else [])
                killed = bool(reached) and is_killed(mutant, folder, reached, args.seconds)
                cells[mutant.key] = {
                    **cells.get(mutant.key, {}),
                    "what": mutant.name,
                    "seed": args.seed,
                    "killed": killed,
                    "tests": stamp,
                }
                kept.write_text(
                    json.dumps(cells, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8"
                )
            killed = bool(cells[mutant.key]["killed"])
            print(f"{number + 1}/{len(sample)} {'killed  ' if killed else 'SURVIVED'} {mutant.name}", flush=True)
    print(_share([bool(cells[m.key]["killed"]) for m in sample if m.key in cells]), f"drawn from {known}")


def drawn(package: str, seed: int, count: int) -> tuple[list[Mutant], int]:
    """Return a random sample of a package's mutants, which a larger count goes on with, and how many there are."""
    place = SOURCE / package
    modules = sorted(place.rglob("*.py")) if place.is_dir() else [place.with_suffix(".py")]
    known = [mutant for path in modules for mutant in mutants_of(path)]
    return random.Random(seed).sample(known, len(known))[:count], len(known)


def holds(cell: dict[str, object] | None, stamp: str) -> bool:
    """Return whether a kept result still tells of the present tests."""
    return cell is not None and (bool(cell["killed"]) or cell["tests"] == stamp)


def table() -> str:
    """Return a Markdown table of what is kept, and the survivors with why."""
    rows, survivors = [], []
    for path in sorted(KEPT.glob("*.json")):
        cells = list(json.loads(path.read_text(encoding="utf-8")).values())
        lost = [cell for cell in cells if not cell["killed"]]
        same = sum(str(cell.get("why", "")).startswith("equivalent") for cell in lost)
        seeds = ", ".join(map(str, sorted({cell["seed"] for cell in cells})))
        rows.append(
            f"| {path.stem} | {_share([bool(c['killed']) for c in cells])} | {same} | {len(lost) - same} | {seeds} |"
        )
        survivors += [
            f"| `{cell['what'].removeprefix('src/coregulation/')}` | {cell.get('why', 'not looked at')} |"
            for cell in lost
        ]
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    head = "| package | killed | survivors that no test can see | other survivors | seeds of the samples |\n|---|---|---|---|---|"
    what = "| survivor, with the line at which it stood | why |\n|---|---|"
    return "\n".join([head, *rows, "", what, *survivors, "", f"Written at {commit.stdout.strip()}.", ""])


def _share(killed: list[bool]) -> str:
    from scipy.stats import binomtest

    if not killed:
        return "0 of 0 killed"
    share = binomtest(sum(killed), len(killed)).proportion_ci()
    return (
        f"{sum(killed)} of {len(killed)} killed ({100 * sum(killed) / len(killed):.0f} %, 95 % interval "
        f"{100 * share.low:.0f} to {100 * share.high:.0f} %)"
    )


if __name__ == "__main__":
    main()
