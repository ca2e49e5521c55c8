"""What one session adds to a study: its pair's signed linkage at the study's lag, and that of each person with stand-ins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import msgspec
import numpy as np

from coregulation.analysis.preprocessing import align_pair, plan_for
from coregulation.coupling.measure import AbstractMeasure
from coregulation.coupling.surface import WindowSums
from coregulation.errors import DataError
from coregulation.study.prepared import PreparedSession, read_prepared

MIN_WINDOWS = 1.0
"""Fewest windows' lengths of common valid time with which a session counts: a study can use recordings of two or three minutes."""


class Linkage(msgspec.Struct, frozen=True):
    """The signed linkage of two people's signals.

    Parameters
    ----------
    z
        Mean over windows at the study's lag, Fisher's z (or on the measure's own scale); NaN where too little is valid.
    largest
        The value at the lag where it is largest in size, same scale.
    lag
        That lag, s; positive: the first person leads.
    windows
        Windows' lengths of common valid time.
    """

    z: float
    largest: float
    lag: float
    windows: float


_NOTHING = Linkage(float("nan"), float("nan"), float("nan"), 0.0)


class ChannelValues(msgspec.Struct, frozen=True):
    """One channel of one session.

    Parameters
    ----------
    own
        The pair's linkage.
    stand_ins
        `z` of the first person with each stand-in for the second, in the order of the stand-in sessions.
    largest
        The size of their value at the lag where it is largest, in the same order.
    seconds
        Common valid time, s.
    """

    own: Linkage
    stand_ins: tuple[float, ...]
    largest: tuple[float, ...]
    seconds: float


class SessionValues(msgspec.Struct, frozen=True):
    """What one session adds to a study.

    Parameters
    ----------
    name
        Of the session.
    key
        Fingerprint of everything that decides the values.
    channels
        By channel; one without a comparable signal is left out.
    """

    name: str
    key: str
    channels: dict[str, ChannelValues]


def session_values(
    name: str, key: str, files: Mapping[str, str], partners: Sequence[str], channels: Sequence[str], lag: float
) -> SessionValues:
    """Compare one session's pair, and its first person with every stand-in.

    Parameters
    ----------
    name
        Of the session.
    key
        Fingerprint of everything that decides the values.
    files
        Path of each prepared session that is needed, by name.
    partners
        Names of the sessions from which stand-ins come.
    channels
        Which are compared.
    lag
        Of the study, s.

    Returns
    -------
    SessionValues
        By channel.
    """
    own = read_prepared(Path(files[name]))
    others = [_cached(files[partner]) for partner in partners]
    return SessionValues(
        name, key, {c: values for c in channels if (values := _channel(own, others, c, lag)) is not None}
    )


@lru_cache(maxsize=64)
def _cached(path: str) -> PreparedSession:
    return read_prepared(Path(path))


def _channel(own: PreparedSession, others: Sequence[PreparedSession], channel: str, lag: float) -> ChannelValues | None:
    first, second = own.signal(0, channel), own.signal(1, channel)
    if first is None or second is None:
        return None
    measure = plan_for(channel).measure
    try:
        x, y = align_pair(first, second)
    except DataError:
        return None
    linkage = _linkage(measure.compare_with(x)(y), measure, x.rate, lag)
    compared = tuple(_with_stand_in(own, other, channel, measure, lag) for other in others)
    valid = np.isfinite(x.values) & np.isfinite(y.values)
    signed, largest = (tuple(getattr(item, name) for item in compared) for name in ("z", "largest"))
    return ChannelValues(linkage, signed, tuple(map(abs, largest)), float(valid.sum() / x.rate))


def _with_stand_in(
    own: PreparedSession, other: PreparedSession, channel: str, measure: AbstractMeasure, lag: float
) -> Linkage:
    first, second = own.signal(0, channel), other.signal(stand_in(own, other), channel)
    if first is None or second is None or first.rate != second.rate:
        return _NOTHING
    try:
        x, y = align_pair(first, second)
    except DataError:
        return _NOTHING
    return _linkage(measure.compare_with(x)(y), measure, x.rate, lag)


def stand_in(own: PreparedSession, other: PreparedSession) -> int:
    """Find who of another session stands in for the second person of this one.

    Parameters
    ----------
    own
        The session whose partner is replaced.
    other
        The session from which the stand-in comes.

    Returns
    -------
    int
        The person with the partner's role where one has it, else the second.
    """
    role = own.facts.people[1].role
    roles = [person.role for person in other.facts.people[:2]]
    return roles.index(role) if role is not None and role in roles else 1


def _linkage(sums: WindowSums, measure: AbstractMeasure, rate: float, lag: float) -> Linkage:
    lags = measure.lags(rate) / rate
    at = int(np.argmin(np.abs(lags - lag)))
    mean = np.where(sums.count > 0, sums.mean, np.nan)
    windows = measure.windows_of(int(sums.count[at]), rate)
    if windows < MIN_WINDOWS:
        return Linkage(float("nan"), float("nan"), float("nan"), windows)
    best = int(np.nanargmax(np.abs(mean)))
    return Linkage(float(mean[at]), float(mean[best]), float(lags[best]), windows)
