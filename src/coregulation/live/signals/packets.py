"""What one message of a sensor brought, as it lies in the store, and how each kind of sensor is read from it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np

from coregulation.channels import CHANNELS
from coregulation.errors import ProtocolError
from coregulation.live.signals import finger_beats
from coregulation.live.signals.beat_clock import ArrivedIntervals
from coregulation.live.signals.frame_beats import Sent
from coregulation.live.signals.heart_packets import ECG, MOTION, Frame, HeartPacket, frame, heart_packet
from coregulation.signals import Floats, Signal, Unit

EARLIEST, LATEST = -60.0, 86400.0  # session s between which a sample can lie: a room lasts a day at most
JUMP = 30.0  # s by which a device's clock may leave the arrivals from one frame to the next; more, and it was set
GRID = 0.5  # s by which a regular stream may be off its own count before that is a gap


class Packets(msgspec.Struct, frozen=True, array_like=True):
    """Packets with their arrival on the session clock, how far that may be off, and what was added to the client's time (s)."""

    at: list[float]
    data: list[bytes]
    off: float = 0.0
    shift: float = 0.0


_encoder, _decoder = msgspec.msgpack.Encoder(), msgspec.msgpack.Decoder(Packets)


def to_body(packets: Packets) -> bytes:
    """Return packets as they lie in the store."""
    return _encoder.encode(packets)


def from_body(body: bytes) -> Packets:
    """Read packets from the store."""
    return _decoder.decode(body)


def came_by(end: float, packets: Packets) -> Packets:
    """Return the packets that came by a time of the session (s)."""
    came = [(at, data) for at, data in zip(packets.at, packets.data, strict=True) if at <= end]
    return Packets([at for at, _ in came], [data for _, data in came], packets.off, packets.shift)


@dataclass(frozen=True, slots=True)
class HeartRead:
    """Heart packets of a stream: for the beat clock, and what else they said."""

    arrived: tuple[ArrivedIntervals, ...]
    packets: tuple[HeartPacket, ...]
    unreadable: int = 0


def read_heart_packets(packets: Packets) -> HeartRead:
    """Read heart rate notifications; one that is malformed is counted and brings nothing, no skin contact no interval."""
    arrived, good, bad = [], [], 0
    for at, data in zip(packets.at, packets.data, strict=True):
        try:
            read = heart_packet(data)
        except ProtocolError:
            bad += 1
            continue
        good.append(read)
        arrived.append(ArrivedIntervals(at, () if read.contact is False else _possible(read.rr)))
    return HeartRead(tuple(arrived), tuple(good), bad)


