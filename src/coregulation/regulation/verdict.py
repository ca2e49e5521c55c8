"""Gates and verdicts: what can be said of a pair, why, and what would settle the rest.

From quality (G0) two branches start (REGULATION.md, 1). This file holds the words both share, and the linkage branch: beyond
each one's own dynamics (G1), beyond the scripted input (G2), direction (G3). Linkage neither proves steadying nor is required for
it; who steadies whom is another branch and claims nothing here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from coregulation.coupling.inference import Coupling
from coregulation.errors import UsageError


class GateState(StrEnum):
    """How a question was answered; "cannot tell" is a normal answer."""

    PASSED = "passed"
    FAILED = "failed"
    CANNOT_TELL = "cannot-tell"


class VerdictKind(StrEnum):
    """What a pair can be said to be (SESSION.md, 3)."""

    MUTUAL = "mutual-co-regulation"
    LENT = "lent-regulation"
    CO_DYSREGULATION = "co-dysregulation"
    LINKED_ONLY = "linked-without-regulating"
    LINKED = "linked-steadying-unknown"
    IN_PARALLEL = "in-parallel"
    SELF_REGULATING = "self-regulating"
    ONE_WAY = "one-way"
    CANNOT_TELL = "cannot-tell"


@dataclass(frozen=True, slots=True)
class Gate:
    """One question: its name, how it was answered, why, and what would settle it next time.

    `plain` is the reason for the people who were there, where `why` has numbers. A gate about one direction is named
    "G4 giver → receiver".
    """

    name: str
    state: GateState
    why: str
    settle: str = ""
    plain: str = ""

    @property
    def question(self) -> str:
        """Which question it is: "G0" to "G6"."""
        return self.name[:2]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What can be said of a pair, for a methods section (`sentence`) and for the two people (`plain`).

    `measured` is the linkage branch's part of the sentence, without a verdict.
    """

    pair: tuple[str, str]
    kind: VerdictKind
    gates: tuple[Gate, ...]
    sentence: str
    plain: str
    giver: str | None = None
    receiver: str | None = None
    measured: str = ""

    def gate(self, name: str) -> Gate:
        """Return a gate by its name, such as "G1".

        Raises:
            UsageError: if there is no such gate; it names those there are.
        """
        for gate in self.gates:
            if gate.name == name:
                return gate
        raise UsageError(f"There is no gate {name!r}; there are {', '.join(gate.name for gate in self.gates)}.")


@dataclass(frozen=True, slots=True)
class SessionContext:
    """What was said about the session that linkage hangs on.

    Args:
        shared: what both got at once; () nothing; None: nobody said.
        apart: they were recorded separately, so nothing can have passed between them.
        alone_block: each was also recorded alone.
        guides: pacers or other guides that both followed while together.
    """

    shared: tuple[str, ...] | None
    apart: bool = False
    alone_block: bool = False
    guides: tuple[str, ...] = ()


ALPHA = 0.05


def linkage_verdict(
    pair: tuple[str, str],
    setting: SessionContext,
    quality: Gate,
    own: Sequence[tuple[Coupling, float | None]],
    script: Sequence[tuple[Coupling, float | None]],
) -> Verdict:
    """Answer the linkage branch for one pair.

    Args:
        pair: the two people.
        setting: what was said of the session.
        quality: gate G0, from the recordings.
        own: the primary coupling of each signal beyond own dynamics, with its p adjusted over signals (FDR).
        script: the same beyond the scripted input; empty where there are no pseudo-dyads.
    """
    strongest = min(own, key=lambda item: 2.0 if item[1] is None else item[1], default=None)
    beyond_own = _beyond_own(strongest)
    beyond_script = _beyond_script(setting, script)
    direction = _direction(beyond_own, beyond_script, strongest)
    gates = (quality, beyond_own, beyond_script, direction)
    kind = _kind(quality, beyond_own, beyond_script, setting)
    measured = _measured(pair, strongest, script)
    sentence = f"{measured} Verdict: {kind.value}; whether either steadies the other was not tested."
    return Verdict(pair, kind, gates, sentence, _plain(pair, kind, gates, setting), measured=measured)


