"""The answer of natural mode: rises, effect, shifts, both gates, and what may be said, for one pair over one session or several."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from coregulation.coupling.settings import LINKAGE
from coregulation.regulation.interval import Interval
from coregulation.regulation.natural.common_input import InnovationCorrelation, common_input
from coregulation.regulation.natural.controls import CLOSED, MIN_SHIFTS, negative_controls
from coregulation.regulation.natural.levels import PairLevels
from coregulation.regulation.natural.partner import PartnerStates, draw_shifts, own_levels, partner_states
from coregulation.regulation.natural.regression import RiseTable, last_slopes, regressors
from coregulation.regulation.natural.rises import Rises, find_rises, smoothed
from coregulation.settings import LEVEL
from coregulation.signals import Bools, Floats

SHOWN_TIME, TOLD_TIME = 1800.0, 3600.0
"""Least time in which both levels are known, s, from which an effect is computed and drawn, and from which it may be told."""
SHOWN_RISES, TOLD_RISES = 8, 20
"""Fewest own rises likewise."""
MIN_OF_EACH = 4
"""Fewest rises before which the other was settled, and before which the other was not."""
HALF_SETTLED = 0.5
"""From here on a rise counts as one before which the other was settled."""
_DRAWN = (-30.0, 60.0)  # s around a peak
_NO_EFFECT = Interval(math.nan, -math.inf, math.inf)
_NO_COMMON = InnovationCorrelation(math.nan, math.nan)


class NaturalState(StrEnum):
    """What may be said of one direction."""

    SOONER = "sooner"
    LATER = "later"
    NOT_SHOWN = "not-shown"  # asked, and no difference beyond chance
    SOMETHING_MOVED_BOTH = "something-moved-both"
    CONTROLS_DIFFER = "controls-differ"
    SHARED_KNOWN = "shared-known"  # something that both experienced was declared
    MORE_NEEDED = "more-needed"  # computed and drawn, but too little for an answer
    TOO_SHORT = "too-short"
    TOO_FEW_RISES = "too-few-rises"
    SETTLED_TOO_OFTEN = "settled-too-often"
    SETTLED_TOO_RARELY = "settled-too-rarely"
    NO_TEST = "no-test"  # too few moves of the other's course allow a fit


REFUSED = frozenset(
    {
        NaturalState.TOO_SHORT, NaturalState.TOO_FEW_RISES, NaturalState.SETTLED_TOO_OFTEN, NaturalState.SETTLED_TOO_RARELY,
        NaturalState.NO_TEST,
    }
)  # fmt: skip
"""States in which nothing was computed."""
CLAIMS = frozenset({NaturalState.SOONER, NaturalState.LATER})
"""States that say a difference."""


@dataclass(frozen=True, slots=True, eq=False)
class DrawnRise:
    """One rise as it is drawn.

    Parameters
    ----------
    since
        Time since the peak, s.
    level
        Smoothed, own spreads above the own floor; NaN where missing.
    settled
        How settled the other was just before, 0 to 1.
    session
        Number of its session.
    peak
        Session time of the peak, s.
    left
        Logarithm of the mean level 5 to 40 s after the peak over the height.
    """

    since: Floats
    level: Floats
    settled: float
    session: int
    peak: float
    left: float

    @property
    def was_settled(self) -> bool:
        """Whether the other counts as settled just before."""
        return self.settled >= HALF_SETTLED


@dataclass(frozen=True, slots=True, eq=False)
class NaturalDirection:
    """What natural mode says of one direction.

    Parameters
    ----------
    giver, receiver
        Whose state just before, and whose rises.
    time
        In which both levels are known, s, over all sessions.
    sessions
        How many.
    rises
        Own rises that could be used.
    settled
        Before how many of these the giver was settled.
    left_out
        Rises that were speech, movement or a declared event.
    state
        What may be said.
    effect
        Logarithm of what is left with a settled giver over what is left with an unsettled one; NaN where not computed.
    p
        Two-sided, from moves of the giver's course.
    adjusted
        p adjusted over both directions (Holm).
    shifts
        Moves that allowed a fit.
    common
        Whether something may have moved both.
    controls
        p of the negative controls.
    driven
        Share of the 35 s after a peak in which the receiver spoke or moved: giver settled, and not; None where speech is not known.
    drawn
        Every rise that was used.
    """

    giver: str
    receiver: str
    time: float
    sessions: int
    rises: int
    settled: int
    left_out: int
    state: NaturalState
    effect: Interval = _NO_EFFECT
    p: float = math.nan
    adjusted: float = math.nan
    shifts: int = 0
    common: InnovationCorrelation = _NO_COMMON
    controls: float = math.nan
    driven: tuple[float, float] | None = None
    drawn: tuple[DrawnRise, ...] = ()

    @property
    def unsettled(self) -> int:
        """Before how many rises the giver was not settled."""
        return self.rises - self.settled

    @property
    def is_shown(self) -> bool:
        """Whether an effect was computed."""
        return self.state not in REFUSED


@dataclass(frozen=True, slots=True, eq=False)
class _Collected:
    """Rises of one direction over all sessions."""

    table: RiseTable
    drawn: tuple[DrawnRise, ...]
    driven_after: Floats
    left_out: int


def ask_natural(
    sessions: Sequence[PairLevels], rng: np.random.Generator, *, shifts: int = 999, shared: bool = False
) -> tuple[NaturalDirection, NaturalDirection]:
    """Answer both directions of a pair.

    Parameters
    ----------
    sessions
        Of one pair, each with the same two people in the same order.
    rng
        For the moves.
    shifts
        How often the giver's course is moved.
    shared
        Whether something that both experienced all the time was declared, such as a film.

    Returns
    -------
    tuple of NaturalDirection
        From the second to the first person, and from the first to the second.

    References
    ----------
    Wass SV et al. (2019), Current Biology 29:2469, doi:10.1016/j.cub.2019.06.016
    Holm S (1979), Scandinavian Journal of Statistics 6:65
    """
    turned = [session.turned() for session in sessions]
    both = [_direction(each, rng, shifts) for each in (sessions, turned)]
    adjusted = holm([direction.p for direction in both])
    first, second = (_decided(replace(d, adjusted=a), shared) for d, a in zip(both, adjusted, strict=True))
    return first, second


def holm(ps: Sequence[float]) -> list[float]:
    """Adjust p-values by Holm's method.

    Parameters
    ----------
    ps
        0 to 1; NaN where there was no test, which does not count.

    Returns
    -------
    list of float
        In the same order.
    """
    order = sorted((i for i, p in enumerate(ps) if not math.isnan(p)), key=lambda i: ps[i])
    out, largest = [math.nan] * len(ps), 0.0
    for rank, i in enumerate(order):
        largest = max(largest, min(1.0, (len(order) - rank) * ps[i]))
        out[i] = largest
    return out


def _direction(sessions: Sequence[PairLevels], rng: np.random.Generator, shifts: int) -> NaturalDirection:
    """Compute one direction, the receiver first; what may be said comes later."""
    collected = _collect(sessions, rng, shifts)
    table, usable = collected.table, collected.table.known[0]
    settled = usable & (table.partner.settled[0] >= HALF_SETTLED)
    receiver, giver = sessions[0].people
    direction = NaturalDirection(
        giver, receiver, sum(each.common for each in sessions), len(sessions), int(usable.sum()), int(settled.sum()),
        collected.left_out, NaturalState.MORE_NEEDED,
    )  # fmt: skip
    state = _refusal(direction)
    if state is not None:
        return replace(direction, state=state)
    slopes = last_slopes(regressors(table), table.left, _comparable(table), table.session)
    size = np.abs(slopes.studentised)
    moved = size[1:][np.isfinite(size[1:])]
    if not np.isfinite(size[0]) or len(moved) < MIN_SHIFTS:
        return replace(direction, state=NaturalState.NO_TEST)
    reach = float(np.quantile(moved, LEVEL) * slopes.error[0])
    value = float(slopes.value[0])
    return replace(
        direction, effect=Interval(value, value - reach, value + reach),
        p=float((1 + (moved >= size[0] * (1 - 1e-12)).sum()) / (1 + len(moved))), shifts=len(moved),
        common=common_input(sessions), controls=negative_controls(table),
        driven=_driven(collected.driven_after, usable, settled) if all(s.speech_known for s in sessions) else None,
        drawn=tuple(rise for rise, used in zip(collected.drawn, usable, strict=True) if used),
    )  # fmt: skip


def _refusal(direction: NaturalDirection) -> NaturalState | None:
    """Return why nothing is computed; None where something is."""
    if direction.time < SHOWN_TIME:
        return NaturalState.TOO_SHORT
    if direction.rises < SHOWN_RISES:
        return NaturalState.TOO_FEW_RISES
    if direction.unsettled < MIN_OF_EACH:
        return NaturalState.SETTLED_TOO_OFTEN
    return NaturalState.SETTLED_TOO_RARELY if direction.settled < MIN_OF_EACH else None


def _comparable(table: RiseTable) -> Bools:
    """Return which rises count, in no row whose rises would not have been enough."""
    known = table.known
    settled = (known & (table.partner.settled >= HALF_SETTLED)).sum(axis=1)
    total = known.sum(axis=1)
    enough = (total >= SHOWN_RISES) & (settled >= MIN_OF_EACH) & (total - settled >= MIN_OF_EACH)
    return np.asarray(known & enough[:, None])


def _decided(direction: NaturalDirection, shared: bool) -> NaturalDirection:
    """Say what may be said: enough of everything first, then the gates, then the test."""
    if direction.state is not NaturalState.MORE_NEEDED:
        return direction
    if direction.time < TOLD_TIME or direction.rises < TOLD_RISES:
        return direction
    if shared:
        return replace(direction, state=NaturalState.SHARED_KNOWN)
    if not direction.common.is_open:
        return replace(direction, state=NaturalState.SOMETHING_MOVED_BOTH)
    if not direction.controls >= CLOSED:
        return replace(direction, state=NaturalState.CONTROLS_DIFFER)
    if direction.adjusted > LINKAGE.alpha:
        return replace(direction, state=NaturalState.NOT_SHOWN)
    return replace(direction, state=NaturalState.SOONER if direction.effect.value < 0 else NaturalState.LATER)


def _collect(sessions: Sequence[PairLevels], rng: np.random.Generator, shifts: int) -> _Collected:
    """Find the first person's rises in each session, with the second's states for each move."""
    tables, drawn, driven, left_out = [], [], [], 0
    for number, session in enumerate(sessions):
        level, other = session.levels
        rises = find_rises(level, session.rate, session.driven[0], session.events[0])
        moves = np.concatenate([[0], draw_shifts(len(level), session.rate, shifts, rng)])
        moves = moves if len(moves) > 1 else np.zeros(1 + shifts, dtype=np.int64)
        states = partner_states(other, rises, session.rate, moves)
        own = np.column_stack([np.log(rises.heights), own_levels(level, rises, session.rate)])
        tables.append(RiseTable(np.full(len(rises.peaks), number), rises.left, own, states))
        drawn += _drawn(session, rises, states, number)
        driven.append(rises.driven_after)
        left_out += rises.left_out
    return _Collected(_joined(tables), tuple(drawn), np.concatenate(driven), left_out)


def _joined(tables: Sequence[RiseTable]) -> RiseTable:
    states = PartnerStates(
        *(
            np.concatenate([getattr(table.partner, name) for table in tables], axis=1)
            for name in PartnerStates.__dataclass_fields__
        )
    )
    parts = [np.concatenate([getattr(table, name) for table in tables]) for name in ("session", "left", "own")]
    return RiseTable(parts[0], parts[1], parts[2], states)


def _drawn(session: PairLevels, rises: Rises, states: PartnerStates, number: int) -> list[DrawnRise]:
    smooth = smoothed(session.levels[0], session.rate)
    steps = np.arange(round(_DRAWN[0] * session.rate), round(_DRAWN[1] * session.rate) + 1)
    padded = np.concatenate([np.full(-steps[0], np.nan), smooth, np.full(steps[-1], np.nan)])
    return [
        DrawnRise(
            steps / session.rate, padded[peak + steps - steps[0]], float(settled), number,
            float(session.start + peak / session.rate), float(left),
        )
        for peak, settled, left in zip(rises.peaks, states.settled[0], rises.left, strict=True)
    ]  # fmt: skip


def _driven(share: Floats, usable: Bools, settled: Bools) -> tuple[float, float]:
    return float(share[settled].mean()), float(share[usable & ~settled].mean())
