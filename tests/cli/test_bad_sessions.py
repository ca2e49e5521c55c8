"""Sessions that cannot tell who steadies whom, through `coregulation analyze`: a refusal, or "cannot tell" with the reason."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from coregulation.cli import main
from coregulation.events import Block, Mark
from coregulation.io import write_session
from coregulation.regulation import fit
from coregulation.session import Session
from coregulation.signals import Floats, Signal, Unit
from coregulation.simulate.confounds import known_answer

STEADIED = {"mutual-co-regulation", "lent-regulation", "one-way"}
LENT = known_answer("lent", 2)[0]
MOMENTS = ("perturb", "recover")
ADA, BEN = (LENT.of(who).signals["arousal"] for who in ("ada", "ben"))


def blocks(keep: Callable[[Block], bool]) -> Session:
    return replace(LENT, blocks=tuple(block for block in LENT.blocks if keep(block)))


def signals(ada: Signal, ben: Signal) -> Session:
    pairs = zip(LENT.recordings, (ada, ben), strict=True)
    return replace(LENT, recordings=tuple(replace(recording, signals={"arousal": one}) for recording, one in pairs))


def both(change: Callable[[Signal], Floats]) -> Session:
    return signals(*(replace(one, values=change(one)) for one in (ADA, BEN)))


def resting(signal: Signal) -> Floats:
    """A person whom nothing stirs."""
    kicks = 0.02 * np.random.default_rng(len(signal) + (signal is BEN)).standard_normal(len(signal))
    values = np.zeros(len(signal))
    for at in range(1, len(values)):
        values[at] = 0.97 * values[at - 1] + kicks[at]
    return values


def never_back(signal: Signal) -> Floats:
    held = np.zeros(len(signal), bool)
    for block in LENT.blocks:
        held |= block.kind.startswith(MOMENTS) & (signal.times >= block.start) & (signal.times < block.end)
    return resting(signal) + 5.0 * held


def mostly_missing(signal: Signal) -> Floats:
    return np.where(np.random.default_rng(1).random(len(signal)) < 0.9, np.nan, signal.values)


def one_moment_each() -> Session:
    kept: list[Block] = []
    seen: set[tuple[str, tuple[str, ...]]] = set()
    for block in LENT.blocks:
        if not block.kind.startswith(MOMENTS) or (block.kind, block.perturbed) not in seen:
            kept.append(block)
            seen.add((block.kind, block.perturbed))
    return replace(LENT, blocks=tuple(kept))


def first_moment_only() -> Session:
    first = next(block for block in LENT.blocks if block.kind.startswith("perturb"))
    return blocks(lambda block: block is first or not block.kind.startswith(MOMENTS))


def swapped() -> Session:
    half = len(ADA) // 2
    return signals(
        replace(ADA, values=np.concatenate([ADA.values[:half], BEN.values[half:]])),
        replace(BEN, values=np.concatenate([BEN.values[:half], ADA.values[half:]])),
    )


def analysed(session: Session, where: pathlib.Path) -> tuple[int, dict[str, Any]]:
    manifest = write_session(session, where / "session")
    code = main(["analyze", str(manifest), "--out", str(where / "out"), "--surrogates", "99", "--jobs", "1"])
    found = where / "out" / "result.json"
    return code, json.loads(found.read_text(encoding="utf-8")) if found.exists() else {}


CANNOT_TELL = {
    "no alone block": (blocks(lambda b: "alone" not in b.kind), "Nobody was recorded alone", "three minutes apart"),
    "no perturbation": (blocks(lambda b: not b.kind.startswith(MOMENTS)), "Nobody had a hard moment", "three hard moments"),
    "one perturbation": (first_moment_only(), "Nobody had a hard moment alone", "three hard moments"),
    "one of each kind": (one_moment_each(), "1 alone and 1 together", "three hard moments"),
    "a perturbation that did not perturb": (both(resting), "more than 3 are needed", "a harder moment"),
    "never recovered": (both(never_back), "", "hard moments"),
    "most of it missing": (both(mostly_missing), "is missing after the hard moments", "chest strap"),
    "a block outside the record": (
        replace(LENT, blocks=(*LENT.blocks, Block("perturb-alone", 90000.0, 90040.0, ("ada",)))),
        "lies outside the recording", "Correct what this names",
    ),
    "alone and together at once": (
        replace(LENT, blocks=(*LENT.blocks, Block("talk", 0.0, 100.0, present=("ada", "ben")))),
        "alone or together, not both", "Correct what this names",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CANNOT_TELL)
def test_what_cannot_be_told_says_why_and_what_would_settle_it(case: str, tmp_path: pathlib.Path) -> None:
    session, why, settle = CANNOT_TELL[case]
    code, found = analysed(session, tmp_path)
    assert code == 0
    (verdict,) = found["verdicts"]
    gates = [gate for gate in verdict["gates"] if gate["name"].startswith("G4")]
    assert verdict["kind"] in {"cannot-tell", "linked-steadying-unknown"}
    assert all(gate["state"] == "cannot-tell" for gate in gates)
    assert any(why in gate["why"] for gate in gates)
    assert all(settle in gate["settle"] for gate in gates)
    assert "This visit does not show" in verdict["plain"] or gates[0]["settle"] in verdict["plain"]


REFUSED = {
    "the same twice": (signals(ADA, ADA), 3, "the same values of arousal"),
    "a flat line": (signals(replace(ADA, values=np.zeros(len(ADA))), BEN), 3, "never changes"),
    "another unit": (signals(replace(ADA, unit=Unit.PER_MINUTE), BEN), 2, "1/min cannot be converted to a.u."),
    "two blocks of one kind at once": (LENT, 3, "overlap"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_says_what_came(case: str, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    session, expected, said = REFUSED[case]
    manifest = write_session(session, tmp_path / "session")
    if "blocks" in case:
        more = '\n[[block]]\nkind = "alone-rest"\nstart = 10.0\nend = 40.0\n'
        manifest.write_text(manifest.read_text(encoding="utf-8") + more, encoding="utf-8")
    assert main(["analyze", str(manifest), "--out", str(tmp_path / "out"), "--jobs", "1"]) == expected
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_person_swapped_half_way_is_not_called_steadied(tmp_path: pathlib.Path) -> None:
    code, found = analysed(swapped(), tmp_path)
    assert code == 0
    assert found["verdicts"][0]["kind"] not in STEADIED
    assert "settled sooner" not in found["verdicts"][0]["plain"]


def test_a_mark_outside_the_record_and_an_unknown_kind_are_told(tmp_path: pathlib.Path) -> None:
    odd = replace(LENT, marks=(Mark(1e6, "late"), Mark(60.0, "fine")), blocks=(*LENT.blocks, Block("tea", 5.0, 10.0)))
    code, found = analysed(odd, tmp_path)
    assert code == 0
    kinds, mark = found["regulation"]["notes"]
    assert "(tea)" in kinds
    assert "“late” at 1e+06 s lies outside the recording" in mark
    assert "was not used" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


def test_a_search_that_does_not_end_gives_no_estimate(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fit, "_MAX_STEPS", 1)
    monkeypatch.setattr(fit, "_MAX_EVALUATIONS", 1)
    code, found = analysed(LENT, tmp_path)
    assert code == 0
    (gate,) = [gate for gate in found["verdicts"][0]["gates"] if gate["name"].startswith("G4")]
    assert "no estimate" in gate["why"]
    assert found["regulation"]["directions"] == []
    assert len(found["regulation"]["comparisons"]) == 2, "what needs no model is told all the same"


def test_what_the_design_does_not_identify_is_null(tmp_path: pathlib.Path) -> None:
    code, found = analysed(known_answer("only-one-hit", 2)[0], tmp_path)
    assert code == 0
    told = {one["to"]: one for one in found["regulation"]["directions"]}
    for name in ("own_burden", "net_effect", "cost_to_partner"):
        assert told["ben"][name] == {"value": None, "low": None, "high": None, "level": 0.95}
        assert told["ada"][name]["value"] is not None
