"""From what was recorded to what is compared: one plan per signal, fixed before data are seen."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from coregulation.analysis.beat_source import (
    BeatSeries,
    bridging_remark,
    choose_beat_source,
    select_beats,
    synthetic_rr_remark,
)
from coregulation.analysis.person_reasons import QualityReason
from coregulation.analysis.results import Quality
from coregulation.channels import AS_IT_IS, CHANNELS, HEART_RATE, ComparisonPlan
from coregulation.coupling.measure import AbstractMeasure
from coregulation.coupling.measures.lagged_correlation import LaggedCorrelation
from coregulation.errors import DataError
from coregulation.filters import BandPass, Difference, Resample
from coregulation.physiology.heart_rate import compute_heart_rate
from coregulation.physiology.level_beats import level_beats
from coregulation.reasons import Reason, because
from coregulation.session import Recording, Session
from coregulation.signals import Bools, Ints, Signal
from coregulation.stage import apply_stage


@dataclass(frozen=True, slots=True)
class FrequencyBand:
    """A pass band.

    Parameters
    ----------
    low, high
        Its ends, Hz.
    width
        Of its edges, Hz.
    """

    low: float
    high: float
    width: float


@dataclass(frozen=True, slots=True)
class SignalPlan:
    """How one kind of signal is compared.

    Parameters
    ----------
    rate
        Hz, at most; a slower recording stays as it is.
    measure
        With its window and lags.
    band
        Kept before comparing; None for everything. A recording too slow to show it is refused.
    difference
        Compare changes instead of levels.
    """

    rate: float
    measure: AbstractMeasure
    band: FrequencyBand | None = None
    difference: bool = False

    def shows(self, rate: float) -> bool:
        """Say whether a signal at a rate (Hz) can show the whole band.

        Parameters
        ----------
        rate
            Hz.

        Returns
        -------
        bool
            Whether the band's upper end is below half of the rate.
        """
        return self.band is None or self.band.high < rate / 2


def registered_plans() -> Mapping[str, SignalPlan]:
    """Return the plan of each registered channel that is not compared as it is.

    Returns
    -------
    Mapping
        By channel.
    """
    special = {name: channel for name, channel in CHANNELS.items() if channel.comparison != AS_IT_IS}
    return MappingProxyType({name: _signal_plan(channel.comparison) for name, channel in special.items()})


def _signal_plan(plan: ComparisonPlan) -> SignalPlan:
    measure = LaggedCorrelation(window=plan.window, max_lag=plan.max_lag)
    return SignalPlan(plan.rate, measure, FrequencyBand(*plan.band) if plan.band else None, plan.difference)


PLANS: Mapping[str, SignalPlan] = registered_plans()
_AS_IT_IS = _signal_plan(AS_IT_IS)


def plan_for(channel: str, plans: Mapping[str, SignalPlan] | None = None) -> SignalPlan:
    """Return the plan of a channel; motion, ratings and unknown channels are compared as they are.

    Parameters
    ----------
    channel
        Its name.
    plans
        By channel; the registered ones by default.

    Returns
    -------
    SignalPlan
        The plan.
    """
    return (registered_plans() if plans is None else plans).get(channel, _AS_IT_IS)


def comparable_channels(recording: Recording) -> tuple[str, ...]:
    """List the channels of a person that can be compared.

    Parameters
    ----------
    recording
        What was recorded of the person.

    Returns
    -------
    tuple of str
        Beats, ECG and PPG count as heart rate.
    """
    names = [name for name in recording.signals if name not in CHANNELS or not CHANNELS[name].waveform]
    if choose_beat_source(recording) and HEART_RATE not in names:
        names.append(HEART_RATE)
    return tuple(names)


def source_of(recording: Recording, channel: str) -> str:
    """Say where a comparable channel comes from.

    Parameters
    ----------
    recording
        What was recorded of the person.
    channel
        Such as "heart_rate".

    Returns
    -------
    str
        The channel itself where it was recorded; a heart rate that was not is made of beats, else of ECG, else of PPG.
    """
    return channel if channel in recording.signals else choose_beat_source(recording) or channel


def beats_behind(
    recording: Recording, channel: str, session: Session, judged: BeatSeries | None = None
) -> BeatSeries | None:
    """Choose the beats that a channel has to be made of.

    Parameters
    ----------
    recording
        What was recorded of the person.
    channel
        Such as "heart_rate".
    session
        Which the recording belongs to.
    judged
        The person's beats, where they are known already.

    Returns
    -------
    BeatSeries or None
        None if the channel was recorded as such.
    """
    return None if channel in recording.signals else judged or select_beats(recording, session)


def extract_signal(
    recording: Recording, channel: str, rate: float, session: Session, made_of: BeatSeries | None = None
) -> Signal:
    """Make a channel before any filter, with the spans that do not count missing.

    Artefact beats and their two intervals are excluded; gaps up to 3 s (artefact, missed beat, lost packet) are interpolated.

    Parameters
    ----------
    recording
        What was recorded of the person.
    channel
        Such as "heart_rate".
    rate
        Of a heart rate made of beats, Hz.
    session
        With its exclusions.
    made_of
        The person's beats, where they are known already.

    Returns
    -------
    Signal
        At its own rate where it was recorded.
    """
    made_of = made_of or beats_behind(recording, channel, session)
    signal = compute_heart_rate(level_beats(made_of.cleaned), rate) if made_of else recording.signals[channel]
    for span in session.excluded(recording.person.id):
        signal = signal.without(span)
    return signal


def common_rate(session: Session, channel: str, plan: SignalPlan) -> float:
    """Choose the rate at which everybody can be compared.

    Parameters
    ----------
    session
        With its recordings.
    channel
        Which is compared.
    plan
        How.

    Returns
    -------
    float
        In Hz: the plan's, or that of the slowest recording that shows the band.
    """
    rates = [r.signals[channel].rate for r in session.recordings if channel in r.signals]
    return min([plan.rate, *(rate for rate in rates if plan.shows(rate))])


def prepare_signal(signal: Signal, plan: SignalPlan, rate: float) -> Signal:
    """Prepare a channel for comparison: on the session's grid, in its band, as changes if so planned.

    Parameters
    ----------
    signal
        The channel.
    plan
        How it is compared.
    rate
        Hz.

    Returns
    -------
    Signal
        At `rate`, its samples at whole multiples of 1 / `rate` of session time.

    References
    ----------
    Knutsson H, Westin CF (1993), Proceedings of IEEE CVPR, 515, doi:10.1109/CVPR.1993.341081
    """
    on_grid = abs(signal.start * rate - round(signal.start * rate)) < 1e-3
    if signal.rate != rate or not on_grid:
        signal = apply_stage(Resample(rate), signal)
    if plan.band is not None:
        signal = apply_stage(BandPass(plan.band.low, plan.band.high, plan.band.width), signal)
    return apply_stage(Difference(), signal) if plan.difference else signal


def assess_quality(
    signal: Signal,
    recording: Recording,
    channel: str,
    session: Session,
    plan: SignalPlan,
    made_of: BeatSeries | None = None,
) -> Quality:
    """Assess how good a channel is, and whether it can be used at all.

    Parameters
    ----------
    signal
        The channel before any filter.
    recording
        What was recorded of the person.
    channel
        Its name.
    session
        With its remarks.
    plan
        How the channel is compared.
    made_of
        The beats that it is made of, if it is.

    Returns
    -------
    Quality
        With remarks, and a refusal where it cannot be used.
    """
    missing = ~np.isfinite(signal.values)
    lengths = run_lengths(missing) / signal.rate
    origin = source_of(recording, channel)
    remarks = tuple(
        remark.counted
        for remark in session.remarks
        if remark.person == recording.person.id and remark.channel in (channel, origin)
    )
    return Quality(
        person=recording.person.id,
        channel=channel,
        rate=recording.signals[origin].rate if origin in recording.signals else math.nan,
        seconds=len(signal) / signal.rate,
        coverage=signal.coverage,
        gaps=len(lengths),
        longest_gap=float(lengths.max(initial=0.0)),
        remarks=remarks + _of_heart(recording, channel, made_of),
        refused=(made_of.refused if made_of else None) or _refusal(signal, plan),
    )


def _of_heart(recording: Recording, channel: str, made_of: BeatSeries | None) -> tuple[Reason, ...]:
    """Return the remarks on the beats behind a channel, or on those beside a recorded heart rate."""
    if made_of is not None:
        over = bridging_remark(made_of.cleaned)
        return (*made_of.remarks, *((over,) if over else ()))
    beside = synthetic_rr_remark(recording) if channel == HEART_RATE else None
    return (beside,) if beside else ()


def _refusal(signal: Signal, plan: SignalPlan) -> Reason | None:
    valid = signal.values[np.isfinite(signal.values)]
    if len(valid) == 0:
        return because(QualityReason.EMPTY)
    if np.ptp(valid) == 0:
        return because(QualityReason.CONSTANT, value=float(valid[0]))
    if plan.band is not None and not plan.shows(signal.rate):
        low, high = plan.band.low, plan.band.high
        return because(QualityReason.TOO_SLOW, rate=signal.rate, low=low, high=high, needed=2 * high)
    return None


def run_lengths(flags: Bools) -> Ints:
    """Measure the length of each run of True.

    Parameters
    ----------
    flags
        Shape (samples,).

    Returns
    -------
    Ints
        In samples, shape (runs,).
    """
    edges = np.diff(np.concatenate(([0], flags.astype(np.int8), [0])))
    return np.flatnonzero(edges == -1) - np.flatnonzero(edges == 1)


def align_pair(x: Signal, y: Signal) -> tuple[Signal, Signal]:
    """Cut two signals of one rate to the time that they share.

    Parameters
    ----------
    x, y
        Both people's signals.

    Returns
    -------
    tuple of Signal
        On one grid, the first person's.

    Raises
    ------
    DataError
        If they share nothing.
    """
    common = x.window.overlap(y.window)
    if common is None:
        raise DataError(
            "The two recordings share no time: one runs from {start:.0f} to {end:.0f} s, the other from {other_start:.0f} to "
            "{other_end:.0f} s. Check that both are on one clock (start = … in the manifest).",
            start=x.window.start, end=x.window.end, other_start=y.window.start, other_end=y.window.end,
        )  # fmt: skip
    a, b = x.within(common), y.within(common)
    n = min(len(a), len(b))
    return Signal(a.values[:n], a.rate, a.start, a.unit), Signal(b.values[:n], b.rate, a.start, b.unit)
