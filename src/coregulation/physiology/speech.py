"""What speech does to the measures of a body: which are not given while a person speaks, and which are less certain.

Speech is breathing out in phrases: breath, respiratory sinus arrhythmia and the band of frequencies in which one breathes follow the
words then, not the body's state. Heart rate, skin and arousal from them stay; arousal leaves out what is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from enum import StrEnum
from types import MappingProxyType

import numpy as np

from coregulation.channels import HEART_RATE
from coregulation.physiology.body import Body
from coregulation.signals import Beats, Bools, Signal, Window

AFTER = 2.0  # s after a turn for which breath still follows it (our choice: about half a breath)
MANY = 0.5  # share of a span that is speech, beyond which the variability from beat to beat is less certain


class SpeechHandling(StrEnum):
    """What happens to a measure where its person speaks."""

    OFF = "not given while the person speaks and 2 s after"
    WIDENED = "with over half of a span speech, the interval also covers the value without speech"
    KEPT = "kept"


HANDLING = MappingProxyType(
    {
        HEART_RATE: SpeechHandling.KEPT,
        "mean_nn": SpeechHandling.KEPT,
        "rmssd": SpeechHandling.WIDENED,
        "sdnn": SpeechHandling.KEPT,
        "pnn50": SpeechHandling.WIDENED,
        "sd1": SpeechHandling.WIDENED,
        "sd2": SpeechHandling.KEPT,
        "lf": SpeechHandling.KEPT,
        "hf": SpeechHandling.OFF,
        "rsa": SpeechHandling.OFF,
        "rsa_peak_to_trough": SpeechHandling.OFF,
        "breathing_rate": SpeechHandling.OFF,
        "scl": SpeechHandling.KEPT,
        "scr_rate": SpeechHandling.KEPT,
        "arousal": SpeechHandling.KEPT,
    }
)


def merge_spans(spans: Iterable[Window], after: float = 0.0) -> tuple[Window, ...]:
    """Join spans that touch or overlap.

    Parameters
    ----------
    spans
        In any order.
    after
        By how much each is made longer at its end, in s.

    Returns
    -------
    tuple of Window
        In order of time, none of which touch.
    """
    merged: list[Window] = []
    for span in sorted(spans, key=lambda each: each.start):
        end = span.end + after
        if merged and span.start <= merged[-1].end:
            merged[-1] = Window(merged[-1].start, max(end, merged[-1].end))
        else:
            merged.append(Window(span.start, end))
    return tuple(merged)


def speech_share(speech: Sequence[Window], window: Window) -> float:
    """Compute which share of a window is speech.

    Parameters
    ----------
    speech
        Spans that do not overlap.
    window
        Session time.

    Returns
    -------
    float
        0 to 1.
    """
    parts = (span.overlap(window) for span in speech)
    return sum(part.length for part in parts if part is not None) / window.length


def without_speech(signal: Signal, speech: Sequence[Window]) -> Signal:
    """Return a signal that is missing while its person speaks and 2 s after.

    Parameters
    ----------
    signal
        Of the person who speaks.
    speech
        Spans in which the person speaks.

    Returns
    -------
    Signal
        NaN from the beginning of each span to 2 s after its end.
    """
    spoken = _spoken(signal.times, merge_spans(speech, AFTER))
    return replace(signal, values=np.where(spoken, np.nan, signal.values)) if spoken.any() else signal


def beats_without_speech(beats: Beats, speech: Sequence[Window]) -> Beats:
    """Return the beats while a person does not speak, with a break after each that was left out.

    Parameters
    ----------
    beats
        Session times in s.
    speech
        Spans in which the person speaks.

    Returns
    -------
    Beats
        Without those from the beginning of each span to 2 s after its end.
    """
    assert beats.ok is not None
    assert beats.breaks is not None
    spoken = _spoken(beats.times, merge_spans(speech, AFTER))
    breaks = beats.breaks | np.concatenate([[False], spoken[:-1]])
    return Beats(beats.times[~spoken], beats.ok[~spoken], breaks[~spoken])


def gate_body(body: Body, speech: Sequence[Window]) -> Body:
    """Return a body without what follows the words while its person speaks and 2 s after: breath and RSA.

    Parameters
    ----------
    body
        On its grid.
    speech
        Spans in which the person speaks.

    Returns
    -------
    Body
        The same where nobody speaks.
    """
    if not speech:
        return body
    rsa, adjusted, rate, phase, depth = (
        without_speech(signal, speech)
        for signal in (body.rsa, body.rsa_adjusted, body.breathing_rate, body.breath_phase, body.breath_depth)
    )
    return replace(body, rsa=rsa, rsa_adjusted=adjusted, breathing_rate=rate, breath_phase=phase, breath_depth=depth)


def _spoken(times: np.ndarray, speech: Sequence[Window]) -> Bools:
    """Return which times lie in spans that do not overlap and are in order."""
    starts = np.array([span.start for span in speech])
    ends = np.array([span.end for span in speech])
    at = np.searchsorted(starts, times, side="right") - 1
    spoken: Bools = (at >= 0) & (times < ends[np.maximum(at, 0)]) if len(speech) else np.zeros(len(times), bool)
    return spoken


def handling_table() -> str:
    """Write what happens to each measure while a person speaks as a table.

    Returns
    -------
    str
        Markdown; each line ends with a line break.
    """
    rows = ["| measure | while the person speaks |", "|---|---|"]
    rows += [f"| `{name}` | {handling} |" for name, handling in HANDLING.items()]
    return "\n".join(rows) + "\n"
