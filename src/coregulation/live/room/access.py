"""Which browsers may come in: the token of the start, invitations, cookies that end, and how fast anybody may try."""

from __future__ import annotations

import hashlib
import math
import secrets
from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

import msgspec

from coregulation.live.room.reasons import RoomError, RoomReason
from coregulation.live.room.wire import Role
from coregulation.store import Store

EXPIRES = 600.0  # s that an invitation, and a start's address that nobody opened, hold (OWASP ASVS 2.7.2)
TOKEN_AGAIN = 300.0  # s after its first use in which the address of the start works again on this computer
IDLE = 30 * 86400.0  # s without use after which a cookie ends
LONGEST = 180 * 86400.0  # s after which a cookie ends in any case
STAYS = 12 * 3600.0  # s after which a browser has to come in again; it stays the device that it is (OWASP ASVS 3.3.2)
CODE_LETTERS = 12  # of 31: 59 bits
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another
WRONG_TRIES = 10  # wrong tries of one address at once
WRONG_RATE = 0.1  # wrong tries of one address per second afterwards
ADDRESSES = 4096  # addresses whose tries are remembered
USE_NOTED = 3600.0  # s between two notes of a device's last use
CLOCK_SET = 60.0  # s between two clocks that are more than drift: the computer's clock was set

replace = msgspec.structs.replace


class SeatGrant(msgspec.Struct, frozen=True):
    """What a browser may be in a room; an invitation alone is not admitted, and gives nothing but to wait at the door."""

    role: Role
    people: tuple[str, ...] = ()
    admitted: bool = False
    successor: tuple[str, ...] = ()  # of these people, who agreed from another device


class AccessDevice(msgspec.Struct, frozen=True):
    """A browser that was let in: the one that runs this computer, or a guest of some rooms; times in s since 1970."""

    id: str
    host: bool = False
    rooms: dict[str, SeatGrant] = {}
    since: float = 0.0
    used: float = 0.0
    entered: float = 0.0  # when it last came in

    def admitted_to(self, room: str) -> SeatGrant | None:
        """Return what the browser was admitted as; None where it was not."""
        grant = self.rooms.get(room)
        return grant if grant is not None and grant.admitted else None


@dataclass(frozen=True, slots=True)
class Invitation:
    """One seat, or a place to look, in one room; for one browser and ten minutes."""

    room: str
    seats: SeatGrant
    until: float


@dataclass(slots=True)
class TokenBucket:
    """Rate limit: `most` at once, refilled at `rate` per second."""

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

    @property
    def wait(self) -> float:
        """Seconds until one more is allowed."""
        return max(0.0, (1 - self.left) / self.rate)


class ClockSteps:
    """Notices when the computer's clock is set, by a clock that only goes forward.

    Parameters
    ----------
    steady
        Seconds that only go forward.
    wall
        Seconds since 1970.
    """

    def __init__(self, steady: Callable[[], float], wall: Callable[[], float]) -> None:
        self._steady, self._wall = steady, wall
        self._difference = wall() - steady()

    def take(self) -> float:
        """Return by how many seconds the computer's clock was set since the last call; 0 for what drift explains."""
        before, self._difference = self._difference, self._wall() - self._steady()
        step = self._difference - before
        return step if abs(step) > CLOCK_SET else 0.0


