"""The wording rules (LIVE.md 7.3) over every string that the report and the verdicts can say."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import coregulation

FORBIDDEN = {
    "score": r"\bscores?\b",
    "in sync": r"\bin[- ]sync\b|\bsynchron(y|ised|ized)\b",
    "percentage of togetherness": r"%\s*(of )?(sync|together|alike|linked)|percent",
    "level": r"\blevels? (up|reached)|\byour level\b",
    "streak": r"\bstreaks?\b",
    "badge": r"\bbadges?\b|\bachieve",
    "praise and blame": r"\b(good|bad|better|worse|best|worst|poor|excellent|great|weak) (people|person|pair|couple|partner|team|job|result)",
    "toxic": r"\btoxic\b",
    "compatible": r"\b(in)?compatib",
    "healing": r"\bheal(ed|ing|s|thy)?\b|\bcured?\b|\btreats? ",
    "vagal tone": r"\bvagal\b|\bvagus\b",
    "improved": r"\bimprove[ds]?\b",
    "alarm": r"\b(warning|danger|alarm)\b",
    "diagnosis": r"\bdiagnos(e|ed|is of)\b|\bdisorder\b|\bsymptom",
    "hunting": r"\b(highly |very )?significant(ly)?\b",
    "subject": r"\bsubject ?\d",
    "promise": r"\byou will\b|\bguarantee",
}
HOUSE = Path(coregulation.__file__).parent
SPEAKING = [
    *sorted(
        set((HOUSE / "report").glob("*.py")) - {HOUSE / "report" / "bibliography.py"}
    ),  # titles of papers are not ours
]


def strings(path: Path) -> list[str]:
    """Return every string of a file that is no docstring, f-strings with their gaps left open."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    silent = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and isinstance(node.body[0], ast.Expr)
    }
    out = []
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            out.append("".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
            out.append(node.value)
    return out


@pytest.mark.parametrize("rule", FORBIDDEN)
@pytest.mark.parametrize("path", SPEAKING, ids=lambda path: path.stem)
def test_no_string_breaks_a_rule(path: Path, rule: str):
    broken = [text for text in strings(path) if re.search(FORBIDDEN[rule], text, flags=re.I)]
    assert not broken


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ("Your sync score is 80", "score"), ("You two were in sync!", "in sync"), ("83 % together", "percentage of togetherness"),
        ("a good couple", "praise and blame"), ("vagal tone improved", "vagal tone"), ("a seven-day streak", "streak"),
    ],
)  # fmt: skip
def test_the_rules_catch_what_they_are_for(said: str, rule: str):
    assert re.search(FORBIDDEN[rule], said, flags=re.I)


@pytest.mark.parametrize("which", ["pair_page", "group_page", "too_short_page"])
def test_the_voice_for_people_has_no_rule_broken_and_no_statistics(which: str, request: pytest.FixtureRequest):
    text = request.getfixturevalue(which)
    voices = re.findall(r'<div class="for-people">(.*?)</div>\s*<div class="for-methods">', text, flags=re.S)
    assert len(voices) >= 4
    for voice in voices:
        plain = re.sub(r"<[^>]*>", " ", voice)
        for pattern in (*FORBIDDEN.values(), r"%", r"\bp [=<]", r"\bG\d\b", r"--", r"\bFDR\b", r"correlation", r"null"):
            assert not re.search(pattern, plain, flags=re.I), plain
