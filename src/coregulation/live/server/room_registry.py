"""The registry: all rooms of one server, from their opening to the erasure of what was not to be kept."""

from __future__ import annotations

import asyncio
import functools
import secrets
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from coregulation.errors import CoregulationError
from coregulation.live.room import wire
from coregulation.live.room.access import Access
from coregulation.live.room.reasons import RoomError, RoomReason, reason_of
from coregulation.reasons import Reason
from coregulation.store import Item, Store, Writer

if TYPE_CHECKING:
    from concurrent.futures import Future

    from coregulation.live.room.state import RoomState, Setup
    from coregulation.live.server.options import ServerOptions
    from coregulation.live.server.room_task import RoomTask


class RoomRegistry:
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
        self.store, self.steady, self.wall = store, steady, wall
        self.speed, self.port, self.secure, self.origin = (
            options.speed,
            options.port,
            options.secure,
            options.origins[0],
        )
        self.away = options.host not in ("127.0.0.1", "localhost")
        self.writer = Writer(store, self._in_loop)
        self._loop: asyncio.AbstractEventLoop | None = None
        self.access = Access(store, steady)
        self.rooms: dict[str, RoomTask] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._reporting = asyncio.Semaphore(1)
        self._erasing = asyncio.Lock()
        self._reports: set[str] = set()
        self._is_warm = False
        self.unreported: dict[str, Reason] = {}  # why there is no report

    async def open(self) -> None:
        """Go on with the rooms that were open when the server ended."""
        self._loop = asyncio.get_running_loop()
        if any(one.closed is None and "people" in one.setup for one in self.store.sessions()):
            self._spawn(self._rebuild())

    async def close(self) -> None:
        """Let everybody go and put everything on the disk; the rooms are there again at the next start."""
        for room in self.rooms.values():
            for connection in room.connections.values():
                connection.end("closed")
            if room.source is not None:
                room.source.cancel()
        await asyncio.sleep(0.05)
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.to_thread(self.writer.close)
        self.store.close()

    async def begin(self, setup: Setup, replay: str | None = None) -> str:
        """Open a room and return its name."""
        from coregulation.live.server.room_session import begin_room

        name = f"{time.strftime('%Y-%m-%d', time.gmtime(self.wall()))}-{secrets.token_hex(5)}"
        live = begin_room(name, setup, self.store, self.writer, self._clock(self.wall()), self.wall)
        self._enter(live)
        self._warm()
        self.store.record(self.wall(), "opened", name)
        self._feed(self.rooms[name], replay)
        return name

    def _feed(self, room: RoomTask, replay: str | None = None) -> None:
        """Begin the source of a room that has no straps."""
        from coregulation.live.server import source_feeds

        setup, line = room.live.room.setup, source_feeds.FeedTarget(room, self.kept, self.speed)
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

    def _clock(self, opened: float, reached: float = 0.0) -> Callable[[], float]:
        """Return a session clock: it only goes forward, also over a restart of the server and a step of the computer's clock."""
        passed, began = max(reached / self.speed, self.wall() - opened), self.steady()
        return lambda: (passed + self.steady() - began) * self.speed

    def _enter(self, live: Any) -> None:
        from coregulation.live.server.room_task import RoomTask

        room = RoomTask(live, self._entered)
        self.rooms[live.name] = room
        self._spawn(self._run(room))

    async def _run(self, room: RoomTask) -> None:
        await room.run()
        self.rooms.pop(room.live.name, None)

    async def _rebuild(self) -> None:
        from coregulation.live.server.room_session import reached, rebuilt_room

        for one in self.store.sessions():
            if one.closed is None and one.name not in self.rooms and "people" in one.setup:
                clock = self._clock(one.opened, reached(self.store, one.name))
                live = await asyncio.to_thread(rebuilt_room, one.name, self.store, self.writer, clock, self.wall)
                self._enter(live)
                if live.room.phase in ("report", "ended"):
                    self._entered(self.rooms[one.name], live.room.phase)
                else:
                    self._feed(self.rooms[one.name])

    def _warm(self) -> None:
        """Load what the first practice needs, once, while people are still arriving."""
        if not self._is_warm:
            self._is_warm = True
            self._spawn(asyncio.to_thread(_warmed))

    def _spawn(self, work: Any) -> asyncio.Task[Any]:
        task: asyncio.Task[Any] = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    # The end of a session -----------------------------------------------------------------------------------------------

    def _entered(self, room: RoomTask, phase: wire.Phase) -> None:
        if phase == "report":
            self.begin_report(room.live.name)
        if phase == "ended":
            self._spawn(self._finish(room))

    def begin_report(self, name: str) -> None:
        """Make a session's report in the background."""
        if name not in self._reports:
            self._reports.add(name)
            self._spawn(self.make_report(name))

    def is_reporting(self, name: str) -> bool:
        """Whether a session's report is being made."""
        return name in self._reports

    async def make_report(self, name: str) -> None:
        """Make a session's report, one at a time, away from the loop; whoever is in the room is told."""
        from coregulation.live.server.reporting import make_report

        self._tell(name, wire.Report("working"))
        room = self.room_of(name)
        try:
            async with self._reporting:
                await self.kept()
                await asyncio.to_thread(make_report, self.store, name, room)
        except CoregulationError as error:
            self._unreportable(name, reason_of(error))
        else:
            self.unreported.pop(name, None)
            self._tell(name, wire.Report("ready", url=f"/api/sessions/{name}/report"))
        finally:
            self._reports.discard(name)

    def _unreportable(self, name: str, reason: Reason) -> None:
        self.unreported[name] = reason
        self._tell(name, wire.Report("none", reason=reason.code, facts=reason.as_plain()["facts"]))

    def room_of(self, name: str) -> RoomState | None:
        """Return the course of a session, on or over; None of a recording that was brought in.

        Raises:
            UsageError: if there is no such session.
        """
        from coregulation.live.server.room_session import fold_events

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
        await self.kept()
        keeping = [one for one in room.live.room.seats if self.store.agreed(name, one, "keep")]
        if len(keeping) > 1 and room.report.state == "none":
            await self.make_report(name)
        self.store.end(name, self.wall())
        async with self._erasing:
            for person in self._people(name):
                if person not in keeping:
                    await self._erase(name, person)

    async def erase(self, name: str, person: str) -> int | None:
        """Erase a person from a session and return how many traces are left in the file (None: it cannot be read).

        Raises:
            UsageError: if they are not in it (any more).
        """
        async with self._erasing:
            return await self._erase(name, person)

    async def _erase(self, name: str, person: str) -> int | None:
        from coregulation.live.server.room_session import without
        from coregulation.live.signals.beat_streams import SWITCH_NOTE

        if person not in (there := self._people(name)):
            raise RoomError(RoomReason.NOT_ERASED_YET)
        self.store.record(self.wall(), "erased", name, person)
        if len(there) == 1:
            return (await asyncio.to_thread(self.store.erase, name)).left
        before = self.room_of(name)
        left = [one for one in self.store.notes(name, SWITCH_NOTE) if one.person != person]
        left += [] if before is None else [without(before, person)]
        return (await asyncio.to_thread(self.store.erase, name, person, left)).left

    def _people(self, name: str) -> list[str]:
        """Return who is (still) in a kept session; nobody in one that was erased."""
        kept = next((one for one in self.store.sessions() if one.name == name), None)
        return [] if kept is None else [one["person"] for one in kept.setup.get("people", ())]

    def _tell(self, name: str, report: wire.Report) -> None:
        if name in self.rooms:
            self.rooms[name].tell_report(report)

    def open_room(self, name: str) -> RoomTask | None:
        """Return a room that is on."""
        return self.rooms.get(name)


def _pass_on(waiting: asyncio.Future[None], done: Future[None]) -> None:
    if waiting.done():
        return  # its client is gone
    error = done.exception()
    if error is None:
        waiting.set_result(None)
    else:
        waiting.set_exception(error)


def _warmed() -> None:
    from coregulation.live.server.warmup import warm_up

    warm_up()
