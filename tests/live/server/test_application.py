"""The server, over real sockets: who may come in, what is acknowledged, who sees whom, and what remains."""

from __future__ import annotations

import io
import time
import zipfile

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from coregulation.io import open_session
from coregulation.live.room import wire
from coregulation.live.signals.heart_packets import HeartPacket, encode_heart_packet
from tests.live.served import Browser, Running, opened, running, to_sensors


@pytest.fixture
def served(tmp_path):
    with running(tmp_path / "store") as one:
        yield one


def test_without_a_cookie_nothing_is_told(served):
    stranger = Browser(served.base)
    for path in ("/api/about", "/api/practices", "/api/rooms", "/api/sessions", "/api/events", "/api/settings"):
        answer = stranger.get(path)
        assert (answer.status_code, answer.json()["code"]) == (401, "not-admitted")
    assert stranger.post("/api/rooms", {"people": [{"person": "ada"}]}).status_code == 401


def test_the_token_of_the_start_holds_once(served):
    token = served.registry.access.new_token()
    first, second = Browser(served.base), Browser(served.base)
    answer = first.post("/api/enter", {"token": token})
    assert answer.status_code == 204
    flags = answer.headers["set-cookie"].lower()
    assert "httponly" in flags
    assert "samesite=strict" in flags
    assert token not in flags
    served.registry.access._token_used -= 301.0
    assert second.post("/api/enter", {"token": token}).status_code == 401
    assert first.get("/api/about").json()["device"] == "host"


def test_guessing_is_slowed_and_locks_nobody_out(served):
    stranger = Browser(served.base)
    answers = [stranger.post("/api/enter", {"token": "x"}) for _ in range(40)]
    assert [one.status_code for one in answers[:10]] == [401] * 10
    assert {one.status_code for one in answers[11:]} == {429}
    assert answers[-1].json()["reason"] == "entry.too-many-tries"
    assert 0 < int(answers[-1].headers["retry-after"]) <= 10
    host = served.host()
    room = host.room(screens="own")
    code = host.post(f"/api/rooms/{room}/invitations", {"role": "viewer", "people": []}).json()["code"]
    for _ in range(20):
        assert stranger.post("/api/join", {"code": "wrong"}).status_code == 429
    assert Browser(served.base).post("/api/join", {"code": code}).status_code == 200


def test_who_claims_to_be_forwarded_is_slowed_all_the_same(served):
    """A header that a proxy would set gives nobody the tries of other addresses."""
    answers = [
        httpx.post(
            f"{served.base}/api/enter",
            json={"token": "wrong"},
            headers={"origin": served.base, "x-forwarded-for": f"203.0.113.{n}", "x-forwarded-proto": "https"},
        ).status_code
        for n in range(14)
    ]
    assert answers[0] == 401
    assert answers[-1] == 429


def test_a_browser_that_comes_in_again_stays_the_device_that_it_is(served):
    host = served.host()
    device = served.registry.access.devices()[0].id
    room = host.room()
    host.enter(room, "ada", "ben").of(wire.Welcome)
    before = host.cookie
    assert host.post("/api/enter", {"token": served.registry.access.new_token()}).status_code == 204
    assert host.cookie != before, "what a browser is known by is new each time that it comes in"
    assert [one.id for one in served.registry.access.devices()] == [device]
    again = host.enter(room, "ada", "ben", take_over=True)
    assert again.of(wire.Welcome).resumed


def test_the_printed_address_works_again_for_some_minutes_on_this_computer(served):
    token = served.registry.access.new_token()
    first, second = Browser(served.base), Browser(served.base)
    assert first.post("/api/enter", {"token": token}).status_code == 204
    assert second.post("/api/enter", {"token": token}).status_code == 204
    assert served.registry.access.enter(token, None, "192.168.1.7", local=False) is None
    assert second.get("/api/about").json()["device"] == "host"


@pytest.mark.parametrize("who", ["张三", "Łukasz", "Noa-נועה", "अनुराधा", "con", "Ⅷ"])
def test_names_of_any_script_work_everywhere(served, who, tmp_path):
    host = served.host()
    room = host.room(people=(who, "ben"))
    seat = host.enter(room, who, "ben")
    to_sensors(seat, "show-partner", "keep", "research")
    seat.open(who, "strap")
    for k in range(40):
        seat.beat(who, stream="strap")
        assert seat.of(wire.Ack).seq == k
    seat.say(wire.Stop())
    seat.phase("ended")
    deadline = time.monotonic() + 60
    while served.registry.store.session(room).closed is None:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    half = host.http.get(f"/api/sessions/{room}/export", params={"person": who})
    assert half.status_code == 200
    assert half.headers["content-disposition"] == f'attachment; filename="{room}-1.zip"'
    zipfile.ZipFile(io.BytesIO(half.content)).extractall(tmp_path)
    assert [one.id for one in open_session(tmp_path / room / "session.toml").people] == [who]
    assert host.post(f"/api/sessions/{room}/erase", {"person": who}).json()["erased"]


