"""Choose one person's usable input channels, and record why the others were left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from coregulation.analysis.beat_source import BeatSeries
from coregulation.analysis.person_reasons import PersonReason
from coregulation.channels import CHANNELS, HEART_RATE
from coregulation.errors import DataError
from coregulation.physiology.body import BreathSource
from coregulation.physiology.motion import CHEST, MOVING, analyze_chest, movement_threshold
from coregulation.reasons import Reason, because, reason_of
from coregulation.session import Recording, Session
from coregulation.signals import Beats, Signal, Unit, Window


@dataclass(frozen=True, slots=True, eq=False)
class BodyInputs:
    """The channels of a body.

    Parameters
    ----------
    channels
        By name, in the unit a body takes them in, without excluded spans.
    remarks
        Why channels were left out, and what was derived.
    moving
        Level of "motion" from which the rest is doubted; None where it is not known.
    breath
        What "resp" was found in.
    """

    channels: dict[str, Signal | Beats]
    remarks: tuple[Reason, ...] = ()
    moving: float | None = None
    breath: BreathSource = BreathSource.MEASURED

    @property
    def belt(self) -> Signal | None:
        """Respiration where a belt measured it."""
        resp = self.channels.get("resp")
        return resp if isinstance(resp, Signal) and self.breath is BreathSource.MEASURED else None


def select_body_inputs(recording: Recording, session: Session, pulse: BeatSeries | None) -> BodyInputs:
    """Select the channels from which a person's body measures are computed.

    Movement and breathing are derived from chest acceleration where no channel of their own was recorded.

    Parameters
    ----------
    recording
        The person's channels.
    session
        For exclusions; samples in an excluded span are missing.
    pulse
        The person's beats; None where there are none. Beats that were refused are not used.

    Returns
    -------
    BodyInputs
        The channels, with remarks on each that was left out or derived.
    """
    channels: dict[str, Signal | Beats] = {}
    remarks: list[Reason] = []
    if pulse is not None and pulse.refused is None:
        channels["beats"] = pulse.cleaned.beats
    elif pulse is not None:
        remarks.append(because(PersonReason.BEATS_NOT_USED, why=pulse.refused))
    excluded = session.excluded(recording.person.id)
    for name in (name for name, channel in CHANNELS.items() if channel.body_input):
        signal = recording.signals.get(name)
        if signal is None or (name == HEART_RATE and "beats" in channels):
            continue
        usable = _in_unit(name, signal, excluded)
        if isinstance(usable, Signal):
            channels[name] = usable
        else:
            remarks.append(usable)
    return _with_chest(BodyInputs(channels, tuple(remarks)), recording, excluded)


def with_movement_threshold(inputs: BodyInputs, rest: Window) -> BodyInputs:
    """Set the movement threshold from a rest where no other is known.

    Parameters
    ----------
    inputs
        The channels of a body.
    rest
        A span that was marked as a rest.

    Returns
    -------
    BodyInputs
        With the threshold in `moving`; unchanged where it is set already, or no movement was recorded.
    """
    motion = inputs.channels.get("motion")
    if inputs.moving is not None or not isinstance(motion, Signal):
        return inputs
    return replace(inputs, moving=movement_threshold(motion, rest))


def _with_chest(inputs: BodyInputs, recording: Recording, excluded: Sequence[Window]) -> BodyInputs:
    axes = [name for name in CHEST if name in recording.signals]
    if not axes:
        return inputs
    if len(axes) < len(CHEST):
        return _remarked(inputs, because(PersonReason.AXES_MISSING, axes=tuple(axes)))
    slow = next(filter(None, (_too_slow(name, recording.signals[name]) for name in CHEST)), None)
    if slow is not None:
        return _remarked(inputs, because(PersonReason.NO_CHEST, why=slow))
    try:
        x, y, z = _axes(recording, excluded)
        chest = analyze_chest((x, y, z))
    except DataError as error:
        return _remarked(inputs, because(PersonReason.NO_CHEST, why=reason_of(error)))
    if "motion" not in inputs.channels:
        inputs = replace(inputs, channels={**inputs.channels, "motion": chest.movement}, moving=MOVING)
    if "resp" in inputs.channels:
        return inputs
    if chest.breath is None:
        return _remarked(inputs, because(PersonReason.NO_BREATH_IN_TILT, why=chest.why))
    breathing = replace(chest.breath, unit=Unit.ARBITRARY)
    derived = replace(inputs, channels={**inputs.channels, "resp": breathing}, breath=BreathSource.ACCELERATION)
    return _remarked(derived, because(PersonReason.BREATH_FROM_TILT))


def _remarked(inputs: BodyInputs, *remarks: Reason) -> BodyInputs:
    return replace(inputs, remarks=(*inputs.remarks, *remarks))


def _axes(recording: Recording, excluded: Sequence[Window]) -> Iterator[Signal]:
    for name in CHEST:
        signal = recording.signals[name]
        for span in excluded:
            signal = signal.without(span)
        yield signal


def _too_slow(name: str, signal: Signal) -> Reason | None:
    needed = CHANNELS[name].min_rate
    if signal.rate >= needed:
        return None
    return because(PersonReason.TOO_SLOW, channel=name, rate=signal.rate, needed=needed)


def _in_unit(name: str, signal: Signal, excluded: Sequence[Window]) -> Signal | Reason:
    """Return a channel in the unit that a body takes it in, without the spans that do not count; or why it cannot be used."""
    for span in excluded:
        signal = signal.without(span)
    channel = CHANNELS[name]
    known = signal.values[np.isfinite(signal.values)]
    if len(known) < 2 or np.ptp(known) == 0:
        return because(PersonReason.CONSTANT if len(known) else PersonReason.EMPTY, channel=name)
    if (slow := _too_slow(name, signal)) is not None:
        return slow
    if channel.unit is Unit.ARBITRARY:
        return signal
    if signal.unit.quantity != channel.unit.quantity:
        unit, expected = signal.unit.symbol, channel.unit.symbol
        return because(PersonReason.OTHER_UNIT, channel=name, unit=unit, expected=expected)
    factor = signal.unit.factor_to(channel.unit)
    median = float(np.median(known)) * factor
    if channel.plausible is not None and not channel.is_plausible(median):
        low, high = channel.plausible
        unit = channel.unit.symbol
        return because(PersonReason.IMPLAUSIBLE, channel=name, median=median, low=low, high=high, unit=unit)
    return replace(signal, values=signal.values * factor, unit=channel.unit)
