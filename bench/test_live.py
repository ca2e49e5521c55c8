"""What a second of a room costs the server, without sockets and disk: two packets computed on, five pictures to two clients."""

from __future__ import annotations

import itertools

from tests.live.rooms import PAIR, Played

from coregulation.live.room import wire
from coregulation.live.room.view import state_message
from coregulation.live.server.room_session import RoomSession
from coregulation.live.signals.packets import Packets
from coregulation.live.sources.simulated import SimulatedPair


def seconds(live: RoomSession, played: Played, count: int) -> None:
    """Let so many seconds pass."""
    assert played.packets is not None
    for notifications in itertools.islice(played.packets, count):
        for one in notifications:
            played.clock.t = one.at
            who = PAIR[one.person]
            live.compute(f"hr-{who}", played.seq[who], Packets([one.at], [one.data]))
        for _ in range(5):
            live.tick()
            bodies = live.engine.now(played.clock.t)
            for client in ("screen", "other"):
                if client in live.room.clients:
                    wire.encode(state_message(live.room, client, played.clock.t, bodies, live.engine.linked))


def test_ten_seconds_of_a_room(benchmark, tmp_path):
    played = Played(tmp_path, minutes=55.0)
    played.to_sensors()
    played.open_straps()
    played.packets = SimulatedPair(2, seed=3).packets(0.0, lambda _: True)
    seconds(played.live, played, 60)
    played.ready()
    played.say(wire.Skip())
    seconds(played.live, played, 60)
    benchmark.pedantic(seconds, args=(played.live, played, 10), rounds=12, iterations=1)
    assert played.phase == "practice"
    played.close()
