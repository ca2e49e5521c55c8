"""Pairs between whom nothing passes."""

from __future__ import annotations

from coregulation.simulate.laws.law import LawClaim
from coregulation.simulate.laws.pair import PairLaw

LAWS = (
    PairLaw("independent", "Nothing passes", "Nothing passes.", ("self-regulating",), traps=(LawClaim.STEADIED,)),
    PairLaw(
        "identical-dynamics", "Nothing passes, same rates", "Nothing passes between two people with the same rates.",
        ("self-regulating",), vary=0.0, traps=(LawClaim.LINKED, LawClaim.STEADIED),
    ),
)  # fmt: skip
