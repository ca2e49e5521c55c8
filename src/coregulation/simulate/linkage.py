"""Two people's heart rates of whom the second follows the first: the pair of the demo and of examples."""

from __future__ import annotations

from coregulation.session import Session
from coregulation.simulate.laws.coupled import Coupled
from coregulation.simulate.laws.series import SeriesLaw
from coregulation.simulate.truth import Truth


def simulated_pair(
    seconds: float = 600, strength: float = 0.6, lag: float = 2.0, seed: int = 1
) -> tuple[Session, Truth]:
    """Simulate two people's heart rate, Ben's following Ada's.

    Parameters
    ----------
    seconds
        Length of the session, in s.
    strength
        Of the coupling, from −1 to 1; 0: none.
    lag
        By how much Ben comes later, in s; a whole number of quarter seconds.
    seed
        Of everything.

    Returns
    -------
    tuple of Session and Truth
        Heart rate at 4 Hz in 1/min, and what is true of it.

    Raises
    ------
    UsageError
        If strength, lag, length or seed cannot be used.
    """
    about = "Ben's heart rate follows Ada's."
    law = SeriesLaw("simulated-pair", "simulated pair", about, Coupled(strength, lag), seconds=seconds)
    return law.simulate(seed)