@pytest.mark.parametrize(
    "who",
    [
        "ada\n",
        "a\x00b",
        "\u202eabc",
        "a b",
        "a\u00a0b",
        "a\u200db",
        "=1+1",
        "a/b",
        "..",
        "a+b",
        "",
        "x" * 33,
        "\ufeffa",
        "a\ue000",
    ],
)
def test_names_with_what_is_no_letter_are_refused(served, who):
    answer = served.host().post("/api/rooms", {"people": [{"person": who}, {"person": "ben"}]})
    assert (answer.status_code, answer.json()["reason"]) == (400, "request.malformed")


def test_samples_that_were_measured_before_a_stop_are_kept_when_they_come_after_it(served):
    host = served.host()
    room = host.room()
    seat = host.enter(room, "ada", "ben")
    to_sensors(seat)
    seat.open("ada")
    seat.beat("ada")
    assert seat.of(wire.Ack).seq == 0
    before = time.monotonic()
    time.sleep(0.2)
    seat.say(wire.Stop())
    seat.phase("ended")
    data = encode_heart_packet(HeartPacket(66, (920,), contact=True))
    seat.say(wire.Samples("hr-ada", 1, [before], [data]))
    assert seat.of(wire.Ack).seq == 1
    seat.say(wire.Samples("hr-ada", 2, [time.monotonic()], [data]))
    assert seat.of(wire.Refused).reason == "room.ended"


def test_refusals_carry_the_same_headers(served):
    answer = httpx.get(f"{served.base}/api/about", headers={"host": "evil.example"})
    assert answer.status_code == 403
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'self'" in answer.headers["content-security-policy"]


def test_every_answer_carries_headers_that_let_nothing_else_in(served):
    host = served.host()
    for answer in (host.get("/api/about"), host.get("/"), host.get("/nowhere"), host.get("/api/nowhere")):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "microphone=()" in answer.headers["permissions-policy"]
        assert "server" not in answer.headers
        asked_anew = "no-cache" if answer.url.path == "/" else "no-store"  # pages hold nothing of anybody
        assert answer.headers["cache-control"] == asked_anew


@pytest.mark.parametrize(
    "path", ["/..%2f..%2fpyproject.toml", "/../wire.py", "/%2e%2e/wire.py", "//etc/passwd", "/\\..\\wire.py"]
)
def test_nothing_outside_the_pages_folder_is_served(served, path):
    assert served.host().get(path).status_code == 404


def test_another_host_or_origin_is_refused(served):
    host = served.host()
    assert host.http.get("/api/about", headers={"host": "evil.example"}).status_code == 403
    assert host.http.post("/api/backup", headers={"origin": "http://evil.example"}).status_code == 403
    bare = httpx.post(f"{served.base}/api/enter", json={"token": served.registry.access.new_token()})
    assert bare.status_code == 403
    room = host.room()
    url = f"ws://127.0.0.1:{served.port}/api/rooms/{room}/socket"
    for origin in ("http://evil.example", None):
        with pytest.raises(InvalidStatus):
            opened(url, host.cookie, origin)
    with pytest.raises(InvalidStatus):
        opened(url, "", served.base)


def test_what_is_sent_is_acknowledged_once_it_is_kept(served):
    one = served.host()
    room = one.room()
    seat = one.enter(room, "ada", "ben")
    to_sensors(seat)
    seat.open("ada")
    for k in range(5):
        seat.beat("ada")
        assert seat.of(wire.Ack).seq == k
    stream = next(s for s in served.registry.store.streams(room) if s.person == "ada")
    assert [piece.seq for piece in served.registry.store.pieces(stream.id)] == list(range(5))
    seat.beat("ada", seq=2)
    assert seat.of(wire.Ack).seq == 2
    assert served.registry.store.last_seq(stream.id) == 4
    seat.beat("ada", seq=9)
    refused = seat.of(wire.Refused)
    assert (refused.code, refused.expected) == ("out-of-order", 5)
    seat.close()


