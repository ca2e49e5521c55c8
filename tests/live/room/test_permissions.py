"""Practices as they go, who sees what, clocks, doors, lines of waiting, and the words on every screen."""

from __future__ import annotations

import ast
import re

import hypothesis.strategies as st
import msgspec
import numpy as np
import pytest
from hypothesis import given

from coregulation.errors import DataError, UsageError
from coregulation.live.room import wire
from coregulation.live.room.access import EXPIRES, Access, SeatGrant, TokenBucket
from coregulation.live.room.comparison import build_comparison
from coregulation.live.room.feedback import BodyNow, sees_together, shown_to, visible_parts, who_sees_what
from coregulation.live.room.practice import practice, practice_from, practices, protocols
from coregulation.live.room.script import CHILD, MAX_RATE, ScriptPeople, build_script, pacer_help
from coregulation.live.room.state import Client, Guest, Setup, open_room, replace, with_seat
from coregulation.live.server.outbox import Outbox
from coregulation.live.signals.clock_sync import ClockSample, ClockSync, best_sample, clock_sample
from coregulation.live.signals.linkage import linkage_windows, live_linkage
from coregulation.signals import Signal, Unit
from coregulation.stage import Piece
from coregulation.store import Store
from tests.laws.stages import check_stage
from tests.paths import ROOT

LIVE = ROOT / "src" / "coregulation"
PAIR = ScriptPeople(("ada", "ben"))
ALL = sorted(practices())


# Practices --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ALL)
def test_every_practice_goes_with_every_anchor(name):
    one = practice(name)
    for anchor in one.anchor:
        parts = build_script(one, anchor.id, None, PAIR)
        fixed = [part.seconds for part in parts if part.seconds is not None]
        assert sum(fixed) <= 60 * one.minutes + 30 * len(parts)
        assert all(set(part.people) <= set(PAIR.people) for part in parts)
        assert anchor.breath or all(part.pace is None for part in parts), "a pacer only where the breath was chosen"


@pytest.mark.parametrize("name", ALL)
@given(resting=st.none() | st.floats(4, 40), children=st.booleans(), visits=st.integers(0, 9))
def test_a_pacer_never_hurries_and_is_never_forced(name, resting, children, visits):
    one = practice(name)
    breath = next((anchor.id for anchor in one.anchor if anchor.breath), None)
    cast = ScriptPeople(("ada", "ben"), resting=resting, children=children, help=pacer_help(visits))
    for part in build_script(one, breath, None, cast):
        if part.pace is not None:
            assert 4.5 <= part.pace.to_rate <= part.pace.from_rate <= MAX_RATE
            assert not children or part.pace.to_rate >= CHILD
            assert 1 / 3 <= part.pace.in_share <= 0.5
            assert 0 <= part.pace.help <= 1


def test_help_fades():
    assert [pacer_help(n) for n in (0, 1, 5, 9)] == [1.0, 0.8, 0.0, 0.0]


def test_balanced_arms_come_first_as_often():
    for design in protocols().values():
        firsts = [
            build_comparison(design, ScriptPeople(("ada", "ben"), visit=k))[2].step for k in range(len(design.arm))
        ]
        expected = len(design.arm) if design.order == "balanced" else 1
        assert len(set(firsts)) >= (expected if design.order != "random" else 1)
        stirred = [part for part in build_comparison(design, PAIR) if part.block.startswith("perturb")]
        apart = [part for part in stirred if part.block == "perturb-alone" or part.partner == "recorded"]
        near = [part for part in stirred if part not in apart]
        assert len({part.perturbed for part in apart}) == 1, "apart, all of them count, each silently"
        assert near
        assert all(len(part.perturbed) == 1 for part in near), "together, one is at ease"
        assert all(part.present == (PAIR.people if part.block == "perturb-together" else ()) for part in stirred)
    assert {part.block for part in build_comparison(protocols()["alone-and-with"], PAIR)} >= {
        "alone-rest", "perturb-alone", "recover-alone", "together-rest", "perturb-together", "recover-together",
    }  # fmt: skip


