"""The directory of sessions: who has which place and which rights in them, and what is put on record about them."""

from __future__ import annotations

import contextlib
import functools
import math
import time
from collections.abc import Callable

from coregulation.live.room.access import Access, AccessDevice
from coregulation.live.room.consent import PURPOSES
from coregulation.live.room.policy import Place, Right, SessionRights
from coregulation.store import DiskFullError, KeptSession, Store

REFUSAL_AGAIN = 60.0  # s between two lines about refused requests of one kind


class SessionDirectory:
    """Kept sessions and the devices that were let in to them.

    Args:
        store: where everything is kept.
        steady: seconds that only go forward.
        wall: s since 1970.
    """

    def __init__(
        self, store: Store, steady: Callable[[], float] = time.monotonic, wall: Callable[[], float] = time.time
    ) -> None:
        self.store, self.steady, self.wall = store, steady, wall
        self.access = Access(store, steady, wall)
        self._refusals: dict[str, float] = {}  # when a refusal of each kind was last put on record

    def record(self, what: str, session: str | None = None) -> None:
        """Add to the list of events; a full disk stops nobody from coming in."""
        with contextlib.suppress(DiskFullError):
            self.store.record(self.wall(), what, session)

    def record_refusal(self, code: str) -> None:
        """Add a refused request to the list of events, at most once a minute of each kind, so that nobody can fill the disk."""
        what, now = f"refused: {code}", self.steady()
        if now - self._refusals.get(what, -math.inf) >= REFUSAL_AGAIN:
            self._refusals[what] = now
            self.record(what)

    def place(self, device: AccessDevice, session: KeptSession) -> Place:
        """Return what a device is in a session; on one screen of this computer its own browser stands for everybody."""
        imported = bool(session.setup.get("imported"))
        grant = device.admitted_to(session.name)
        if grant is not None:
            return Place(grant.people, grant.role, device.host, imported, grant.successor)
        if device.host and session.setup.get("screens") == "one" and not session.setup.get("facilitator"):
            return Place(self._without_devices(session), "participant", device.host, imported)
        return Place((), None, device.host, imported)

    def _without_devices(self, session: KeptSession) -> tuple[str, ...]:
        """Return who of a session did not come with a device of their own, also where that device is known no longer."""
        grants = [device.admitted_to(session.name) for device in self.access.devices() if not device.host]
        elsewhere = {who for grant in grants if grant is not None for who in set(grant.people) - set(grant.successor)}
        elsewhere |= set(session.setup.get("apart", ()))
        return tuple(person for person in people_of(session) if person not in elsewhere)

    def rights(self, device: AccessDevice, session: KeptSession) -> SessionRights:
        """Return a device's rights in a session."""
        agreed = functools.partial(self._purposes, session.name)
        return SessionRights(self.place(device, session), people_of(session), agreed)

    def _purposes(self, session: str, person: str) -> frozenset[str]:
        return frozenset(purpose for purpose in PURPOSES if self.store.agreed(session, person, purpose))

    def rights_of(self, session: str, device: str) -> SessionRights:
        """Return the rights of a device, by its name, in a session."""
        known = next((listed for listed in self.access.devices() if listed.id == device), AccessDevice(device))
        kept = self._kept(session)
        return SessionRights(Place(), (), lambda _: ()) if kept is None else self.rights(known, kept)

    def readable(self, session: str, device: str) -> tuple[str, ...]:
        """Return of whom a device may read a report."""
        return self.rights_of(session, device).people_for(Right.ANSWERS)

    def is_read(self, session: str, people: tuple[str, ...]) -> bool:
        """Whether anybody may read a report of exactly these people of a session."""
        kept = self._kept(session)
        return kept is not None and any(
            self.rights(device, kept).people_for(Right.ANSWERS) == people for device in self.access.devices()
        )

    def _kept(self, name: str) -> KeptSession | None:
        """Return a kept session; None of one that was erased."""
        return next((listed for listed in self.store.sessions() if listed.name == name), None)

    def _people(self, name: str) -> list[str]:
        """Return who is (still) in a kept session; nobody in one that was erased."""
        kept = self._kept(name)
        return [] if kept is None else list(people_of(kept))


def people_of(session: KeptSession) -> tuple[str, ...]:
    """Return who is (still) in a kept session, in the order of their seats."""
    return tuple(person["person"] for person in session.setup.get("people", ()))
