"""The registry: all rooms of one server, from their opening to the erasure of what was not to be kept."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import math
import secrets
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from coregulation.errors import DataError
from coregulation.live.room import wire
from coregulation.live.room.access import AccessDevice
from coregulation.live.room.reasons import RoomError, RoomReason, room_reason
from coregulation.live.room.seats import SEAT_HELD
from coregulation.live.server import rehearsal
from coregulation.live.server.linkage_answers import LinkageAnswers
from coregulation.live.server.session_directory import SessionDirectory
from coregulation.reasons import Reason
from coregulation.store import KEEP, SHARED, DiskFullError, Item, Store, Writer

if TYPE_CHECKING:
    from concurrent.futures import Future

    from coregulation.live.room.state import RoomState, Setup, Withdrawn
    from coregulation.live.server.options import ServerOptions
    from coregulation.live.server.room_task import RoomTask

BACKLOG, BACKLOG_STEP = 2.0, 0.2  # s after the recorded part in which samples that were measured in it are waited for
UNRECORDED: tuple[wire.Phase, ...] = ("words", "report", "ended")
REPORT_AGAIN = 20.0  # s between two makings of the same report


class RoomRegistry(SessionDirectory):
    """All rooms.

    Args:
        store: where everything is kept.
        options: how the server runs.
        steady: seconds that only go forward.
        wall: s since 1970.
    """

    def __init__(
        self,
        store: Store,
        options: ServerOptions,
        steady: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(store, steady, wall)
        self.speed, self.port = options.speed, options.port
        self.secure, self.origin = options.secure, options.origins[0]
        self.away = options.host not in ("127.0.0.1", "localhost")
        self.writer = Writer(store, self._in_loop)
        self._loop: asyncio.AbstractEventLoop | None = None
        self.rooms: dict[str, RoomTask] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self.linkage, self.stopping = LinkageAnswers(), threading.Event()
        self._reporting, self.erasing = asyncio.Semaphore(1), asyncio.Lock()
        self._reports: set[tuple[str, tuple[str, ...]]] = set()
        self._reported_at: dict[tuple[str, tuple[str, ...]], float] = {}
        self.locked: dict[str, float] = {}  # interrupted sessions whose keys are in browsers, and until when they wait
        self.unreported: dict[tuple[str, tuple[str, ...]], Reason] = {}  # why there is no report

    async def open(self) -> None:
        """Go on with the rooms that were open when the server ended."""
        self._loop = asyncio.get_running_loop()
        await self._sweep()
        if any(session.closed is None and "people" in session.setup for session in self.store.sessions()):
            self._spawn(self._rebuild())

    async def close(self) -> None:
        """Let everybody go and put everything on the disk; rooms that are not at their report are there again at the next start."""
        self.stopping.set()
        self.linkage.close()
        over = [room for room in self.rooms.values() if room.live.room.phase == "report"]
        for room in self.rooms.values():
            for connection in room.connections.values():
                connection.end("closed")
            if room.source is not None:
                room.source.cancel()
        await asyncio.sleep(0.05)
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for room in over:
            with contextlib.suppress(DiskFullError):  # without its key nothing can be read; the next start erases it
                await self._end(room)
        await asyncio.to_thread(self.writer.close)
        self.store.close()

    async def begin(self, setup: Setup, replay: str | None = None) -> str:
        """Open a room and return its name."""
        from coregulation.live.server.kept_rooms import begin_room

        name = f"{time.strftime('%Y-%m-%d', time.gmtime(self.wall()))}-{secrets.token_hex(5)}"
        live = begin_room(name, setup, self.store, self.writer, self._clock(self.wall(), speed=setup.speed), self.wall)
        self._enter(live)
        self.store.record(self.wall(), "opened", name)
        self._feed(self.rooms[name], replay)
        return name

    def _feed(self, room: RoomTask, replay: str | None = None) -> None:
        """Begin the source of a room that has no straps."""
        from coregulation.live.server import source_feeds

        setup = room.live.room.setup
        line = source_feeds.FeedTarget(room, self.kept, self.speed * setup.speed)
        if replay is not None:
            room.source = self._spawn(source_feeds.feed_from_store(line, self.store, replay))
        elif setup.source in ("agent", "lsl"):
            feed = source_feeds.feed_from_radio if setup.source == "agent" else source_feeds.feed_from_lsl
            room.source = self._spawn(feed(line))
        elif setup.simulated:
            room.source = self._spawn(source_feeds.feed_from_simulation(line))

    def _in_loop(self, call: Callable[[], None]) -> None:
        """Run a call of another thread in the loop: one waking for all that a commit put on the disk."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(call)
        else:
            call()

    async def kept(self, item: Item = None) -> None:
        """Keep a piece, or nothing: return when it and everything handed over before is on the disk.

        Raises:
            DiskFullError: if there is no room.
        """
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.writer.keep(item).add_done_callback(functools.partial(_pass_on, done))
        await done

    def _clock(self, opened: float, reached: float = 0.0, speed: float = 1.0) -> Callable[[], float]:
        """Return a session clock: it only goes forward, also over a restart of the server and a step of the computer's clock."""
        rate = self.speed * speed
        passed, began = max(reached / rate, self.wall() - opened), self.steady()
        return lambda: (passed + self.steady() - began) * rate

    def _enter(self, live: Any) -> None:
        from coregulation.live.server.room_task import RoomTask

        rehearsal.REHEARSAL.begin()  # while people are still arriving
        live.is_warm = rehearsal.REHEARSAL.is_over
        room = RoomTask(live, self)
        self.rooms[live.name] = room
        self._spawn(self._run(room))

    async def _run(self, room: RoomTask) -> None:
        await room.run()
        self.rooms.pop(room.live.name, None)

    # Sessions that were interrupted -----------------------------------------------------------------------------------

    async def _sweep(self) -> None:
        """Before anybody is served, erase what a program that was stopped at the end of a session had no time to erase."""
        for session in self.store.sessions():
            if session.closed is not None and not session.setup.get("imported"):
                await self._erase_unkept(session.name)

    async def _erase_unkept(self, name: str) -> None:
        async with self.erasing:
            for person in self._people(name):
                if not self.store.agreed(name, person, KEEP):
                    await self._erase(name, person)

    def _wait_for_keys(self, name: str) -> None:
        self.locked[name] = self.steady() + SEAT_HELD
        self._spawn(self._give_up_later(name))

    async def _give_up_later(self, name: str) -> None:
        """If nobody brings the keys back, end the session and erase what cannot be read."""
        while self.steady() < self.locked.get(name, -math.inf):
            await asyncio.sleep(0.2)
        if self.locked.pop(name, None) is not None:
            self.store.end(name, self.wall())
            self.access.end_room(name)
            await self._erase_unkept(name)

    def bring_keys(self, name: str, device: AccessDevice, keys: Mapping[str, bytes]) -> None:
        """Take keys that a page brings back of people whose seats it held; with the last one the room goes on."""
        grant = device.admitted_to(name)
        own = {SHARED, *(set(grant.people) - set(grant.successor) if grant is not None else ())}
        missing = self.store.unlock(name, {who: key for who, key in keys.items() if who in own})
        if not missing and self.locked.pop(name, None) is not None:
            self._spawn(self._rebuild())

    async def _rebuild(self) -> None:
        from coregulation.live.server.kept_rooms import reached, rebuilt_room

        for session in self.store.sessions():
            if session.closed is None and session.name not in self.rooms and "people" in session.setup:
                if self.store.locked(session.name):
                    self._wait_for_keys(session.name)
                    continue
                clock = self._clock(session.opened, reached(self.store, session.name), session.setup.get("speed", 1.0))
                live = await asyncio.to_thread(rebuilt_room, session.name, self.store, self.writer, clock, self.wall)
                self._enter(live)
                if live.room.phase in ("report", "ended"):
                    self.entered(self.rooms[session.name], live.room.phase)
                else:
                    self._feed(self.rooms[session.name])

    def _spawn(self, work: Any) -> asyncio.Task[Any]:
        task: asyncio.Task[Any] = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    # The end of a session -----------------------------------------------------------------------------------------------

    def entered(self, room: RoomTask, phase: wire.Phase) -> None:
        """Take note that a phase of a room began."""
        if phase in UNRECORDED:
            room.silent_since = min(room.silent_since, self.steady())
        if phase == "report":
            for people in set(room.readers().values()):
                self.begin_report(room.live.name, people)
            room.tell_no_report()
        if phase == "ended":
            self._spawn(self._finish(room))

    def withdrawn(self, room: RoomTask, action: Withdrawn) -> None:
        """Drop what was computed of a person with others; what is no more to be kept of a session that is over goes now."""
        from coregulation.live.server.reporting import drop_shared_reports

        drop_shared_reports(self.store, room.live.name, action.person)
        if action.purpose == "keep" and room.live.room.phase == "ended":
            self._spawn(self._finish(room))

    # What is put on record ----------------------------------------------------------------------------------------------

    def end_device(self, device: str) -> None:
        """End a browser's cookie and close what it has open."""
        self.access.end(device)
        for room in self.rooms.values():
            for connection in tuple(room.connections.values()):
                if connection.device == device:
                    connection.end("closed")

    # Reports --------------------------------------------------------------------------------------------------------------

    def begin_report(self, name: str, people: tuple[str, ...]) -> None:
        """Make the report of some people of a session in the background.

        Raises
        ------
        RoomError
            If the same report was made a moment ago.
        """
        key = (name, people)
        if not people or key in self._reports:
            return
        if self.steady() - self._reported_at.get(key, -math.inf) < REPORT_AGAIN:
            raise RoomError(RoomReason.BUSY)
        self._reports.add(key)
        self._spawn(self.make_report(name, people))

    def outdate_reports(self, name: str, person: str) -> None:
        """Erase what was computed with a person, so that it is made anew, at once, when somebody asks for it."""
        from coregulation.live.server.reporting import drop_reports

        drop_reports(self.store, name, person)
        for key in [key for key in {*self._reported_at, *self.unreported} if key[0] == name and person in key[1]]:
            self._reported_at.pop(key, None)
            self.unreported.pop(key, None)

    def report_state(self, session: str, people: tuple[str, ...]) -> wire.Report:
        """Return how far the report of some people is."""
        from coregulation.live.server.reporting import REPORT, report_kind

        if not people:
            return wire.no_report(room_reason(RoomReason.NO_CONSENT_FOR_REPORT))
        if (session, people) in self._reports:
            return wire.Report("working")
        if self.store.has_note(session, report_kind(REPORT, people)):
            return wire.Report("ready", url=f"/api/sessions/{session}/report")
        return wire.no_report(self.unreported.get((session, people), room_reason(RoomReason.NO_REPORT_YET)))

    async def make_report(self, name: str, people: tuple[str, ...]) -> None:
        """Make a report, one at a time, away from the loop; whoever may read it and is in the room is told."""
        from coregulation.live.server.reporting import make_fresh_report, why_it_failed

        key = (name, people)
        self._reports.add(key)
        self._tell(name, people, wire.Report("working"))
        room = self.room_of(name)
        try:
            async with self._reporting:
                if name in self.rooms:
                    await self._backlog(self.rooms[name])
                await self.kept()
                await make_fresh_report(self, name, room, people)
        except Exception as error:  # noqa: BLE001 - whatever it was, nobody is told for ever that it works
            self.unreported[key] = why_it_failed(error)
        else:
            self.unreported.pop(key, None)
        finally:
            self._reports.discard(key)
            self._reported_at[key] = self.steady()
        self._tell(name, people, self.report_state(name, people))

    def room_of(self, name: str) -> RoomState | None:
        """Return the course of a session, on or over; None of a recording that was brought in.

        Raises:
            UsageError: if there is no such session.
        """
        from coregulation.live.server.kept_rooms import fold_events

        if name in self.rooms:
            return self.rooms[name].live.room
        if self.store.session(name).setup.get("imported"):
            return None
        return fold_events(self.store, name)

    async def _finish(self, room: RoomTask) -> None:
        """Close a session, make the report of one that was stopped, and erase whoever did not agree to be kept."""
        name = room.live.name
        if room.source is not None:
            room.source.cancel()
        await self._backlog(room)
        await self._saved(self.kept)
        await self._saved(functools.partial(self._end, room))
        if self._people(name):
            await self._report_afterwards(name)

    async def _backlog(self, room: RoomTask) -> None:
        """Wait a moment for what was measured in the recorded part and is still on its way."""
        while room.connections and self.steady() - room.silent_since < BACKLOG:
            await asyncio.sleep(BACKLOG_STEP)

    async def _saved(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do something that must be done, again and again while the disk is full or fails."""
        while True:
            try:
                await work()
            except (DiskFullError, DataError, OSError):
                await asyncio.sleep(1.0)
            else:
                return

    async def _end(self, room: RoomTask) -> None:
        """Close a session and erase whoever did not agree to be kept."""
        name = room.live.name
        self.store.end(name, self.wall())
        self.access.end_room(name)
        await self._erase_unkept(name)

    async def _report_afterwards(self, name: str) -> None:
        """Make the reports of a session that is over which those who were in it may read and do not have yet."""
        readers = {self.readable(name, device.id) for device in self.access.devices() if device.admitted_to(name)}
        for people in sorted(readers):
            if self.report_state(name, people).state == "none" and (name, people) not in self.unreported:
                await self.make_report(name, people)

    async def erase(self, name: str, person: str) -> int | None:
        """Erase a person from a session and return how many traces are left in the file (None: it cannot be read).

        Raises:
            UsageError: if they are not in it (any more).
        """
        async with self.erasing:
            return await self._erase(name, person)

    async def _erase(self, name: str, person: str) -> int | None:
        from coregulation.live.server.what_stays import what_stays

        if person not in (people := self._people(name)):
            raise RoomError(RoomReason.NOT_ERASED_YET)
        self.store.record(self.wall(), "erased", name, person)
        self.access.forget(name, person)
        left = None if len(people) == 1 else await asyncio.to_thread(what_stays, self, name, person)
        if left is not None:
            return (await asyncio.to_thread(self.store.erase, name, person, left)).left
        self.access.forget(name)
        return (await asyncio.to_thread(self.store.erase, name)).left

    def _tell(self, name: str, people: tuple[str, ...], report: wire.Report) -> None:
        if name in self.rooms:
            self.rooms[name].tell_report(people, report)

    def open_room(self, name: str) -> RoomTask | None:
        """Return a room that is on."""
        return self.rooms.get(name)


def _pass_on(waiting: asyncio.Future[None], done: Future[None]) -> None:
    error = done.exception()
    if waiting.done():
        return  # its client is gone
    waiting.set_result(None) if error is None else waiting.set_exception(error)
