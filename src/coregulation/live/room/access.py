"""Who may come in: one token at the start, invitations, browsers by their cookie, and how fast anyone may ask."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec

from coregulation.live.room.wire import Role
from coregulation.store import Store

EXPIRES = 900.0  # s that an invitation holds
CODE_BYTES = 5  # 40 bits
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another


class SeatGrant(msgspec.Struct, frozen=True):
    """What a browser may be in a room."""

    role: Role
    people: tuple[str, ...] = ()


class AccessDevice(msgspec.Struct, frozen=True):
    """A browser that was let in: the one that started it all, or a guest of some rooms."""

    id: str
    host: bool = False
    rooms: dict[str, SeatGrant] = {}


@dataclass(frozen=True, slots=True)
class Invitation:
    """One seat, or a place to look, in one room; for one browser and a quarter of an hour."""

    room: str
    seats: SeatGrant
    until: float


@dataclass(slots=True)
class TokenBucket:
    """So many at once, and so many a second afterwards."""

    rate: float
    most: float
    left: float = field(init=False)
    at: float = 0.0

    def __post_init__(self) -> None:
        self.left = self.most

    def take(self, now: float) -> bool:
        """Whether one more is allowed."""
        self.left = min(self.most, self.left + max(0.0, now - self.at) * self.rate)
        self.at = now
        if self.left < 1:
            return False
        self.left -= 1
        return True


class Access:
    """The door.

    Args:
        store: remembers browsers, as hashes, so that a server that was started again still knows them.
        clock: seconds that only go forward.
    """

    def __init__(self, store: Store, clock: Callable[[], float]) -> None:
        self._store = store
        self._clock = clock
        self._devices = {key: msgspec.convert(about, AccessDevice) for key, about in store.devices().items()}
        self._invitations: dict[str, Invitation] = {}
        self._tries = TokenBucket(rate=0.5, most=20)
        self.token: str | None = secrets.token_urlsafe(32)

    def enter(self, token: str) -> str | None:
        """Return a new cookie for the token of the start, which holds once; None if it is not that."""
        if (
            not self._tries.take(self._clock())
            or self.token is None
            or not secrets.compare_digest(token.encode(), self.token.encode())
        ):
            return None
        self.token = None
        return self._new(AccessDevice(secrets.token_hex(8), host=True))

    def invite(self, room: str, seats: SeatGrant) -> str:
        """Return a code that holds once."""
        now = self._clock()
        self._invitations = {code: one for code, one in self._invitations.items() if one.until > now}
        code = "".join(secrets.choice(LETTERS) for _ in range(10))
        self._invitations[code] = Invitation(room, seats, now + EXPIRES)
        return code

    def join(self, code: str, cookie: str | None) -> tuple[str, Invitation] | None:
        """Return the cookie and the invitation of a code; None if it does not hold (any more)."""
        now = self._clock()
        if not self._tries.take(now):
            return None
        one = self._invitations.pop(code.strip().lower(), None)
        if one is None or one.until <= now:
            return None
        known = self.device(cookie)
        if known is None or cookie is None:
            return self._new(AccessDevice(secrets.token_hex(8), rooms={one.room: one.seats})), one
        self._keep(cookie, msgspec.structs.replace(known, rooms={**known.rooms, one.room: one.seats}))
        return cookie, one

    def device(self, cookie: str | None) -> AccessDevice | None:
        """Return who a cookie is."""
        return None if cookie is None else self._devices.get(_hash(cookie))

    def seat(self, cookie: str, room: str, seats: SeatGrant) -> None:
        """Let a browser that is known be something in a room."""
        known = self._devices[_hash(cookie)]
        self._keep(cookie, msgspec.structs.replace(known, rooms={**known.rooms, room: seats}))

    def _new(self, device: AccessDevice) -> str:
        cookie = secrets.token_urlsafe(32)
        self._keep(cookie, device)
        return cookie

    def _keep(self, cookie: str, device: AccessDevice) -> None:
        self._devices[_hash(cookie)] = device
        self._store.let_in(_hash(cookie), msgspec.to_builtins(device))


def _hash(cookie: str) -> str:
    return hashlib.sha256(cookie.encode()).hexdigest()
