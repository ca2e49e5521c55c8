"""One pair and one signal: beyond own dynamics."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from coregulation.analysis.channel_data import ChannelData
from coregulation.analysis.preprocessing import align_pair, source_of
from coregulation.clock import lag_sd
from coregulation.coupling.bootstrap import BlockBootstrap
from coregulation.coupling.comparison import NullProfiles, PairComparison, compare_signals
from coregulation.coupling.inference import Coupling, Pairing, estimate_coupling
from coregulation.coupling.measure import AbstractMeasure
from coregulation.coupling.nulls.choice import choose_null
from coregulation.coupling.nulls.surrogates import AbstractSurrogate
from coregulation.coupling.reasons import LinkageRefusal
from coregulation.coupling.settings import LINKAGE
from coregulation.coupling.surface import Surface, stack_sums
from coregulation.errors import DataError, UsageError
from coregulation.reasons import Reason, because, reason_of
from coregulation.session import Session
from coregulation.signals import Bools, Window


@dataclass(frozen=True, slots=True)
class NullSettings:
    """How a pair is tested.

    Parameters
    ----------
    null
        What it is compared with; None: chosen by length and gaps (`choose_null`).
    surrogates
        How many at most.
    bootstrap
        For intervals.
    seed
        Of everything random, for the result.
    jobs
        Threads.
    """

    null: AbstractSurrogate | None
    surrogates: int
    bootstrap: BlockBootstrap
    seed: int
    jobs: int = 1

    def source(self, person: str) -> np.random.Generator:
        """Return the source of a person's surrogates: the same for every signal and pair of this person.

        Parameters
        ----------
        person
            Pseudonym.

        Returns
        -------
        numpy.random.Generator
            A new one at each call.
        """
        return np.random.default_rng([self.seed, zlib.crc32(b"surrogates"), zlib.crc32(person.encode())])

    def chosen(self, comparison: PairComparison) -> AbstractSurrogate:
        """Return the null of a pair.

        Parameters
        ----------
        comparison
            The pair.

        Returns
        -------
        AbstractSurrogate
            As asked for, else by the rule.
        """
        return choose_null(comparison) if self.null is None else self.null


@dataclass(frozen=True, slots=True, eq=False)
class PairResult:
    """What one signal says of one pair beyond own dynamics, and what its pictures and its group need.

    Parameters
    ----------
    pair
        The two people, in order.
    channel
        Name of the channel.
    couplings
        The primary one first.
    comparison
        The pair under its measure; None where it is refused.
    surface
        The measure by window and lag; None where it is refused, or not kept.
    map_threshold
        The |r| that 5 % of the surrogates exceed anywhere in their map.
    apart
        Whether the two recordings share no time.
    """

    pair: tuple[str, str]
    channel: str
    couplings: tuple[Coupling, ...]
    comparison: PairComparison | None = None
    surface: Surface | None = None
    map_threshold: float = float("nan")
    apart: bool = False

    @property
    def primary(self) -> Coupling:
        """The primary coupling."""
        return self.couplings[0]

    def with_sensitivity(self, nulls: Sequence[AbstractSurrogate], count: int, rng: np.random.Generator) -> PairResult:
        """Test the pair against other nulls, as secondary couplings.

        Parameters
        ----------
        nulls
            What it is compared with.
        count
            Number of surrogates of each.
        rng
            Source of the draws.

        Returns
        -------
        PairResult
            As it was where the primary coupling is refused.
        """
        if self.primary.refused is not None or self.comparison is None:
            return self
        more = []
        for null in nulls:
            profiles, refused = _null_profiles(self.comparison, null, count, rng)
            more.append(
                replace(
                    self.primary, null=null.title, gate=gate_of(self.primary.measure, null), primary=False,
                    nulls=profiles.statistics, refused=refused,
                )
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
    """Test one pair of a channel beyond each one's own dynamics.

    Parameters
    ----------
    session
        Which it is, for the clocks.
    channel
        With its traces.
    pair
        The two people, in order.
    spans
        Spans inside which surrogates may move a series; none: everywhere.
    against
        How it is tested.
    rng
        Source of the draws.

    Returns
    -------
    PairResult
        Where too little is valid, its coupling says why it is refused.

    Raises
    ------
    UsageError
        If the null answers nothing for the measure.

    References
    ----------
    Boker SM et al. (2002), Psychological Methods 7:338, doi:10.1037/1082-989X.7.3.338

    Theiler J et al. (1992), Physica D 58:77, doi:10.1016/0167-2789(92)90102-S
    """
    measure = channel.plan.measure
    if against.null is not None:
        gate_of(measure, against.null)
    try:
        x, y = align_pair(channel.traces[pair[0]], channel.traces[pair[1]])
    except DataError as error:
        return PairResult(
            pair, channel.name, (_refused(pair, channel, reason_of(error), 0.0, 0.0, against),), apart=True
        )
    comparison = compare_signals(x, y, measure, spans, against.jobs)
    surface = comparison.surface()
    both = np.isfinite(x.values) & np.isfinite(y.values)
    coverage = float(both.mean()) if len(both) else 0.0
    windows = measure.windows_of(int(np.isfinite(surface.r).sum(axis=0).max(initial=0)), channel.rate)
    if windows < measure.min_windows:
        why = _too_short(both, channel, windows)
        return PairResult(pair, channel.name, (_refused(pair, channel, why, windows, coverage, against),))
    null = against.chosen(comparison)
    first, second = (against.source(person) for person in pair)
    profiles, refused = _null_profiles(comparison, null, against.surrogates, second, first)
    pairing = Pairing(*pair, clock_sd=_clock_sd(session, channel.name, pair, x.window))
    coupling = Coupling(
        pair=pair, signal=channel.name, measure=measure, null=null.title, gate=gate_of(measure, null), primary=True,
        statistic=profiles.statistic, nulls=profiles.statistics,
        estimate=estimate_coupling([surface], measure, pairing, against.bootstrap, rng, comparison.observed),
        windows=windows, coverage=coverage, seed=against.seed, refused=refused,
    )  # fmt: skip
    threshold = float(np.quantile(profiles.largest, LINKAGE.map_level)) if len(profiles.largest) else float("nan")
    return PairResult(pair, channel.name, (coupling,), comparison, surface, threshold)


def draws_per_pair(wanted: int, pairs: int) -> int:
    """Return how many surrogates each pair of a channel has; a group of many pairs has fewer of each.

    Parameters
    ----------
    wanted
        Surrogates asked for.
    pairs
        Pairs of the channel.

    Returns
    -------
    int
        At most as many as were asked for.
    """
    return min(wanted, max(LINKAGE.min_pair_draws, LINKAGE.max_pair_draws // max(1, pairs)))


def gate_of(measure: AbstractMeasure, null: AbstractSurrogate) -> str:
    """Name the gate that a null answers for a measure.

    Parameters
    ----------
    measure
        How signals are compared.
    null
        What they are compared with.

    Returns
    -------
    str
        "G1" or "G2".

    Raises
    ------
    UsageError
        If a p-value from this null would mean nothing for this measure.
    """
    question = measure.question(null)
    if question is None:
        raise UsageError(
            "The null {null!r} answers no question for the measure {measure!r}; choose another null.",
            null=null.title, measure=measure.title,
        )  # fmt: skip
    return question.value


def pair_surface(channel: ChannelData, pair: tuple[str, str], spans: Sequence[Window], jobs: int = 1) -> Surface:
    """Compute the measure of a pair by window and lag.

    Parameters
    ----------
    channel
        With its traces.
    pair
        Two people who share time.
    spans
        Spans that count; none: everything.
    jobs
        Threads.

    Returns
    -------
    Surface
        Span after span.
    """
    x, y = align_pair(*(channel.traces[person] for person in pair))
    return compare_signals(x, y, channel.plan.measure, spans, jobs).surface()


def _null_profiles(
    comparison: PairComparison,
    null: AbstractSurrogate,
    count: int,
    rng: np.random.Generator,
    first: np.random.Generator | None = None,
) -> tuple[NullProfiles, Reason | None]:
    """Compute a pair's surrogates; say why there can be no p-value where they cannot be drawn, or not often enough."""
    try:
        profiles = null.profiles(comparison, count, rng, first)
    except DataError as error:
        none = stack_sums([], len(comparison.measure.lags(comparison.rate)))
        return NullProfiles(comparison.observed, none), reason_of(error)
    return profiles, _too_few(profiles)


