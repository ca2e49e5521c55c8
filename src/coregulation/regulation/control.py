"""The placebo partner: what a recorded, delayed or imagined other does, beside the live one.

Somebody being there at all, a voice, a pause can settle without anybody answering. Only a stand-in under the same stressors
tells "because of" from "when … was there".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from coregulation.regulation.design import Design
from coregulation.regulation.interval import Interval
from coregulation.regulation.recovery import Recovery
from coregulation.regulation.recovery_comparison import compare_recoveries

LIVE = "live"


@dataclass(frozen=True, slots=True)
class PartnerControl:
    """One person's recoveries with the live partner against those with a stand-in.

    Parameters
    ----------
    person
        Whose.
    partner
        What stood in.
    ratio
        Of half-lives, live over stand-in.
    against
        Of half-lives, stand-in over alone; None without recoveries alone.
    counts
        Recoveries with the stand-in and live.
    """

    person: str
    partner: str
    ratio: Interval
    against: Interval | None
    counts: tuple[int, int]


def partner_controls(recoveries: Sequence[Recovery], design: Design) -> tuple[PartnerControl, ...]:
    """Compare each person's recoveries with the live partner to those with each stand-in.

    Parameters
    ----------
    recoveries
        Recoveries of everybody in every condition.
    design
        Says which kinds of partner there were.

    Returns
    -------
    tuple of PartnerControl
        One per person and kind of stand-in for which both can be compared; () unless the live partner and a stand-in
        were met.
    """
    stand_ins = sorted(design.partners - {LIVE}) if LIVE in design.partners else []
    controls = [_control(recoveries, who, partner) for partner in stand_ins for who in design.people]
    return tuple(control for control in controls if control is not None)


def _control(recoveries: Sequence[Recovery], person: str, partner: str) -> PartnerControl | None:
    live = [recovery for recovery in recoveries if recovery.together and recovery.probe.partner == LIVE]
    stood = [
        replace(recovery, probe=replace(recovery.probe, together=False))
        for recovery in recoveries
        if recovery.probe.partner == partner and recovery.together
    ]
    compared = compare_recoveries([*stood, *live], person)
    if compared is None:
        return None
    alone = compare_recoveries(
        [recovery for recovery in recoveries if not recovery.together or recovery.probe.partner == partner], person
    )
    return PartnerControl(person, partner, compared.ratio, None if alone is None else alone.ratio, compared.counts)


def live_partner_mattered(controls: Sequence[PartnerControl], person: str) -> bool:
    """Decide whether a person settled sooner with the live partner than with every stand-in.

    Parameters
    ----------
    controls
        Comparisons with stand-ins, of everybody.
    person
        Id of the person in question.

    Returns
    -------
    bool
        True if each of the person's ratios of half-lives lies below 1 with its whole interval; False without any.
    """
    own = [control for control in controls if control.person == person]
    return bool(own) and all(control.ratio.below(1.0) for control in own)
