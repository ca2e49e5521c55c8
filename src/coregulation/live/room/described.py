"""What a page is told of a comparison: its length, for whom its tasks are, and how often such a session answers."""

from __future__ import annotations

import csv
import io
import math
from typing import Any

import msgspec

from coregulation.data import data_text
from coregulation.live.room.comparison import build_comparison
from coregulation.live.room.practice import Protocol, protocols
from coregulation.live.room.script import ScriptPeople

CUE = 15.0  # s that people take to change places, as the plan of the power table has it
_TWO = ScriptPeople(("first", "second"))


def described_protocols() -> list[dict[str, Any]]:
    """Return every comparison that comes with the package, the recommended one first."""
    return [_described(design) for design in protocols().values()]


def _described(design: Protocol) -> dict[str, Any]:
    seconds = sum(CUE if part.seconds is None else part.seconds for part in build_comparison(design, _TWO))
    answers = [] if design.table is None else answer_shares(design.table)
    return {
        **msgspec.to_builtins(design), "one_tasked": design.one_tasked, "stirs": design.stirs,
        "minutes": math.ceil(seconds / 60), "answers": answers,
    }  # fmt: skip


def answer_shares(table: str) -> list[dict[str, float]]:
    """Return how often "settles sooner" is said, from the table that `coregulation.study.visits` makes.

    Parameters
    ----------
    table
        Name of the plan.

    Returns
    -------
    list of dict
        One per strength and number of visits: `ratio` (half-life together over alone; 1: nothing is true), `visits`, `answered` of
        `sets` simulated pairs, and that as a `share` (0 to 1) with its 95 % interval `low` to `high`.
    """
    rows = csv.DictReader(io.StringIO(data_text("plans", f"{table}.csv")))
    return [
        {
            "ratio": float(row["ratio"]), "visits": int(row["visits"]), "sets": int(row["sets"]), "answered": int(row["answered"]),
            **{key: float(row[key]) for key in ("share", "low", "high")},
        }
        for row in rows
    ]  # fmt: skip
