"""Science opens no file, reads no clock, asks no network and has no random state of its own; shown on the syntax tree."""

import ast
from pathlib import Path

import pytest

from tests.paths import ROOT

SOURCE = ROOT / "src" / "coregulation"
PURE = ("settings.py", "errors.py", "reasons.py", "signals.py", "channels.py", "session.py", "events.py", "clock.py", "stage.py", "sliding_stage.py", "filters.py", "coupling", "physiology", "regulation", "simulate", "analysis")  # fmt: skip
METHODS = {
    "read_text",
    "write_text",
    "read_bytes",
    "write_bytes",
    "open",
    "unlink",
    "mkdir",
    "rglob",
    "iterdir",
    "now",
    "utcnow",
    "today",
}
CALLS = {
    "open", "input", "print", "time.time", "time.monotonic", "time.perf_counter", "time.sleep",
    "np.random.seed", "np.random.normal", "np.random.rand", "np.random.randn", "np.random.random", "np.random.uniform",
    "np.random.choice", "np.random.shuffle", "np.random.permutation", "np.random.standard_normal",
}  # fmt: skip
MODULES = {"time", "random", "secrets", "uuid", "tempfile", "shutil", "pathlib", "os", "glob"}


def sources() -> list[Path]:
    found = [SOURCE / name for name in PURE]
    return sorted(path for item in found for path in ([item] if item.suffix else item.rglob("*.py")))


def impurities(text: str) -> list[str]:
    """Return what in a module touches the world outside it."""
    out = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called in CALLS or (isinstance(node.func, ast.Attribute) and node.func.attr in METHODS):
                out.append(called)
            if called.endswith("default_rng") and not node.args:
                out.append("default_rng() without a seed")
        if isinstance(node, ast.Import):
            out += [item.name for item in node.names if item.name.split(".")[0] in MODULES]
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in MODULES:
            out.append(str(node.module))
        if isinstance(node, ast.Global):
            out.append("global " + ", ".join(node.names))
    return out


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_science_touches_nothing_outside_itself(path: Path):
    assert impurities(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "planted",
    ["open('x')", "import time", "from pathlib import Path", "import numpy as np\nnp.random.seed(1)", "np.random.default_rng()",
     "datetime.datetime.now()", "import random", "Path(x).read_text()"],
)  # fmt: skip
def test_each_kind_would_be_found(planted: str):
    assert impurities(planted)