def _beyond_own(strongest: tuple[Coupling, float | None] | None) -> Gate:
    if strongest is None or strongest[1] is None:
        why = strongest[0].refused if strongest is not None else "no signal of both can be used"
        return Gate(
            "G1", GateState.CANNOT_TELL, _full_sentence(why or "too little was recorded of both"),
            "Record the same signal of both for five minutes or more, without gaps.",
        )  # fmt: skip
    coupling, adjusted = strongest[0], strongest[1]
    if adjusted <= ALPHA:
        return Gate(
            "G1", GateState.PASSED,
            f"{coupling.signal}: more alike in time than {len(coupling.nulls)} copies with the timing undone "
            f"(adjusted p {_p(adjusted)}).",
        )  # fmt: skip
    return Gate(
        "G1", GateState.FAILED,
        f"No signal was more alike in time than copies with the timing undone (smallest adjusted p {_p(adjusted)}).",
        "A longer recording shows weaker linkage; this length may have missed it.",
    )  # fmt: skip


def _beyond_script(setting: SessionContext, script: Sequence[tuple[Coupling, float | None]]) -> Gate:
    if setting.apart:
        return Gate(
            "G2", GateState.FAILED,
            "They were recorded apart: whatever is alike comes from what both went through, not from each other.",
        )  # fmt: skip
    if setting.guides:
        return Gate(
            "G2", GateState.FAILED,
            f"Both followed {_listed(setting.guides)}: whoever follows one guide moves alike without minding each other.",
            "The same time together without the guide.",
        )  # fmt: skip
    answered = [(coupling, p) for coupling, p in script if p is not None]
    if answered:
        return _against_pseudo(*min(answered, key=lambda item: item[1]))
    if setting.shared == ():
        return Gate(
            "G2", GateState.PASSED,
            "Nothing was shared, as stated; so there is no script to tell apart. What both happened to hear "
            "or see without a script is not excluded by this.",
        )  # fmt: skip
    came = (
        "Nobody said whether something was shared" if setting.shared is None else f"Both got {_listed(setting.shared)}"
    )
    refused = next((coupling.refused for coupling, _ in script if coupling.refused), None)
    return Gate(
        "G2", GateState.CANNOT_TELL,
        f"Cannot separate: {came}, and {refused or 'there are no other pairs who lived through the same to compare with'}.",
        "Add recordings of other pairs under the same script (--pseudo-from), or say --shared none if nothing was shared.",
    )  # fmt: skip


def _against_pseudo(coupling: Coupling, adjusted: float) -> Gate:
    if adjusted <= ALPHA:
        return Gate(
            "G2", GateState.PASSED,
            f"{coupling.signal}: more alike than {len(coupling.nulls)} pairings of people who went through the "
            f"same apart from each other (adjusted p {_p(adjusted)}).",
        )  # fmt: skip
    return Gate(
        "G2", GateState.FAILED,
        f"No more alike than {len(coupling.nulls)} pairings of people who went through the same apart from each "
        f"other (adjusted p {_p(adjusted)}).",
        "More pairs under the same script make this comparison sharper.",
    )  # fmt: skip


def _direction(own: Gate, script: Gate, strongest: tuple[Coupling, float | None] | None) -> Gate:
    if own.state is not GateState.PASSED or strongest is None or strongest[0].estimate is None:
        return Gate("G3", GateState.CANNOT_TELL, "Without linkage there is nobody to lead.")
    estimate = strongest[0].estimate
    if estimate.clock_sd is None:
        return Gate(
            "G3", GateState.CANNOT_TELL,
            "How far the two clocks may be apart was not stated, and a clock error is a fake lag.",
            "State the clocks in the manifest (offset and offset_sd), or record both with one device.",
        )  # fmt: skip
    low, high = estimate.lag_interval
    if estimate.leader is not None:
        caution = "" if script.state is GateState.PASSED else " A shared event that reaches one sooner does the same."
        return Gate("G3", GateState.PASSED, f"{estimate.leader} comes first, by {estimate.lag:.1f} s.{caution}")
    if high - low <= 2.0:
        return Gate("G3", GateState.FAILED, f"Neither leads: the lag lies between {low:.1f} and {high:.1f} s.")
    return Gate(
        "G3", GateState.CANNOT_TELL, f"The lag may lie anywhere between {low:.1f} and {high:.1f} s.",
        "A longer recording, or two devices on one clock.",
    )  # fmt: skip


