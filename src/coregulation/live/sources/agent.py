"""Straps at this computer's own radio, by bleak: for browsers without Web Bluetooth, and for laboratories.

One scan for all straps, one link each; whatever happens, notifications are stopped and links closed at the end, since a strap
that was not let go of stays away for a minute.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any, Protocol

from coregulation.errors import UsageError
from coregulation.live.signals.heart_packets import HEART_RATE_MEASUREMENT, HEART_RATE_SERVICE
from coregulation.report.catalogue import Catalogue

SCAN = 15.0  # s
AGAIN = (0.5, 1.0, 2.0, 4.0, 8.0)  # s between attempts to reconnect; the last is kept to

Heard = Callable[[bytes], None]


class RadioStrap(Protocol):
    """A strap that was found."""

    @property
    def name(self) -> str:
        """What it calls itself."""
        ...

    async def listen(self, heard: Heard) -> None:
        """Connect, give each notification's bytes to `heard`, and return when the link is gone."""
        ...


class Radio(Protocol):
    """A radio: bleak's, or a test's."""

    async def find(self, count: int, seconds: float) -> Sequence[RadioStrap]:
        """Return straps that offer heart rate, as many as are found in so many seconds."""
        ...


class BleakRadio:
    """The radio of this computer.

    Raises:
        UsageError: if bleak is not installed, or there is no Bluetooth; with what to do on this system.
    """

    def __init__(self) -> None:
        try:
            import bleak
        except ImportError as error:
            raise UsageError('Straps at this computer need the extra: pip install "coregulation[ble]".') from error
        self._bleak = bleak

    async def find(self, count: int, seconds: float) -> Sequence[RadioStrap]:
        """Scan once for all."""
        devices: dict[str, Any] = {}
        enough = asyncio.Event()

        def seen(device: Any, _advertised: Any) -> None:
            devices[device.address] = device
            if len(devices) >= count:
                enough.set()

        try:
            async with self._bleak.BleakScanner(seen, service_uuids=[HEART_RATE_SERVICE]):
                with contextlib.suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(enough.wait(), seconds)
        except (self._bleak.exc.BleakError, OSError) as error:
            raise UsageError("{advice} ({error})", advice=no_bluetooth(sys.platform), error=error) from error
        return [_BleakStrap(self._bleak, device) for device in devices.values()][:count]


class _BleakStrap:
    def __init__(self, bleak: Any, device: Any) -> None:
        self._bleak, self._device = bleak, device

    @property
    def name(self) -> str:
        return self._device.name or "Strap"

    async def listen(self, heard: Heard) -> None:
        gone = asyncio.Event()
        try:
            async with self._bleak.BleakClient(self._device, disconnected_callback=lambda _: gone.set()) as client:
                await client.start_notify(HEART_RATE_MEASUREMENT, lambda _, data: heard(bytes(data)))
                try:
                    await gone.wait()
                finally:
                    if client.is_connected:
                        await client.stop_notify(HEART_RATE_MEASUREMENT)
        except (self._bleak.exc.BleakError, OSError, TimeoutError):
            return  # out of reach for now; whoever listens tries again


def no_bluetooth(platform: str) -> str:
    """Return what to do on a system where Bluetooth cannot be used."""
    key = f"bluetooth.{platform}"
    catalogue = Catalogue()
    return catalogue.text("bluetooth.unusable", advice=catalogue.text(key if catalogue.has(key) else "bluetooth.other"))


async def notifications(strap: RadioStrap, over: Callable[[], bool]) -> AsyncIterator[bytes]:
    """Yield a strap's notifications, connecting again whenever it went, until it is over."""
    line: asyncio.Queue[bytes] = asyncio.Queue()
    listening = asyncio.create_task(_listening(strap, line.put_nowait, over))
    try:
        while not over():
            with contextlib.suppress(asyncio.TimeoutError):
                yield await asyncio.wait_for(line.get(), 0.5)
    finally:
        listening.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await listening


async def _listening(strap: RadioStrap, heard: Heard, over: Callable[[], bool]) -> None:
    attempt = 0
    while not over():
        before = asyncio.get_running_loop().time()
        await strap.listen(heard)
        stayed = asyncio.get_running_loop().time() - before > 10.0
        attempt = 0 if stayed else attempt + 1
        await asyncio.sleep(AGAIN[min(attempt, len(AGAIN) - 1)])
