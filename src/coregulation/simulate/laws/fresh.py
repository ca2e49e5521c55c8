"""Fresh laws: written on 2026-11-30 after the rules were frozen, of forms that the zoo does not have, to report on them."""

from __future__ import annotations

from typing import Any

from coregulation.simulate.designs import PAIR
from coregulation.simulate.fresh_body import FreshBody
from coregulation.simulate.fresh_pair import FreshCoupling
from coregulation.simulate.laws.fresh_law import FreshInput, FreshLaw, FreshMoments
from coregulation.simulate.laws.law import LawClaim
from coregulation.simulate.laws.zoo_law import LawSet

_NOTHING = ("self-regulating", "in-parallel")
_LINKED = ("linked-without-regulating",)
_HARM = ("co-dysregulation",)
_FASTER = 3.33  # own burden .3


def _law(name: str, about: str, kinds: tuple[str, ...], steadied: tuple[str, ...] = (), **changes: Any) -> FreshLaw:
    traps = tuple(
        trap
        for trap, true in ((LawClaim.STEADIED, bool(steadied)), (LawClaim.STIRRED, kinds == _HARM))
        if not true
    )  # fmt: skip
    return FreshLaw(f"fresh-{name}", about.rstrip("."), about, LawSet.FRESH, kinds, steadied, traps=traps, **changes)