class WrongTries:
    """Counts wrong tokens and codes by address, so that nobody's tries stand in the way of somebody else's."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._buckets: OrderedDict[str, TokenBucket] = OrderedDict()

    def count(self, address: str) -> None:
        """Take note of a wrong try.

        Raises
        ------
        RoomError
            If the address tried too often.
        """
        bucket = self._buckets.pop(address, None) or TokenBucket(WRONG_RATE, WRONG_TRIES)
        self._buckets[address] = bucket
        while len(self._buckets) > ADDRESSES:
            self._buckets.popitem(last=False)
        if not bucket.take(self._clock()):
            raise RoomError(RoomReason.TOO_MANY_TRIES, seconds=math.ceil(bucket.wait))


class Access:
    """All browsers that were let in.

    Parameters
    ----------
    store
        Remembers browsers, as hashes of their cookies, so that a server that was started again still knows them.
    clock
        Seconds that only go forward.
    wall
        Seconds since 1970.
    """

    def __init__(self, store: Store, clock: Callable[[], float], wall: Callable[[], float] = lambda: 0.0) -> None:
        self._store, self._clock, self._wall = store, clock, wall
        self._devices = {key: msgspec.convert(about, AccessDevice) for key, about in store.devices().items()}
        self._invitations: dict[str, Invitation] = {}
        self._tries = WrongTries(clock)
        self._steps = ClockSteps(clock, wall)
        self._token = b""  # its hash: neither a token nor a code can be read from here
        self._token_made = self._token_used = -math.inf
        self.late: Callable[[], object] = lambda: None  # called when the right token comes too late, from this computer

    def new_token(self) -> str:
        """Return a token that lets one browser in; one that was made before holds no longer."""
        token = secrets.token_urlsafe(32)
        self._token, self._token_made, self._token_used = _hash(token).encode(), self._clock(), -math.inf
        return token

    # Coming in ----------------------------------------------------------------------------------------------------------

    def enter(self, token: str, cookie: str | None = None, address: str = "", local: bool = False) -> str | None:
        """Let a browser in by the token of the start; one that has a cookie stays the device that it is.

        Parameters
        ----------
        token
            From the printed address.
        cookie
            What the browser has already.
        address
            Where it asks from.
        local
            Whether that is this computer: there the token works again for some minutes.

        Returns
        -------
        str or None
            The cookie; None if the token does not hold.

        Raises
        ------
        RoomError
            If this address tried too often.
        """
        right = secrets.compare_digest(_hash(token).encode(), self._token)
        if not (right and self._holds(local)):
            self._tries.count(address)
            if right and local:
                self.late()
            return None
        self._token_used = self._clock() if self._token_used == -math.inf else self._token_used
        return self._come_in(cookie, lambda known: replace(known, host=True))

    def _holds(self, local: bool) -> bool:
        """Whether the token holds now: ten minutes for its first use, and then some minutes on this computer."""
        if self._token_used == -math.inf:
            return self._clock() - self._token_made <= EXPIRES
        return local and self._clock() - self._token_used <= TOKEN_AGAIN

    def _come_in(self, cookie: str | None, change: Callable[[AccessDevice], AccessDevice]) -> str:
        """Return a new cookie: of the device that the browser is already, or of a new one."""
        known = self._known(cookie)
        if known is None or cookie is None:
            return self._new(change(AccessDevice(secrets.token_hex(8))))
        fresh = secrets.token_urlsafe(32)
        self._keep(_hash(fresh), replace(change(known), entered=self._wall()))
        self._end(_hash(cookie))
        return fresh

    def invite(self, room: str, seats: SeatGrant) -> str:
        """Return a code that holds once."""
        now = self._clock()
        self._invitations = {
            code: invitation for code, invitation in self._invitations.items() if invitation.until > now
        }
        code = "".join(secrets.choice(LETTERS) for _ in range(CODE_LETTERS))
        self._invitations[_hash(code)] = Invitation(room, replace(seats, admitted=False), now + EXPIRES)
        return code

    def join(self, code: str, cookie: str | None, address: str = "") -> tuple[str, Invitation] | None:
        """Return the cookie and the invitation of a code; None if it does not hold (any more).

        Raises
        ------
        RoomError
            If this address tried too often.
        """
        invitation = self._invitations.pop(_hash(code.strip().lower()), None)
        if invitation is None or invitation.until <= self._clock():
            self._tries.count(address)
            return None
        room, seats = invitation.room, invitation.seats
        return self._come_in(cookie, lambda known: replace(known, rooms={**known.rooms, room: seats})), invitation

    def device(self, cookie: str | None) -> AccessDevice | None:
        """Return who a cookie is; None if it is not known, has ended, or its browser has to come in again."""
        known = self._known(cookie)
        return None if known is None or self._wall() - known.entered > STAYS else known

    def _known(self, cookie: str | None) -> AccessDevice | None:
        """Return who a cookie is, whether or not its browser has to come in again."""
        if cookie is None:
            return None
        self._follow_clock()
        key, now = _hash(cookie), self._wall()
        known = self._devices.get(key)
        if known is None:
            return None
        if now - known.used > IDLE or now - known.since > LONGEST:
            self._end(key)
            return None
        if now - known.used > USE_NOTED:
            self._keep(key, replace(known, used=now))
        return known

    def _follow_clock(self) -> None:
        """Where the computer's clock was set while the program ran, move what is remembered with it: nobody was away for that long."""
        if step := self._steps.take():
            for key, known in tuple(self._devices.items()):
                self._keep(
                    key, replace(known, since=known.since + step, used=known.used + step, entered=known.entered + step)
                )

    # Admission ----------------------------------------------------------------------------------------------------------

    def admit(
        self, device: str, room: str, role: Role, people: tuple[str, ...], successor: tuple[str, ...] = ()
    ) -> None:
        """Take note that a device was let into a room; seats that it held before in this room stay its own.

        Whoever held one of these seats before, without its person having agreed there, loses it.
        """
        for key, known in tuple(self._devices.items()):
            before = known.admitted_to(room)
            if known.id == device:
                if role == "participant":
                    self._store.came_apart(room, set(people) - set(successor), not known.host)
                earlier = before if before is not None and before.role == role else SeatGrant(role)
                later = {*(set(earlier.successor) - set(people)), *successor}
                every = tuple(dict.fromkeys((*earlier.people, *people)))
                grant = SeatGrant(role, every, True, tuple(person for person in every if person in later))
                self._grant(key, known, room, grant)
            elif before is not None and before.role == "participant":
                self._leave_seats(key, known, room, before, set(people) - set(successor))

    def _leave_seats(self, key: str, known: AccessDevice, room: str, grant: SeatGrant, people: Collection[str]) -> None:
        left = tuple(person for person in grant.people if person not in people)
        if left:
            self._grant(key, known, room, replace(grant, people=left))
        else:
            self._keep(key, _without_room(known, room))

    def dismiss(self, device: str, room: str) -> None:
        """Take from a device what it was in a room: it was refused, or it only looked on and left."""
        for key, known in self._with_id(device):
            if room in known.rooms:
                self._keep(key, _without_room(known, room))

    def end_room(self, room: str) -> None:
        """Leave, at the end of a visit, only those who took part in it or guided it."""
        for key, known in tuple(self._devices.items()):
            grant = known.rooms.get(room)
            if grant is not None and (grant.role == "viewer" or not grant.admitted):
                self._keep(key, _without_room(known, room))
        self._invitations = {
            code: invitation for code, invitation in self._invitations.items() if invitation.room != room
        }

    def forget(self, room: str, person: str | None = None) -> None:
        """Take an erased person (or a whole erased session) out of what is remembered of all devices."""
        for key, known in tuple(self._devices.items()):
            grant = known.rooms.get(room)
            if grant is None:
                continue
            if person is None:
                self._keep(key, _without_room(known, room))
            elif person in grant.people:
                self._leave_seats(key, known, room, grant, {person})

    # Ways out -----------------------------------------------------------------------------------------------------------

    def devices(self) -> list[AccessDevice]:
        """Return all browsers that were let in."""
        return list(self._devices.values())

    def end(self, device: str) -> bool:
        """End a device's cookie; return whether there was one."""
        keys = [key for key, _ in self._with_id(device)]
        for key in keys:
            self._end(key)
        return bool(keys)

    def _with_id(self, device: str) -> list[tuple[str, AccessDevice]]:
        return [(key, known) for key, known in self._devices.items() if known.id == device]

    def _new(self, device: AccessDevice) -> str:
        cookie = secrets.token_urlsafe(32)
        now = self._wall()
        self._keep(_hash(cookie), replace(device, since=now, used=now, entered=now))
        return cookie

    def _grant(self, key: str, known: AccessDevice, room: str, grant: SeatGrant) -> None:
        if known.rooms.get(room) != grant:
            self._keep(key, replace(known, rooms={**known.rooms, room: grant}))

    def _keep(self, key: str, device: AccessDevice) -> None:
        self._devices[key] = device
        self._store.let_in(key, msgspec.to_builtins(device))

    def _end(self, key: str) -> None:
        self._devices.pop(key, None)
        self._store.let_out(key)


def _without_room(device: AccessDevice, room: str) -> AccessDevice:
    return replace(device, rooms={name: grant for name, grant in device.rooms.items() if name != room})


def _hash(cookie: str) -> str:
    return hashlib.sha256(cookie.encode()).hexdigest()
