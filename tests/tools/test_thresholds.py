"""The script that moves thresholds: which numbers it moves, and how far."""

import pytest
from tools.thresholds import moves

MODULE = """
from dataclasses import dataclass
LOW, HIGH = 1.0, 20.0  # s
COUNT = 12
RANGE = (0.5, 2.0)
@dataclass
class Settings:
    alpha: float = 0.05
"""


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("LOW", ["1.0 -> 1.02", "1.0 -> 0.98"]),
        ("HIGH", ["20.0 -> 20.4", "20.0 -> 19.6"]),
        ("COUNT", ["12 -> 13", "12 -> 11"]),
        ("RANGE", ["0.5 -> 0.51", "0.5 -> 0.49", "2.0 -> 2.04", "2.0 -> 1.96"]),
        ("alpha", ["0.05 -> 0.051000000000000004", "0.05 -> 0.049"]),
        ("absent", []),
    ],
)
def test_each_number_of_a_definition_is_moved_either_way(tmp_path, name, changes):
    module = tmp_path / "module.py"
    module.write_text(MODULE)
    moved = list(moves(module, name))
    assert [what for what, _ in moved] == changes
    for what, text in moved:
        old, new = what.split(" -> ")
        (line, changed), = [
            (a, b) for a, b in zip(MODULE.split("\n"), text.split("\n"), strict=True) if a != b
        ]  # fmt: skip
        assert line.replace(old, new, 1) == changed
