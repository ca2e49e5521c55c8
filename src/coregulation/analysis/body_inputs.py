"""What was recorded of one person that a body can be made of, and what must be said of the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from coregulation.analysis.beat_source import BeatSeries
from coregulation.errors import CoregulationError, DataError
from coregulation.physiology.body import FROM_ACCELERATION, MEASURED
from coregulation.physiology.motion import CHEST, MOVING, analyze_chest, movement_threshold
from coregulation.session import Recording, Session
from coregulation.signals import CHANNELS, Beats, Signal, Unit, Window

_MIN_RATES = {"resp": 2.0, "eda": 2.0, **dict.fromkeys(CHEST, 10.0)}  # Hz below which they cannot be read
BREATH_FROM_TILT = "breath derived from acceleration of the chest: its depth changes with posture, and which half breathes in is a guess"


@dataclass(frozen=True, slots=True, eq=False)
class BodyInputs:
    """The channels of a body.

    Args:
        channels: by name, in the unit a body takes them in, without excluded spans.
        remarks: what must be said of what was left out or derived.
        moving: level of "motion" from which the rest is doubted; None where there is none to tell.
        breath: where "resp" comes from: "measured", or "derived from acceleration".
    """

    channels: dict[str, Signal | Beats]
    remarks: tuple[str, ...] = ()
    moving: float | None = None
    breath: str = MEASURED

    @property
    def belt(self) -> Signal | None:
        """Respiration where a belt measured it."""
        resp = self.channels.get("resp")
        return resp if isinstance(resp, Signal) and self.breath == MEASURED else None


def select_body_inputs(recording: Recording, session: Session, pulse: BeatSeries | None) -> BodyInputs:
    """Return the channels a body can be made of; what chest acceleration tells stands in for what is not there."""
    channels: dict[str, Signal | Beats] = {}
    remarks = []
    if pulse is not None and pulse.refused is None:
        channels["beats"] = pulse.cleaned.beats
    elif pulse is not None:
        remarks.append(f"beats were not used: {pulse.refused}")
    excluded = session.excluded(recording.person.id)
    for name in ("heart_rate", "resp", "eda", "motion"):
        signal = recording.signals.get(name)
        if signal is None or (name == "heart_rate" and "beats" in channels):
            continue
        try:
            channels[name] = _in_unit(name, signal, excluded)
        except CoregulationError as error:
            remarks.append(f"{name} was left out of the body: {error}")
    return _with_chest(BodyInputs(channels, tuple(remarks)), recording, excluded)


def with_movement_threshold(found: BodyInputs, rest: Window) -> BodyInputs:
    """Return it with the level from which somebody moves, told against their own marked rest, where no other is known."""
    motion = found.channels.get("motion")
    if found.moving is not None or not isinstance(motion, Signal):
        return found
    return replace(found, moving=movement_threshold(motion, rest))


def _with_chest(found: BodyInputs, recording: Recording, excluded: Sequence[Window]) -> BodyInputs:
    there = [name for name in CHEST if name in recording.signals]
    if not there:
        return found
    if len(there) < len(CHEST):
        return _remarked(found, f"acceleration was left out of the body: of three axes only {', '.join(there)} came")
    try:
        x, y, z = _axes(recording, excluded)
        told = analyze_chest((x, y, z))
    except DataError as error:
        return _remarked(found, f"acceleration was left out of the body: {error}")
    if "motion" not in found.channels:
        found = replace(found, channels={**found.channels, "motion": told.movement}, moving=MOVING)
    if "resp" in found.channels:
        return found
    if told.breath is None:
        return _remarked(found, f"no breath was found in acceleration: {told.why}")
    breathing = replace(told.breath, unit=Unit.ARBITRARY)
    derived = replace(found, channels={**found.channels, "resp": breathing}, breath=FROM_ACCELERATION)
    return _remarked(derived, BREATH_FROM_TILT)


def _remarked(found: BodyInputs, said: str) -> BodyInputs:
    return replace(found, remarks=(*found.remarks, said))


def _axes(recording: Recording, excluded: Sequence[Window]) -> Iterator[Signal]:
    for name in CHEST:
        signal = recording.signals[name]
        _check_rate(name, signal)
        for span in excluded:
            signal = signal.without(span)
        yield signal


def _check_rate(name: str, signal: Signal) -> None:
    if name in _MIN_RATES and signal.rate < _MIN_RATES[name]:
        raise DataError(f"{signal.rate:g} Hz came; at least {_MIN_RATES[name]:g} Hz are needed to read it.")


def _in_unit(name: str, signal: Signal, excluded: Sequence[Window]) -> Signal:
    """Return a channel in the unit that a body takes it in, without the spans that do not count.

    Raises:
        UsageError: if it is in another quantity. DataError: if nothing is there, it never changes, is too slow, or its
            middle is none that a body can have.
    """
    for span in excluded:
        signal = signal.without(span)
    channel = CHANNELS[name]
    there = signal.values[np.isfinite(signal.values)]
    if len(there) < 2 or np.ptp(there) == 0:
        raise DataError("it never changes." if len(there) else "no sample is there.")
    _check_rate(name, signal)
    if channel.unit is Unit.ARBITRARY:
        return signal
    factor = signal.unit.factor_to(channel.unit)
    channel.check(float(np.median(there)) * factor)
    return replace(signal, values=signal.values * factor, unit=channel.unit)