MINIMAL = """
schema = "coregulation.practice/1"
id = "x"
title = "X"
about = "A."
people = "pair"
evidence = "none"
evidence_said = "Nothing."
sources = ["S"]
minutes = 2.0
[[anchor]]
id = "chair"
label = "L"
say = "S"
[[step]]
id = "one"
say = "S"
share = 1.0
"""


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (("share = 1.0", "share = 1.0\nseconds = 5.0"), "seconds or a share"),
        (("share = 1.0", "seconds = 500.0"), "longer than"),
        (("share = 1.0", "pace = { to_rate = 6.0 }\nshare = 1.0"), "breath anchor"),
        (("share = 1.0", "pace = { to_rate = 2.0 }\nshare = 1.0"), "to_rate"),
        (('say = "S"\n[[step]]', 'say = "S"\nbreath = true\n[[step]]'), "without breath"),
        (("share = 1.0", 'share = 1.0\n[[step.choice]]\nid="a"\nlabel="A"\ngoto="none"'), "no step"),
        (('id = "x"', 'id = "y"'), "name of the file"),
        (('title = "X"', 'title = "X"\nscore = 5'), "score"),
        (("schema", "scheme"), "must begin"),
        (("[[step]]", "[[step"), "x:"),
    ],
)
def test_a_practice_that_cannot_be_used_says_why(change, why):
    assert practice_from(MINIMAL, "x").usual_anchor.id == "chair"
    with pytest.raises(DataError, match=re.escape(why)):
        practice_from(MINIMAL.replace(*change, 1), "x")


def test_a_practice_that_is_not_there_says_which_are():
    with pytest.raises(UsageError, match="silent-sitting"):
        practice("none-such")


# Who sees what ----------------------------------------------------------------------------------------------------------


def room(feedback="both", phase="practice", purposes=("show-partner",), child=False, **setup):
    base = open_room(Setup((Guest("ada"), Guest("ben", child=child)), screens="own", feedback=feedback, **setup))
    for who in ("ada", "ben"):
        base = with_seat(base, who, consented=True, purposes=purposes)
    clients = {
        "a": Client("da", "participant", ("ada",), True, True),
        "b": Client("db", "participant", ("ben",), False, True),
        "f": Client("df", "facilitator", (), False, True),
        "v": Client("dv", "viewer", (), False, True),
        "both": Client("dx", "participant", ("ada", "ben"), False, True),
    }
    return replace(base, clients=clients, phase=phase)


def sees(one, client, person):
    return "heart" in visible_parts(one, one.clients[client], person)


@pytest.mark.parametrize(
    ("feedback", "own", "other"),
    [("none", False, False), ("own", True, False), ("both", True, True), ("facilitator", False, False)],
)
def test_the_policy_is_a_table(feedback, own, other):
    one = room(feedback)
    assert sees(one, "a", "ada") is own
    assert sees(one, "a", "ben") is other


def test_nobody_is_shown_without_their_consent():
    one = room(purposes=())
    assert sees(one, "a", "ada")
    assert not sees(one, "a", "ben")
    assert not sees(one, "both", "ada"), "two people look at one screen"
    assert not sees(one, "f", "ada")
    assert sees(room(purposes=("show-facilitator",)), "f", "ada")
    assert not sees(room(), "v", "ada")


def test_the_alone_minutes_show_nothing_and_a_childs_heart_is_the_childs():
    assert not sees(room(phase="baseline"), "a", "ada")
    one = room(child=True)
    assert not sees(one, "a", "ben")
    assert sees(one, "b", "ben")


def test_practices_without_live_rates_show_none():
    quiet = [name for name in ALL if not practice(name).live_rates]
    assert quiet
    assert not sees(room(practice=quiet[0]), "a", "ada")


def test_a_distressed_person_is_never_shown_the_others_alarm():
    one = room()
    bodies = {"ada": BodyNow("clean", 110.0, 1.0, 0.1, True), "ben": BodyNow("clean", 120.0, 1.0, 0.2, True)}
    for client, other in (("a", "ben"), ("b", "ada")):
        told = shown_to(one, one.clients[client], bodies)
        assert told[other].heart_rate is None
        assert told[other].breath is None
    assert all(each.heart_rate is None for each in shown_to(one, one.clients["both"], bodies).values())
    calm = {**bodies, "ada": BodyNow("clean", 60.0, 1.0)}
    assert shown_to(one, one.clients["a"], calm)["ben"].heart_rate == 120.0


def test_linkage_is_told_late_and_only_where_both_agreed():
    assert sees_together(room(), room().clients["a"])
    assert not sees_together(room("own"), room().clients["a"])
    assert not sees_together(room(phase="sensors"), room().clients["a"])
    assert not sees_together(room(purposes=()), room().clients["a"])
    assert not sees_together(room(), room().clients["v"])


