"""Count what makes code easy to read: sizes, names that stand for two things, docstrings with arguments, units and sources.

    python tools/metrics.py                                                  # the package of this checkout
    python tools/metrics.py 0.1=OTHER/src/coregulation 0.2=src/coregulation  # beside an older version, such as in a worktree
    python tools/metrics.py --write 0.1=OTHER/src/coregulation 0.2=src/coregulation  # into docs/generated/sizes.md

Prints a table in Markdown, one column per folder. A function's length is without its docstring; a module's is given with and
without docstrings. "Documented" is a public function or class with a docstring; its arguments count as documented where the
docstring has a section for them. A unit or shape, and a source (a year, a DOI or a standard), are looked for by their words.
"""

from __future__ import annotations

import ast
import re
import statistics
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
UNIT = re.compile(
    r"\b(Hz|seconds?|ms|min|in s|s\.|, s\b|\(s\)|ms²|µS|1/min|1/s|bpm|samples?|radians?|rad|degrees|0 to 1|share|ppm|z|SDs?|bytes|"
    r"session time)\b|\bshape\b|µS|\bin the unit|\bIn s\b|\bin standard deviations\b",
    re.IGNORECASE,
)
SOURCE = re.compile(r"\b(19|20)\d\d\b|doi:|et al|https?://|\bRFC \d|\bISO \d|\bIEC \d", re.IGNORECASE)
SECTIONS = ("Parameters\n", "Args:", ":param")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """A parsed module and its text."""

    path: Path
    text: str
    tree: ast.Module


def modules(root: Path) -> list[Module]:
    """Read every module under a folder."""
    texts = {path: path.read_text(encoding="utf-8") for path in sorted(root.rglob("*.py"))}
    return [Module(path, text, ast.parse(text)) for path, text in texts.items()]


def functions(parsed: Sequence[Module]) -> Iterator[Function]:
    """Yield every function and method."""
    for module in parsed:
        yield from (node for node in ast.walk(module.tree) if isinstance(node, Function))


def public(parsed: Sequence[Module]) -> Iterator[Function | ast.ClassDef]:
    """Yield public functions, methods and classes of public modules' top levels and classes."""
    for module in parsed:
        for node in module.tree.body:
            if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_"):
                yield node
                inside = node.body if isinstance(node, ast.ClassDef) else []
                yield from (part for part in inside if isinstance(part, Function) and not part.name.startswith("_"))


def own_lines(node: Function | ast.ClassDef | ast.Module) -> int:
    """Return the lines of a definition without docstrings, its own and those inside."""
    total = len(range(getattr(node, "lineno", 1), (getattr(node, "end_lineno", None) or _last(node)) + 1))
    for part in ast.walk(node):
        if isinstance(part, Function | ast.ClassDef | ast.Module) and ast.get_docstring(part) is not None:
            text = part.body[0]
            total -= (text.end_lineno or text.lineno) - text.lineno + 1
    return total


def _last(node: ast.AST) -> int:
    return max((getattr(part, "end_lineno", 0) or 0 for part in ast.walk(node)), default=0)


def arguments(node: Function) -> list[str]:
    """Return the names of a function's arguments, without self and cls."""
    every = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    return [argument.arg for argument in every if argument.arg not in ("self", "cls")]


def duplicates(parsed: Sequence[Module], public_only: bool) -> list[str]:
    """Return names of classes that are defined more than once."""
    names = Counter(
        node.name for module in parsed for node in module.tree.body
        if isinstance(node, ast.ClassDef) and not (public_only and node.name.startswith("_"))
    )  # fmt: skip
    return sorted(name for name, count in names.items() if count > 1)


def layers(root: Path) -> int:
    """Return how many layers the first import contract of a checkout has; 0 without one."""
    project = root.parents[1] / "pyproject.toml"
    if not project.is_file():
        return 0
    tools = tomllib.loads(project.read_text(encoding="utf-8")).get("tool", {})
    contracts = tools.get("importlinter", {}).get("contracts", [])
    return next((len(contract["layers"]) for contract in contracts if contract["type"] == "layers"), 0)


def spread(values: Sequence[int]) -> str:
    """Return median, 90th percentile and maximum."""
    ordered = sorted(values)
    return f"{statistics.median(ordered):g} / {ordered[min(len(ordered) - 1, int(0.9 * len(ordered)))]} / {ordered[-1]}"


def share(part: int, total: int) -> str:
    """Return a percentage with its counts."""
    return f"{100 * part / max(1, total):.0f} % ({part} of {total})"


def measure(root: Path) -> dict[str, str]:
    """Count everything of one package.

    Parameters
    ----------
    root
        Folder of the package.

    Returns
    -------
    dict
        What was counted, and how it is printed.
    """
    parsed = modules(root)
    every = list(functions(parsed))
    known = list(public(parsed))
    callables = [node for node in known if isinstance(node, Function)]
    with_arguments = [node for node in callables if arguments(node)]
    texts = [ast.get_docstring(node) or "" for node in known]
    documented = [text for text in texts if text]
    parts = {path.name for path in root.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()} - {
        "__init__.py"
    }
    return {
        "top-level parts": str(len(parts)),
        "layers of imports (whole package)": str(layers(root)),
        "modules": str(len(parsed)),
        "lines": f"{sum(module.text.count(chr(10)) for module in parsed):,}",
        "module, lines (median / 90 % / most)": spread([module.text.count("\n") for module in parsed]),
        "module without docstrings": spread([own_lines(module.tree) for module in parsed]),
        "modules over 400 lines": str(sum(module.text.count("\n") > 400 for module in parsed)),
        "function without docstring": spread([own_lines(node) for node in every]),
        "functions over 30 lines": str(sum(own_lines(node) > 30 for node in every)),
        "names of two classes": str(len(duplicates(parsed, False))),
        "of two public classes": str(len(duplicates(parsed, True))),
        "public names with a docstring": share(len(documented), len(known)),
        "of these one line only": share(sum("\n" not in text for text in documented), len(documented)),
        "functions that document their arguments": share(
            sum(any(word in (ast.get_docstring(node) or "") for word in SECTIONS) for node in with_arguments), len(with_arguments)
        ),
        "docstrings with a unit or shape": share(sum(bool(UNIT.search(text)) for text in documented), len(documented)),
        "docstrings with a source": share(sum(bool(SOURCE.search(text)) for text in documented), len(documented)),
    }  # fmt: skip


def table(wanted: Sequence[str]) -> str:
    """Return the table in Markdown.

    Parameters
    ----------
    wanted
        Folders of packages, each as `name=folder` or alone.

    Returns
    -------
    str
        One column per folder.
    """
    named = [(name, Path(place)) for name, _, place in (word.rpartition("=") for word in wanted)]
    columns = [measure(root) for _, root in named]
    head = [f"| | {' | '.join(name or str(root) for name, root in named)} |", f"|---|{'---|' * len(named)}"]
    rows = [f"| {name} | {' | '.join(column[name] for column in columns)} |" for name in columns[0]]
    return "\n".join([*head, *rows, ""])


def main() -> None:
    """Print the table, or write it into the documentation."""
    words = [word for word in sys.argv[1:] if word != "--write"]
    text = table(words or [f"this checkout={ROOT / 'src' / 'coregulation'}"])
    if "--write" in sys.argv:
        (ROOT / "docs" / "generated" / "sizes.md").write_text(text, encoding="utf-8")
    else:
        print(text, end="")


if __name__ == "__main__":
    main()
