"""Pairs who get a random input that is in no script, such as the noise of their room."""

from __future__ import annotations

from coregulation.simulate.laws.law import LawClaim
from coregulation.simulate.laws.pair import NO_INFLUENCE, PairLaw
from coregulation.simulate.pair_model import PairModel
from coregulation.simulate.truth import Link

LAWS = (
    PairLaw(
        "unscripted-input", "Noise of one room", "The room gives both the same random input.", NO_INFLUENCE,
        PairModel(h=(0.008, 0.008)), link=Link(beyond_own=True, beyond_script=True),
        traps=(LawClaim.STEADIED, LawClaim.STIRRED),
    ),
)  # fmt: skip
