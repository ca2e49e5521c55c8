"""Pairs whose mere presence lowers the resting level."""

from __future__ import annotations

from coregulation.simulate.laws.law import LawClaim
from coregulation.simulate.laws.pair import PairLaw
from coregulation.simulate.pair_model import PairModel

LAWS = (
    PairLaw(
        "shifted-rest", "Calmer at rest together",
        "Mere presence lowers the resting level; no return is faster.", ("self-regulating",),
        PairModel(level=(-0.25, -0.25)), traps=(LawClaim.STEADIED,),
    ),
)  # fmt: skip