def test_a_beat_is_on_the_screen_early_and_marked(served):
    one = served.host()
    seat = one.enter(one.room(), "ada", "ben")
    to_sensors(seat)
    seat.open("ada")
    waits = []
    for _ in range(20):
        began = time.monotonic()
        seat.beat("ada")
        assert seat.of(wire.Pulse).early
        waits.append(time.monotonic() - began)
    assert sorted(waits)[10] < 0.15  # the middle: on a busy machine; the bench tells p95
    seat.close()


def test_nothing_is_taken_before_consent_nor_for_another_seat(served):
    one = served.host()
    seat = one.enter(one.room(), "ada", "ben")
    seat.phase("arrive")
    seat.open("ada")
    assert seat.of(wire.Refused).code == "not-now"
    seat.ready()
    seat.phase("consent")
    seat.open("ada")
    assert seat.of(wire.Refused).code == "not-now"
    seat.raw('{"type":"ready","person":"eve"}')
    assert seat.of(wire.Refused).code == "not-yours"
    seat.say(wire.Samples("hr-ben", 0, [0.0], [b"\x00\x40"]))
    assert seat.of(wire.Refused).code == "not-now"
    seat.close()


def invited(served, host, room, person, role="participant"):
    code = host.post(f"/api/rooms/{room}/invitations", {"role": role, "people": [person] if person else []}).json()
    assert code["url"].endswith(f"#invite={code['code']}")
    assert "<svg" in code["qr"]
    guest = Browser(served.base)
    assert guest.post("/api/join", {"code": code["code"]}).json() == {
        "room": room,
        "role": role,
        "people": [person] if person else [],
    }
    assert Browser(served.base).post("/api/join", {"code": code["code"]}).status_code == 401, "a code holds once"
    return guest


def two_devices(served, feedback="both"):
    """Two browsers in one room, both agreed, at the sensors."""
    host = served.host()
    room = host.room(screens="own", feedback=feedback)
    ada = host.enter(room, "ada")
    ada.phase("arrive")
    guest = invited(served, host, room, "ben")
    ben = guest.enter(room, "ben")
    ticket = ada.until(lambda m: isinstance(m, wire.RoomMessage) and m.waiting).waiting[0].ticket
    ben.say(wire.Ready("ben"))
    assert ben.of(wire.Refused).code == "not-admitted"
    ada.say(wire.Admit(ticket))
    ben.until(lambda m: isinstance(m, wire.RoomMessage) and "ready" in m.may)
    for one in (ada, ben):
        one.ready()
    for one in (ada, ben):
        one.phase("consent")
        one.consent("show-partner", "keep")
        one.ready()
    for one in (ada, ben):
        one.phase("sensors")
        one.sync()
        one.open(one.people[0])
    return host, guest, room, ada, ben


def test_a_guest_sees_one_room_and_no_other(served):
    host, guest, room, ada, ben = two_devices(served)
    other = host.room(people=("eve", "dan"))
    assert [one["room"] for one in guest.get("/api/rooms").json()] == [room]
    assert {one["room"] for one in host.get("/api/rooms").json()} == {room, other}
    url = f"ws://127.0.0.1:{served.port}/api/rooms/{other}/socket"
    with pytest.raises(InvalidStatus):
        opened(url, guest.cookie, served.base)
    for path in (
        f"/api/sessions/{other}",
        f"/api/sessions/{other}/export",
        f"/api/sessions/{other}/report",
        "/api/sessions/none",
    ):
        assert guest.get(path).status_code == 404
    assert guest.post("/api/rooms", {"people": [{"person": "x"}]}).status_code == 403
    assert guest.post("/api/backup", {}).status_code == 403
    assert guest.post(f"/api/rooms/{other}/invitations", {"role": "viewer"}).status_code == 404
    thief = guest.enter(room, "ada")
    assert thief.of(wire.Refused).code == "not-yours"
    assert thief.of(wire.Bye).code == "closed"
    with pytest.raises(ConnectionClosed):
        thief.hear()
    for one in (ada, ben):
        one.close()


def test_a_withdrawal_takes_the_data_from_the_others_screen_within_a_second(served):
    _, _, _, ada, ben = two_devices(served)
    for _ in range(3):
        ada.beat("ada")
        assert ben.of(wire.Pulse).person == "ada"
    ada.say(wire.Withdraw("ada", "show-partner"))
    began = time.monotonic()
    ben.until(lambda m: isinstance(m, wire.RoomMessage) and "show-partner" not in m.seats[0].consents)
    assert time.monotonic() - began < 1.0
    for _ in range(3):
        ada.beat("ada")
        assert ada.of(wire.Pulse).person == "ada", "one's own heart stays"
    ben.of(wire.StateMessage)
    ben.of(wire.StateMessage)
    since = ben.heard[-2:]
    assert not [m for m in since if isinstance(m, wire.Pulse)]
    assert all(m.people["ada"].heart_rate is None for m in since if isinstance(m, wire.StateMessage))
    for one in (ada, ben):
        one.close()


