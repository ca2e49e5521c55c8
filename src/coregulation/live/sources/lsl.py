"""Lab Streaming Layer, in and out: RR of other programs as straps, and what happens in a session as markers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

from coregulation.errors import UsageError
from coregulation.live.signals.heart_packets import TICK, HeartPacket, encode_heart_packet

UNITS = {"ms": 1e-3, "milliseconds": 1e-3, "s": 1.0, "seconds": 1.0}
FIND = 5.0  # s


def import_pylsl() -> Any:
    """Return pylsl.

    Raises:
        UsageError: if it is not installed, or its library does not run on this system.
    """
    try:
        import pylsl
    except (ImportError, RuntimeError, OSError) as error:
        raise UsageError(
            'LSL needs the extra: pip install "coregulation[lsl]" (on Linux with glibc 2.35 or newer; elsewhere install liblsl).'
        ) from error
    return pylsl


def inlets(count: int) -> list[Any]:
    """Return inlets of streams of type RR, by name; as many as there are, at most `count`.

    Raises:
        UsageError: if there is none, or one does not say its unit.
    """
    pylsl = import_pylsl()
    streams = sorted(pylsl.resolve_byprop("type", "RR", count, FIND), key=lambda stream: stream.name())[:count]
    if not streams:
        raise UsageError("No LSL stream of type RR is on the network; start it first.")
    opened = [pylsl.StreamInlet(stream, recover=True) for stream in streams]
    for inlet in opened:
        unit_of(inlet.info(FIND))
    return opened


def unit_of(info: Any) -> float:
    """Return how many s one unit of a stream is.

    Raises:
        UsageError: if the stream does not say.
    """
    unit = info.desc().child("channels").child("channel").child_value("unit")
    if unit not in UNITS:
        raise UsageError(
            "The LSL stream {value!r} gives {value_2} unit; ms or s is needed in its channel's description.",
            value=info.name(),
            value_2=unit or "no",
        )
    return UNITS[unit]


async def intervals(inlet: Any, over: Callable[[], bool]) -> AsyncIterator[bytes]:
    """Yield each interval of an inlet as a strap's packet."""
    scale = unit_of(inlet.info(FIND))
    while not over():
        sample, _ = await asyncio.to_thread(inlet.pull_sample, 0.5)
        if sample and 0.2 < sample[0] * scale < 3.0:
            rr = sample[0] * scale
            yield encode_heart_packet(HeartPacket(round(60 / rr), (round(rr / TICK),)))


class Markers:
    """An outlet of what happens in a session, so that a recorder of the laboratory has it as well."""

    def __init__(self, session: str) -> None:
        pylsl = import_pylsl()
        info = pylsl.StreamInfo("coregulation", "Markers", 1, pylsl.IRREGULAR_RATE, "string", session)
        self._outlet = pylsl.StreamOutlet(info)

    def tell(self, what: str) -> None:
        """Send a marker, such as a phase."""
        self._outlet.push_sample([what])
