"""Linear linked pairs: what burdens one less burdens the other more."""

from __future__ import annotations

from coregulation.simulate.designs import only_ada
from coregulation.simulate.laws.law import LawClaim
from coregulation.simulate.laws.pair import PairLaw
from coregulation.simulate.pair_model import PairModel
from coregulation.simulate.truth import LINKED

_LINEAR = PairModel(d=(0.03, 0.03), p=(0.03, 0.03))

LAWS = (
    PairLaw(
        "coupling-without-regulation", "Linked, not steadied",
        "A linear linked pair: what burdens one less burdens the other more, so the pair's burden is as apart.",
        ("linked-without-regulating",), _LINEAR, link=LINKED, traps=(LawClaim.STEADIED,),
    ),
    PairLaw(
        "only-one-hit", "Linked, only one perturbed",
        "A linear linked pair of whom only Ada is ever perturbed: she returns sooner, and Ben pays for it.",
        ("linked-without-regulating", "linked-steadying-unknown"), _LINEAR, only_ada, link=LINKED,
        traps=(LawClaim.STEADIED,),
    ),
)  # fmt: skip
