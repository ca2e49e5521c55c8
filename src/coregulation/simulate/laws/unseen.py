"""Unseen laws: written on 2026-11-30 without reading the code of the frozen rules, of forms that no earlier law has."""

from __future__ import annotations

from typing import Any

from coregulation.simulate.designs import PAIR
from coregulation.simulate.laws.law import LawClaim
from coregulation.simulate.laws.unseen_law import UnseenInput, UnseenLaw, UnseenMoments
from coregulation.simulate.laws.zoo_law import LawSet
from coregulation.simulate.unseen_body import UnseenBody
from coregulation.simulate.unseen_pair import UnseenCoupling

_MUTUAL = ("mutual-co-regulation",)
_LENT = ("lent-regulation",)
_HARM = ("co-dysregulation",)
_LINKED = ("linked-without-regulating",)
_NOTHING = ("self-regulating", "in-parallel")


def _law(name: str, about: str, kinds: tuple[str, ...], steadied: tuple[str, ...] = (), **changes: Any) -> UnseenLaw:
    traps = tuple(
        trap
        for trap, true in ((LawClaim.STEADIED, bool(steadied)), (LawClaim.STIRRED, kinds == _HARM))
        if not true
    )  # fmt: skip
    return UnseenLaw(
        f"unseen-{name}", about.rstrip("."), about, LawSet.FRESH_AGAIN, kinds, steadied, traps=traps, **changes
    )


