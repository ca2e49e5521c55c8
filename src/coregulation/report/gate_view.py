"""A gate as the page shows it: the question, how it was answered, why, and what would settle it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coregulation.analysis.results import About
from coregulation.regulation.verdict import Gate, GateState
from coregulation.report import sentences
from coregulation.report.catalogue import Catalogue, Voice
from coregulation.report.rendering import say

MARKS = {GateState.PASSED: "✓", GateState.FAILED: "–", GateState.CANNOT_TELL: "?"}


@dataclass(frozen=True, slots=True)
class GateView:
    """One question in one voice; `settle` is empty where nothing would, or nothing is open."""

    state: str
    mark: str
    question: str
    answer: str
    why: str
    settle: str


def view_gates(gates: Sequence[Gate], about: About, catalogue: Catalogue, voice: Voice) -> list[GateView]:
    """Return gates in a voice."""
    return [_view(gate, about, catalogue, voice) for gate in gates]


def _view(gate: Gate, about: About, catalogue: Catalogue, voice: Voice) -> GateView:
    plain = voice is Voice.PLAIN
    why = sentences.gate_plain(gate, about) if plain else gate.why
    settle = sentences.settle_plain(gate) if plain else gate.settle
    passed = gate.state is GateState.PASSED
    return GateView(
        gate.state.value, MARKS[gate.state], _question(gate, catalogue, voice),
        catalogue.text(f"gate-state.{gate.state.value}", voice), say(why, catalogue, voice),
        "" if passed else say(settle, catalogue, voice),
    )  # fmt: skip


def _question(gate: Gate, catalogue: Catalogue, voice: Voice) -> str:
    if gate.name == "G4":
        return catalogue.text("gate.either", voice)
    giver, _, receiver = gate.name[3:].partition(" → ")
    return catalogue.text(f"gate.{gate.question.lower()}", voice, giver=giver, receiver=receiver)


def what_to_do(views: Sequence[GateView]) -> list[str]:
    """Return what would settle what is open, each once."""
    return list(dict.fromkeys(view.settle for view in views if view.settle))
