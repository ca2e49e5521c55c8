"""Pairs of whom the second is a recording, which cannot answer."""

from __future__ import annotations

from coregulation.simulate.designs import with_recording
from coregulation.simulate.laws.law import LawClaim
from coregulation.simulate.laws.pair import PairLaw
from coregulation.simulate.pair_model import PairModel

LAWS = (
    PairLaw(
        "recording-helps", "A recorded voice helps",
        "A recorded voice that truly helps: no second nervous system answered.", ("one-way",),
        PairModel(d=(0.03, 0.0)), with_recording, steadied=("ada",),
    ),
    PairLaw(
        "recording-does-nothing", "A recorded voice does nothing", "A recorded voice that does nothing.",
        ("self-regulating",), design=with_recording, traps=(LawClaim.STEADIED,),
    ),
)  # fmt: skip
