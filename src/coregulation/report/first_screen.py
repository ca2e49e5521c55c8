"""What the first screen says: the answer without what stands elsewhere on the page, and what can and cannot be said."""

from __future__ import annotations

from collections.abc import Sequence

from coregulation.analysis.verdict import Verdict
from coregulation.reasons import Reason
from coregulation.regulation.gate import Gate, GateState, Question, VerdictKind
from coregulation.regulation.reason_codes import Statement

_EXPLAINED = (Statement.ALONE_FIRST, Statement.TOGETHER_FIRST)  # under "What else could explain it?"


def answer_statements(verdict: Verdict) -> list[Reason]:
    """Return what the people are told first: without reasons, advice and cautions that other parts of the page give.

    Parameters
    ----------
    verdict
        Its statements are for a reader who sees nothing else.

    Returns
    -------
    list of Reason
        At least one, in order.
    """
    elsewhere = [gate.reason for gate in verdict.gates] + [gate.settle for gate in verdict.gates if gate.settle]
    own = [item for item in verdict.statements if item not in elsewhere and item.code not in _EXPLAINED]
    return own or list(verdict.statements[:1])


def shown_gates(verdict: Verdict) -> list[Gate]:
    """Return the questions that the people see: none that is answered by the answer to another one.

    That there is enough signal goes without saying where something was answered; who comes first, and what else it may come
    from, are no questions where no linkage was shown, unless what was shared is the answer.
    """
    states = {gate.question: gate.state for gate in verdict.gates}
    hidden = {Question.QUALITY} if states.get(Question.QUALITY) is GateState.PASSED else set()
    if states.get(Question.OWN_DYNAMICS) is not GateState.PASSED:
        hidden |= {Question.LEAD}
        hidden |= {Question.SCRIPTED_INPUT} if verdict.kind is not VerdictKind.IN_PARALLEL else set()
    return [gate for gate in verdict.gates if gate.question not in hidden]


def is_told(code: str, statements: Sequence[Reason]) -> bool:
    """Whether a statement is among those that the people are told first."""
    return any(item.code == code for item in statements)


def without_repeats(each: Sequence[Sequence[str]]) -> list[str]:
    """Join what is said of several, each in several sentences; a sentence that all have comes once, at the end."""
    common = [text for text in each[0] if all(text in texts for texts in each)] if len(each) > 1 else []
    own = [" ".join(text for text in texts if text not in common) for texts in each]
    return [text for text in (*own, " ".join(common)) if text]
