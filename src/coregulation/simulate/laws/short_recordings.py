"""Two unlinked people, recorded for a few minutes only."""

from __future__ import annotations

from coregulation.simulate.dynamics import HeartRateLike
from coregulation.simulate.laws.independent import Independent
from coregulation.simulate.laws.law import LawClaim
from coregulation.simulate.laws.series import SeriesLaw

LAWS = tuple(
    SeriesLaw(
        f"short-{seconds}",
        f"time constant 12 s, {seconds} s long",
        f"Two unlinked people, recorded for {seconds} s.",
        Independent(HeartRateLike(tau=12.0)),
        seconds=float(seconds),
        traps=(LawClaim.LINKED,),
    )
    for seconds in (300, 100)
)