LAWS = (
    _law(
        "mutual", "Each returns more than three times as fast with the other; returns undershoot.", ("mutual-co-regulation",), PAIR,
        form="second order", coupling=FreshCoupling(pace=(_FASTER, _FASTER)),
    ),
    _law(
        "mutual-log-normal", "Each returns more than three times as fast with the other; rates differ by .4.", ("mutual-co-regulation",),
        PAIR, coupling=FreshCoupling(pace=(_FASTER, _FASTER)), moments=FreshMoments(apart=True, rate_sd=0.4), body=FreshBody("power .7"),
    ),
    _law(
        "mutual-music", "Each returns more than three times as fast with the other, while music swells.", ("mutual-co-regulation",),
        PAIR, form="late release", coupling=FreshCoupling(pace=(_FASTER, _FASTER)), unscripted=FreshInput(music=0.08),
    ),
    _law(
        "mutual-ectopic", "Each returns more than three times as fast with the other; hearts have ectopic beats.", ("mutual-co-regulation",),
        PAIR, coupling=FreshCoupling(pace=(_FASTER, _FASTER)), body=FreshBody("exponential", ectopic=40.0, missed=20.0),
    ),
    _law(
        "lent", "Ben speeds Ada's slow part fivefold; a quick part fills it.", ("lent-regulation",), PAIR[:1],
        form="cascade", coupling=FreshCoupling(pace=(5.0, 1.0)), moments=FreshMoments(shape="rising"), body=FreshBody("soft step"),
    ),
    _law(
        "lent-weaker", "Ada returns two and a half times as fast with Ben.", ("lent-regulation",), PAIR[:1],
        coupling=FreshCoupling(pace=(2.5, 1.0)), moments=FreshMoments(apart=True),
    ),
    _law(
        "lent-threshold", "Ben helps Ada only while she is upset.", ("lent-regulation",), PAIR[:1], form="multiplicative",
        coupling=FreshCoupling(pace=(5.0, 1.0), threshold=0.25), body=FreshBody("power .7"),
    ),
    _law(
        "lent-settled", "Ben helps Ada only while he is calm himself.", ("lent-regulation",), PAIR[:1],
        coupling=FreshCoupling(pace=(4.0, 1.0), settled=True), moments=FreshMoments(shape="in three bursts"),
    ),
    _law(
        "lent-leaves", "Ben helps Ada and leaves a minute after each stressor, undeclared.", ("lent-regulation",), PAIR[:1],
        coupling=FreshCoupling(pace=(4.0, 1.0)), moments=FreshMoments(leaves=60.0),
    ),
    _law(
        "lent-dominance", "Ben steadies Ada, and his arousal drives hers.", ("lent-regulation",), PAIR[:1],
        coupling=FreshCoupling(pace=(4.0, 1.0), drive=(0.01, 0.0)), moments=FreshMoments(apart=True),
    ),
    _law(
        "stirred", "Each is driven by the arousal that the other had four seconds ago.", _HARM,
        coupling=FreshCoupling(drive=(0.0135, 0.0135), late=4.0),
    ),
    _law(
        "stirred-ceiling", "Each is driven by the other, up to a ceiling.", _HARM, form="late release",
        coupling=FreshCoupling(drive=(0.024, 0.024), ceiling=0.5), body=FreshBody("exponential"),
    ),
    _law(
        "stirred-one-way", "Ben's arousal drives Ada's, and hers does not drive his.", _HARM,
        coupling=FreshCoupling(drive=(0.028, 0.0)), moments=FreshMoments(apart=True), body=FreshBody("power .7"),
    ),
    _law(
        "stirred-both-hit", "Every stressor together reaches both, and each is driven by the other.", _HARM, form="cascade",
        coupling=FreshCoupling(drive=(0.02, 0.02)), moments=FreshMoments(hits_both=True, declared=True),
    ),
    _law(
        "linked", "Each is drawn to where the other was three seconds ago.", _LINKED,
        coupling=FreshCoupling(pull=0.025, late=3.0), moments=FreshMoments(apart=True),
    ),
    _law(
        "linked-both-hit", "Every stressor together reaches both, and each is drawn to the other.", (*_LINKED, "in-parallel"),
        form="late release", coupling=FreshCoupling(pull=0.03), moments=FreshMoments(hits_both=True, declared=True),
    ),
    _law(
        "mimicry", "Each copies the other's quick movements three seconds later, and returns as alone.", (*_LINKED, *_NOTHING),
        unscripted=FreshInput(mimicry=0.7), moments=FreshMoments(apart=True),
    ),
    _law("nothing", "Two people who do not reach each other; returns are late.", _NOTHING, form="late release", moments=FreshMoments(shape="rising")),
    _law("nothing-cascade", "Two people who do not reach each other; a quick part fills a slow one.", _NOTHING, form="cascade", body=FreshBody("soft step")),
    _law("log-normal", "Nothing passes; rates differ from moment to moment by .6.", _NOTHING, moments=FreshMoments(apart=True, rate_sd=0.6)),
    _law("mood", "A mood wanders through both, alone and together.", _NOTHING, form="multiplicative", unscripted=FreshInput(mood=0.15)),
    _law("music", "Music swells while both are together.", _NOTHING, form="second order", unscripted=FreshInput(music=0.12)),
    _law("warmth", "The room grows warmer while both are together.", _NOTHING, unscripted=FreshInput(warmth=0.35), moments=FreshMoments(apart=True)),
    _law("doors", "Doors and phones startle both at once while together.", _NOTHING, form="cascade", unscripted=FreshInput(doors=0.12)),
    _law("bursts", "Each is startled alone, rarely and much.", _NOTHING, unscripted=FreshInput(bursts=0.12), body=FreshBody("exponential")),
    _law("posture", "Each changes posture now and then.", _NOTHING, moments=FreshMoments(apart=True), body=FreshBody("power .7", steps=8.0)),
    _law("drift", "Sensors drift.", _NOTHING, form="moving target", body=FreshBody("exponential", drift=0.4)),
    _law("held-breath", "Each holds the breath now and then while together.", _NOTHING, body=FreshBody(holds=True)),
    _law("uneven-noise", "One sensor is noisy.", _NOTHING, form="late release", body=FreshBody(uneven=2.0, waves=0.035)),
    _law("ectopic", "Hearts have ectopic beats and straps miss some.", _NOTHING, form="second order", body=FreshBody(ectopic=40.0, missed=20.0)),
    _law("both-hit", "Every stressor together reaches both, undeclared.", _NOTHING, form="multiplicative", moments=FreshMoments(hits_both=True)),
    _law("lower-rest", "Being together lowers both resting levels.", _NOTHING, form="moving target", unscripted=FreshInput(level=-0.2)),
    _law("weaker", "Stressors reach half as much together.", _NOTHING, moments=FreshMoments(apart=True, together_size=0.5)),
    _law("third", "Stressors reach a third as much together.", _NOTHING, moments=FreshMoments(apart=True, together_size=0.35)),
    _law("fifth", "Stressors reach a fifth as much together; returns are late.", _NOTHING, form="late release", moments=FreshMoments(together_size=0.2)),
    _law("quieter", "Being together halves how much both wander at rest.", _NOTHING, form="cascade", unscripted=FreshInput(quiet=0.5)),
    _law("recording", "A recording is played and changes nothing.", ("self-regulating",), form="late release", moments=FreshMoments(partner="recorded")),
    _law(
        "recording-helps", "Ada returns more than three times as fast with a recording.", ("one-way",), PAIR[:1], form="second order",
        coupling=FreshCoupling(pace=(_FASTER, 1.0)), moments=FreshMoments(partner="recorded"),
    ),
)  # fmt: skip
