"""Two unlinked people whose power falls as 1/f: slow waves at every scale."""

from __future__ import annotations

from coregulation.simulate.dynamics import PowerLaw
from coregulation.simulate.laws.independent import Independent
from coregulation.simulate.laws.law import LawClaim
from coregulation.simulate.laws.series import SeriesLaw

LAWS = (
    SeriesLaw(
        "power-law", "1/f", "Two unlinked people whose power falls as 1/f.", Independent(PowerLaw()),
        traps=(LawClaim.LINKED,),
    ),
)  # fmt: skip
