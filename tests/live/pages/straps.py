"""Straps without a radio: Chromium's own Bluetooth emulation over DevTools, and what a strap would say.

What is known of the emulation and easy to get wrong: `BluetoothEmulation` lives on the browser's session and
`DeviceAccess` on the page's; a prompt comes several times with one id and may be answered once; services are added when
discovery begins; `startNotifications` needs descriptor 0x2902; there is no command that notifies, so the shim reads,
which raises the same event on the same object; emulation is one for a browser context.
"""

from __future__ import annotations

import base64
import struct
from collections.abc import Sequence
from typing import Any

HEART_RATE = "0000180d-0000-1000-8000-00805f9b34fb"
MEASUREMENT = "00002a37-0000-1000-8000-00805f9b34fb"
SETUP = "00002902-0000-1000-8000-00805f9b34fb"
BATTERY = "0000180f-0000-1000-8000-00805f9b34fb"
LEVEL = "00002a19-0000-1000-8000-00805f9b34fb"
PMD = "fb005c80-02e7-f387-1cad-8acd2d8df0c8"
PMD_CONTROL = "fb005c81-02e7-f387-1cad-8acd2d8df0c8"
PMD_DATA = "fb005c82-02e7-f387-1cad-8acd2d8df0c8"

# Before the page's own scripts. Which characteristic was subscribed is remembered; `__said` raises its event with bytes.
SHIM = """(() => {
  if (!window.BluetoothRemoteGATTCharacteristic) return;
  const P = BluetoothRemoteGATTCharacteristic.prototype, start = P.startNotifications, known = new Map();
  P.startNotifications = async function () {
    const done = await start.call(this); known.set(this.service.device.id + this.uuid, this);
    const all = window.__ids ??= []; if (!all.includes(this.service.device.id)) all.push(this.service.device.id);
    return done; };
  let chain = Promise.resolve();
  window.__read = (k, uuid) => chain = chain.then(() => known.get(window.__ids[k] + uuid).readValue()).then(() => undefined);
  window.__said = (k, uuid, bytes) => { const c = known.get(window.__ids[k] + uuid), v = new DataView(Uint8Array.from(bytes).buffer);
    Object.defineProperty(c, 'value', {value: v, configurable: true}); c.dispatchEvent(new Event('characteristicvaluechanged')); };
})()"""


def packet(bpm: int, rr: Sequence[float], *, contact: bool | None = True) -> bytes:
    """Bytes of one Heart Rate Measurement: the rate, and intervals in s."""
    flags = (0 if contact is None else 4 | (2 if contact else 0)) | (16 if len(rr) else 0)
    return struct.pack("<BB", flags, bpm) + b"".join(struct.pack("<H", round(one * 1024)) for one in rr)


INVALID_HANDLE = 0x01  # of the attribute protocol


class Strap:
    """One strap of an emulated radio."""

    def __init__(self, radio: Radio, address: str, *, medical: bool = False):
        self.radio, self.address, self.medical = radio, address, medical
        self.built = False
        self.characteristics: dict[str, str] = {}
        self.values: list[bytes] = []
        self.written: list[bytes] = []
        self.subscribed: set[str] = set()
        self.reachable = True
        self.battery: int | None = None

    def build(self) -> None:
        """Add the services, once for each connection."""
        if self.built:
            return
        self.built = True
        service = self._service(HEART_RATE)
        self._characteristic(service, MEASUREMENT, notify=True, read=True)
        if self.battery is not None:
            self._characteristic(self._service(BATTERY), LEVEL, read=True)
        if self.medical:
            service = self._service(PMD)
            self._characteristic(service, PMD_CONTROL, write=True, indicate=True, read=True)
            self._characteristic(service, PMD_DATA, notify=True, read=True)

    def _service(self, uuid: str) -> str:
        sent = self.radio.browser.send("BluetoothEmulation.addService", {"address": self.address, "serviceUuid": uuid})
        return sent["serviceId"]

    def _characteristic(self, service: str, uuid: str, **properties: bool) -> None:
        asked = {"serviceId": service, "characteristicUuid": uuid, "properties": properties}
        found = self.radio.browser.send("BluetoothEmulation.addCharacteristic", asked)["characteristicId"]
        self.radio.browser.send(
            "BluetoothEmulation.addDescriptor", {"characteristicId": found, "descriptorUuid": SETUP}
        )
        self.characteristics[found] = uuid

    def read(self, uuid: str) -> bytes:
        """Return what the strap says when it is asked."""
        if uuid == LEVEL:
            return bytes([self.battery or 0])
        return self.values.pop(0) if self.values else b""

    def drop(self, *, reachable: bool = True) -> None:
        """Break the connection; unreachable straps refuse to be connected again."""
        self.built, self.reachable = False, reachable
        self.subscribed.clear()
        self.characteristics.clear()
        self.radio.browser.send("BluetoothEmulation.simulateGATTDisconnection", {"address": self.address})


