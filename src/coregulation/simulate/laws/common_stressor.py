"""Pairs whom each stressor reaches together, declared or not."""

from __future__ import annotations

from coregulation.simulate.designs import both_at_once, both_undeclared
from coregulation.simulate.laws.law import LawClaim
from coregulation.simulate.laws.pair import NO_INFLUENCE, PairLaw
from coregulation.simulate.truth import SCRIPTED

LAWS = (
    PairLaw(
        "common-stressor", "One stressor for both", "Every stressor reaches both; nothing passes.", NO_INFLUENCE,
        design=both_at_once, link=SCRIPTED, traps=(LawClaim.BEYOND_SCRIPT, LawClaim.STIRRED),
    ),
    PairLaw(
        "both-hit-undeclared", "One stressor for both, undeclared",
        "Together, every stressor reaches both but the session names one: it looks like contagion.", NO_INFLUENCE,
        design=both_undeclared, link=SCRIPTED, traps=(LawClaim.BEYOND_SCRIPT, LawClaim.STIRRED),
    ),
)  # fmt: skip