LAWS = (
    _law(
        "mutual", "The more upset one looks, the sooner the other brings them back: own burden .3.", _MUTUAL, PAIR,
        coupling=UnseenCoupling("answered", (3.2, 3.2)), moments=UnseenMoments(shape="gamma"),
    ),
    _law(
        "mutual-weaker", "Each returns two and a half times as fast with the other; stressors vary by .4.", _MUTUAL, PAIR,
        form="long memory", coupling=UnseenCoupling("present", (1.5, 1.5)), moments=UnseenMoments(apart=True, size_sd=0.4),
        unscripted=UnseenInput("heavy"), body=UnseenBody("two slopes"),
    ),
    _law(
        "mutual-unequal", "Ada is helped more than Ben, who is twice as reactive.", _MUTUAL, PAIR, form="vagal brake", peak=(0.55, 1.1),
        coupling=UnseenCoupling("present", (2.0, 1.2)), moments=UnseenMoments(shape="ramp and hold", recovery=(180, 260)),
    ),
    _law(
        "mutual-sudden", "Each lets a part of arousal fall more often with the other.", _MUTUAL, PAIR, form="sudden release",
        coupling=UnseenCoupling("present", (2.33, 2.33)), unscripted=UnseenInput("volatile"), body=UnseenBody("interval"),
    ),
    _law(
        "lent", "Ben takes away of Ada's arousal what he saw some seconds ago.", _LENT, PAIR[:1], form="late recruitment",
        coupling=UnseenCoupling("soothed", (3.0, 0.0)), moments=UnseenMoments(apart=True, shape="gamma"),
    ),
    _law(
        "lent-reactive", "Ada, who is twice as reactive, returns faster with Ben.", _LENT, PAIR[:1], form="shunting", peak=(1.1, 0.55),
        coupling=UnseenCoupling("present", (1.5, 0.0)), moments=UnseenMoments(size_sd=0.4), body=UnseenBody("hysteresis"),
    ),
    _law(
        "lent-buffer", "Ben takes away of Ada's arousal, up to some amount per second; packets are lost.", _LENT, PAIR[:1],
        form="long memory", coupling=UnseenCoupling("buffered", (1.7, 0.0)), unscripted=UnseenInput("levels"),
        body=UnseenBody("interval", lost=12.0),
    ),
    _law(
        "lent-slight", "Ada returns somewhat faster with Ben: own burden .6.", _LENT, PAIR[:1],
        coupling=UnseenCoupling("present", (0.67, 0.0)), moments=UnseenMoments(apart=True), unscripted=UnseenInput("steep"),
    ),
    _law(
        "stirred", "Each is stirred by what they see of the other: pair burden 1.8.", _HARM, form="long memory",
        coupling=UnseenCoupling("stirred", (0.44, 0.44)), moments=UnseenMoments(recovery=(150, 240)),
    ),
    _law(
        "stirred-weaker", "Each is stirred by what they see of the other: pair burden 1.4.", _HARM, form="vagal brake",
        coupling=UnseenCoupling("stirred", (0.27, 0.27)), moments=UnseenMoments(apart=True, shape="ramp and hold"), body=UnseenBody("hysteresis"),
    ),
    _law(
        "stirred-talk", "Together, they talk over what has happened, and it comes back to both.", _HARM,
        coupling=UnseenCoupling("talked over", (0.4, 0.4)), moments=UnseenMoments(recovery=(180, 260)), body=UnseenBody("two slopes"),
    ),
    _law(
        "stirred-one-way", "Ada's rise alarms Ben, and his does not alarm her.", _HARM, form="shunting",
        coupling=UnseenCoupling("alarmed", (0.0, 2.7)), moments=UnseenMoments(apart=True, size_sd=0.4), unscripted=UnseenInput("levels"),
    ),
    _law(
        "linked", "What one loses the other gets.", _LINKED, alike=True, coupling=UnseenCoupling("exchanged", (1.0, 1.0)),
        moments=UnseenMoments(apart=True), body=UnseenBody("interval"),
    ),
    _law(
        "linked-late", "Each is drawn to what they see of the other, ten seconds late.", _LINKED, form="long memory", alike=True,
        coupling=UnseenCoupling("drawn", (0.8, 0.8)), unscripted=UnseenInput("heavy"),
    ),
    _law(
        "linked-leader", "Ben rises and falls with Ada, and she does not with him.", (*_LINKED, *_NOTHING), alike=True,
        coupling=UnseenCoupling("led", (0.0, 0.6)), moments=UnseenMoments(apart=True, shape="gamma"), body=UnseenBody("two slopes"),
    ),
    _law("nothing", "Two people who do not reach each other; each push weakens the next.", _NOTHING, form="shunting", unscripted=UnseenInput("steep")),
    _law(
        "tiring", "Both get used to the stressors; every moment by lot.", _NOTHING, form="late recruitment",
        moments=UnseenMoments(apart=True, tiring=0.15, recovery=(100, 160)), body=UnseenBody("two slopes"),
    ),
    _law("tiring-alone-first", "Both get used to the stressors, and alone comes first.", _NOTHING, moments=UnseenMoments(alone_first=True, tiring=0.15)),
    _law(
        "mood", "A slow mood is in both, alone and together.", _NOTHING, form="long memory", unscripted=UnseenInput("shallow", mood=0.15),
        body=UnseenBody("interval"),
    ),
    _law(
        "room", "A noise is switched on and off while both are together.", _NOTHING, form="late recruitment",
        unscripted=UnseenInput("steep", room=0.12), moments=UnseenMoments(apart=True),
    ),
    _law(
        "both-hit", "Every stressor together reaches both, undeclared.", _NOTHING, form="late recruitment",
        moments=UnseenMoments(hits_both=True, size_sd=0.4), body=UnseenBody("hysteresis"),
    ),
    _law(
        "both-hit-declared", "Every stressor together reaches both, and the session says so.", _NOTHING, form="vagal brake",
        moments=UnseenMoments(hits_both=True, declared=True, shape="ramp and hold"), unscripted=UnseenInput("volatile"),
    ),
    _law(
        "lower-rest", "Being together lowers both resting levels.", _NOTHING, form="shunting", unscripted=UnseenInput(level=-0.2),
        moments=UnseenMoments(rest=(150.0, 240.0)), body=UnseenBody("two slopes"),
    ),
    _law(
        "less-reactive", "Stressors reach less than half as much together, and each recovers as alone.", _NOTHING,
        moments=UnseenMoments(apart=True, together_size=0.45), unscripted=UnseenInput("heavy"),
    ),
    _law(
        "unsteady", "Nothing passes; rates differ from moment to moment by .6, and parts fall at once.", _NOTHING, form="sudden release",
        moments=UnseenMoments(apart=True, rate_sd=0.6, rest=(300.0, 90.0)), unscripted=UnseenInput("volatile"),
    ),
    _law(
        "artefacts", "Packets are lost, straps double beats, and electrodes settle.", _NOTHING, form="late recruitment",
        unscripted=UnseenInput("levels"), body=UnseenBody("interval", own=0.03, lost=15.0, doubled=40.0, electrode=0.3, noise=0.08),
    ),
    _law(
        "ruminated", "Each stressor comes back in thought within a minute, alone and together.", _NOTHING, form="long memory",
        moments=UnseenMoments(apart=True, ruminated=0.5, recovery=(170, 250)), body=UnseenBody("hysteresis"),
    ),
    _law(
        "anticipated", "Arousal rises before each stressor begins; Ben is twice as reactive.", _NOTHING, form="vagal brake", peak=(0.5, 1.0),
        moments=UnseenMoments(shape="anticipated", length=(20, 90)),
    ),
    _law(
        "recording", "A recording is played and changes nothing.", ("self-regulating",), form="sudden release",
        moments=UnseenMoments(partner="recorded", length=(25, 45)), body=UnseenBody("two slopes"),
    ),
    _law(
        "recording-helps", "Ada returns more than three times as fast with a recording.", ("one-way",), PAIR[:1],
        coupling=UnseenCoupling("present", (2.33, 0.0)), moments=UnseenMoments(partner="recorded", shape="gamma"),
    ),
)  # fmt: skip
