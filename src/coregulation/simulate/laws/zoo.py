"""The zoo: pairs whose returns, rests, hearts and company have other forms than the pair model, in two halves.

Thresholds of the regulation branch are chosen on the development half and reported on the other; the two share no form of
return. Seeds alone are no hold-out, because a rule fits the form of the law that it was chosen on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from coregulation.simulate.designs import PAIR
from coregulation.simulate.laws.law import LawClaim
from coregulation.simulate.laws.zoo_law import LawSet, ZooCompany, ZooInput, ZooLaw, ZooOrder
from coregulation.simulate.zoo_body import ZooBody
from coregulation.simulate.zoo_dynamics import RestColour

_NOTHING = ("self-regulating", "in-parallel")
_TRAPS = (LawClaim.STEADIED, LawClaim.STIRRED)


@dataclass(frozen=True, slots=True)
class _Case:
    """A question that is put in both halves: name, title, what happens, right kinds, who is steadied, and what changes."""

    name: str
    title: str
    about: str
    kinds: tuple[str, ...]
    changes: dict[str, Any]
    steadied: tuple[str, ...] = ()


_CASES = (
    _Case(
        "mutual-strong", "Mutual, own burden .3", "Each returns more than three times as fast with the other.",
        ("mutual-co-regulation",), {"company": ZooCompany(pace=(3.33, 3.33)), "moment_sd": 0.25}, PAIR,
    ),
    _Case(
        "lent-strong", "Lent, own burden .3", "Ada returns more than three times as fast with Ben.", ("lent-regulation",),
        {"company": ZooCompany(pace=(3.33, 1.0)), "moment_sd": 0.25}, PAIR[:1],
    ),
    _Case(
        "lent", "Lent, own burden .4", "Ada returns two and a half times as fast with Ben.", ("lent-regulation",),
        {"company": ZooCompany(pace=(2.5, 1.0)), "moment_sd": 0.25}, PAIR[:1],
    ),
    _Case(
        "lent-unsteady", "Lent, rates that vary much", "Ada returns faster with Ben; every moment has a rate of its own.",
        ("lent-regulation",), {"company": ZooCompany(pace=(3.33, 1.0)), "moment_sd": 0.6}, PAIR[:1],
    ),
    _Case(
        "stirred-strong", "Co-dysregulation, pair burden 1.8", "Each is stirred by the other, and both bear more than apart.",
        ("co-dysregulation",), {"company": ZooCompany(net_effect=1.8, late=3.0)},
    ),
    _Case(
        "stirred", "Co-dysregulation, pair burden 1.4", "Each is stirred by the other, and both bear somewhat more.",
        ("co-dysregulation",), {"company": ZooCompany(net_effect=1.4, late=3.0)},
    ),
    _Case(
        "stirred-both-hit", "Co-dysregulation, both hit", "Every stressor reaches both, and each is stirred by the other.",
        ("co-dysregulation",), {"company": ZooCompany(net_effect=1.8, hits_both=True, declared=True)},
    ),
    _Case(
        "linked", "Linked without regulating", "What burdens one less burdens the other more.", ("linked-without-regulating",),
        {"company": ZooCompany(pace=(2.0, 2.0), net_effect=1.0)},
    ),
    _Case("nothing", "Nothing passes", "Two people who do not reach each other.", _NOTHING, {}),
    _Case(
        "unsteady", "Nothing passes, rates vary", "Every moment has a rate of its own, and nothing passes.", _NOTHING,
        {"moment_sd": 0.5},
    ),
    _Case(
        "very-unsteady", "Nothing passes, rates vary much", "Every moment has a very different rate, and nothing passes.",
        _NOTHING, {"moment_sd": 0.8},
    ),
    _Case(
        "fast-room", "A room's quick input", "The room gives both the same quick input.", _NOTHING,
        {"shared": ZooInput(0.08, 6.0)},
    ),
    _Case(
        "slow-room", "A room's slow input", "The room gives both the same slow input.", _NOTHING,
        {"shared": ZooInput(0.12, 60.0)},
    ),
    _Case(
        "mood", "A shared mood", "A slow mood of the day moves both, alone and together.", _NOTHING,
        {"shared": ZooInput(0.12, 300.0, always=True)},
    ),
    _Case(
        "both-hit", "Both hit, undeclared", "Every stressor together reaches both, and the session names one.", _NOTHING,
        {"company": ZooCompany(hits_both=True)},
    ),
    _Case(
        "both-hit-declared", "Both hit, declared", "Every stressor together reaches both, as the session says.", _NOTHING,
        {"company": ZooCompany(hits_both=True, declared=True)},
    ),
    _Case(
        "weaker", "Weaker moments together", "Stressors reach a third as much together; returns are the same.", _NOTHING,
        {"company": ZooCompany(rise=0.35)},
    ),
    _Case(
        "tiring-fixed", "Habituation, alone first", "Each push reaches less and passes sooner; alone always comes first.",
        _NOTHING, {"tiring": 0.08, "order": ZooOrder.ALONE_FIRST},
    ),
    _Case(
        "tiring", "Habituation, mixed order", "Each push reaches less and passes sooner, in an order by lot.", _NOTHING,
        {"tiring": 0.08},
    ),
    _Case(
        "lower-rest", "A lower rest together", "Being together lowers both resting levels and changes no return.", _NOTHING,
        {"company": ZooCompany(level=-0.25)},
    ),
    _Case(
        "recording", "A recording that does nothing", "A recording is played, and nothing changes.",
        ("self-regulating",), {"company": ZooCompany(partner="recorded")},
    ),
    _Case(
        "recording-helps", "A recording that helps", "Ada returns faster with a recording of Ben.", ("one-way",),
        {"company": ZooCompany(pace=(3.33, 1.0), partner="recorded"), "moment_sd": 0.25}, PAIR[:1],
    ),
    _Case(
        "lost-beats", "Nothing passes, lost beats", "Nothing passes, and straps lose two beats in a row.", _NOTHING, {},
    ),
    _Case(
        "mutual-lost-beats", "Mutual, lost beats", "Each returns faster with the other, and straps lose two beats in a row.",
        ("mutual-co-regulation",), {"company": ZooCompany(pace=(3.33, 3.33)), "moment_sd": 0.25}, PAIR,
    ),
)  # fmt: skip

_FORMS = {
    LawSet.DEVELOPMENT: ("linear", "two pools", "saturating clearance"),
    LawSet.REPORTING: ("late feedback", "quick at height", "perseveration"),
}
_RESTS = {
    LawSet.DEVELOPMENT: (RestColour.AUTOREGRESSIVE, RestColour.PINK),
    LawSet.REPORTING: (RestColour.TWO_SCALES, RestColour.JUMPS, RestColour.FLAT),
}
_CURVES = {
    LawSet.DEVELOPMENT: ("hill", "logarithm"),
    LawSet.REPORTING: ("exponential ceiling", "hyperbolic tangent", "straight"),
}
_MARKS = {LawSet.DEVELOPMENT: "zoo", LawSet.REPORTING: "held-out"}


def _law(case: _Case, half: LawSet, at: int) -> ZooLaw:
    """Make the law of a case in one half; the position turns over its forms, rests and curves."""
    forms, rests, curves = _FORMS[half], _RESTS[half], _CURVES[half]
    lost = 40.0 if "lost-beats" in case.name else 2.0
    traps = tuple(
        trap
        for trap in _TRAPS
        if not (trap is LawClaim.STEADIED and case.steadied) and not (trap is LawClaim.STIRRED and case.kinds[0] == "co-dysregulation")
    )  # fmt: skip
    form = forms[at % len(forms)]
    return ZooLaw(
        f"{_MARKS[half]}-{case.name}", f"{case.title} ({form})", case.about, half, case.kinds, case.steadied, form=form,
        rest=rests[at % len(rests)], body=ZooBody(curves[at % len(curves)], missed_pairs=lost), traps=traps, **case.changes,
    )  # fmt: skip


LAWS = tuple(_law(case, half, at) for half in (LawSet.DEVELOPMENT, LawSet.REPORTING) for at, case in enumerate(_CASES))
