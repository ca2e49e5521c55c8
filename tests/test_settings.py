"""Each setting stands in one place: what more than one package reads is never written again as a number or a name."""

import ast
import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from scipy.stats import norm

from coregulation import settings
from coregulation.channels import CHANNELS, EDA, HEART_RATE
from coregulation.errors import DataError
from coregulation.physiology.arousal import baseline
from coregulation.signals import Signal, Unit, Window
from tests.paths import ROOT

SOURCE = ROOT / "src" / "coregulation"
QUANTILES = {0.025, 0.975, 1.96}  # of a 95 % interval
NAMES = {HEART_RATE, EDA}
# Words that stand in other people's files, and the registry itself.
VOCABULARIES = ("channels.py", "io/formats", "io/examples", "io/missing_codes.py", "io/tables/header_names.py")


def repeats(text: str, names: set[str]) -> Iterator[str]:
    """Yield where a module writes a shared setting again.

    A level is a default of 0.95 for something called a level; a quantile of a 95 % interval is one in an argument, an index
    or a product; a rest is a length of 180 s; a name is a string that is a channel.
    """
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call | ast.Subscript | ast.BinOp):
            parts = node.args if isinstance(node, ast.Call) else list(ast.iter_child_nodes(node))
            yield from (f"{part.lineno}: {part.value}" for part in _numbers(parts) if part.value in QUANTILES)
        if isinstance(node, ast.arguments):
            for argument, default in [
                *zip(node.args[::-1], node.defaults[::-1], strict=False),
                *zip(node.kwonlyargs, node.kw_defaults, strict=True),
            ]:
                yield from _level(argument.arg, default)
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield from _level(node.target.id, node.value)
            yield from _rest(node.target.id, node.value)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            yield from _rest(node.targets[0].id, node.value)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in names:
            yield f"{node.lineno}: {node.value!r}"


def _numbers(parts: list[ast.AST]) -> Iterator[ast.Constant]:
    for part in parts:
        inner = part.elts if isinstance(part, ast.List | ast.Tuple) else [part]
        yield from (item for item in inner if isinstance(item, ast.Constant) and type(item.value) is float)


def _level(name: str, value: ast.AST | None) -> Iterator[str]:
    if name == "level" and isinstance(value, ast.Constant) and value.value == settings.LEVEL:
        yield f"{value.lineno}: level = {value.value}"


def _rest(name: str, value: ast.AST | None) -> Iterator[str]:
    if (
        ("rest" in name.lower().split("_") or name == "baseline")
        and isinstance(value, ast.Constant)
        and value.value in (180.0, 30.0)
    ):
        yield f"{value.lineno}: {name} = {value.value}"


def modules() -> list[Path]:
    return [path for path in sorted(SOURCE.rglob("*.py")) if path.name != "settings.py"]


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_no_module_writes_a_shared_setting_again(path: Path):
    names = set() if path.relative_to(SOURCE).as_posix().startswith(VOCABULARIES) else NAMES
    assert list(repeats(path.read_text(encoding="utf-8"), names)) == []


@pytest.mark.parametrize(
    "text",
    [
        "half = 1.96 * error", "quantile(x, [0.025, 0.975])", "stdtrit(n, 0.975)", "def f(level: float = 0.95): ...",
        "def f(*, level=0.95): ...", "class A:\n    level: float = 0.95", "MIN_REST = 180.0", "class A:\n    baseline: float = 180.0",
        "signals['heart_rate']",
    ],
)  # fmt: skip
def test_the_search_sees_a_setting_that_is_written_again(text: str):
    assert list(repeats(text, NAMES)) != []


def test_quantiles_follow_from_the_level():
    assert pytest.approx(settings.LEVEL, abs=1e-15) == settings.UPPER - settings.TAIL
    assert pytest.approx(norm.ppf(settings.UPPER), rel=1e-12) == settings.Z_LEVEL


def test_named_channels_are_registered():
    assert set(CHANNELS) >= NAMES


@pytest.mark.parametrize("least", [settings.MIN_BASELINE_REST, settings.MIN_RESTING_LEVEL])
def test_a_span_is_long_enough_at_its_minimum_and_not_below(least: float):
    assert settings.is_long_enough(least, least)
    assert settings.is_long_enough(math.nextafter(least, math.inf), least)
    assert settings.is_long_enough((0.1 + least) - 0.1, least)  # less than the minimum by rounding
    assert not settings.is_long_enough(least - 1e-5, least)


@pytest.mark.parametrize("start", [0.0, 0.1, 1 / 3, 1000.7])
def test_a_baseline_needs_its_rest_wherever_it_starts(start: float):
    steady = Signal([70.0 + i % 3 for i in range(2000)], 4.0, start, Unit.PER_MINUTE)
    assert baseline({HEART_RATE: steady}, Window(start, start + settings.MIN_BASELINE_REST)).rests
    with pytest.raises(DataError, match="180 s of rest"):
        baseline({HEART_RATE: steady}, Window(start, start + settings.MIN_BASELINE_REST - 0.01))
