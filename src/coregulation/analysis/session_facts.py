"""What the analysis of a session reads from it and keeps of its answers, each a pure function."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from coregulation.analysis.blocks import excluded_spans, shifting_spans
from coregulation.analysis.channel_data import ChannelData
from coregulation.analysis.pair import PairResult, pair_surface
from coregulation.analysis.person import PersonFinding
from coregulation.analysis.regulation import Breaths
from coregulation.analysis.results import About, Quality
from coregulation.session import Session


def measured_breaths(bodies: Sequence[PersonFinding]) -> Breaths:
    """Return each person's breathing rate where it was measured and nobody set the pace.

    Parameters
    ----------
    bodies
        Of the people of a session.

    Returns
    -------
    dict
        By person: times (s) and rates (1/min).
    """
    rates = {b.person: b.body.breathing_rate for b in bodies if b.body and b.body.breath_known and not b.paced}
    return {who: (signal.times, signal.values) for who, signal in rates.items()}


def roles_of(session: Session, pseudo: Sequence[Session]) -> list[dict[str, str | None]]:
    """Return everybody's role, session by session.

    Parameters
    ----------
    session
        The one that is analysed.
    pseudo
        Other sessions of the same script.

    Returns
    -------
    list of dict
        Roles by person, of `session` first.
    """
    return [{person.id: person.role for person in each.people} for each in (session, *pseudo)]


def qualities_of(channel: ChannelData, session: Session) -> Iterator[Quality]:
    """Yield each person's quality of a channel, with what is left out where two are compared.

    Parameters
    ----------
    channel
        Of everybody.
    session
        In which spans may be excluded.

    Yields
    ------
    Quality
        Of each person.
    """
    left_out = excluded_spans(session, channel.plan.measure) if len(channel.traces) > 1 else ()
    yield from (replace(q, remarks=(*q.remarks, *left_out)) for q in channel.qualities)


def strength(answer: PairResult) -> tuple[float, float]:
    """Return by what pairs are sorted, the strongest first: p, then the statistic.

    Parameters
    ----------
    answer
        Of one pair and channel.

    Returns
    -------
    tuple of float
        The smaller, the stronger; a pair without a p comes last.
    """
    p = answer.primary.p
    return (2.0 if p is None else p, -answer.primary.statistic)


def with_surface(session: Session, channels: Sequence[ChannelData], answer: PairResult) -> PairResult:
    """Return an answer with its map, which is not held in memory for each of many pairs.

    Parameters
    ----------
    session
        That was analysed.
    channels
        Of which one is the answer's.
    answer
        Of one pair.

    Returns
    -------
    PairResult
        With `surface`, unless there is no estimate.
    """
    if answer.surface is not None or answer.primary.estimate is None:
        return answer
    channel = next(channel for channel in channels if channel.name == answer.channel)
    return replace(answer, surface=pair_surface(channel, answer.pair, shifting_spans(session, channel.plan.measure)))


def about_session(session: Session) -> About:
    """Return what was said about a session.

    Parameters
    ----------
    session
        As it was recorded.

    Returns
    -------
    About
        Without guides.
    """
    return About(
        session.id, session.people, session.task, session.date, session.setting, session.shared, session.simulated,
        session.blocks, session.marks, session.exclusions, turns=session.turns,
    )  # fmt: skip