def test_the_bar_tells_everybody_the_same():
    bar = who_sees_what(room())
    assert {line.who for line in bar} == {"ada", "ben", "facilitator", "viewer"}
    assert all(set(line.what) <= {"heart", "breath", "quality", "together"} for line in bar)


# Clocks, doors, lines ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("way", "bound"), [(0.002, 0.002), (0.03, 0.01), (0.2, 0.06)])
def test_a_clock_is_known_to_within_what_it_says(way, bound):
    rng = np.random.default_rng(1)
    clock, true = ClockSync(), 1234.5
    for burst in range(10):
        pings = []
        for k in range(12):
            sent = 100 + 10 * burst + 0.1 * k
            there, back = way + rng.exponential(way / 2), way + rng.exponential(way / 2)
            t1 = sent + true + there
            pings.append(clock_sample(sent, t1, t1 + 0.0001, sent + there + back + 0.0001))
        clock = clock.after(best_sample(pings))
    assert abs(clock.offset - true) < bound
    assert abs(clock.offset - true) <= clock.uncertainty


def test_a_clock_that_steps_is_learnt_anew():
    clock = ClockSync().after(ClockSample(10.0, 0.01)).after(ClockSample(10.01, 0.01))
    assert clock.after(ClockSample(70.0, 0.01)).bursts == (ClockSample(70.0, 0.01),)
    assert ClockSync().uncertainty == float("inf")


def test_an_invitation_holds_once_and_for_ten_minutes(tmp_path):
    store, now = Store(tmp_path), [0.0]
    access = Access(store, lambda: now[0])
    code = access.invite("room", SeatGrant("participant", ("ben",)))
    assert len(code) * np.log2(31) > 40
    cookie, one = access.join(code.upper(), None)
    assert one.seats.people == ("ben",)
    assert access.join(code, None) is None
    late = access.invite("room", SeatGrant("viewer"))
    now[0] += EXPIRES + 1
    assert access.join(late, None) is None
    again = access.invite("other", SeatGrant("viewer"))
    same, _ = access.join(again, cookie)
    assert access.device(cookie) is None, "a browser that comes in again has a new cookie, and is who it was"
    assert set(access.device(same).rooms) == {"room", "other"}
    fresh = Access(store, lambda: now[0])
    assert set(fresh.device(same).rooms) == {"room", "other"}, "a server started again knows its browsers"
    raw = store.path.read_bytes() + store.path.with_name("sessions.sqlite-wal").read_bytes()
    assert same.encode() not in raw, "only hashes are kept"
    store.close()


def test_a_bucket_lets_so_many_through():
    bucket = TokenBucket(rate=2.0, most=3.0)
    assert [bucket.take(0.0) for _ in range(5)] == [True, True, True, False, False]
    assert [bucket.take(1.0) for _ in range(3)] == [True, True, False]


def test_a_line_keeps_every_event_and_the_newest_picture_until_it_is_full():
    box = Outbox(most=3)
    for t in range(5):
        box.put(wire.StateMessage(float(t)))
    box.put(wire.Ack("s", 1))
    assert b'"ack"' in box.take()
    assert b'"t":4.0' in box.take()
    assert box.take() is None
    for k in range(5):
        box.put(wire.Ack("s", k))
    assert box.overflown


# Linkage ----------------------------------------------------------------------------------------------------------------


def test_linkage_windows_keep_the_laws_of_a_stage():
    rng = np.random.default_rng(2)
    values = np.cumsum(rng.standard_normal((2, 500)), axis=1)
    values[0, 200:210] = np.nan
    x, y = (Signal(70 + row, 2.0, start, Unit.PER_MINUTE) for row, start in zip(values, (3.5, 1.0), strict=True))

    def part(first, end):
        cut = [Signal(s.values[first:end], 2.0, s.start + first / 2, s.unit) for s in (x, y)]
        return Piece((cut[0], cut[1]), 0.0)

    def flat(pieces):
        rows = [row for piece in pieces for row in piece.data]
        return np.concatenate([np.concatenate([[row.centre], row.r]) for row in rows]) if rows else np.empty(0)

    stage = linkage_windows()
    expected = flat([stage.step(stage.start(), part(0, 500))[1]])
    assert len(expected) > 22 * 300
    check_stage(_Same(stage), part(0, 500), [part(0, 500)], flat)
    state, got = stage.start(), []
    for first, end in ((0, 3), (3, 100), (100, 101), (101, 400), (400, 500)):
        state, out = stage.step(state, part(first, end))
        got.append(out)
    assert len(flat(got)) == len(expected)
    np.testing.assert_allclose(flat(got), expected, rtol=1e-9, atol=1e-9)