def _too_short(both: Bools, channel: ChannelData, windows: float) -> Reason:
    measure = channel.plan.measure
    return because(
        LinkageRefusal.TOO_SHORT, signal=channel.name, valid=float(both.sum() / channel.rate), windows=windows,
        window=measure.window, needed=measure.min_windows, seconds=(measure.min_windows + 1) * measure.window,
    )  # fmt: skip


def _too_few(profiles: NullProfiles) -> Reason | None:
    count = len(profiles.statistics)
    if count >= LINKAGE.min_nulls:
        return None
    return because(LinkageRefusal.FEW_SURROGATES, count=count, needed=LINKAGE.min_nulls)


def _refused(
    pair: tuple[str, str], channel: ChannelData, why: Reason, windows: float, coverage: float, against: NullSettings
) -> Coupling:
    return Coupling(
        pair=pair, signal=channel.name, measure=channel.plan.measure,
        null=None if against.null is None else against.null.title, gate="G1", primary=True,
        statistic=float("nan"), nulls=np.empty(0), estimate=None, windows=windows, coverage=coverage,
        seed=against.seed, refused=why,
    )  # fmt: skip


def _clock_sd(session: Session, channel: str, pair: tuple[str, str], window: Window) -> float | None:
    first, second = (session.of(who) for who in pair)
    middle = (window.start + window.end) / 2
    return lag_sd(first.clock(source_of(first, channel)), second.clock(source_of(second, channel)), middle)
