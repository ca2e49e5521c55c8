"""Pairs in which one truly changes how soon the other settles."""

from __future__ import annotations

from coregulation.simulate.designs import PAIR
from coregulation.simulate.laws.pair import PairLaw
from coregulation.simulate.pair_model import PairModel
from coregulation.simulate.truth import LINKED

LAWS = (
    PairLaw(
        "mutual", "Mutual steadying", "Each returns faster when the other is there.", ("mutual-co-regulation",),
        PairModel(d=(0.03, 0.03)), steadied=PAIR,
    ),
    PairLaw(
        "lent", "One steadies the other", "Ben's presence makes Ada return faster.", ("lent-regulation",),
        PairModel(d=(0.03, 0.0)), steadied=("ada",),
    ),
    PairLaw(
        "co-dysregulation", "Each stirs the other", "Each is stirred by the other, with no added damping.",
        ("co-dysregulation",), PairModel(p=(0.012, 0.012)), link=LINKED,
    ),
)  # fmt: skip
