"""Pairs between whom nothing passes, but who get used to the stressors."""

from __future__ import annotations

from coregulation.simulate.designs import alone_first, random_order
from coregulation.simulate.laws.law import LawClaim
from coregulation.simulate.laws.pair import PairLaw
from coregulation.simulate.pair_model import PairModel

_TIRING = PairModel(tiring=0.06, settling=0.12)

LAWS = (
    PairLaw(
        "habituation-fixed-order", "Habituation, alone first", "Everybody gets used to it, and alone always came first.",
        ("self-regulating",), _TIRING, alone_first, traps=(LawClaim.STEADIED,),
    ),
    PairLaw(
        "habituation-random-order", "Habituation, random order", "Everybody gets used to it, in a random order.",
        ("self-regulating",), _TIRING, random_order, traps=(LawClaim.STEADIED,),
    ),
)  # fmt: skip
