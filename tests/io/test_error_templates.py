"""Every error of the readers is a template with facts, so that it can be translated."""

from __future__ import annotations

import ast

import pytest

from tests.paths import ROOT

MODULES = [
    *(ROOT / "src/coregulation/io").rglob("*.py"),
    *(ROOT / "src/coregulation/cli" / f"{name}.py" for name in ("inspect", "convert", "new_manifest", "sources")),
]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_no_error_is_built_from_pieces(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    raised = [node.exc for node in ast.walk(tree) if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call)]
    ours = [
        call for call in raised if ast.unparse(call.func) not in ("ValueError", "TypeError")
    ]  # those become one of ours at the border
    built = [call.lineno for call in ours if any(isinstance(item, (ast.JoinedStr, ast.BinOp)) for item in call.args)]
    assert built == []
