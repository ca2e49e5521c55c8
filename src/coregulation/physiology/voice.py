"""Turns of speech from the level of a voice channel: where it stands well above its own background."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from coregulation.physiology.speech import merge_spans
from coregulation.signals import Bools, Floats, Signal, Window

RATE = 10.0  # Hz, of the level
SEPARATION = 10.0  # dB by which speech must stand above the background for turns to be told apart (our choice)
OTHER = (
    6.0  # dB by which another voice may be louder above its background, and this one still counts as speaking itself
)
PAUSE, SHORTEST = 0.5, 0.3  # s: shorter pauses belong to a turn; shorter turns are noises
_SILENT = -120.0  # dB, for a level of zero


def voice_level(voice: Signal) -> Signal:
    """Compute the level of a voice channel.

    Parameters
    ----------
    voice
        Sound, or an envelope of it, in any unit; NaN where missing.

    Returns
    -------
    Signal
        Root mean square over 0.1 s in dB relative to 1 unit, at 10 Hz; NaN where less than half is known. A slower
        channel keeps its rate.
    """
    size = max(1, round(voice.rate / RATE))
    rows = voice.values[: len(voice) // size * size].reshape(-1, size)
    known = np.isfinite(rows).sum(axis=1)
    square = np.nansum(rows**2, axis=1) / np.maximum(known, 1)
    level = np.where(square > 0, 10 * np.log10(np.maximum(square, 1e-12)), _SILENT)
    return Signal(np.where(2 * known >= size, level, np.nan), voice.rate / size, voice.start, voice.unit)


def turns_of_voices(voices: Mapping[str, Signal]) -> dict[str, tuple[Window, ...] | None]:
    """Find each person's turns in the voice channels of a session.

    Each voice is split in two groups of level (Otsu 1979); it speaks where it is nearer to the louder. Where another's voice is
    more than 6 dB louder over its own background at the same time, that one is heard, not this.

    Parameters
    ----------
    voices
        By person, sound or an envelope of it.

    Returns
    -------
    dict
        By person, the spans in which they speak, in order of time; None where speech does not stand 10 dB above the
        background.

    References
    ----------
    Otsu, N. (1979), IEEE Trans Syst Man Cybern 9:62, doi:10.1109/TSMC.1979.4310076
    """
    levels = {person: voice_level(voice) for person, voice in voices.items()}
    splits = {person: _split(level.values) for person, level in levels.items()}
    above = {
        person: Signal(level.values - splits[person][0], level.rate, level.start, level.unit)
        for person, level in levels.items()
    }
    return {
        person: _turns(above[person], splits[person], [other for name, other in above.items() if name != person])
        for person in voices
    }


def _split(level: Floats) -> tuple[float, float]:
    """Return the means of the quieter and the louder group, split where they differ most (Otsu)."""
    values = np.sort(level[np.isfinite(level)])
    if len(values) < 2:
        return 0.0, 0.0
    count = np.arange(1, len(values))
    total = np.cumsum(values)
    low = total[:-1] / count
    high = (total[-1] - total[:-1]) / (len(values) - count)
    best = int(np.argmax(count * (len(values) - count) * (high - low) ** 2))
    return float(low[best]), float(high[best])


def _turns(above: Signal, split: tuple[float, float], others: list[Signal]) -> tuple[Window, ...] | None:
    difference = split[1] - split[0]
    if difference < SEPARATION:
        return None
    with np.errstate(invalid="ignore"):
        speaks: Bools = above.values > difference / 2
        for other in others:
            speaks &= ~(_at(other, above.times) > above.values + OTHER)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], speaks.astype(np.int8), [0]])))
    spans = [
        Window(above.start + first / above.rate, above.start + last / above.rate)
        for first, last in zip(edges[::2], edges[1::2], strict=True)
    ]
    joined = merge_spans(spans, PAUSE)
    turns = (Window(span.start, span.end - PAUSE) for span in joined)
    return tuple(turn for turn in turns if turn.length >= SHORTEST - 1e-9)


def _at(signal: Signal, times: Floats) -> Floats:
    index = np.floor((times - signal.start) * signal.rate + 1e-6).astype(np.int64)
    inside = (index >= 0) & (index < len(signal))
    return np.where(inside, signal.values[index.clip(0, len(signal) - 1)], np.nan)
