"""What the page says, in two voices: for the people who were there, and for the methods section.

Never a score, a percentage, praise, blame, a diagnosis or a promise (docs/care.md); a test reads every string here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from coregulation.analysis.results import About, Finding, GroupFinding
from coregulation.regulation.verdict import Gate, GateState, VerdictKind

SETTLE_QUALITY = "Record the same signal of everybody for five minutes or more, at the same time and without gaps."
SETTLE_LENGTH = "A longer recording shows weaker linkage; this length may have missed it."
SETTLE_MORE = "More groups under the same script make this comparison sharper."
SETTLE_SCRIPT = (
    "Add recordings of other people under the same script (--pseudo-from), or say --shared none if nothing was shared."
)
APART = "They were recorded apart: whatever is alike comes from what all went through, not from each other."
NOTHING_SHARED = (
    "Nothing was shared, as stated; so there is no script to tell apart. What all happened to hear or see without a "
    "script is not excluded by this."
)
NO_GROUP_LEADER = "A group has no single lag; who comes first is told pair by pair."

SIGNALS = {
    "heart_rate": "heart rate",
    "resp": "breathing",
    "eda": "skin conductance",
    "motion": "movement",
    "rating": "ratings",
    "voice": "voice",
    "arousal": "arousal",
}


def signal_name(channel: str) -> str:
    """Return a channel in everyday words."""
    return SIGNALS.get(channel, channel.replace("_", " "))


def p_text(p: float | None) -> str:
    """Return "= .004" or "< .001"; a p that is not there is told in words elsewhere."""
    if p is None:
        return "—"
    return "< .001" if p < 0.001 else f"= {p:.3f}".replace("= 0.", "= .")


def join_names(names: Sequence[str]) -> str:
    """Return names as a sentence lists them."""
    return " and ".join(names) if len(names) < 3 else ", ".join(names[:-1]) + " and " + names[-1]


def cannot_separate(shared: tuple[str, ...] | None, refused: str | None) -> str:
    """Return why what is each other's cannot be told from what was shared."""
    came = "nobody said whether something was shared" if shared is None else f"all got {join_names(shared)}"
    return (
        f"Cannot separate: {came}, and {refused or 'there is nobody else who lived through the same to compare with'}."
    )


def group_own(group: GroupFinding, adjusted: float) -> str:
    """Return what a group's null beyond own dynamics said."""
    more = "more" if adjusted <= 0.05 else "not more"
    return (
        f"{group.signal}: all pairs together were {more} alike in time than {len(group.nulls)} copies with "
        f"everybody's timing undone (adjusted p {p_text(adjusted)})."
    )


def group_script(group: GroupFinding, adjusted: float) -> str:
    """Return what a group's null beyond the script said."""
    more = "more" if adjusted <= 0.05 else "no more"
    return (
        f"{group.signal}: {more} alike than {len(group.nulls)} groups mixed with people who went through the same "
        f"another time (adjusted p {p_text(adjusted)})."
    )


def group_sentence(finding: Finding, people: Sequence[str], kind: VerdictKind, adjusted: Mapping[int, float]) -> str:
    """Return a group's answer for a methods section."""
    told = [_told(group, adjusted.get(id(group))) for group in finding.groups]
    return f"Group of {len(people)}: {'; '.join(told)}. Verdict: {kind.value}; whether anybody steadies anybody was not tested."


def _told(group: GroupFinding, adjusted: float | None) -> str:
    against = "beyond own dynamics" if group.gate == "G1" else "beyond the scripted input"
    if adjusted is None:
        return f"{group.signal}, {against}: refused ({group.refused})"
    return (
        f"{group.signal}, {against}: mean over pairs of the largest |mean z| {group.statistic:.3f}, "
        f"p {p_text(group.p)} (adjusted {p_text(adjusted)}, {len(group.nulls)} surrogates)"
    )


def group_plain(people: Sequence[str], gates: Sequence[Gate], about: About) -> str:
    """Return a group's answer for the people who were there."""
    quality, own, script, _ = gates
    all_of = f"Taken together, the {len(people)} people"
    if GateState.CANNOT_TELL in (quality.state, own.state):
        return "There was not enough clean signal of everybody at the same time, so we cannot tell for the group."
    if own.state is GateState.FAILED:
        return (
            f"{all_of} did not move together more than they would by chance, each with their own ups and downs. That does not mean "
            "that nothing passed between them: much of being together leaves no trace in this signal."
        )
    moved = f"{all_of} moved together more than they would by chance, each with their own ups and downs."
    if script.state is GateState.PASSED:
        return f"{moved} Being moved by each other and being steadied are two things: who steadies whom is not known from this."
    if script.state is GateState.FAILED and about.setting == "apart":
        return f"{all_of} rose and fell alike, but they were not together: it comes from going through the same thing."
    if script.state is GateState.FAILED:
        return f"{moved} But so did people who went through the same another time: what was shared is enough to explain it."
    return f"{moved} What all were given or heard may explain it, so we cannot tell how much of it was each other."


_PLAIN_GATES = {
    ("G0", GateState.PASSED): "Enough was recorded of everybody at the same time.",
    ("G1", GateState.PASSED): "More than copies of this recording in which the timing between people was undone.",
    (
        "G1",
        GateState.FAILED,
    ): "Copies of this recording in which the timing between people was undone came out much the same.",
}
SCRIPT_PASSED = "More than people who went through the same without each other."
SCRIPT_FAILED = "People who went through the same without each other came out much the same."

_SHARPER = "More people who go through the same would make the comparison sharper."
_PLAIN_SETTLE = {
    "G0": "Five minutes or more of the same signal from everybody, with sensors that sit well.",
    "G1": "A longer recording. Faint links need time to show.",
    "G2": "Recordings of other people who go through the same. If nothing was shared, say so when you ask again.",
    "G3": "A longer recording, with both on one device or with clocks set by one another.",
}


def gate_plain(gate: Gate, about: About) -> str:
    """Return why a gate was answered so, for the people who were there."""
    if (
        gate.name == "G2"
        and about.setting != "apart"
        and about.shared != ()
        and gate.state is not GateState.CANNOT_TELL
    ):
        return SCRIPT_PASSED if gate.state is GateState.PASSED else SCRIPT_FAILED
    return gate.plain or _PLAIN_GATES.get((gate.name, gate.state), gate.why)


def settle_plain(gate: Gate) -> str:
    """Return what would settle a gate, for the people who were there; nothing where nothing would."""
    if gate.name == "G2" and gate.state is GateState.FAILED and gate.settle:
        return _SHARPER
    return _PLAIN_SETTLE.get(gate.name, gate.settle) if gate.settle else ""
