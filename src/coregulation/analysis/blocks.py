"""Blocks: where a null may move things, linkage inside each block, and the contrast between two."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import numpy as np

from coregulation.analysis.pair import PairResult
from coregulation.analysis.person_reasons import QualityReason
from coregulation.analysis.results import BlockContrast, BlockLinkage
from coregulation.coupling.bootstrap import BlockBootstrap
from coregulation.coupling.measure import AbstractMeasure
from coregulation.coupling.settings import LINKAGE
from coregulation.linear_algebra import argmax_near_middle
from coregulation.reasons import Reason, because
from coregulation.session import Session
from coregulation.signals import Floats, Window


def shifting_spans(session: Session, measure: AbstractMeasure) -> list[Window]:
    """List the spans inside which surrogates may move a series: the session cut at every edge of a block.

    Timing that a block's own level or task explains must not count as linkage. What was recorded before the first block and after
    the last is a span too.

    Parameters
    ----------
    session
        With its blocks.
    measure
        How signals are compared; a span holds at least four of its windows, and shorter ones are left out.

    Returns
    -------
    list of Window
        Empty where there are no blocks, or where the spans left out would make up more than half: then the session counts as one
        span.
    """
    spans = _between_edges(session) if session.blocks else []
    long = [span for span in spans if span.length >= LINKAGE.min_span_windows * measure.window]
    return long if _total(long) >= LINKAGE.min_span_share * _total(spans) else []


def excluded_spans(session: Session, measure: AbstractMeasure) -> tuple[Reason, ...]:
    """Say what `shifting_spans` leaves out.

    Parameters
    ----------
    session
        With its blocks.
    measure
        How signals are compared.

    Returns
    -------
    tuple of Reason
        One remark where spans are left out or blocks are too short to keep to, else none.
    """
    spans = _between_edges(session) if session.blocks else []
    short = [span for span in spans if span.length < LINKAGE.min_span_windows * measure.window]
    if not short:
        return ()
    windows, seconds = LINKAGE.min_span_windows, LINKAGE.min_span_windows * measure.window
    if not shifting_spans(session, measure):
        return (because(QualityReason.SPANS_TOO_SHORT, windows=windows, seconds=seconds),)
    total = _total(short)
    return (because(QualityReason.SPANS_LEFT_OUT, count=len(short), total=total, windows=windows, seconds=seconds),)


def _between_edges(session: Session) -> list[Window]:
    covered = _covered(session)
    inner = {edge for block in session.blocks for edge in (block.start, block.end)}
    edges = sorted({covered.start, covered.end, *(e for e in inner if covered.start < e < covered.end)})
    return [Window(a, b) for a, b in itertools.pairwise(edges)]


def _total(spans: Sequence[Window]) -> float:
    return sum(span.length for span in spans)


def _covered(session: Session) -> Window:
    windows = [signal.window for recording in session.recordings for signal in recording.signals.values()]
    windows += [recording.beats.window for recording in session.recordings if recording.beats is not None]
    return Window(min(w.start for w in windows), max(w.end for w in windows))


def block_linkages(
    answer: PairResult, session: Session, bootstrap: BlockBootstrap, seed: int
) -> Iterator[BlockLinkage]:
    """Estimate the linkage in each block long enough for an interval, at the lag of the whole session.

    Parameters
    ----------
    answer
        A pair with its surface.
    session
        With its blocks.
    bootstrap
        For the intervals.
    seed
        Of the resamples.

    Yields
    ------
    BlockLinkage
        Of each block with at least two bootstrap blocks of valid windows.

    References
    ----------
    Künsch HR (1989), Annals of Statistics 17:1217, doi:10.1214/aos/1176347265
    """
    primary, surface = answer.primary, answer.surface
    if primary.estimate is None or surface is None:
        return
    for k, block in enumerate(session.blocks):
        z = _at_lag(answer)[_rows(answer, block.window)]
        if np.isfinite(z).sum() < LINKAGE.min_blocks_of_windows * _drawn(answer, bootstrap):
            continue
        mean, spread, blocks = _mean(z, answer, bootstrap, np.random.default_rng([seed, k]))
        low, high = bootstrap.interval(mean, spread, blocks)
        back = surface.scale.back
        yield BlockLinkage(
            answer.pair, answer.channel, block.kind, block.window, back(mean), (back(low), back(high)),
            int(np.isfinite(z).sum()),
        )  # fmt: skip


def block_contrasts(
    answer: PairResult, session: Session, bootstrap: BlockBootstrap, seed: int
) -> Iterator[BlockContrast]:
    """Compare each two blocks of different kinds, with the interval of two independent means.

    Parameters
    ----------
    answer
        A pair with its surface.
    session
        With its blocks.
    bootstrap
        For the intervals.
    seed
        Of the resamples.

    Yields
    ------
    BlockContrast
        Of each two blocks that have an interval of their own.

    References
    ----------
    Künsch HR (1989), Annals of Statistics 17:1217, doi:10.1214/aos/1176347265
    """
    if answer.primary.estimate is None or answer.surface is None:
        return
    means = []
    for k, block in enumerate(session.blocks):
        z = _at_lag(answer)[_rows(answer, block.window)]
        if np.isfinite(z).sum() >= LINKAGE.min_blocks_of_windows * _drawn(answer, bootstrap):
            means.append((block.kind, *_mean(z, answer, bootstrap, np.random.default_rng([seed, k]))))
    for (first, a, spread_a, blocks_a), (second, b, spread_b, blocks_b) in itertools.combinations(means, 2):
        if first == second:
            continue
        low, high = bootstrap.interval(b - a, spread_b - spread_a, min(blocks_a, blocks_b))
        yield BlockContrast(answer.pair, answer.channel, (first, second), b - a, (low, high))


def _at_lag(answer: PairResult) -> Floats:
    surface = answer.surface
    assert surface is not None
    best = int(argmax_near_middle(np.abs(np.where(np.isfinite(surface.profile), surface.profile, 0.0))))
    at: Floats = surface.z[:, best]
    return at


def _rows(answer: PairResult, window: Window) -> np.ndarray:
    surface = answer.surface
    assert surface is not None
    half = answer.primary.measure.window / 2
    begin, end = surface.centres - half, surface.centres + half
    return np.flatnonzero((begin >= window.start - 1e-6) & (end <= window.end + 1e-6))


def _mean(
    z: Floats, answer: PairResult, bootstrap: BlockBootstrap, rng: np.random.Generator
) -> tuple[float, Floats, int]:
    block = _drawn(answer, bootstrap)
    resampled = bootstrap.profiles(z[:, None], block, rng)[:, 0]
    return float(np.nanmean(z)), resampled, max(2, int(np.isfinite(z).sum() // block))


def _drawn(answer: PairResult, bootstrap: BlockBootstrap) -> int:
    """Return how many neighbouring windows the bootstrap draws at once; with fewer than twice that there is no interval."""
    measure, surface = answer.primary.measure, answer.surface
    assert surface is not None
    hop = float(np.median(np.diff(surface.centres))) if len(surface.centres) > 1 else measure.hop
    return max(1, round(bootstrap.windows_per_block * measure.window / hop))
