"""What a session must have before anything can be answered; each lack is an error that says what to do."""

from __future__ import annotations

from collections.abc import Sequence

from coregulation.analysis.channel_data import ChannelData
from coregulation.analysis.pair import PairResult
from coregulation.analysis.person_reasons import QualityReason
from coregulation.analysis.preprocessing import align_pair, comparable_channels
from coregulation.errors import DataError, UsageError
from coregulation.reasons import because
from coregulation.session import Session


def need_somebody(session: Session) -> None:
    """Require that somebody was recorded.

    Parameters
    ----------
    session
        That is to be analysed.

    Raises
    ------
    DataError
        If it has no recording.
    """
    if not session.recordings:
        raise DataError(
            "A session needs at least one person; nobody came. Name the columns with --person, or give one file for each."
        )


def names_to_compare(session: Session, wanted: Sequence[str] | None) -> tuple[str, ...]:
    """List the channels that are compared.

    Parameters
    ----------
    session
        With its recordings.
    wanted
        Channels asked for; None: all that two people have.

    Returns
    -------
    tuple of str
        In the order asked for, else as recorded.

    Raises
    ------
    UsageError
        If a channel is asked for that nobody has.
    """
    names = [name for recording in session.recordings for name in comparable_channels(recording)]
    known = list(dict.fromkeys(names))
    if wanted is None:
        return tuple(name for name in known if names.count(name) > 1)
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise UsageError(
            "Nobody has {unknown:and}; the recordings have {known:and}.", unknown=unknown, known=known or ["nothing"]
        )
    return tuple(wanted)


def need_two(channels: Sequence[ChannelData]) -> None:
    """Require a channel that two people have and that is usable.

    Parameters
    ----------
    channels
        All that are compared.

    Raises
    ------
    DataError
        If there is none; it says whose signal was refused, and why.
    """
    if not channels:
        raise DataError("No signal was recorded of two people; linkage needs the same signal of both.")
    if all(len(channel.traces) < 2 for channel in channels):
        refused = [q for channel in channels for q in channel.qualities if q.refused]
        names = tuple(channel.name for channel in channels)
        if not refused:
            raise DataError("Fewer than two people recorded {signals:and}; linkage needs both.", signals=names)
        raise DataError(
            "Fewer than two people have a usable signal ({signals:and}): {refused:and}.",
            signals=names,
            refused=tuple(
                because(QualityReason.REFUSED, person=q.person, channel=q.channel, why=q.refused) for q in refused
            ),
        )


def need_common_time(channels: Sequence[ChannelData], answers: Sequence[PairResult]) -> None:
    """Require that two people's recordings share some time.

    Parameters
    ----------
    channels
        With their traces.
    answers
        Of all pairs.

    Raises
    ------
    DataError
        If no pair shares any; it says from when to when each recording runs.
    """
    if answers and all(answer.apart for answer in answers):
        channel = next(channel for channel in channels if channel.name == answers[0].channel)
        align_pair(*(channel.traces[person] for person in answers[0].pair))  # raises