def _possible(rr: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(
        interval for interval in rr if interval > 0
    )  # an interval of zero is none, and would put two beats on one time


def ecg_frames(packets: Packets) -> list[Sent]:
    """Return the frames of ECG among packets; what is malformed, or of another sensor, brings none."""
    out = []
    for at, data in zip(packets.at, packets.data, strict=True):
        try:
            read = frame(data)
        except ProtocolError:
            continue
        if read.kind == ECG:
            out.append(Sent(at, read))
    return out


def finger_rows(packets: Packets) -> Floats:
    """Return readings of a camera, shape (n, 2): session time (s) and brightness."""
    rows = np.concatenate([np.empty(0, _RECORD), *(_records(packets.shift, data) for data in packets.data)])
    rows = rows[
        np.isfinite(rows["at"]) & np.isfinite(rows["value"]) & (rows["at"] >= EARLIEST) & (rows["at"] <= LATEST)
    ]
    return np.stack([rows["at"], rows["value"].astype(np.float64)], axis=1)


@dataclass(frozen=True, slots=True)
class StreamFormat:
    """What a client states of a stream when it opens it.

    Parameters
    ----------
    rate
        Sampling rate in Hz; None where the kind has its own.
    channel
        Name of the signal, such as "resp".
    unit
        Unit of the samples; empty for the channel's own.
    """

    rate: float | None = None
    channel: str = ""
    unit: str = ""


def finger_signals(_format: StreamFormat, packets: Sequence[Packets]) -> dict[str, Signal]:
    """Return a camera's readings as one PPG signal."""
    return _finger([(some.shift, data) for some in packets for data in some.data])


def frame_signals(_format: StreamFormat, packets: Sequence[Packets]) -> dict[str, Signal]:
    """Return ECG and movement of PMD frames."""
    return _frames(_timed(packets))


def wave_signals(stated: StreamFormat, packets: Sequence[Packets]) -> dict[str, Signal]:
    """Return a regular signal that a client samples itself, in the unit that it stated."""
    known = CHANNELS.get(stated.channel)
    unit = Unit.parse(stated.unit) if stated.unit else known.unit if known else Unit.ARBITRARY
    parts = [(at, np.frombuffer(data[: len(data) // 4 * 4], "<f4").astype(np.float64)) for at, data in _timed(packets)]
    placed = _placed(parts, stated.rate or 1.0, unit)
    return {stated.channel or "motion": placed} if placed else {}


def _timed(packets: Sequence[Packets]) -> list[tuple[float, bytes]]:
    return [(at, data) for some in packets for at, data in zip(some.at, some.data, strict=True)]


def _finger(pairs: Iterable[tuple[float, bytes]]) -> dict[str, Signal]:
    """Return the camera's readings as PPG; the records carry the client's time, `pairs` what to add to it."""
    rows = np.concatenate([np.empty((0, 2)), *(finger_rows(Packets([], [data], 0.0, shift)) for shift, data in pairs)])
    times, first = np.unique(rows[:, 0], return_index=True)
    if len(times) < 2:
        return {}
    start = math.ceil(times[0] * finger_beats.RATE)
    grid = np.arange(start, math.floor(times[-1] * finger_beats.RATE) + 1) / finger_beats.RATE
    values = np.interp(grid, times, rows[first, 1])
    after = np.clip(np.searchsorted(times, grid), 1, len(times) - 1)
    values[times[after] - times[after - 1] > finger_beats.GAP] = np.nan
    return {"ppg": Signal(values, finger_beats.RATE, start / finger_beats.RATE, Unit.ARBITRARY)}


_RECORD = np.dtype([("at", "<f8"), ("value", "<f4")])


def _records(shift: float, data: bytes) -> np.ndarray:
    rows = np.frombuffer(data[: len(data) // 12 * 12], _RECORD).copy()
    rows["at"] += shift
    return rows


def _frames(pairs: Iterable[tuple[float, bytes]]) -> dict[str, Signal]:
    """Return ECG (mV) and movement (size of acceleration, milli-g) of PMD frames, by the strap's own stamps."""
    frames_of: dict[int, list[tuple[float, Frame]]] = {}
    for at, data in pairs:
        try:
            read = frame(data)
        except ProtocolError:
            continue
        frames_of.setdefault(read.kind, []).append((at, read))
    out: dict[str, Signal] = {}
    for kind, name, rate, unit in ((ECG, "ecg", 130.0, Unit.MILLIVOLT), (MOTION, "motion", 50.0, Unit.ARBITRARY)):
        parts = [part for epoch in _epochs(frames_of.get(kind, [])) for part in _on_session_clock(epoch, rate)]
        signal = _placed(parts, rate, unit)
        out |= {name: signal} if signal else {}
    return out


def _on_session_clock(frames: Sequence[tuple[float, Frame]], rate: float) -> list[tuple[float, Floats]]:
    """Return when the first sample of each frame was, and the samples, while the device's clock ran evenly."""
    zero = min(at - sent.at for at, sent in frames)  # the envelope again: frames can only be late
    return [(zero + sent.at - (len(sent.values) - 1) / rate, _one_axis(sent)) for _, sent in frames]


def _epochs(frames: Sequence[tuple[float, Frame]]) -> list[list[tuple[float, Frame]]]:
    """Split frames where the device's clock was set: there the recording breaks."""
    epochs: list[list[tuple[float, Frame]]] = []
    apart = math.nan
    for at, sent in frames:
        now = at - sent.at
        if not abs(now - apart) <= JUMP:
            epochs.append([])
        epochs[-1].append((at, sent))
        apart = now
    return epochs


def frame_clock_jumps(packets: Sequence[Packets]) -> int:
    """Return how often a device's clock was set while it sent frames."""
    jumps = 0
    for kind in (ECG, MOTION):
        pairs = [(at, sent) for at, data in _timed(packets) if (sent := _frame(data)) is not None and sent.kind == kind]
        jumps += max(0, len(_epochs(pairs)) - 1)
    return jumps


def _frame(data: bytes) -> Frame | None:
    try:
        return frame(data)
    except ProtocolError:
        return None


def _one_axis(sent: Frame) -> Floats:
    if sent.kind == ECG:
        return sent.values[:, 0] * 1e-3
    size: Floats = np.linalg.norm(sent.values, axis=1)
    return size


def _placed(parts: Sequence[tuple[float, Floats]], rate: float, unit: Unit) -> Signal | None:
    """Lay parts one after the other; where the next begins later than its count says, the time between is missing."""
    full = [(at, values) for at, values in parts if len(values) and EARLIEST <= at <= LATEST]
    if not full:
        return None
    start, pieces, count = full[0][0], [], 0
    for at, values in full:
        late = at - start - count / rate
        if late > GRID:
            missing = round(late * rate)
            pieces.append(np.full(missing, np.nan))
            count += missing
        pieces.append(np.where(np.isfinite(values), values, np.nan))
        count += len(values)
    return Signal(np.concatenate(pieces), rate, start, unit)
