"""Two unlinked people, recorded for two and a half minutes and for four: as short as published recordings of dyads are."""

from __future__ import annotations

from coregulation.simulate.dynamics import HeartRateLike
from coregulation.simulate.laws.coupled import Coupled
from coregulation.simulate.laws.independent import Independent
from coregulation.simulate.laws.law import LawClaim
from coregulation.simulate.laws.series import SeriesLaw

LAWS = (
    *(
        SeriesLaw(
            f"short-{seconds}", f"time constant 12 s, {seconds} s long", f"Two unlinked people, recorded for {seconds} s.",
            Independent(HeartRateLike(tau=12.0)), seconds=float(seconds), traps=(LawClaim.LINKED,),
        )
        for seconds in (150, 240)
    ),
    SeriesLaw(
        "short-coupled", "coupled 0.5, lag 2 s, 240 s long", "The second follows the first, 2 s later, for four minutes.",
        Coupled(0.5, 2.0), ("film",), seconds=240.0,
    ),
)  # fmt: skip
