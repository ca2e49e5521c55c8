"""What natural mode says, as codes: the gate of each direction, what the people are told, and what a methods section is told."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from coregulation.reasons import Reason, ReasonCode, because
from coregulation.regulation.gate import Gate, GateState, Question
from coregulation.regulation.natural.answer import (
    CLAIMS,
    MIN_OF_EACH,
    SHOWN_RISES,
    SHOWN_TIME,
    TOLD_RISES,
    TOLD_TIME,
    NaturalDirection,
    NaturalState,
)

_COUNTS = ("giver", "receiver", "rises", "settled", "unsettled")


class NaturalReason(ReasonCode):
    """Why a direction was answered as it was; `left` is a share (value, low, high), below 0 where less was left."""

    SOONER = "natural.sooner", *_COUNTS, "left", "p"
    LATER = "natural.later", *_COUNTS, "left", "p"
    NOT_SHOWN = "natural.not-shown", *_COUNTS, "left", "p"
    SOMETHING_MOVED_BOTH = "natural.something-moved-both", *_COUNTS, "p"
    CONTROLS_DIFFER = "natural.controls-differ", *_COUNTS, "p"
    SHARED_KNOWN = "natural.shared-known", *_COUNTS
    MORE_NEEDED = "natural.more-needed", "receiver", "time", "needed", "rises", "needed_rises"  # s
    TOO_SHORT = "natural.too-short", "time", "needed"  # s
    TOO_FEW_RISES = "natural.too-few-rises", "receiver", "rises", "needed"
    SETTLED_TOO_OFTEN = "natural.settled-too-often", "giver", "receiver", "rises", "count", "needed"
    SETTLED_TOO_RARELY = "natural.settled-too-rarely", "giver", "receiver", "rises", "count", "needed"
    NO_TEST = "natural.no-test", "giver", "receiver"


class NaturalStatement(ReasonCode):
    """What the people are told."""

    SOONER = "natural-told.sooner", "giver", "receiver"
    LATER = "natural-told.later", "giver", "receiver"
    NOT_BECAUSE = "natural-told.not-because", "giver", "receiver"
    SPEECH_UNKNOWN = "natural-told.speech-unknown"


class NaturalEvidence(ReasonCode):
    """What a methods section is told; `moves` is how many of 100 moves of the giver's course do as much."""

    EFFECT = "natural-evidence.effect", *_COUNTS, "time", "sessions", "left", "moves", "p", "adjusted", "shifts"
    NO_INPUT_SEEN = "natural-evidence.no-input-seen", "common", "controls"
    INPUT_SEEN = "natural-evidence.input-seen", "common", "controls"
    LEFT_OUT = "natural-evidence.left-out", "receiver", "count"
    DRIVEN = "natural-evidence.driven", "receiver", "settled", "unsettled"  # shares
    SPEECH_UNKNOWN = "natural-evidence.speech-unknown"
    NOBODY_ALONE = "natural-evidence.nobody-alone", "giver", "receiver"


class SettleNatural(ReasonCode):
    """What would settle it."""

    LONGER = "settle.natural-longer", "needed"  # s
    COIN_OR_APART = "settle.natural-coin-or-apart"


_SENTENCES = {
    NaturalState.SOONER: NaturalReason.SOONER, NaturalState.LATER: NaturalReason.LATER, NaturalState.NOT_SHOWN: NaturalReason.NOT_SHOWN,
    NaturalState.SOMETHING_MOVED_BOTH: NaturalReason.SOMETHING_MOVED_BOTH, NaturalState.CONTROLS_DIFFER: NaturalReason.CONTROLS_DIFFER,
    NaturalState.SHARED_KNOWN: NaturalReason.SHARED_KNOWN, NaturalState.MORE_NEEDED: NaturalReason.MORE_NEEDED,
    NaturalState.TOO_SHORT: NaturalReason.TOO_SHORT, NaturalState.TOO_FEW_RISES: NaturalReason.TOO_FEW_RISES,
    NaturalState.SETTLED_TOO_OFTEN: NaturalReason.SETTLED_TOO_OFTEN, NaturalState.SETTLED_TOO_RARELY: NaturalReason.SETTLED_TOO_RARELY,
    NaturalState.NO_TEST: NaturalReason.NO_TEST,
}  # fmt: skip
_ANSWERS = {NaturalState.SOONER: GateState.PASSED, NaturalState.LATER: GateState.FAILED}


def left(direction: NaturalDirection) -> tuple[float, float, float]:
    """Return how much more is left of a rise with a settled giver than with an unsettled one.

    Parameters
    ----------
    direction
        With an effect.

    Returns
    -------
    tuple of float
        Share (value, low, high): −.22 is 22 % less.
    """
    value, low, high = (
        math.expm1(min(end, 700.0)) for end in (direction.effect.value, direction.effect.low, direction.effect.high)
    )
    return value, low, high


