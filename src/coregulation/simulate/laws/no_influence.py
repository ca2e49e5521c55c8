"""Pairs between whom nothing passes."""

from __future__ import annotations

from coregulation.simulate.laws.law import Claim
from coregulation.simulate.laws.pair import PairLaw

LAWS = (
    PairLaw("independent", "Nothing passes", "Nothing passes.", ("self-regulating",), traps=(Claim.STEADIED,)),
    PairLaw(
        "identical-dynamics", "Nothing passes, same rates", "Nothing passes between two people with the same rates.",
        ("self-regulating",), vary=0.0, traps=(Claim.LINKED, Claim.STEADIED),
    ),
)  # fmt: skip