def test_a_stop_by_either_ends_for_both_and_names_nobody(served):
    host, _, room, ada, ben = two_devices(served)
    ben.say(wire.Stop())
    ends = [one.phase("ended") for one in (ada, ben)]
    assert {end.ended for end in ends} == {"stopped"}
    deadline = time.monotonic() + 90
    while not (found := [s for s in host.get("/api/sessions").json() if s["session"] == room]):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    events = [note for note in served.registry.store.notes(room, "event") if b'"stop"' in note.body]
    assert len(events) == 1
    assert b'"client":""' in events[0].body
    assert found[0]["kept"]


def test_a_network_that_goes_for_a_moment_costs_nothing(served):
    _, guest, room, ada, ben = two_devices(served)
    for _ in range(4):
        ben.beat("ben")
        ben.of(wire.Ack)
    ben.close()
    ada.until(lambda m: isinstance(m, wire.RoomMessage) and not m.seats[1].here)
    back = guest.enter(room, "ben")
    welcome = back.of(wire.Welcome)
    assert welcome.resumed
    assert welcome.streams == {"hr-ben": 3}
    back.sync()
    for k in (3, 4, 5):
        back.beat("ben", seq=k)
    assert [back.of(wire.Ack).seq for _ in range(3)] == [3, 4, 5]
    second = guest.enter(room, "ben")
    assert second.of(wire.Refused).code == "seat-taken"
    third = guest.enter(room, "ben", take_over=True)
    assert third.of(wire.Welcome).resumed
    assert back.of(wire.Bye).code == "taken-over"
    for one in (ada, third):
        one.close()


def test_a_server_that_is_started_again_goes_on(tmp_path):
    one = Running(tmp_path / "store")
    host = one.host()
    room = host.room()
    seat = host.enter(room, "ada", "ben")
    to_sensors(seat)
    seat.open("ada")
    for _ in range(6):
        seat.beat("ada")
        seat.of(wire.Ack)
    before = seat.of(wire.StateMessage).t
    cookies = dict(host.http.cookies)
    one.stop()
    again = Running(tmp_path / "store", port=one.port)
    host = Browser(again.base)
    host.http.cookies.update(cookies)
    seat = host.enter(room, "ada", "ben") if _is_open(host, room) else None
    assert seat is not None
    welcome = seat.of(wire.Welcome)
    assert welcome.streams == {"hr-ada": 5}
    assert welcome.t > before
    assert seat.phase("sensors").seats[0].consented
    seat.close()
    again.stop()


def _is_open(host, room):
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        if room in [one["room"] for one in host.get("/api/rooms").json()]:
            return True
        time.sleep(0.05)
    return False