def natural_reason(direction: NaturalDirection) -> Reason:
    """Say why a direction was answered as it was.

    Parameters
    ----------
    direction
        Of a pair.

    Returns
    -------
    Reason
        With exactly the facts that its code states.
    """
    d = direction
    of_each = d.unsettled if d.state is NaturalState.SETTLED_TOO_OFTEN else d.settled
    p = {NaturalState.SOMETHING_MOVED_BOTH: d.common.p, NaturalState.CONTROLS_DIFFER: d.controls}.get(
        d.state, d.adjusted
    )
    minutes = TOLD_TIME if d.state is NaturalState.MORE_NEEDED else SHOWN_TIME
    needed: dict[NaturalState, float] = {
        NaturalState.TOO_FEW_RISES: SHOWN_RISES, NaturalState.SETTLED_TOO_OFTEN: MIN_OF_EACH,
        NaturalState.SETTLED_TOO_RARELY: MIN_OF_EACH,
    }  # fmt: skip
    facts: dict[str, Any] = {
        "giver": d.giver, "receiver": d.receiver, "rises": d.rises, "settled": d.settled, "unsettled": d.unsettled,
        "left": left(d), "p": p, "time": d.time, "needed": needed.get(d.state, minutes), "needed_rises": TOLD_RISES,
        "count": of_each,
    }  # fmt: skip
    code = _SENTENCES[d.state]
    return because(code, **{name: facts[name] for name in code.facts})


def natural_gate(direction: NaturalDirection) -> Gate:
    """Turn a direction into a gate of a verdict.

    Parameters
    ----------
    direction
        Of a pair.

    Returns
    -------
    Gate
        Passed where rises end sooner, failed where they end later, else open.
    """
    longer = direction.state in (NaturalState.TOO_SHORT, NaturalState.TOO_FEW_RISES, NaturalState.MORE_NEEDED)
    settle = (
        because(SettleNatural.LONGER, needed=TOLD_TIME) if longer
        else None if direction.state in CLAIMS else because(SettleNatural.COIN_OR_APART)
    )  # fmt: skip
    return Gate(
        Question.SETTLED_BEFORE, _ANSWERS.get(direction.state, GateState.CANNOT_TELL), natural_reason(direction), settle,
        (direction.giver, direction.receiver),
    )  # fmt: skip


def natural_statements(directions: Sequence[NaturalDirection]) -> Iterator[Reason]:
    """Yield what the people are told: nothing where no difference may be claimed.

    Parameters
    ----------
    directions
        Of a pair.

    Yields
    ------
    Reason
        One sentence each.
    """
    claimed = [direction for direction in directions if direction.state in CLAIMS]
    for d in claimed:
        code = NaturalStatement.SOONER if d.state is NaturalState.SOONER else NaturalStatement.LATER
        yield because(code, giver=d.giver, receiver=d.receiver)
    if claimed:
        d = claimed[0]
        yield because(NaturalStatement.NOT_BECAUSE, giver=d.giver, receiver=d.receiver)
        if d.driven is None:
            yield because(NaturalStatement.SPEECH_UNKNOWN)


def natural_evidence(direction: NaturalDirection) -> Iterator[Reason]:
    """Yield what a methods section is told of one direction.

    Parameters
    ----------
    direction
        Of a pair.

    Yields
    ------
    Reason
        One sentence each.
    """
    d = direction
    if not d.is_shown:
        yield natural_reason(d)
        return
    yield because(
        NaturalEvidence.EFFECT, giver=d.giver, receiver=d.receiver, rises=d.rises, settled=d.settled, unsettled=d.unsettled,
        time=d.time, sessions=d.sessions, left=left(d), moves=100 * d.p, p=d.p, adjusted=d.adjusted, shifts=d.shifts,
    )  # fmt: skip
    seen = d.state in (NaturalState.SOMETHING_MOVED_BOTH, NaturalState.CONTROLS_DIFFER)
    seen = seen or not d.common.is_open
    yield because(
        NaturalEvidence.INPUT_SEEN if seen else NaturalEvidence.NO_INPUT_SEEN, common=d.common.p, controls=d.controls
    )
    if d.left_out:
        yield because(NaturalEvidence.LEFT_OUT, receiver=d.receiver, count=d.left_out)
    if d.driven is None:
        yield because(NaturalEvidence.SPEECH_UNKNOWN)
    else:
        yield because(NaturalEvidence.DRIVEN, receiver=d.receiver, settled=d.driven[0], unsettled=d.driven[1])
    yield because(NaturalEvidence.NOBODY_ALONE, giver=d.giver, receiver=d.receiver)
