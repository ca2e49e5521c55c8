"""Connections have bounds: who never ends a request, or opens too many, stands in nobody's way."""

from __future__ import annotations

import io
import logging
import socket
import time

import httpx
import pytest

from coregulation.live.server import requests
from coregulation.live.server.protocol import Connections, FewLines, bounded_protocol, most_connections
from tests.live.served import running


class Transport:
    closed = False

    def is_closing(self):
        return self.closed


def test_one_address_has_a_bound_and_all_have_one():
    connections = Connections(most=5, per_address=3)
    held = [Transport() for _ in range(9)]
    assert [connections.take("a", one) for one in held[:4]] == [True, True, True, False]
    assert [connections.take("b", one) for one in held[4:7]] == [True, True, False]
    held[0].closed = True
    assert connections.take("b", held[7])
    assert not connections.take("b", held[8])
    assert 16 <= most_connections() <= 2048


@pytest.fixture
def hasty(tmp_path, monkeypatch):
    """A server that waits half a second for a request's head, and takes six connections of one address."""
    from coregulation.live.server import protocol

    monkeypatch.setattr(protocol, "Connections", lambda: Connections(per_address=6))
    monkeypatch.setattr(protocol, "bounded_protocol", lambda some: bounded_protocol(some, 0.5))
    with running(tmp_path / "store") as one:
        yield one


def ended(one):
    one.settimeout(5)
    try:
        return one.recv(10) == b""
    except ConnectionError:
        return True


def test_a_request_whose_head_never_ends_is_broken_off(hasty):
    one = socket.create_connection(("127.0.0.1", hasty.port))
    one.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-a: ")
    began = time.monotonic()
    assert ended(one)
    assert 0.3 < time.monotonic() - began < 4.0
    one.close()


def test_a_body_that_never_ends_is_refused_and_a_quick_one_is_taken(tmp_path, monkeypatch):
    monkeypatch.setattr(requests, "BODY_WITHIN", 0.0)
    monkeypatch.setattr(requests, "SLOWEST", requests.SMALL)  # one second for a body
    with running(tmp_path / "store") as served:
        head = (
            f"POST /api/enter HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\nOrigin: {served.base}\r\n"
            "Content-Type: application/json\r\nContent-Length: 200000\r\n\r\n"
        )
        one = socket.create_connection(("127.0.0.1", served.port))
        one.sendall(head.encode() + b'{"token":')
        one.settimeout(30)
        assert one.recv(12) == b"HTTP/1.1 408"
        one.close()
        assert served.host().get("/api/about").status_code == 200


def test_who_holds_many_connections_open_gets_no_more_and_is_free_again_later(hasty):
    held = [socket.create_connection(("127.0.0.1", hasty.port)) for _ in range(12)]
    assert sum(ended(one) for one in held[6:]) == 6
    for one in held:
        one.close()
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            assert httpx.get(hasty.base, timeout=2).status_code == 200
            break
        except httpx.HTTPError:
            time.sleep(0.1)
    else:
        pytest.fail("the address stayed shut")


def test_a_connection_that_is_kept_alive_answers_again(hasty):
    with httpx.Client(base_url=hasty.base) as client:
        assert [client.get("/").status_code for _ in range(3)] == [200] * 3
        time.sleep(0.8)
        assert client.get("/").status_code == 200


def test_logs_are_bounded_and_say_how_much_was_left_out(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    few = FewLines(3)
    records = [logging.LogRecord("x", 40, "", 1, "line %d", (k,), None) for k in range(10)]
    assert [few.filter(one) for one in records] == [True] * 3 + [False] * 7
    now[0] = 61.0
    again = logging.LogRecord("x", 40, "", 1, "again", (), None)
    assert few.filter(again)
    assert "7 lines were left out" in again.getMessage()


def test_a_client_that_goes_in_the_middle_of_its_body_leaves_no_trace_in_the_log(tmp_path, caplog):
    with running(tmp_path / "store") as served:
        head = f"POST /api/join HTTP/1.1\r\nHost: {served.base[7:]}\r\nOrigin: {served.base}\r\n"
        with socket.create_connection(("127.0.0.1", served.port)) as one:
            one.sendall(f"{head}Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{{".encode())
            time.sleep(0.3)
        time.sleep(0.5)
        assert httpx.get(f"{served.base}/").status_code == 200
    assert not caplog.records


def test_a_logged_error_says_where_it_was_and_nothing_of_what_it_was_about():
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(logging.Formatter("%(message)s"))
    logger = logging.Logger("of-a-test")
    logger.addHandler(handler)
    logger.addFilter(FewLines())
    try:
        {}["the private words of ada"]
    except KeyError:
        logger.exception("Exception in ASGI application\n%s", "ada")
    assert "KeyError at test_protocol.py:" in lines.getvalue()
    assert "ada" not in lines.getvalue()
