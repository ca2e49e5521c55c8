"""Pairs whose breaths are locked, by a pacer or by each other, and who reach each other through nothing else."""

from __future__ import annotations

from coregulation.simulate.designs import breathing
from coregulation.simulate.laws.law import LawClaim
from coregulation.simulate.laws.pair import PairLaw, members_with
from coregulation.simulate.truth import LINKED, SCRIPTED

_DEAF = {"receptivity": 0.0, "borrowed": 0.0, "contagion": 0.0}  # no cue changes such a person's safety or arousal

LAWS = (
    PairLaw(
        "guide-only", "A pacer for both", "Both breathe with a pacer and reach each other through nothing else.",
        ("in-parallel",), design=breathing(6.0), link=SCRIPTED, members=members_with(**_DEAF),
        traps=(LawClaim.BEYOND_SCRIPT, LawClaim.STEADIED),
    ),
    PairLaw(
        "breaths-almost-locked", "Breaths pull each other",
        "Each one's breath pulls the other's, without a guide; nothing else passes.",
        ("in-parallel", "linked-without-regulating"), design=breathing(None), link=LINKED,
        members=members_with(**_DEAF, entrainment=0.25), traps=(LawClaim.STEADIED,),
    ),
)  # fmt: skip
