"""A comparison in the room: only what people confirmed is kept as apart or together, whatever else happens."""

from __future__ import annotations

import pytest

from coregulation.live.room import wire
from coregulation.live.room.feedback import visible_parts
from coregulation.live.room.state import Gone, Guest, Joined, Received, Setup, Tick, open_room
from coregulation.live.room.transitions import step
from coregulation.live.room.view import room_message, step_message

PAIR = ("ada", "ben")
AGREED = ["show-partner", "keep"]


class Walked:
    """A room with a comparison, without sockets; the clock is an argument."""

    def __init__(self, *, own: bool = False, protocol: str = "quarter-hour", **setup):
        given = {"screens": "own" if own else "one", "feedback": "both", "helper": "ben"} | setup
        self.room = open_room(Setup(tuple(Guest(who) for who in PAIR), protocol=protocol, **given))
        self.t = 0.0
        self.clients = {who: who if own else "both" for who in PAIR}
        for client in dict.fromkeys(self.clients.values()):
            people = tuple(who for who in PAIR if self.clients[who] == client)
            self.take(Joined(client, f"device-{client}", "participant", people, host=True))
        self.everybody("ready")
        for who in PAIR:
            self.say(who, wire.Consent(who, AGREED, "1"))
        self.everybody("ready")
        self.everybody("ready")

    def take(self, event):
        self.room, actions = step(self.room, event, self.t)
        return actions

    def say(self, who, message):
        return self.take(Received(self.clients[who], message))

    def everybody(self, kind):
        for who in PAIR:
            self.say(who, {"ready": wire.Ready, "skip": wire.Skip}[kind](who))

    @property
    def part(self):
        return self.room.now_doing

    def lived(self):
        """Let the part that is on have its time."""
        self.t += self.part.seconds
        self.take(Tick())

    def through(self, follow=lambda part: True):
        """Go through all that is left; `follow` tells which cues are followed."""
        while self.room.phase == "practice":
            if self.part.role == "cue":
                self.t += 12.0
                if follow(self.part):
                    self.everybody("ready")
                else:
                    self.say("ada", wire.Skip("ada"))
            else:
                self.lived()

    @property
    def kinds(self):
        return [block.kind for block in self.room.blocks if block.kind != "change"]


def count(kinds, *wanted):
    return [kinds.count(kind) for kind in wanted]


def test_a_comparison_begins_with_a_cue_and_ends_in_words():
    walked = Walked()
    assert walked.room.phase == "practice"
    assert (walked.part.role, walked.part.setting) == ("cue", "apart")
    walked.t += 600.0
    walked.take(Tick())
    assert walked.part.role == "cue", "a cue waits for people"
    walked.through()
    assert walked.room.phase == "words"
    tasks = ("alone-rest", "perturb-alone", "recover-alone", "perturb-together", "recover-together")
    assert count(walked.kinds, *tasks) == [1, 3, 3, 3, 3]
    assert {block.perturbed for block in walked.room.blocks if block.kind.startswith("perturb")} == {("ada",)}


def test_what_was_not_confirmed_is_neither_alone_nor_together():
    walked = Walked()
    walked.through(lambda part: part.setting == "apart")
    kinds = walked.kinds
    assert count(kinds, "perturb-together", "recover-together") == [0, 0]
    assert count(kinds, "unconfirmed-perturb-together", "unconfirmed-recover-together") == [3, 3]
    assert count(kinds, "perturb-alone", "recover-alone") == [3, 3]


def test_a_task_that_is_left_out_does_not_count_and_the_next_cue_comes():
    walked = Walked()
    walked.everybody("ready")
    walked.lived()
    walked.everybody("ready")
    assert walked.part.role == "task"
    walked.t += 4.0
    walked.say("ada", wire.Skip("ada"))
    assert walked.part.role == "cue"
    assert walked.kinds[-1].startswith("left-out-perturb-")
    walked.through()
    assert walked.kinds.count("perturb-alone") + walked.kinds.count("perturb-together") == 5


@pytest.mark.parametrize("role", ["rest", "task", "return"])
def test_after_a_pause_people_are_asked_again_where_they_are(role):
    walked = Walked()
    while walked.part.role != role:
        walked.everybody("ready") if walked.part.role == "cue" else walked.lived()
    walked.t += 5.0
    before = walked.part.setting
    walked.say("ada", wire.Pause())
    walked.t += 100.0
    walked.say("ada", wire.Resume())
    assert (walked.part.role, walked.part.setting) == ("cue", before)
    interrupted = [kind for kind in walked.kinds if kind.startswith("unconfirmed-")]
    assert len(interrupted) == {"rest": 1, "task": 1, "return": 2}[role]
    walked.through()
    assert count(walked.kinds, "alone-rest", "perturb-alone", "perturb-together") == [1, 3, 3]


def test_who_leaves_between_arms_holds_the_cue_and_going_on_without_them_does_not_count():
    walked = Walked(own=True)
    walked.everybody("ready")
    walked.lived()
    assert walked.part.role == "cue"
    walked.take(Gone("ben"))
    walked.say("ada", wire.Ready("ada"))
    assert walked.part.role == "cue", "one alone cannot say where both are"
    walked.say("ada", wire.Skip("ada"))
    assert walked.part.role == "task"
    walked.lived()
    walked.lived()
    assert [kind.startswith("unconfirmed-") for kind in walked.kinds[-2:]] == [True, True]


def test_apart_nobody_sees_the_other_and_the_bar_says_so():
    for own in (False, True):
        walked = Walked(own=own)
        for wanted, seen in (("apart", False), ("together", True)):
            while not (walked.part.role == "task" and walked.part.setting == wanted):
                walked.everybody("ready") if walked.part.role == "cue" else walked.lived()
            client = walked.room.clients[walked.clients["ada"]]
            assert "breath" in visible_parts(walked.room, client, "ada")
            assert ("breath" in visible_parts(walked.room, client, "ben")) is seen
            message = room_message(walked.room, walked.clients["ada"], {})
            told = {(line.who, line.whom): set(line.what) for line in message.sees}
            assert ("breath" in told["ada", "ben"]) is seen


def test_the_step_says_what_a_page_needs_and_has_no_text_of_its_own():
    walked = Walked(stressor="cold-water")
    message = step_message(walked.room)
    assert (message.role, message.setting, message.tasked, message.stays) == ("cue", "apart", ["ada"], "ada")
    assert message.stressor == "cold-water"
    assert message.say == ""
    shown = room_message(walked.room, "both", {})
    assert (shown.protocol, shown.tasked, shown.stressor) == ("quarter-hour", ["ada"], "cold-water")


def test_the_task_may_be_chosen_before_it_begins_and_not_after():
    room = open_room(Setup(tuple(Guest(who) for who in PAIR), protocol="quarter-hour"))
    room, _ = step(room, Joined("both", "device", "participant", PAIR, host=True), 0.0)
    room, _ = step(room, Received("both", wire.ChooseTask("sound")), 0.0)
    assert room.setup.stressor == "sound"
    walked = Walked()
    (refused,) = walked.say("ada", wire.ChooseTask("sound"))
    assert refused.code == "not-now"
    plain = open_room(Setup(tuple(Guest(who) for who in PAIR)))
    plain, _ = step(plain, Joined("both", "device", "participant", PAIR, host=True), 0.0)
    _, (refused,) = step(plain, Received("both", wire.ChooseTask("sound")), 0.0)
    assert refused.code == "unknown"
