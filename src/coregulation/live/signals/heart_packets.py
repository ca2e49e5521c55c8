"""What a strap says: the Heart Rate Measurement characteristic (0x2A37) and Polar's PMD frames, read from their bytes.

Bluetooth SIG, Heart Rate Service 1.0; Polar, Measurement Data specification (facts only: none of its code is here).
Not associated with Polar.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np

from coregulation.errors import ProtocolError
from coregulation.signals import Floats

TICK = 1 / 1024  # s of an RR interval's unit
HEART_RATE_SERVICE = "0000180d-0000-1000-8000-00805f9b34fb"
HEART_RATE_MEASUREMENT = "00002a37-0000-1000-8000-00805f9b34fb"
PMD_SERVICE = "fb005c80-02e7-f387-1cad-8acd2d8df0c8"
PMD_CONTROL = "fb005c81-02e7-f387-1cad-8acd2d8df0c8"
PMD_DATA = "fb005c82-02e7-f387-1cad-8acd2d8df0c8"
START_ECG = bytes.fromhex("02000001820001010e00")
START_MOTION = bytes.fromhex("02020001320001011000020108 00".replace(" ", ""))  # 50 Hz, ±8 g
STOP_ECG, STOP_MOTION = bytes((3, 0)), bytes((3, 2))
ECG, MOTION = 0, 2  # PMD measurement types

_WIDE, _CONTACT, _KNOWS_CONTACT, _ENERGY, _RR = 1, 2, 4, 8, 16


@dataclass(frozen=True, slots=True)
class HeartPacket:
    """One notification.

    Args:
        rate: 1/min; 0 is none.
        ticks: RR intervals in 1/1024 s, the oldest first.
        contact: whether the strap feels skin; None where it cannot tell.
        energy: kJ, where told.
        odd: a byte was left over at the end.
    """

    rate: int
    ticks: tuple[int, ...] = ()
    contact: bool | None = None
    energy: int | None = None
    odd: bool = False

    @property
    def rr(self) -> tuple[float, ...]:
        """The intervals in s, exact."""
        return tuple(tick * TICK for tick in self.ticks)


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One PMD frame: samples (n, axes) in µV (ECG) or milli-g (motion), and the strap's time of the last one in s."""

    kind: int
    at: float
    values: Floats


def heart_packet(data: bytes) -> HeartPacket:
    """Read a Heart Rate Measurement; reserved bits are passed over, a trailing odd byte is dropped and told.

    Raises:
        ProtocolError: if it is shorter than its own flags say.
    """
    if not data:
        raise ProtocolError("A heart rate packet has two bytes or more; an empty one came.")
    flags, at = data[0], 1
    wide = 2 if flags & _WIDE else 1
    need = at + wide + (2 if flags & _ENERGY else 0)
    if len(data) < need:
        raise ProtocolError(
            "A heart rate packet with flags {flags:#04x} has {need:n byte|bytes} or more; {count} came.",
            flags=flags,
            need=need,
            count=len(data),
        )
    rate = int.from_bytes(data[at : at + wide], "little")
    at += wide
    energy = int.from_bytes(data[at : at + 2], "little") if flags & _ENERGY else None
    rest = data[need:]
    ticks = struct.unpack(f"<{len(rest) // 2}H", rest[: len(rest) // 2 * 2]) if flags & _RR else ()
    contact = bool(flags & _CONTACT) if flags & _KNOWS_CONTACT else None
    return HeartPacket(rate, ticks, contact, energy, bool(flags & _RR and len(rest) % 2))


def encode_heart_packet(packet: HeartPacket) -> bytes:
    """Return a packet's bytes; what a strap would send."""
    wide = packet.rate > 255
    flags = (_WIDE if wide else 0) | (_RR if packet.ticks else 0) | (_ENERGY if packet.energy is not None else 0)
    if packet.contact is not None:
        flags |= _KNOWS_CONTACT | (_CONTACT if packet.contact else 0)
    head = struct.pack("<BH" if wide else "<BB", flags, packet.rate)
    energy = b"" if packet.energy is None else struct.pack("<H", packet.energy)
    return head + energy + struct.pack(f"<{len(packet.ticks)}H", *packet.ticks)


def frame(data: bytes) -> Frame:
    """Read a PMD frame of ECG (type 0) or acceleration (type 1 or delta-compressed).

    Raises:
        ProtocolError: if it is cut short or of a kind that is not read here.
    """
    if len(data) < 10:
        raise ProtocolError("A PMD frame has ten bytes or more; {count} came.", count=len(data))
    kind, stamp, shape, body = data[0], int.from_bytes(data[1:9], "little"), data[9], data[10:]
    if kind == ECG and shape == 0 and len(body) % 3 == 0:
        values = _signed(body, 3)[:, None]
    elif kind == MOTION and shape in (0, 1, 2) and len(body) % (3 * (shape + 1)) == 0:
        values = _signed(body, shape + 1).reshape(-1, 3)
    elif kind == MOTION and shape == 0x81:
        values = _deltas(body, 3)
    else:
        raise ProtocolError(
            "A PMD frame of kind {kind}, type {shape:#04x} and {count:n byte|bytes} is not read here.",
            kind=kind,
            shape=shape,
            count=len(body),
        )
    return Frame(kind, stamp * 1e-9, values)


def _signed(body: bytes, size: int) -> Floats:
    """Return little-endian signed integers of 1 to 4 bytes."""
    raw = np.frombuffer(body, np.uint8).reshape(-1, size).astype(np.int64)
    values = (raw << (8 * np.arange(size))).sum(axis=1)
    signed: Floats = np.where(values >= 1 << (8 * size - 1), values - (1 << (8 * size)), values).astype(np.float64)
    return signed


def _deltas(body: bytes, axes: int) -> Floats:
    """Return delta-compressed samples: a full one (16 bit), then groups of (bits, count) and packed differences."""
    if len(body) < 2 * axes:
        raise ProtocolError("A compressed PMD frame begins with a whole sample; it was cut short.")
    rows = [_signed(body[: 2 * axes], 2)]
    at = 2 * axes
    while at < len(body):
        if at + 2 > len(body):
            raise ProtocolError("A compressed PMD frame was cut short.")
        bits, count = body[at], body[at + 1]
        size = -(-bits * count * axes // 8)
        if not 1 <= bits <= 32 or at + 2 + size > len(body):
            raise ProtocolError("A compressed PMD frame was cut short or tells an impossible width.")
        rows.append(_unpacked(body[at + 2 : at + 2 + size], bits, count * axes).reshape(-1, axes))
        at += 2 + size
    start, *groups = rows
    steps = np.concatenate([start[None, :], *groups])
    return np.cumsum(steps, axis=0)


def _unpacked(body: bytes, bits: int, count: int) -> Floats:
    flags = np.unpackbits(np.frombuffer(body, np.uint8), bitorder="little")[: bits * count].reshape(count, bits)
    weights = 2.0 ** np.arange(bits)
    weights[-1] = -weights[-1]
    return np.asarray(flags @ weights)
