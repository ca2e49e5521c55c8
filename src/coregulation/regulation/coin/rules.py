"""When the coin is flipped, and when a cue may be shown: by the receiver's data and the clock alone, within limits of care."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class CoinRules:
    """Limits of a session with a coin.

    Parameters
    ----------
    rise
        The receiver's level, in rest SDs above their own rest, whose crossing from below is a rise.
    memory
        Time constant of the running mean of both levels, s.
    apart
        Least time from one flip to the next, s.
    first
        No flip before this session time, s.
    most_cues
        Cues shown per session, at most.
    unsettled
        A cue is shown only where the giver's level is above this, rest SDs.
    window
        and not above this, rest SDs: somebody outside their own window is asked for nothing.
    """

    rise: float = 1.0
    memory: float = 3.0
    apart: float = 60.0
    first: float = 300.0
    most_cues: int = 12
    unsettled: float = 0.5
    window: float = 3.0


@dataclass(frozen=True, slots=True)
class CoinState:
    """What the online coin remembers.

    Parameters
    ----------
    time
        Of the last sample, s; NaN before the first.
    receiver, giver
        Running means of both levels, rest SDs.
    last
        Time of the last flip, s.
    flips
        How many there were.
    cues
        How many cues were shown.
    """

    time: float = math.nan
    receiver: float = 0.0
    giver: float = 0.0
    last: float = -math.inf
    flips: int = 0
    cues: int = 0


@dataclass(frozen=True, slots=True)
class FlipNow:
    """The receiver rises: flip the coin.

    Parameters
    ----------
    number
        Of the flip, from 0.
    may_cue
        Whether a cue may be shown if the coin asks for one. The flip counts in either case.
    """

    number: int
    may_cue: bool


def watch(
    state: CoinState, time: float, receiver: float, giver: float, rules: CoinRules
) -> tuple[CoinState, FlipNow | None]:
    """Take one sample of both levels, and say whether the coin is to be flipped.

    Whether it is flipped depends on the receiver's data and the clock alone, never on the giver's or on earlier cues; else the set of
    flips would depend on what the cues did.

    Parameters
    ----------
    state
        So far.
    time
        Session time, s; ascending.
    receiver, giver
        Levels above each one's own rest, rest SDs; NaN where missing.
    rules
        Limits.

    Returns
    -------
    tuple
        The state after, and the flip or None.
    """
    step = 0.0 if math.isnan(state.time) else time - state.time
    after = replace(
        state, time=time, receiver=_follow(state.receiver, receiver, step, rules.memory),
        giver=_follow(state.giver, giver, step, rules.memory),
    )  # fmt: skip
    crossed = state.receiver <= rules.rise < after.receiver
    if not crossed or time < rules.first or time - state.last < rules.apart:
        return after, None
    in_window = rules.unsettled < after.giver <= rules.window
    may = in_window and state.cues < rules.most_cues and math.isfinite(giver)
    return replace(after, last=time, flips=state.flips + 1), FlipNow(state.flips, may)


def shown(state: CoinState) -> CoinState:
    """Count a cue that was shown.

    Parameters
    ----------
    state
        So far.

    Returns
    -------
    CoinState
        With one cue more.
    """
    return replace(state, cues=state.cues + 1)


def _follow(mean: float, value: float, step: float, memory: float) -> float:
    if not math.isfinite(value):
        return mean
    return mean + (1.0 - math.exp(-step / memory)) * (value - mean)