class Radio:
    """The emulated radio of one page: choosers are answered with the straps of `wanted`, in their order."""

    def __init__(self, page: Any, count: int = 2, *, medical: Sequence[bool] = (False, False)):
        self.page = page
        self.browser = page.context.browser.new_browser_cdp_session()
        self.access = page.context.new_cdp_session(page)
        self.straps = [Strap(self, f"09:09:09:09:09:{0x0A + k:02X}", medical=medical[k]) for k in range(count)]
        self.wanted: list[Strap] = []
        self.answered: set[str] = set()
        self.begin()
        self.access.on("DeviceAccess.deviceRequestPrompted", self._prompted)
        self.browser.on("BluetoothEmulation.gattOperationReceived", self._gatt)
        self.browser.on("BluetoothEmulation.characteristicOperationReceived", self._operation)
        self.browser.on("BluetoothEmulation.descriptorOperationReceived", self._descriptor)

    def begin(self) -> None:
        """Turn the radio on."""
        self.browser.send("BluetoothEmulation.enable", {"state": "powered-on", "leSupported": True})
        self.access.send("DeviceAccess.enable")
        for k, strap in enumerate(self.straps):
            strap.built = False
            known = {
                "address": strap.address,
                "name": f"Strap {k}",
                "manufacturerData": [],
                "knownServiceUuids": [HEART_RATE],
            }
            self.browser.send("BluetoothEmulation.simulatePreconnectedPeripheral", known)

    def begin_again(self) -> None:
        """A page that was loaded again has no radio until it is turned off and on."""
        self.browser.send("BluetoothEmulation.disable")
        self.begin()

    def close(self) -> None:
        """End the page, then its radio: Chromium 156 ends itself where a page waits for a radio that is taken away."""
        self.page.close()
        self.browser.send("BluetoothEmulation.disable")
        self.browser.detach()

    def strap(self, address: str) -> Strap:
        return next(one for one in self.straps if one.address == address)

    def _prompted(self, event: dict[str, Any]) -> None:
        there = {device["id"] for device in event["devices"]}
        if event["id"] in self.answered or not self.wanted or self.wanted[0].address not in there:
            return
        self.answered.add(event["id"])
        chosen = self.wanted.pop(0)
        self.access.send("DeviceAccess.selectPrompt", {"id": event["id"], "deviceId": chosen.address})

    def _gatt(self, event: dict[str, Any]) -> None:
        strap = self.strap(event["address"])
        if event["type"] == "discovery":
            strap.build()
        code = 0 if strap.reachable else 0x3E  # failed to be established
        answer = {"address": event["address"], "type": event["type"], "code": code}
        self.browser.send("BluetoothEmulation.simulateGATTOperationResponse", answer)

    def _operation(self, event: dict[str, Any]) -> None:
        known = event["characteristicId"]
        strap = next((one for one in self.straps if known in one.characteristics), None)
        answer = {"characteristicId": known, "type": event["type"], "code": 0 if strap is not None else INVALID_HANDLE}
        if strap is None:  # asked before the strap was dropped and built again: a radio says so, too
            self.browser.send("BluetoothEmulation.simulateCharacteristicOperationResponse", answer)
            return
        if event["type"] == "read":
            answer["data"] = base64.b64encode(strap.read(strap.characteristics[known])).decode()
        if event["type"] == "write":
            strap.written.append(base64.b64decode(event["data"]))
        self.browser.send("BluetoothEmulation.simulateCharacteristicOperationResponse", answer)
        if event["type"] == "subscribe-to-notifications":
            strap.subscribed.add(strap.characteristics[known])

    def _descriptor(self, event: dict[str, Any]) -> None:
        answer = {"descriptorId": event["descriptorId"], "type": event["type"], "code": 0}
        self.browser.send("BluetoothEmulation.simulateDescriptorOperationResponse", answer)

    def notify(self, k: int, value: bytes) -> None:
        """Strap `k` (in the order of their connecting) says its bytes, through a real read of the radio."""
        self.straps[k].values.append(value)
        self.page.evaluate("([k, uuid]) => window.__read(k, uuid)", [k, MEASUREMENT])

    def say(self, k: int, value: bytes, uuid: str = MEASUREMENT) -> None:
        """The same event without the way over the radio, for many at once."""
        self.page.evaluate("([k, uuid, bytes]) => window.__said(k, uuid, bytes)", [k, uuid, list(value)])
