"""What the page says, in two voices: for the people who were there, and for the methods section.

Never a score, a percentage, praise, blame, a diagnosis or a promise (docs/care.md); a test reads every string here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from coregulation.finding import About, Finding, GroupFinding
from coregulation.regulation.verdict import Gate, GateState, VerdictKind

SIMULATED = "Simulated: these numbers come from a model, not from anybody's body."

SETTLE_QUALITY = "Record the same signal of everybody for five minutes or more, at the same time and without gaps."
SETTLE_LENGTH = "A longer recording shows weaker linkage; this length may have missed it."
SETTLE_MORE = "More groups under the same script make this comparison sharper."
SETTLE_SCRIPT = (
    "Add recordings of other people under the same script (--pseudo-from), or say --shared none if nothing was shared."
)
SETTLE_DIRECTION = "Look at the pairs; a lead is told pair by pair."
APART = "They were recorded apart: whatever is alike comes from what all went through, not from each other."
NOTHING_SHARED = (
    "Nothing was shared, as stated; so there is no script to tell apart. What all happened to hear or see without a "
    "script is not excluded by this."
)
NO_GROUP_LEADER = "A group has no single lag."

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


def listed(names: Sequence[str]) -> str:
    """Return names as a sentence lists them."""
    return " and ".join(names) if len(names) < 3 else ", ".join(names[:-1]) + " and " + names[-1]


def cannot_separate(shared: tuple[str, ...] | None, refused: str | None) -> str:
    """Return why what is each other's cannot be told from what was shared."""
    came = "nobody said whether something was shared" if shared is None else f"all got {listed(shared)}"
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
            f"{all_of} did not move together more than their own ups and downs would by chance. That does not mean "
            "that nothing passed between them: much of being together leaves no trace in this signal."
        )
    moved = f"{all_of} moved together more than their own ups and downs would by chance."
    if script.state is GateState.PASSED:
        return f"{moved} Being moved by each other and being steadied are two things: who steadies whom is not known from this."
    if script.state is GateState.FAILED and about.setting == "apart":
        return f"{all_of} rose and fell alike, but they were not together: it comes from going through the same thing."
    if script.state is GateState.FAILED:
        return f"{moved} But so did people who went through the same another time: what was shared explains it."
    return f"{moved} What all were given or heard may explain it, so we cannot tell how much of it was each other."