class _Same:
    """The stage without its infinite end, which has no numbers."""

    def __init__(self, stage):
        self.start, self.step, self.finish = stage.start, stage.step, stage.finish


def test_the_answers_about_linkage():
    rng = np.random.default_rng(3)
    own = np.cumsum(rng.standard_normal(700)) * 0.5
    x = Signal(70 + own, 2.0, 0.0, Unit.PER_MINUTE)
    y = Signal(60 + own + 0.2 * rng.standard_normal(700), 2.0, 0.0, Unit.PER_MINUTE)
    assert live_linkage(x, y, 350.0, alpha=0.01).answer == "beyond-chance"
    assert live_linkage(x, y, 350.0, paced=True).answer == "paced"
    assert live_linkage(x, Signal(y.values[:100], 2.0, 0.0, y.unit), 50.0, alpha=0.01).answer == "too-early"
    holes = np.where(np.arange(700) % 10 < 6, np.nan, y.values)
    assert live_linkage(x, Signal(holes, 2.0, 0.0, y.unit), 350.0, alpha=0.01).answer == "cannot-tell"


@pytest.mark.nightly
def test_four_looks_of_a_session_seldom_find_what_is_not_there():
    from coregulation.coupling.settings import LINKAGE
    from coregulation.simulate.laws.independent import Independent

    wrong, sessions = 0, 200
    for seed in range(sessions):
        pair = Independent().draw(np.random.default_rng(seed), 1, 2400, 2.0)[0]
        x, y = (Signal(70 + 3.5 * row, 2.0, 0.0, Unit.PER_MINUTE) for row in pair)
        looks = [
            live_linkage(*(Signal(s.values[: round(2 * t)], 2.0, 0.0, s.unit) for s in (x, y)), at=t, alpha=alpha)
            for t, alpha in LINKAGE.live_looks
        ]
        wrong += any(look.answer == "beyond-chance" for look in looks)
    assert wrong <= 18  # of 200 at .05, more than 18 have a chance below .01


# Words ------------------------------------------------------------------------------------------------------------------

NEVER = re.compile(
    r"\b(score|in sync|streak|badge|toxic|compatible|well done|failed you|vagal tone|healed?|diagnos\w+|level up|good job)\b|\d+ ?%", re.I
)  # fmt: skip


def strings():
    for room_ in ("live", "store"):
        for path in sorted((LIVE / room_).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
            for node in ast.walk(tree):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
                    yield path.name, node.value


def test_no_string_judges_anybody():
    told = [*strings()]
    told += [(one.id, text) for one in practices().values() for text in _texts(msgspec.to_builtins(one))]
    assert len(told) > 500
    assert not [(where, text) for where, text in told if NEVER.search(text) and not text.startswith("^")]


def _texts(tree):
    if isinstance(tree, str):
        return [tree]
    if isinstance(tree, dict):
        return [
            text for key, value in tree.items() if key not in ("sources", "evidence_said") for text in _texts(value)
        ]
    return [text for value in tree for text in _texts(value)] if isinstance(tree, list | tuple) else []


def test_only_the_server_and_the_sources_wait():
    for path in sorted((LIVE / "live").rglob("*.py")):
        if not {"server", "sources"} & set(path.relative_to(LIVE / "live").parts):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            waiting = (ast.Await, ast.AsyncFunctionDef, ast.AsyncFor, ast.AsyncWith)
            assert not [node for node in ast.walk(tree) if isinstance(node, waiting)], path.name


def test_only_the_store_knows_sql():
    for path in sorted(LIVE.rglob("*.py")):
        if "store" not in path.relative_to(LIVE).parts:
            text = path.read_text(encoding="utf-8")
            assert "sqlite3" not in text, path.name
            assert not re.search(r"\b(SELECT|INSERT INTO|DELETE FROM) ", text), path.name


def test_what_an_engine_holds_does_not_grow_with_the_hours():
    from coregulation.live.signals import engine

    trace = engine.GrowingSignal(Unit.PER_MINUTE, 100)
    for k in range(500):
        trace.add(Signal(np.arange(3.0) + 3 * k, 2.0, 1.5 * k, Unit.PER_MINUTE))
        assert len(trace.values) <= 113
    assert trace.end == 1500
    assert trace.signal.values[-1] == 1499.0
    assert trace.since(1490).start == 745.0
    np.testing.assert_array_equal(trace.between(1497, 1503).values, [1497, 1498, 1499, np.nan, np.nan, np.nan])
