"""Sessions of known pairs: those that steady or stir each other, and those that only look like it."""

from __future__ import annotations

from coregulation.errors import UsageError, nearest_names
from coregulation.session import Session
from coregulation.simulate.laws.registry import LAWS
from coregulation.simulate.observe import Wearing
from coregulation.simulate.truth import Truth

KNOWN = LAWS.pairs()


def known_answer(
    name: str, seed: int, times: int = 3, rate: float = 1.0, wearing: Wearing | None = None
) -> tuple[Session, Truth]:
    """Simulate a session of a known kind of pair.

    Each can be had as latent arousal (channel "arousal"), or as beats and breath of bodies that follow it.

    Parameters
    ----------
    name
        Of a pair law.
    seed
        Of everything; another seed is another pair of that kind.
    times
        Stressors per person and condition.
    rate
        Of the channel "arousal", in Hz.
    wearing
        What is worn; None gives arousal itself, measured with noise (pairs of breath get belt, skin and strap).

    Returns
    -------
    tuple of Session and Truth
        The session and what is true of it.

    Raises
    ------
    UsageError
        If there is no such kind of pair.
    """
    pairs = LAWS.pairs()
    if name not in pairs:
        near = nearest_names(name, pairs)
        raise UsageError("There is no known pair {name!r}. Did you mean {near:or}?", name=name, near=near)
    return pairs[name].session(seed, times, rate, wearing)
