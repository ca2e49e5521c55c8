"""From what was recorded to what is compared: one plan a signal, fixed before data are seen."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from coregulation.analysis.beat_source import (
    BeatSeries,
    bridge_short_breaks,
    bridging_remark,
    choose_beat_source,
    select_beats,
    synthetic_rr_remark,
)
from coregulation.analysis.person_reasons import QualityReason
from coregulation.analysis.results import Quality
from coregulation.coupling.measure import AbstractMeasure
from coregulation.coupling.measures.lagged_correlation import LaggedCorrelation
from coregulation.errors import DataError
from coregulation.filters import BandPass, Difference, Resample
from coregulation.physiology.heart_rate import compute_heart_rate
from coregulation.physiology.motion import CHEST
from coregulation.reasons import Reason, because
from coregulation.session import Recording, Session
from coregulation.signals import Bools, Signal
from coregulation.stage import whole


@dataclass(frozen=True, slots=True)
class FrequencyBand:
    """A pass band in Hz and how wide its edges are."""

    low: float
    high: float
    width: float


@dataclass(frozen=True, slots=True)
class SignalPlan:
    """How one kind of signal is compared.

    Args:
        rate: Hz, at most; a slower recording stays as it is.
        measure: with its window and lags.
        band: kept before comparing; None for everything. A recording too slow to show it is refused.
        difference: compare changes instead of levels.
    """

    rate: float
    measure: AbstractMeasure
    band: FrequencyBand | None = None
    difference: bool = False

    def shows(self, rate: float) -> bool:
        """Return whether a signal at a rate (Hz) can show the whole band."""
        return self.band is None or self.band.high < rate / 2


_AS_IT_IS = SignalPlan(10.0, LaggedCorrelation(window=60.0, max_lag=5.0))

PLANS: Mapping[str, SignalPlan] = MappingProxyType(
    {
        "heart_rate": SignalPlan(2.0, LaggedCorrelation(window=30.0, max_lag=5.0)),
        "resp": SignalPlan(4.0, LaggedCorrelation(window=30.0, max_lag=5.0), band=FrequencyBand(0.05, 0.6, 0.04)),
        "eda": SignalPlan(2.0, LaggedCorrelation(window=60.0, max_lag=10.0), difference=True),
    }
)


def plan_for(channel: str, plans: Mapping[str, SignalPlan] = PLANS) -> SignalPlan:
    """Return the plan of a channel; motion, ratings and unknown channels are compared as they are."""
    return plans.get(channel, _AS_IT_IS)


WAVEFORMS = frozenset({"ecg", "ppg", *CHEST})  # compared only after physiology has made something of them


def comparable_channels(recording: Recording) -> tuple[str, ...]:
    """Return the channels of a person that can be compared; beats, ECG and PPG count as heart rate."""
    names = [name for name in recording.signals if name not in WAVEFORMS]
    if choose_beat_source(recording) and "heart_rate" not in names:
        names.append("heart_rate")
    return tuple(names)


def source_of(recording: Recording, channel: str) -> str:
    """Return where a comparable channel comes from.

    A heart rate that was recorded stays as it is; where there is none it is made of beats, else of ECG, else of PPG.
    """
    return channel if channel in recording.signals else choose_beat_source(recording) or channel


def beats_behind(
    recording: Recording, channel: str, session: Session, judged: BeatSeries | None = None
) -> BeatSeries | None:
    """Return the heart that a channel has to be made of, judged if it was; None if the channel was recorded as such."""
    return None if channel in recording.signals else judged or select_beats(recording, session)


def extract_signal(
    recording: Recording, channel: str, rate: float, session: Session, made_of: BeatSeries | None = None
) -> Signal:
    """Return a channel before any filter, with the spans that do not count missing.

    Beats that were marked make no heart rate, nor do the intervals beside them; gaps up to 3 s are bridged, be it that
    a beat was marked, that one was missed or that a packet was lost.
    """
    made_of = made_of or beats_behind(recording, channel, session)
    signal = (
        compute_heart_rate(bridge_short_breaks(made_of.cleaned.beats), rate) if made_of else recording.signals[channel]
    )
    for span in session.excluded(recording.person.id):
        signal = signal.without(span)
    return signal


def common_rate(session: Session, channel: str, plan: SignalPlan) -> float:
    """Return the rate at which everybody can be compared: the plan's, or the slowest recording's that shows the band."""
    rates = [r.signals[channel].rate for r in session.recordings if channel in r.signals]
    return min([plan.rate, *(rate for rate in rates if plan.shows(rate))])


def prepare_signal(signal: Signal, plan: SignalPlan, rate: float) -> Signal:
    """Return a channel as it is compared: on the session's grid at `rate`, in its band, as changes if so planned."""
    on_grid = abs(signal.start * rate - round(signal.start * rate)) < 1e-3
    if signal.rate != rate or not on_grid:
        signal = whole(Resample(rate), signal)
    if plan.band is not None:
        signal = whole(BandPass(plan.band.low, plan.band.high, plan.band.width), signal)
    return whole(Difference(), signal) if plan.difference else signal


def assess_quality(
    signal: Signal,
    recording: Recording,
    channel: str,
    session: Session,
    plan: SignalPlan,
    made_of: BeatSeries | None = None,
) -> Quality:
    """Return how good a channel is, and whether it can be used at all."""
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
        over = bridging_remark(made_of.cleaned.beats)
        return (*made_of.remarks, *((over,) if over else ()))
    beside = synthetic_rr_remark(recording) if channel == "heart_rate" else None
    return (beside,) if beside else ()


def _refusal(signal: Signal, plan: SignalPlan) -> Reason | None:
    there = signal.values[np.isfinite(signal.values)]
    if len(there) == 0:
        return because(QualityReason.EMPTY)
    if np.ptp(there) == 0:
        return because(QualityReason.CONSTANT, value=float(there[0]))
    if plan.band is not None and not plan.shows(signal.rate):
        low, high = plan.band.low, plan.band.high
        return because(QualityReason.TOO_SLOW, rate=signal.rate, low=low, high=high, needed=2 * high)
    return None


def run_lengths(flags: Bools) -> np.ndarray:
    """Return the length of each run of True, in samples."""
    edges = np.diff(np.concatenate(([0], flags.astype(np.int8), [0])))
    return np.flatnonzero(edges == -1) - np.flatnonzero(edges == 1)


def align_pair(x: Signal, y: Signal) -> tuple[Signal, Signal]:
    """Return what two signals of one rate share in time.

    Raises:
        DataError: if they share nothing.
    """
    common = x.window.overlap(y.window)
    if common is None:
        raise DataError(
            f"The two recordings share no time: one runs from {x.window.start:.0f} to {x.window.end:.0f} s, the other "
            f"from {y.window.start:.0f} to {y.window.end:.0f} s. Check that both are on one clock (start = … in "
            "the manifest)."
        )
    a, b = x.within(common), y.within(common)
    n = min(len(a), len(b))
    return Signal(a.values[:n], a.rate, a.start, a.unit), Signal(b.values[:n], b.rate, a.start, b.unit)