def test_who_did_not_agree_to_be_kept_is_erased_at_the_end(served):
    host = served.host()
    room = host.room()
    seat = host.enter(room, "ada", "ben")
    seat.phase("arrive")
    seat.ready()
    seat.phase("consent")
    seat.say(wire.Consent("ada", ["keep"], "1"))
    seat.say(wire.Consent("ben", [], "1"))
    seat.ready()
    seat.phase("sensors")
    for who in ("ada", "ben"):
        seat.open(who)
        for _ in range(3):
            seat.beat(who)
            seat.of(wire.Ack)
    seat.say(wire.Stop())
    seat.phase("ended")
    deadline = time.monotonic() + 90
    while [s.person for s in served.registry.store.streams(room)] != ["ada"]:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    told = host.get(f"/api/sessions/{room}").json()
    assert told["people"] == ["ada"]
    answer = host.post(f"/api/sessions/{room}/erase", {"person": "ben"})
    assert answer.status_code == 404
    assert answer.json()["reason"] == "request.nobody-to-erase"
    assert host.post(f"/api/sessions/{room}/erase", {"person": "ada"}).json() == {"erased": True, "left": 0}
    assert host.get(f"/api/sessions/{room}").status_code == 404
    events = [e["what"] for e in host.get("/api/events").json()]
    assert [one for one in events if not one.startswith("refused")] == ["let in", "opened", "erased", "erased"]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A whole session with a simulated pair, much faster than a clock, on one screen."""
    with running(tmp_path_factory.mktemp("whole") / "store", speed=25.0) as served:
        host = served.host()
        room = host.room(source="simulated", minutes=6.0)
        seat = host.enter(room, "ada", "ben")
        seat.phase("arrive")
        seat.ready()
        seat.phase("consent")
        seat.consent("show-partner", "keep", "research")
        seat.ready()
        seat.until(lambda m: isinstance(m, wire.Card) and m.signal not in ("none", "found"), 120)
        seat.ready()
        seat.phase("words", 300)
        for who in ("ada", "ben"):
            seat.say(wire.WordsMessage(who, f"how it was for {who}", {"calm": 6.0}, share=True))
        report = seat.until(lambda m: isinstance(m, wire.Report) and m.state != "working", 300)
        yield served, host, room, seat, report
        seat.close()


def test_the_whole_way_ends_in_a_report(whole):
    _, host, room, seat, report = whole
    assert report.state == "ready"
    phases = list(dict.fromkeys(m.phase for m in seat.heard if isinstance(m, wire.RoomMessage)))
    assert phases == ["arrive", "consent", "sensors", "baseline", "practice", "settle", "words", "report"]
    page = host.get(report.url)
    assert page.status_code == 200
    assert "sandbox" in page.headers["content-security-policy"]
    result = host.get(f"/api/sessions/{room}/result").json()
    gates = {gate["name"]: gate["state"] for gate in result["verdicts"][0]["gates"]}
    assert gates["G1"] == "passed"
    assert all(m.simulated for m in seat.heard if isinstance(m, wire.RoomMessage))
    assert "simulated" in page.text.lower()


def test_words_come_before_numbers_and_are_shown_since_both_agreed(whole):
    *_, seat, _ = whole
    kinds = [type(m).__name__ for m in seat.heard]
    assert kinds.count("Revealed") == 2
    assert kinds.index("Revealed") < kinds.index("Report")


def test_the_screen_never_holds_a_score(whole):
    *_, seat, _ = whole
    for m in seat.heard:
        if isinstance(m, wire.StateMessage):
            assert m.together in (None, "too-early", "cannot-tell", "beyond-chance", "not-beyond-chance", "paced")
    baseline = [m for m in seat.heard if isinstance(m, wire.RoomMessage) and m.phase == "baseline"]
    assert baseline
    assert all(set(line.what) == {"quality"} for m in baseline for line in m.sees)


def test_an_export_opens_like_any_recording(whole, tmp_path):
    _, host, room, _, _ = whole
    answer = host.get(f"/api/sessions/{room}/export")
    assert answer.headers["content-type"] == "application/zip"
    zipfile.ZipFile(io.BytesIO(answer.content)).extractall(tmp_path)
    session = open_session(tmp_path / room / "session.toml")
    assert [person.id for person in session.people] == ["ada", "ben"]
    assert session.simulated
    assert "[[consent]]" in (tmp_path / room / "session.toml").read_text(encoding="utf-8")
    half = host.get(f"/api/sessions/{room}/export?person=ben")
    zipfile.ZipFile(io.BytesIO(half.content)).extractall(tmp_path / "half")
    assert [p.id for p in open_session(tmp_path / "half" / room / "session.toml").people] == ["ben"]


def test_what_was_exported_can_be_dropped_on_the_page_again(whole):
    _, host, room, _, _ = whole
    parcel = host.get(f"/api/sessions/{room}/export").content
    answer = host.http.post("/api/import?name=visit.zip", content=parcel)
    assert answer.status_code == 201, answer.text
    session = answer.json()["session"]
    deadline = time.monotonic() + 180
    while (report := host.get(f"/api/sessions/{session}/report")).status_code == 202:
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert report.status_code == 200
    first, second = (host.get(f"/api/sessions/{one}/result").json() for one in (room, session))
    assert first["verdicts"] == second["verdicts"]
    assert host.http.post("/api/import?name=x.csv", content=b"\x00\x01").status_code in (400, 422)
    wide = "\n".join(["time_s,ada,ben", *(f"{k / 2},{60 + k % 7},{70 - k % 5}" for k in range(900))])
    assert host.http.post("/api/import?name=two.csv&channel=heart_rate", content=wide).status_code == 201


def test_a_kept_session_is_told_in_the_lists(whole):
    _, host, room, _, _ = whole
    told = host.get(f"/api/sessions/{room}").json()
    assert told["practice"] == "silent-sitting"
    assert {one["kind"] for one in told["blocks"]} >= {"alone-rest", "settle"}
    assert host.post(f"/api/sessions/{room}/erase", {"person": "ada"}).status_code == 409, "it is still on"
    path = host.post("/api/backup", {}).json()["path"]
    assert path.endswith(".sqlite")
    assert host.http.put("/api/settings", json={"theme": "dark"}).json() == {"theme": "dark"}
    assert host.get("/api/journey").status_code == 200
