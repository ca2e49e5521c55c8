"""Each control as a file goes the whole way: its parts as blocks, a simulated pair, a folder, the command, the answer."""

from __future__ import annotations

import itertools
import json
import pathlib
from collections.abc import Mapping

import numpy as np
import pytest

from coregulation.cli import main
from coregulation.events import Block
from coregulation.io import write_session
from coregulation.live.room.comparison import build_comparison
from coregulation.live.room.practice import protocol, protocols
from coregulation.live.room.script import ScriptPart, ScriptPeople
from coregulation.session import Person, Recording, Session
from coregulation.signals import Signal, Unit
from coregulation.simulate.pair_model import PairModel
from coregulation.simulate.plan import Plan, PlanSpan

PAIR = ("ada", "ben")
HELP = PairModel(d=(0.04, 0.04), noise=(0.02, 0.02), sigma=(0.006, 0.006))


def lived(parts: tuple[ScriptPart, ...], steadied_by: tuple[str, ...]) -> Session:
    """A pair who help each other when this kind of partner is there, with the blocks that a room would keep."""
    times = [0.0, *itertools.accumulate(float(part.seconds or 15.0) for part in parts)]
    spans = tuple(
        PlanSpan(
            part.block, float(part.seconds or 15.0),
            dict.fromkeys(part.perturbed, 1.0) if part.block.startswith("perturb") else {},
            bool(part.present) and part.partner in steadied_by,
        )
        for part in parts
    )  # fmt: skip
    series = HELP.draw(np.random.default_rng(4), Plan(PAIR, spans), 1.0)
    blocks = tuple(
        Block(
            part.block, start, end, part.perturbed, present=part.present,
            partner=part.partner if part.present else None,
        )
        for part, (start, end) in zip(parts, itertools.pairwise(times), strict=True)
    )  # fmt: skip
    recordings = tuple(
        Recording(Person(who), {"arousal": Signal(values, 1.0, 0.0, Unit.ARBITRARY)})
        for who, values in zip(PAIR, series.measured.T, strict=True)
    )
    return Session("lived", recordings, blocks=blocks, shared=(), setting="one room", simulated=True)


def told(name: str, where: pathlib.Path, steadied_by: tuple[str, ...] = ("live",)) -> Mapping[str, object]:
    parts = build_comparison(protocol(name), ScriptPeople(PAIR))
    manifest = write_session(lived(parts, steadied_by), where / "session")
    assert main(["analyze", str(manifest), "--out", str(where / "out"), "--surrogates", "99", "--jobs", "1"]) == 0
    return json.loads((where / "out" / "result.json").read_text(encoding="utf-8"))


def plain(result: Mapping[str, object]) -> str:
    return result["verdicts"][0]["plain"]  # type: ignore[index, no-any-return]


def test_a_live_partner_who_beats_the_recording_earns_because(tmp_path: pathlib.Path) -> None:
    result = told("stand-in-partner", tmp_path)
    assert result["verdicts"][0]["kind"] == "mutual-co-regulation"  # type: ignore[index]
    assert "because of ben, and not only because somebody was there" in plain(result)
    controls = result["regulation"]["controls"]  # type: ignore[index]
    assert {(one["person"], one["partner"]) for one in controls} == {("ada", "recorded"), ("ben", "recorded")}
    assert all(one["ratio"]["high"] < 1 for one in controls)


def test_a_recording_that_does_as_much_leaves_it_at_when_somebody_was_there(tmp_path: pathlib.Path) -> None:
    result = told("stand-in-partner", tmp_path, ("live", "recorded"))
    assert "when ben was there" in plain(result)
    assert "because" not in plain(result)


def test_one_has_the_effort_and_the_other_is_watched(tmp_path: pathlib.Path) -> None:
    result = told("watch-the-other", tmp_path)
    verdict, exchange = result["verdicts"][0], result["regulation"]  # type: ignore[index]
    assert (verdict["kind"], verdict["from"], verdict["to"]) == ("lent-regulation", "ben", "ada")
    assert [one["person"] for one in exchange["composure"]] == ["ben"]
    assert "ben had no hard moment of their own" in plain(result)
    (back,) = [one for one in exchange["directions"] if one["to"] == "ben"]
    assert back["own_burden"]["value"] is None


def test_alone_and_with_answers_in_one_visit(tmp_path: pathlib.Path) -> None:
    result = told("alone-and-with", tmp_path)
    assert result["verdicts"][0]["kind"] == "mutual-co-regulation"  # type: ignore[index]
    assert result["regulation"]["order"] == "crossed"  # type: ignore[index]


@pytest.mark.parametrize("name", list(protocols()))
def test_what_is_done_alone_is_not_kept_as_done_together(name: str) -> None:
    for part in build_comparison(protocol(name), ScriptPeople(PAIR)):
        if part.role != "cue":
            assert bool(part.present) != ("alone" in part.block)


def test_the_lot_falls_differently_for_different_people() -> None:
    firsts = {
        build_comparison(protocol("stand-in-partner"), ScriptPeople((f"p{k}", f"q{k}")))[2].step for k in range(20)
    }
    assert firsts == {"alone-1-cue", "live-1-cue", "recorded-1-cue"}
