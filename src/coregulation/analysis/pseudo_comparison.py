"""A pair, and everybody in every session of its script: beyond the scripted input, and equivalence with it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from coregulation.analysis.channel_data import ChannelData
from coregulation.analysis.pair import PairResult
from coregulation.analysis.preprocessing import align_pair
from coregulation.coupling.comparison import compare_signals
from coregulation.coupling.inference import Coupling, CouplingEstimate, Equivalence
from coregulation.coupling.measure import AbstractMeasure
from coregulation.coupling.nulls.pseudo_dyads import PseudoDyads, PseudoMember, match_support, pseudo_dyads
from coregulation.coupling.reasons import LinkageRefusal
from coregulation.coupling.settings import LINKAGE
from coregulation.coupling.surface import FISHER_Z, WindowSums
from coregulation.errors import DataError
from coregulation.reasons import because
from coregulation.signals import Floats, Signal, Window


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
        At gate G2; it says why where it is refused. It can be answered where the pair's own null cannot.

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
    stand_ins = [(match_support(a.signal, x), match_support(b.signal, y)) for a, b in dyads]
    enough = primary.windows / 2  # a stand-in counts where it has more than half of the pair's windows
    values = np.array([_pseudo_values(a, b, channel.plan.measure, spans, enough) for a, b in stand_ins])
    values = values.reshape(-1, 2)[np.isfinite(values.reshape(-1, 2)).all(axis=1)]
    few = (
        because(LinkageRefusal.FEW_PSEUDO_DYADS, count=len(values), needed=LINKAGE.min_pseudo_dyads)
        if len(values) < LINKAGE.min_pseudo_dyads
        else None
    )
    return replace(
        primary, null=PseudoDyads.title, gate=PseudoDyads.question.value, nulls=values[:, 0], refused=few,
        equivalence=None if few else compare_means(primary.estimate, values[:, 1], channel.plan.measure),
    )  # fmt: skip


def _pseudo_values(
    x: Signal, y: Signal, measure: AbstractMeasure, spans: Sequence[Window], enough: float
) -> tuple[float, float]:
    """Return the statistic of a pseudo-dyad and its mean at the declared lag; NaN where it has too few windows."""
    comparison = compare_signals(x, y, measure, spans)
    if comparison.windows <= enough:
        return math.nan, math.nan
    declared = int(np.argmin(np.abs(measure.lags(comparison.rate) / comparison.rate - measure.declared_lag)))
    return comparison.statistic, float(comparison.observed.mean[declared])


def compare_means(estimate: CouplingEstimate, pseudo: Floats, measure: AbstractMeasure) -> Equivalence | None:
    """Compare a pair's mean at the declared lag with the mean of its pseudo-dyads.

    Parameters
    ----------
    estimate
        Of the pair.
    pseudo
        Mean of each pseudo-dyad at the same lag, on the measure's scale of averaging, shape (k,).
    measure
        How windows are compared.

    Returns
    -------
    Equivalence or None
        None of a measure that is no correlation, whose margin nobody stated.
    """
    if measure.scale is not FISHER_Z or estimate.declared is None:
        return None
    declared = estimate.declared
    scatter = float(pseudo.std(ddof=1)) / math.sqrt(
        len(pseudo) / 2
    )  # each dyad shares a person with half of the others
    half = math.hypot(declared.half_width, declared.quantile * scatter)
    difference = declared.mean - float(pseudo.mean())
    return Equivalence(difference, (difference - half, difference + half), LINKAGE.equivalence_margin)


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


def channel_sums(x: Signal, y: Signal, measure: AbstractMeasure, spans: Sequence[Window] = ()) -> WindowSums | None:
    """Compute the sums over windows of any two traces over the time they share.

    Parameters
    ----------
    x, y
        Traces of one rate.
    measure
        How they are compared.
    spans
        Spans that count; none: everything.

    Returns
    -------
    WindowSums or None
        Shape (lags,); None where they share no time.
    """
    try:
        return compare_signals(*align_pair(x, y), measure, spans).observed
    except DataError:
        return None
