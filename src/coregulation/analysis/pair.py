"""One pair and one signal: beyond own dynamics, and beyond the scripted input."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from coregulation.analysis.preprocessing import SignalPlan, align_pair, source_of
from coregulation.analysis.results import Quality
from coregulation.clock import lag_sd
from coregulation.coupling.bootstrap import BlockBootstrap
from coregulation.coupling.correlation import LaggedCorrelation, Surface
from coregulation.coupling.inference import MIN_NULLS, MIN_WINDOWS, Coupling, Pairing, estimate_coupling
from coregulation.coupling.permutation import (
    CircularTable,
    NullProfiles,
    Segment,
    null_profiles,
    observed_profile,
    split_segments,
)
from coregulation.coupling.pseudo import PseudoMember, match_support, pairing_statistic, pseudo_dyads
from coregulation.coupling.surrogate import AbstractSurrogate, CircularShift
from coregulation.errors import DataError
from coregulation.session import Session
from coregulation.signals import Signal, Window

MIN_PSEUDO = 19  # with fewer pseudo-dyads no p can reach .05


@dataclass(frozen=True, slots=True, eq=False)
class ChannelData:
    """A channel as it is compared: everybody's trace on one grid, here and in the other sessions of the script."""

    name: str
    plan: SignalPlan
    rate: float
    traces: Mapping[str, Signal]
    qualities: tuple[Quality, ...]
    others: tuple[Mapping[str, Signal], ...] = ()


@dataclass(frozen=True, slots=True)
class NullSettings:
    """What a pair is held against: the null, how many surrogates, how intervals come about, the seed, threads."""

    null: AbstractSurrogate
    surrogates: int
    bootstrap: BlockBootstrap
    seed: int
    jobs: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class PairResult:
    """What one signal says of one pair beyond own dynamics, and what its pictures and its group need."""

    pair: tuple[str, str]
    channel: str
    couplings: tuple[Coupling, ...]
    parts: tuple[Segment, ...] = ()
    table: CircularTable | None = None
    surface: Surface | None = None
    map_threshold: float = float("nan")
    apart: bool = False  # the two recordings share no time

    def also(
        self, nulls: Sequence[AbstractSurrogate], count: int, rate: float, rng: np.random.Generator, jobs: int
    ) -> PairResult:
        """Return the answer with secondary couplings against other nulls; `rate` is that of the traces, in Hz."""
        primary = self.couplings[0]
        if primary.refused is not None:
            return self
        more = []
        for null in nulls:
            against = NullSettings(null, count, BlockBootstrap(), primary.seed, jobs)
            profiles, refused = _held(self.parts, None, primary.measure, rate, against, rng)
            more.append(
                replace(primary, null=null.title, primary=False, nulls=profiles.statistics, refused=refused)
            )  # fmt: skip
        return replace(self, couplings=(*self.couplings, *more))


def analyze_pair(
    session: Session,
    channel: ChannelData,
    pair: tuple[str, str],
    spans: Sequence[Window],
    against: NullSettings,
    rng: np.random.Generator,
) -> PairResult:
    """Answer for one pair of a channel; where too little is there the coupling says why it is refused."""
    measure, null = channel.plan.measure, against.null
    try:
        x, y = align_pair(channel.traces[pair[0]], channel.traces[pair[1]])
    except DataError as error:
        why_not = _refused(pair, channel, str(error), 0.0, 0.0, against)
        return PairResult(pair, channel.name, (why_not,), apart=True)
    parts = split_segments(x, y, measure, spans)
    surface = lag_surface(x, y, measure, spans)
    both = np.isfinite(x.values) & np.isfinite(y.values)
    coverage = float(both.mean()) if len(both) else 0.0
    grid = measure.grid(channel.rate)
    windows = float(np.isfinite(surface.r).sum(axis=0).max(initial=0)) * grid.hop / grid.width
    if windows < MIN_WINDOWS:
        return PairResult(
            pair, channel.name, (_refused(pair, channel, _too_short(both, channel, windows), windows, coverage, against),)
        )  # fmt: skip
    turned = isinstance(null, CircularShift) or len(channel.traces) > 2  # a group turns its people in any case
    table = CircularTable.of(parts, grid, against.jobs) if turned else None
    profiles, refused = _held(parts, table, measure, channel.rate, against, rng)
    pairing = Pairing(*pair, clock_sd=_clock_sd(session, channel.name, pair, x.window))
    coupling = Coupling(
        pair=pair, signal=channel.name, measure=measure, null=null.title, gate="G1", primary=True,
        statistic=float(np.abs(profiles.profile).max()), nulls=profiles.statistics,
        estimate=estimate_coupling([surface], measure, pairing, against.bootstrap, rng), windows=windows, coverage=coverage,
        seed=against.seed, refused=refused,
    )  # fmt: skip
    threshold = float(np.quantile(profiles.largest, 0.95)) if len(profiles.largest) else float("nan")
    return PairResult(pair, channel.name, (coupling,), tuple(parts), table, surface, threshold)