def _kind(quality: Gate, own: Gate, script: Gate, setting: SessionContext) -> VerdictKind:
    if setting.guides and quality.state is GateState.PASSED:
        return VerdictKind.IN_PARALLEL  # a steady rhythm is as much alike at any other time, so G1 is blind to it
    if quality.state is not GateState.PASSED or own.state is not GateState.PASSED:
        return VerdictKind.CANNOT_TELL
    if script.state is GateState.PASSED:
        return VerdictKind.LINKED
    return VerdictKind.IN_PARALLEL if script.state is GateState.FAILED else VerdictKind.CANNOT_TELL


def _measured(
    pair: tuple[str, str],
    strongest: tuple[Coupling, float | None] | None,
    script: Sequence[tuple[Coupling, float | None]],
) -> str:
    if strongest is None or strongest[0].estimate is None:
        return f"{pair[0]} and {pair[1]}: no signal had enough common valid time."
    coupling, adjusted = strongest
    estimate = strongest[0].estimate
    text = (
        f"{pair[0]} and {pair[1]}, {coupling.signal}: mean windowed correlation {estimate.value:.2f} (95 % CI "
        f"{estimate.interval[0]:.2f} to {estimate.interval[1]:.2f}) at a lag of {estimate.lag:.1f} s"
        f"{f' ({estimate.leader} first)' if estimate.leader else ''}; beyond own dynamics "
        + (
            f"p {_equals(coupling.p)} (adjusted {_p(adjusted)})"
            if coupling.p is not None
            else f"refused: {coupling.refused}"
        )
    )
    against = next((c for c, p in script if p is not None and c.signal == coupling.signal), None)
    if against is not None and against.p is not None:
        text += f"; beyond the scripted input p {_equals(against.p)} ({len(against.nulls)} pseudo-dyads)"
    return f"{text}."


def _plain(pair: tuple[str, str], kind: VerdictKind, gates: tuple[Gate, ...], setting: SessionContext) -> str:
    both = f"{pair[0]} and {pair[1]}"
    quality, own, script, _ = gates
    if quality.state is not GateState.PASSED:
        return f"There was not enough clean signal of {both} at the same time, so we cannot tell."
    if setting.guides:
        return (
            f"{both} both followed {_listed(setting.guides)}. That alone makes breath and heart move together, so we cannot "
            "tell how much of it was each other."
        )
    if own.state is GateState.CANNOT_TELL:
        return f"Too little was recorded of {both} at the same time, so we cannot tell whether they moved together."
    if own.state is GateState.FAILED:
        return (
            f"{both} did not move together more than they would by chance, each with their own ups and downs. That does "
            "not mean that they were not there for each other: a calm person who steadies another hardly moves at all."
        )
    moved = moved_together(pair)
    if kind is VerdictKind.LINKED:
        return (
            f"{moved} Being moved by each other and being steadied are two things: whether either settled sooner for it "
            f"{'was not asked here' if setting.alone_block else 'cannot be known without a stretch alone'}."
        )
    if script.state is GateState.FAILED and setting.apart:
        return f"{both} rose and fell alike, but they were not together: it comes from going through the same thing."
    if script.state is GateState.FAILED:
        return f"{moved} But so did people who went through the same without each other: what they shared is enough to explain it."
    return f"{moved} What both were given or heard may explain it, so we cannot tell how much of it was each other."


def moved_together(pair: tuple[str, str]) -> str:
    """Return what linkage says of a pair that is linked, for the people."""
    return f"{pair[0]} and {pair[1]} moved together more than they would by chance, each with their own ups and downs."


def _full_sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].removesuffix('.')}."


def _listed(names: Sequence[str]) -> str:
    return " and ".join(names) if len(names) < 3 else ", ".join(names[:-1]) + " and " + names[-1]


def _equals(value: float) -> str:
    return _p(value) if value < 0.001 else f"= {_p(value)}"


def _p(value: float | None) -> str:
    if value is None:
        return "—"
    return "< .001" if value < 0.001 else f"{value:.3f}".removeprefix("0")
