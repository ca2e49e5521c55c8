"""One pair and one signal, beyond the scripted input: pseudo-dyads from other sessions of the script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from coregulation.analysis.channel_data import ChannelData
from coregulation.analysis.pair import PairResult
from coregulation.analysis.preprocessing import align_pair
from coregulation.coupling.comparison import pairing_statistic
from coregulation.coupling.inference import Coupling
from coregulation.coupling.nulls.pseudo_dyads import PseudoDyads, PseudoMember, match_support, pseudo_dyads
from coregulation.coupling.reasons import LinkageRefusal
from coregulation.coupling.settings import LINKAGE
from coregulation.reasons import because
from coregulation.signals import Window


def compare_with_pseudo_dyads(
    channel: ChannelData,
    answer: PairResult,
    roles: Sequence[Mapping[str, str | None]],
    spans: Sequence[Window],
    max_dyads: int,
    rng: np.random.Generator,
) -> Coupling:
    """Test one pair against pseudo-dyads from the other sessions of the script, over the pair's own valid time.

    Parameters
    ----------
    channel
        With the traces of all sessions.
    answer
        What is known of the pair beyond own dynamics.
    roles
        Each person's role, for this session and each other one.
    spans
        Spans that count; none: everything.
    max_dyads
        With more pseudo-dyads than this, some are drawn.
    rng
        Source of the draws.

    Returns
    -------
    Coupling
        At gate G2; it says why where it is refused.

    References
    ----------
    Moulder RG, Boker SM, Ramseyer F, Tschacher W (2018), Psychological Methods 23:757, doi:10.1037/met0000172
    """
    primary = answer.primary
    if primary.estimate is None:
        return replace(primary, null=PseudoDyads.title, gate=PseudoDyads.question.value)
    pool = pseudo_members(channel, roles)
    first, second = (next(m for m in pool if m.session == 0 and m.person == who) for who in answer.pair)
    dyads = pseudo_dyads(first, second, pool)
    if len(dyads) > max_dyads:
        dyads = [dyads[i] for i in rng.choice(len(dyads), max_dyads, replace=False)]
    x, y = align_pair(first.signal, second.signal)
    enough = primary.windows / 2  # a stand-in counts where it has more than half of the pair's windows
    values = np.array([
        pairing_statistic(match_support(a.signal, x), match_support(b.signal, y), channel.plan.measure, spans, enough)
        for a, b in dyads
    ])  # fmt: skip
    values = values[np.isfinite(values)]
    few = (
        because(LinkageRefusal.FEW_PSEUDO_DYADS, count=len(values), needed=LINKAGE.min_pseudo_dyads)
        if len(values) < LINKAGE.min_pseudo_dyads
        else None
    )
    return replace(
        primary, null=PseudoDyads.title, gate=PseudoDyads.question.value, nulls=values, refused=primary.refused or few
    )


def pseudo_members(channel: ChannelData, roles: Sequence[Mapping[str, str | None]]) -> list[PseudoMember]:
    """List everybody in every session of the script.

    Parameters
    ----------
    channel
        With the traces of all sessions.
    roles
        Each person's role, for this session and each other one.

    Returns
    -------
    list of PseudoMember
        Session 0 is the one in question.
    """
    return [
        PseudoMember(who, roles[k].get(who), k, signal)
        for k, traces in enumerate((channel.traces, *channel.others))
        for who, signal in traces.items()
    ]