def lag_surface(x: Signal, y: Signal, measure: LaggedCorrelation, spans: Sequence[Window]) -> Surface:
    """Return the map of a pair over windows and lags, span by span; none given: over everything."""
    surfaces = [measure.surface(x.within(s), y.within(s)) for s in spans] if spans else [measure.surface(x, y)]
    rows = [surface for surface in surfaces if len(surface.r)]
    if not rows:
        return surfaces[0]
    return Surface(np.concatenate([s.r for s in rows]), rows[0].lags, np.concatenate([s.centres for s in rows]))


def _held(
    parts: Sequence[Segment],
    table: CircularTable | None,
    measure: LaggedCorrelation,
    rate: float,
    against: NullSettings,
    rng: np.random.Generator,
) -> tuple[NullProfiles, str | None]:
    """Hold a pair against a null; say why there can be no p where the null cannot be drawn, or not often enough."""
    grid, null, count = measure.grid(rate), against.null, against.surrogates
    if table is not None and isinstance(null, CircularShift):
        profiles = table.null(null, count, rng)
    else:
        try:
            profiles = null_profiles(parts, grid, null, count, rng, against.jobs, measure.detrend)
        except DataError as error:
            return NullProfiles(observed_profile(parts, grid).mean, np.empty(0), np.empty(0)), str(error)
    return profiles, _too_few(profiles)


def test_against_pseudo_dyads(
    channel: ChannelData,
    answer: PairResult,
    roles: Sequence[Mapping[str, str | None]],
    spans: Sequence[Window],
    most: int,
    rng: np.random.Generator,
) -> Coupling:
    """Answer for one pair against pseudo-dyads from the other sessions of the script, over the pair's own valid time."""
    primary = answer.couplings[0]
    if primary.estimate is None:
        return replace(primary, null="pseudo-dyads", gate="G2")
    pool = pseudo_members(channel, roles)
    first, second = (next(m for m in pool if m.session == 0 and m.person == who) for who in answer.pair)
    found = pseudo_dyads(first, second, pool)
    if len(found) > most:
        found = [found[i] for i in rng.choice(len(found), most, replace=False)]
    x, y = align_pair(first.signal, second.signal)
    values = np.array([
        pairing_statistic(match_support(a.signal, x), match_support(b.signal, y), channel.plan.measure, spans, primary.windows / 2)
        for a, b in found
    ])  # fmt: skip
    values = values[np.isfinite(values)]
    few = (
        f"only {len(values)} pseudo-dyads are there; with fewer than {MIN_PSEUDO} no answer could be given"
        if len(values) < MIN_PSEUDO
        else None
    )
    return replace(primary, null="pseudo-dyads", gate="G2", nulls=values, refused=primary.refused or few)


def pseudo_members(channel: ChannelData, roles: Sequence[Mapping[str, str | None]]) -> list[PseudoMember]:
    """Return everybody in every session of the script; session 0 is the one in question."""
    return [
        PseudoMember(who, roles[k].get(who), k, signal)
        for k, traces in enumerate((channel.traces, *channel.others))
        for who, signal in traces.items()
    ]


def channel_statistic(x: Signal, y: Signal, measure: LaggedCorrelation, spans: Sequence[Window] = ()) -> float:
    """Return the statistic of any two traces over the time they share; NaN where they share too little."""
    try:
        return pairing_statistic(*align_pair(x, y), measure, spans)
    except DataError:
        return float("nan")


def _too_short(both: np.ndarray, channel: ChannelData, windows: float) -> str:
    seconds = both.sum() / channel.rate
    need = MIN_WINDOWS * channel.plan.measure.window
    return (
        f"{channel.name}: {seconds:.0f} s of common valid time give {windows:.1f} windows of "
        f"{channel.plan.measure.window:g} s; at least {MIN_WINDOWS} ({need:g} s without gaps, in which both signals "
        "change) are needed"
    )


def _too_few(profiles: NullProfiles) -> str | None:
    if len(profiles.statistics) >= MIN_NULLS:
        return None
    return (
        f"the recording allows {len(profiles.statistics)} surrogates; at least {MIN_NULLS} are needed "
        "(a few minutes more would give them)"
    )


def _refused(
    pair: tuple[str, str], channel: ChannelData, why: str, windows: float, coverage: float, against: NullSettings
) -> Coupling:
    return Coupling(
        pair=pair, signal=channel.name, measure=channel.plan.measure, null=against.null.title, gate="G1", primary=True,
        statistic=float("nan"), nulls=np.empty(0), estimate=None, windows=windows, coverage=coverage,
        seed=against.seed, refused=why,
    )  # fmt: skip


def _clock_sd(session: Session, channel: str, pair: tuple[str, str], window: Window) -> float | None:
    first, second = (session.of(who) for who in pair)
    middle = (window.start + window.end) / 2
    return lag_sd(first.clock(source_of(first, channel)), second.clock(source_of(second, channel)), middle)
