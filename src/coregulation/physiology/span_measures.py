"""What one body did in a span, as numbers: each with unit and interval, or why there is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from coregulation.channels import HEART_RATE
from coregulation.physiology.body import Body
from coregulation.physiology.breath import Breath
from coregulation.physiology.eda import SkinResult, response_rate
from coregulation.physiology.estimate import Estimate, mean_estimate, unknown_estimate
from coregulation.physiology.hrv import artefact_share, compute_hrv, too_many_artefacts
from coregulation.physiology.mean_interval import binned, interval_of_mean, stretches, surrounding_interval
from coregulation.physiology.reason_codes import PhysiologyReason
from coregulation.physiology.rr_cleaning import REFUSES
from coregulation.physiology.rsa import EPOCH, AdjustedRsa, adjusted_rsa, epochs, peak_to_trough, uncontrolled_rsa
from coregulation.physiology.speech import HANDLING, MANY, SpeechHandling, beats_without_speech, speech_share
from coregulation.reasons import Reason, because
from coregulation.signals import Beats, Floats, Signal, Window

VARIABILITY = {
    "mean_nn": "ms", "rmssd": "ms", "sdnn": "ms", "pnn50": "1", "sd1": "ms", "sd2": "ms", "lf": "ms²", "hf": "ms²",
}  # fmt: skip
_LEVELS = {HEART_RATE: "1/min", "breathing_rate": "1/min", "scl": "µS"}
_BIN = 5.0  # s, about a breath, over which levels are averaged before their memory is estimated
_MAX_SPEECH = 0.2  # share of an epoch that may be speech, as may be missing
_MAX_MISSING = 0.5  # share of breaths without a swing, beyond which what is left would be a choice


@dataclass(frozen=True, slots=True, eq=False)
class Sources:
    """What a span's numbers are made of.

    Parameters
    ----------
    body
        All signals on the session's grid at 2 Hz.
    beats
        Beats after cleaning; None where there are none.
    why_not
        Why no variability is computed from the beats; None where it can be.
    rsa
        RSA of each epoch, adjusted for breathing where possible, and the session time at which each epoch starts, in
        s, shape (n,); None without beats.
    skin
        Tonic level and responses; None without skin conductance.
    breaths
        Every breath that a belt measured; empty without one.
    speech
        Spans in which the person speaks, in order of time and without overlaps; empty where it is not known. `body` has no
        breath then.
    """

    body: Body
    beats: Beats | None
    why_not: Reason | None
    rsa: tuple[AdjustedRsa, Floats] | None
    skin: SkinResult | None
    breaths: tuple[Breath, ...] = ()
    speech: tuple[Window, ...] = ()


def rsa_epochs(body: Body, beats: Beats) -> tuple[AdjustedRsa, Floats]:
    """Compute Porges and Bohrer's RSA of each 30 s, adjusted for breathing where the breath is measured.

    Parameters
    ----------
    body
        The breathing rate and depth that the adjustment uses, and what they were found in.
    beats
        Session times in s, with `ok` and `breaks`.

    Returns
    -------
    AdjustedRsa
        RSA of each epoch in ln ms²; uncontrolled where the breath is derived from the beats or missing.
    ndarray
        Session time at which each epoch starts, shape (n,), in s.
    """
    measured = epochs(beats)
    windows = [epoch.window for epoch in measured]
    values = np.array([epoch.value for epoch in measured], float)
    starts = np.array([window.start for window in windows], float)
    if not body.breath_known:
        return uncontrolled_rsa(values, because(PhysiologyReason.NO_BREATH)), starts
    rate, depth = (_each(signal, windows) for signal in (body.breathing_rate, body.breath_depth))
    return adjusted_rsa(values, rate, depth), starts


def span_measures(of: Sources, window: Window | None = None) -> Mapping[str, Estimate]:
    """Compute the measures of a span, by name; those without a channel are left out.

    Levels are means over the span, with the interval of `interval_of_mean`; RSA is the mean over epochs of 30 s with a t
    interval. Peak-to-trough RSA is the
    mean of the breaths in each epoch: breaths that follow each other are alike, and would make the interval too
    narrow. Variability is that of `compute_hrv`, responses of the skin have a Poisson interval, arousal is
    `Arousal.mean`.

    Parameters
    ----------
    of
        The body and what its measures are computed from.
    window
        Span of session time; None for everything.

    Returns
    -------
    mapping of str to Estimate
        Value, unit and 95 % interval of each measure, or the reason why it has no value.
    """
    span = window or of.body.window
    of = replace(of, why_not=of.why_not or _refused(of.beats, window))
    out = {name: _level(of, name, span, unit) for name, unit in _LEVELS.items() if _there(of.body, name)}
    if of.beats is not None:
        out |= _variability(of, window)
    if of.rsa is not None:
        out["rsa"] = _rsa(of, span)
    if of.beats is not None and of.breaths:
        out["rsa_peak_to_trough"] = _swing(of.beats, of.breaths, span, of.why_not)
    if of.skin is not None:
        out["scr_rate"] = _responses(of.skin, span)
    if of.body.arousal is not None:
        out["arousal"] = of.body.arousal.mean(span)
    return out


def _refused(beats: Beats | None, window: Window | None) -> Reason | None:
    """Return why no variability of any kind is computed from the beats of a span: one share decides all numbers."""
    if beats is None:
        return None
    inside = beats if window is None else _inside(beats, window)
    share = artefact_share(inside)
    return too_many_artefacts(share, len(inside)) if share > REFUSES else None


def _there(body: Body, name: str) -> bool:
    derived = name == "breathing_rate" and not body.breath_known
    return not derived and bool(np.isfinite(getattr(body, name).values).any())


def _variability(of: Sources, window: Window | None) -> dict[str, Estimate]:
    if of.why_not is not None:
        return {name: unknown_estimate(unit, of.why_not) for name, unit in VARIABILITY.items()}
    beats = of.beats
    assert beats is not None
    others = stretches(window, beats.window) if window is not None and len(beats) else []
    inside = beats if window is None else _inside(beats, window)
    variability = compute_hrv(inside, [_inside(beats, other) for other in others])
    measures = {name: getattr(variability, name) for name in VARIABILITY}
    return measures | _while_speaking(measures, inside, of.speech, window or of.body.window)


def _while_speaking(
    measures: dict[str, Estimate], beats: Beats, speech: tuple[Window, ...], span: Window
) -> dict[str, Estimate]:
    """Return what speech changes: HF without it, and above half of the span the rest with the value without it covered."""
    share = speech_share(speech, span)
    if not share:
        return {}
    silent = compute_hrv(beats_without_speech(beats, speech))
    hf = (
        silent.hf
        if silent.hf.value is not None
        else unknown_estimate("ms²", because(PhysiologyReason.SPEECH, share=share))
    )
    if share <= MANY:
        return {"hf": hf}
    wider = [name for name, handling in HANDLING.items() if handling is SpeechHandling.WIDENED]
    return {"hf": hf} | {name: _covering(measures[name], getattr(silent, name)) for name in wider}


def _covering(estimate: Estimate, silent: Estimate) -> Estimate:
    """Return an estimate whose interval also covers that without speech; without an interval where either has none."""
    bounds = (estimate.interval, silent.interval)
    if bounds[0] is None or bounds[1] is None:
        return replace(estimate, interval=None)
    return replace(estimate, interval=(min(bounds[0][0], bounds[1][0]), max(bounds[0][1], bounds[1][1])))


def _inside(beats: Beats, window: Window) -> Beats:
    """Return the beats of a span; the chain begins anew at the first."""
    assert beats.ok is not None
    assert beats.breaks is not None
    inside = (beats.times >= window.start) & (beats.times < window.end)
    breaks = beats.breaks[inside]
    breaks[:1] = True
    return Beats(beats.times[inside], beats.ok[inside], breaks)


def _rsa(of: Sources, window: Window) -> Estimate:
    if of.why_not is not None:
        return unknown_estimate("ln ms²", of.why_not)
    assert of.rsa is not None
    rsa, starts = of.rsa
    inside = (starts >= window.start - 1e-9) & (starts + EPOCH <= window.end + 1e-9)
    silent = [speech_share(of.speech, Window(start, start + EPOCH)) <= _MAX_SPEECH for start in starts[inside]]
    epochs = rsa.epochs[inside][silent]
    known = int(np.isfinite(epochs).sum())
    if known < 2:
        why = because(PhysiologyReason.TOO_FEW_EPOCHS, known=known, needed=2, epoch=EPOCH)
        return unknown_estimate("ln ms²", _speech_or(why, of, window))
    return mean_estimate(epochs, "ln ms²")


def _speech_or(why: Reason, of: Sources, window: Window) -> Reason:
    """Return speech as the reason where there is any in a window, else another."""
    share = speech_share(of.speech, window)
    return because(PhysiologyReason.SPEECH, share=share) if share else why


def _swing(beats: Beats, breaths: tuple[Breath, ...], window: Window, why_not: Reason | None) -> Estimate:
    """Return peak-to-trough RSA over the breaths that lie whole in a span."""
    if why_not is not None:
        return unknown_estimate("ms", why_not)
    swings = peak_to_trough(beats, [b for b in breaths if window.start <= b.start and b.end <= window.end])
    if swings.missing > _MAX_MISSING:
        why = because(
            PhysiologyReason.BREATHS_WITHOUT_SWING,
            share=swings.missing, allowed=_MAX_MISSING, count=len(swings.values),
        )  # fmt: skip
        return unknown_estimate("ms", why)
    known = np.isfinite(swings.values)
    epoch = ((swings.times[known] - window.start) // EPOCH).astype(np.int64)
    means = np.array([swings.values[known][epoch == k].mean() for k in np.unique(epoch)])
    return mean_estimate(means, "ms", fewest=2)


def _level(of: Sources, name: str, window: Window, unit: str) -> Estimate:
    """Return the mean of a level that is known in at least two epochs of 30 s; its interval accounts for its memory."""
    signal = getattr(of.body, name)
    known = np.isfinite(_each(signal, _epochs(window), _mean)).sum()
    if known < 2:
        why = because(PhysiologyReason.SPAN_TOO_SHORT, length=window.length, epoch=EPOCH)
        off = HANDLING[name] is SpeechHandling.OFF
        return unknown_estimate(unit, _speech_or(why, of, window) if off else why)
    size = round(_BIN * signal.rate)
    own, *others = (binned(signal.within(span).values, size) for span in (window, *stretches(window, signal.window)))
    mean = float(np.nanmean(signal.within(window).values))
    return Estimate(mean, unit, interval_of_mean(own, others), surrounding=surrounding_interval(own))


def _epochs(window: Window) -> list[Window]:
    starts = (window.start + k * EPOCH for k in range(int(window.length // EPOCH)))
    return [Window(start, start + EPOCH) for start in starts]


def _median(values: Floats) -> float:
    return float(np.median(values))


def _mean(values: Floats) -> float:
    return float(values.mean())


def _each(signal: Signal, windows: list[Window], middle: Callable[[Floats], float] = _median) -> Floats:
    """Return the middle of a signal in each window, NaN where less than half of it is known."""
    out = np.full(len(windows), np.nan)
    for i, window in enumerate(windows):
        values = signal.within(window).values
        valid = values[np.isfinite(values)]
        if len(valid) >= max(1.0, 0.5 * window.length * signal.rate):
            out[i] = middle(valid)
    return out


def _responses(skin: SkinResult, window: Window) -> Estimate:
    known = skin.driver.within(window).values
    minutes = float(np.isfinite(known).sum()) / skin.driver.rate / 60
    count = sum(window.start <= response.onset < window.end for response in skin.scrs)
    return response_rate(count, minutes)
