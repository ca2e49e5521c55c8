"""Every request and every message of a socket passes a table: what is not in one is not answered."""

from __future__ import annotations

import re
import typing
from types import SimpleNamespace

import msgspec
import pytest
from starlette.routing import Route, WebSocketRoute

from coregulation.live.room import wire
from coregulation.live.room.permissions import MAY, refusal_of
from coregulation.live.room.policy import POLICY, Relation, Right
from coregulation.live.room.state import Guest, Joined, Setup, open_room
from coregulation.live.room.transitions import step
from coregulation.live.server.route_table import ROUTES, Audience
from tests.live.served import Browser, running

OPEN = {("POST", "/api/enter"), ("POST", "/api/join")}
BEFORE_THE_TABLE = {
    "hello",
    "ping",
    "clock",
}  # hello is the question for admission itself; a clock's time is nobody's secret
MESSAGES = {kind.__struct_config__.tag: kind for kind in typing.get_args(wire.FromClient)}


def test_every_route_of_the_application_is_a_row_of_the_table(tmp_path):
    with running(tmp_path / "store") as served:
        routes = served.app._app.routes
    rows = {(rule.method, rule.path) for rule in ROUTES}
    assert len(rows) == len(ROUTES)
    for route in routes:
        if isinstance(route, WebSocketRoute):
            assert route.path == "/api/rooms/{room}/socket"
        elif isinstance(route, Route) and route.path != "/{path:path}":
            methods = route.methods - {"HEAD"}
            assert {(method, route.path) for method in methods} <= rows, route.path
            assert isinstance(getattr(route.endpoint, "__self__", None), type(ROUTES[0])), "answered through its row"


def test_whatever_gives_something_of_a_session_names_its_right():
    for rule in ROUTES:
        assert ("{session}" in rule.path) <= bool(rule.rights), rule
        assert set(rule.rights) <= set(POLICY)
    assert {right for rule in ROUTES for right in rule.rights} == set(Right) - {Right.CUE}, "a cue goes over the socket"


def asked(browser, rule):
    path = re.sub(r"\{\w+\}", "unknown", rule.path)
    return browser.http.request(rule.method, path, json={})


def test_nobody_without_a_cookie_is_answered_and_no_guest_where_the_host_is_asked_for(tmp_path):
    with running(tmp_path / "store") as served:
        host, stranger = served.host(), Browser(served.base)
        room = host.room(screens="own")
        code = host.post(f"/api/rooms/{room}/invitations", {"role": "viewer", "people": []}).json()["code"]
        guest = Browser(served.base)
        assert guest.post("/api/join", {"code": code}).status_code == 200
        for rule in ROUTES:
            if (rule.method, rule.path) in OPEN:
                assert rule.audience is Audience.ANYBODY
                continue
            assert asked(stranger, rule).status_code == 401, rule
            if rule.path != "/api/leave":
                wanted = {Audience.HOST: {403}, Audience.GUIDE: {404}}.get(rule.audience, {200, 202, 404})
                assert asked(guest, rule).status_code in wanted, rule


def test_every_kind_of_message_is_a_row_of_the_table():
    assert set(MESSAGES) - BEFORE_THE_TABLE == set(MAY)
    assert all(roles and phases for roles, phases in MAY.values())


def example(kind):
    """Return a message of a kind, with the least that it must hold."""
    given = {"stressor": "sound",
        "person": "ada", "purposes": [], "text_version": "1", "purpose": "keep", "stream": "s", "kind": "hr", "seq": 0, "at": [0.0],
        "data": [b""], "practice": "silent-sitting", "step": "s", "choice": "c", "label": "x", "ticket": "t",
    }  # fmt: skip
    fields = {one.name for one in msgspec.structs.fields(kind) if one.required or one.name == "person"}
    return kind(**{name: given[name] for name in fields})


def rooms():
    """A room at its beginning with a participant, a viewer, and a visitor at the door."""
    room = open_room(Setup((Guest("ada"), Guest("ben")), "own"))
    for event in (
        Joined("host", "d0", "participant", ("ben",), host=True),
        Joined("looks", "d1", "viewer", (), host=True),
        Joined("waits", "d2", "participant", ("ada",)),
    ):
        room, _ = step(room, event, 0.0)
    return room


@pytest.mark.parametrize("kind", sorted(MAY))
def test_at_the_door_no_message_has_an_effect_and_who_looks_on_may_only_leave(kind):
    room, message = rooms(), example(MESSAGES[kind])
    assert refusal_of(room, "waits", message).code == "not-admitted"
    assert (refusal_of(room, "looks", message) is None) == (kind == "leave")
    for other in ("ready", "consent", "withdraw", "words", "pick"):
        if kind == other:
            assert refusal_of(room, "host", message).code in ("not-yours", "not-now"), "nobody speaks for another"


def test_each_right_has_a_word_for_each_relation():
    """What is not in the table is not allowed; this keeps a new relation from being forgotten in it."""
    never = {Right.CONSENTS: {Relation.VIEWER}, Right.NAME: set()}
    for right in never:
        assert set(POLICY[right]) == set(Relation) - {Relation.NONE} - never[right]
    assert all(
        Relation.NONE not in row and Relation.VIEWER not in row
        for right, row in POLICY.items()
        if right is not Right.NAME
    )


def test_a_rule_is_checked_before_its_handler_runs():
    """A handler that would answer everybody answers nobody who is not in its audience."""
    ran = []

    async def handler(_request):
        ran.append(1)

    from coregulation.live.server.requests import HttpError
    from coregulation.live.server.route_table import RouteRule

    access = SimpleNamespace(device=lambda _: None)
    registry = SimpleNamespace(access=access, secure=False, port=1)
    request = SimpleNamespace(app=SimpleNamespace(state=SimpleNamespace(registry=registry)), cookies={}, path_params={})
    for audience in (Audience.DEVICE, Audience.GUIDE, Audience.HOST):
        with pytest.raises(HttpError):
            RouteRule("GET", "/x", handler, audience).answer(request).send(None)
    assert not ran
