"""A gate as the page shows it: the question, how it was answered, why, and what would settle it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coregulation.reasons import Reason
from coregulation.regulation.gate import Gate, GateState, Question
from coregulation.report.catalogue import Catalogue, Voice
from coregulation.report.rendering import say, say_all

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


def view_gates(
    gates: Sequence[Gate], catalogue: Catalogue, voice: Voice, shown: Sequence[Reason] = ()
) -> list[GateView]:
    """Return gates in a voice, without the reasons and remarks that have been told already."""
    return [_view(gate, catalogue, voice, shown) for gate in gates]


def _view(gate: Gate, catalogue: Catalogue, voice: Voice, shown: Sequence[Reason]) -> GateView:
    reasons = (gate.reason, *gate.remarks) if voice is Voice.PLAIN else (gate.reason,)
    why = say_all((item for item in reasons if item not in shown), catalogue, voice)
    settle = "" if gate.settle is None or gate.state is GateState.PASSED else say(gate.settle, catalogue, voice)
    return GateView(
        gate.state.value, MARKS[gate.state], _question(gate, catalogue, voice),
        catalogue.text(f"gate-state.{gate.state.value}", voice), why, settle,
    )  # fmt: skip


def _question(gate: Gate, catalogue: Catalogue, voice: Voice) -> str:
    if gate.question is Question.RECOVERY and gate.direction is None:
        return catalogue.text("gate.either", voice)
    giver, receiver = gate.direction or ("", "")
    return catalogue.text(f"gate.{gate.question.lower()}", voice, giver=giver, receiver=receiver)


def what_to_do(views: Sequence[GateView]) -> list[str]:
    """Return what would settle what is open, each once."""
    return list(dict.fromkeys(view.settle for view in views if view.settle))
