"""Heart rate variability of a span: time domain, Poincaré, two bands; each with its interval, or why there is none.

No LF/HF "balance": the ratio does not measure one (Billman 2013).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from coregulation.physiology.estimate import Estimate, unknown_estimate
from coregulation.physiology.hrv_bands import band_powers
from coregulation.physiology.hrv_intervals import BIN, time_domain_intervals
from coregulation.physiology.mean_interval import binned, surrounding_interval
from coregulation.physiology.reason_codes import PhysiologyReason
from coregulation.physiology.rr_cleaning import REFUSES, WARNS
from coregulation.physiology.tachogram import PLAUSIBLE_RR
from coregulation.reasons import Reason, because
from coregulation.signals import Beats, Floats

_SHORTEST = 30.0  # s known


@dataclass(frozen=True, slots=True)
class Hrv:
    """What the intervals between beats say about a span.

    Parameters
    ----------
    mean_nn, rmssd, sdnn, sd1, sd2
        Mean interval, root mean square of successive differences, standard deviation and both Poincaré axes, in ms.
    pnn50
        Share of successive differences over 50 ms, 0 to 1.
    lf, hf
        Power from 0.04 to 0.15 Hz and from 0.15 to 0.40 Hz, in ms².
    artefacts
        Share of beats that are marked or end an impossible interval.
    warnings
        What to keep in mind.
    """

    mean_nn: Estimate
    rmssd: Estimate
    sdnn: Estimate
    pnn50: Estimate
    sd1: Estimate
    sd2: Estimate
    lf: Estimate
    hf: Estimate
    artefacts: float
    warnings: tuple[Reason, ...]


def compute_hrv(beats: Beats, others: Sequence[Beats] = ()) -> Hrv:
    """Compute the heart rate variability of a span of beats.

    Time domain: successive differences of neighbouring trusted intervals only; standard deviations with n − 1;
    SD1 = sd(Δ)/√2, SD2 = √(2 SDNN² − SD1²) (Brennan 2001); pNN50 over the number of successive
    differences, as in the PhysioNet toolbox. Bands: 4 Hz smooth spline, Welch over 120 s (Hann, 50 %, linear detrend);
    the spline keeps 98 % of a 0.25 Hz rhythm at a mean RR of 0.9 s. At least 30 s known (60 for HF, 120 for LF) and at
    most 20 % artefacts, or no number; over 5 % it warns.

    Intervals are for the process behind these minutes and account for its memory (see `mean_uncertainty`): of the mean
    interval, what the process has in the long run; of SDNN and SD2, what spans of this length have on average.

    Parameters
    ----------
    beats
        Beats of the span, session times in s, with `ok` and `breaks`.
    others
        Other stretches of the same recording, which tell more of the memory of its intervals.

    Returns
    -------
    Hrv
        Each measure with its 95 % interval, or without a value and with the reason.

    References
    ----------
    Task Force of the ESC and NASPE (1996), Circulation 93:1043, doi:10.1161/01.CIR.93.5.1043

    Brennan, M., Palaniswami, M. & Kamen, P. (2001), IEEE Trans Biomed Eng 48:1342, doi:10.1109/10.959330
    """
    share = artefact_share(beats)
    nn = _plausible(beats)
    why = _refusal(nn, share, len(beats))
    measured = _none(why) if why else _time_domain(nn, [_plausible(other) for other in others])
    bands = {name: unknown_estimate("ms²", why) for name in ("lf", "hf")} if why else band_powers(beats)
    warns = (because(PhysiologyReason.MANY_ARTEFACTS, share=share),) if share > WARNS else ()
    return Hrv(**measured, **bands, artefacts=share, warnings=warns)


def _plausible(beats: Beats) -> Floats:
    """Return intervals between normal beats in ms, NaN where none is known or it is impossible."""
    nn = beats.nn
    return np.where((nn >= PLAUSIBLE_RR[0]) & (nn <= PLAUSIBLE_RR[1]), nn, np.nan) * 1000


def artefact_share(beats: Beats) -> float:
    """Compute the share of beats that are marked or end an impossible interval (outside 0.25 to 2.5 s).

    Parameters
    ----------
    beats
        Session times in s, with `ok` and `breaks`.

    Returns
    -------
    float
        0 to 1; 0 without a beat.
    """
    assert beats.ok is not None
    if not len(beats):
        return 0.0
    rr = beats.rr
    impossible = (rr < PLAUSIBLE_RR[0]) | (rr > PLAUSIBLE_RR[1])
    return float((~beats.ok | impossible).mean())


def rmssd(nn: Floats) -> float:
    """Compute the root mean square of successive differences.

    Parameters
    ----------
    nn
        Intervals in any unit, shape (n,); NaN where an interval is not known, so that no difference reaches across
        it.

    Returns
    -------
    float
        In the unit of `nn`; at least one difference must be known.
    """
    return math.sqrt(np.nanmean(np.diff(nn) ** 2))


def sdnn(nn: Floats) -> float:
    """Compute the standard deviation of intervals, with n − 1 in the denominator.

    Parameters
    ----------
    nn
        Intervals in any unit, shape (n,); NaN where an interval is not known. At least two must be.

    Returns
    -------
    float
        In the unit of `nn`.
    """
    return float(np.nanstd(nn, ddof=1))


def pnn50(nn: Floats) -> float:
    """Compute the share of successive differences over 50 ms.

    Parameters
    ----------
    nn
        Intervals in ms, shape (n,); NaN where an interval is not known.

    Returns
    -------
    float
        0 to 1, of the differences that are known; at least one must be.
    """
    step = np.diff(nn)
    return float((np.abs(step) > 50).sum() / np.isfinite(step).sum())


def poincare(nn: Floats) -> tuple[float, float]:
    """Compute both axes of the Poincaré ellipse from standard deviations with n − 1.

    Parameters
    ----------
    nn
        Intervals in any unit, shape (n,); NaN where an interval is not known. At least two differences must be.

    Returns
    -------
    float
        SD1, across the line of identity, in the unit of `nn`.
    float
        SD2, along it, in the unit of `nn`; 0 where its square would be negative.

    References
    ----------
    Brennan, M., Palaniswami, M. & Kamen, P. (2001), IEEE Trans Biomed Eng 48:1342, doi:10.1109/10.959330
    """
    sd1 = float(np.nanstd(np.diff(nn), ddof=1)) / math.sqrt(2)
    return sd1, math.sqrt(max(0.0, 2 * sdnn(nn) ** 2 - sd1**2))


def _refusal(nn: Floats, share: float, count: int) -> Reason | None:
    known = float(np.nansum(nn)) / 1000
    if share > REFUSES:
        return too_many_artefacts(share, count)
    if known < _SHORTEST or np.isfinite(np.diff(nn)).sum() < 3:
        return because(PhysiologyReason.INTERVALS_TOO_SHORT, known=known, needed=_SHORTEST)
    return None


def too_many_artefacts(share: float, count: int) -> Reason:
    """Give the reason why nothing is computed from beats with too many artefacts.

    Parameters
    ----------
    share
        Share of marked beats, 0 to 1.
    count
        Number of beats.

    Returns
    -------
    Reason
        With the share, the allowed share and the number of beats as facts.
    """
    return because(PhysiologyReason.TOO_MANY_ARTEFACTS, share=share, allowed=REFUSES, count=count)


def _time_domain(nn: Floats, others: Sequence[Floats]) -> dict[str, Estimate]:
    sd1, sd2 = poincare(nn)
    values = {"mean_nn": float(np.nanmean(nn)), "rmssd": rmssd(nn), "sdnn": sdnn(nn), "pnn50": pnn50(nn)}
    values |= {"sd1": sd1, "sd2": sd2}
    intervals = time_domain_intervals(nn, others)
    units = {name: "1" if name == "pnn50" else "ms" for name in values}
    estimates = {name: Estimate(float(value), units[name], intervals[name]) for name, value in values.items()}
    estimates["mean_nn"] = replace(estimates["mean_nn"], surrounding=surrounding_interval(binned(nn, BIN)))
    return estimates


def _none(why: Reason) -> dict[str, Estimate]:
    units = {"mean_nn": "ms", "rmssd": "ms", "sdnn": "ms", "pnn50": "1", "sd1": "ms", "sd2": "ms"}
    return {name: unknown_estimate(unit, why) for name, unit in units.items()}
