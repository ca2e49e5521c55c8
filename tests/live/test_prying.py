"""What somebody with a browser tries, on a real server, to get or to keep of another person; and what erasing one leaves the other."""

from __future__ import annotations

import io
import threading
import time
import zipfile

import pytest

from coregulation.io import open_session, write_session
from coregulation.live.room import wire
from coregulation.live.server.archives import pack_archive
from coregulation.live.server.beat_corrections import BeatCorrection, keep_corrections, kept_corrections
from coregulation.live.server.reporting import drop_reports, report_kind
from coregulation.store import Note, Store
from tests.live.served import Running, running
from tests.live.server.test_application import invited, two_devices
from tests.live.server.test_beat_corrections import session as two_people
from tests.live.test_promises import WORDS, at_report, on_disk, until

PEOPLE = ADA, BEN = ("ada-q7x9zk2m", "ben-w4v8jp6t")  # three letters would stand in random bytes by chance
PAGE = b"a page about both"


@pytest.fixture
def served(tmp_path):
    with running(tmp_path / "store") as one:
        yield one


def unpacked(answer):
    """Return all bytes of an answer, also those in a zip."""
    if answer.content[:2] != b"PK":
        return answer.content
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return b"".join(name.encode() + archive.read(name) for name in archive.namelist())


# A device that is gone ------------------------------------------------------------------------------------------------


def to_the_end(served, seat, his):
    """From the door to the end, of two who keep what they recorded and share no words."""
    seat.say(wire.Admit(seat.until(lambda m: isinstance(m, wire.RoomMessage) and m.waiting).waiting[0].ticket))
    for phase in ("arrive", "consent", "sensors"):
        for one in (seat, his):
            one.phase(phase)
            if phase == "consent":
                one.consent("keep")
            if phase != "sensors":
                one.ready()
    his.open("ben")
    for _ in range(3):
        his.beat("ben")
    his.of(wire.Ack, seq=2)
    for one in (seat, his):
        one.ready()
    for phase in ("baseline", "practice", "settle"):
        seat.phase(phase)
        room = next(iter(served.registry.rooms.values())).live
        while room.room.phase == phase:
            seat.say(wire.Skip())
            time.sleep(0.1)
    his.phase("words")
    his.say(wire.WordsMessage("ben", WORDS, {"felt-safe": 1.0}, share=False))
    seat.say(wire.WordsMessage("ada", "mine", {}, share=True))
    seat.phase("report")
    seat.say(wire.Stop())
    seat.phase("ended")


@pytest.mark.parametrize("way", ["his log-out", "the host's list of devices"])
def test_who_came_with_a_device_is_no_more_of_the_screen_when_that_device_is_gone(served, way):
    host = served.host()
    room = host.room(screens="one")
    seat = host.enter(room, "ada")
    ben = invited(served, host, room, "ben")
    his = ben.enter(room, "ben")
    to_the_end(served, seat, his)
    if way == "his log-out":
        assert ben.post("/api/leave", {}).status_code == 204
    else:
        device = next(one["device"] for one in host.get("/api/devices").json() if not one["own"])
        assert host.post(f"/api/devices/{device}/end", {}).status_code == 200
    second = served.host()  # another browser of this computer, which stands for those who sat at it
    assert second.get(f"/api/sessions/{room}").json()["halves"] == ["ada"]
    for path in ("", "/export?person=ben", "/export", "/minutes", "/beats?person=ben", "/report", "/result"):
        answer = second.get(f"/api/sessions/{room}{path}")
        body = unpacked(answer)
        assert WORDS.encode() not in body, path
        assert b"felt-safe" not in body, path
        assert "person=ben" not in path or answer.status_code == 403, path


def test_who_sat_down_at_the_screen_after_all_is_of_the_screen(tmp_path):
    store = Store(tmp_path / "store")
    store.begin("visit", 1.0, {"people": [{"person": "ada"}, {"person": "ben"}], "screens": "one"})
    store.came_apart("visit", ["ben"], True)
    store.came_apart("visit", ["ada", "ben"], True)
    assert store.session("visit").setup["apart"] == ["ada", "ben"]
    store.came_apart("visit", ["ben"], False)
    assert store.session("visit").setup["apart"] == ["ada"]
    store.erase("visit", "ada")
    assert store.session("visit").setup["apart"] == []
    store.close()


# A recording that beats again -------------------------------------------------------------------------------------------


def test_hearts_of_others_beat_again_for_nobody_who_may_not_have_their_recording(served):
    _, _, room, _, ben = two_devices(served)
    ben.beat("ben")
    ben.of(wire.Ack)
    second = served.host()
    asked = {"people": [{"person": "cyd"}, {"person": "dan"}], "source": f"replay:{room}"}
    answer = second.post("/api/rooms", asked)
    assert (answer.status_code, answer.json()["code"]) == (403, "no-consent")
    for who in ("ada", "ben"):
        for purpose in ("keep", "research"):
            served.registry.store.agree(room, [_yes(who, purpose)])
    assert second.post("/api/rooms", asked).status_code == 201


def _yes(who, purpose):
    from coregulation.store import ConsentRecord

    return ConsentRecord(who, purpose, "1", 1.0)


# A report that is on its way ----------------------------------------------------------------------------------------------


@pytest.fixture
def held(monkeypatch):
    """Reports whose process ends when the test says so; the number of those that began."""
    gate = threading.Event()
    gate.begun = []

    def waited(_work, _manifest, corrections, **_):
        gate.begun.append(corrections)
        assert gate.wait(60)
        return PAGE, b"{}"

    monkeypatch.setattr("coregulation.live.server.worker.run_limited", waited)
    yield gate
    gate.set()


def test_a_report_that_is_on_its_way_when_somebody_is_erased_is_not_kept(tmp_path, held):
    served = Running(tmp_path / "store")
    host, room, seat = at_report(served, "show-partner", "keep", keeping=PEOPLE, people=PEOPLE)
    until(lambda: held.begun)
    seat.say(wire.Stop())
    seat.phase("ended")
    until(lambda: served.registry.store.session(room).closed is not None)
    assert host.post(f"/api/sessions/{room}/erase", {"person": ADA}).status_code == 200
    held.set()
    until(lambda: not served.registry._reports)
    assert report_kind("report", PEOPLE) not in served.registry.store.note_kinds(room)
    served.stop()
    assert ADA.encode() not in on_disk(tmp_path)


def test_a_report_that_is_on_its_way_when_a_consent_is_taken_back_is_not_kept(served, held):
    _, room, seat = at_report(served, "show-partner", "keep")
    until(lambda: held.begun)
    seat.say(wire.Withdraw("ada", "show-partner"))
    until(lambda: not served.registry.store.agreed(room, "ada", "show-partner"))
    held.set()
    until(lambda: not served.registry._reports)
    assert report_kind("report", ("ada", "ben")) not in served.registry.store.note_kinds(room)


def test_a_report_whose_beats_are_corrected_on_its_way_is_made_anew(served, held):
    _, room, _ = at_report(served, "show-partner", "keep")
    until(lambda: held.begun)
    keep_corrections(served.registry.store, room, "ada", (BeatCorrection("exclude", 0.0, 1.0, WORDS),))
    held.set()
    until(lambda: not served.registry._reports)
    assert held.begun == [{}, {"ada": (BeatCorrection("exclude", 0.0, 1.0),)}], "and holds nothing that ada wrote"
    assert served.registry.store.has_note(room, report_kind("report", ("ada", "ben")))


# What was written beside a correction -------------------------------------------------------------------------------------


def test_what_somebody_wrote_beside_a_correction_is_in_their_own_half_alone(served):
    host, room, _ = at_report(served, "keep", "research", "show-partner")
    keep_corrections(served.registry.store, room, "ada", (BeatCorrection("exclude", 0.0, 1.0, WORDS),))
    everybody, half = (host.get(f"/api/sessions/{room}/export{of}") for of in ("", "?person=ada"))
    assert b"exclude," in unpacked(everybody)
    with zipfile.ZipFile(io.BytesIO(everybody.content)) as archive:
        assert not any(WORDS.encode() in archive.read(name) for name in archive.namelist())
    with zipfile.ZipFile(io.BytesIO(half.content)) as archive:
        assert WORDS.encode() in archive.read(f"{room}/corrections.csv")


# What erasing one leaves the other ------------------------------------------------------------------------------------------


def test_corrections_of_the_other_outlive_an_erasure(served):
    host, room, seat = at_report(served, "keep", "show-partner")
    corrections = (BeatCorrection("exclude", 0.0, 1.0, WORDS),)
    for who in ("ada", "ben"):
        keep_corrections(served.registry.store, room, who, corrections)
    seat.say(wire.Stop())
    seat.phase("ended")
    until(lambda: served.registry.store.session(room).closed is not None)
    assert host.post(f"/api/sessions/{room}/erase", {"person": "ada"}).status_code == 200
    assert kept_corrections(served.registry.store, room, ("ada", "ben")) == {"ben": corrections}


def brought_in(host, folder):
    write_session(two_people(), folder)
    answer = host.http.post("/api/import?name=visit.zip", content=pack_archive(folder))
    assert answer.status_code == 201, answer.text
    return answer.json()["session"]


def test_erasing_one_of_a_recording_that_was_brought_in_leaves_the_other_whole(tmp_path):
    served = Running(tmp_path / "store")
    host = served.host()
    name = brought_in(host, tmp_path / "folder")
    assert host.post(f"/api/sessions/{name}/erase", {"person": "ada"}).json() == {"erased": True, "left": 0}
    parcel = host.get(f"/api/sessions/{name}/export").content
    served.stop()
    zipfile.ZipFile(io.BytesIO(parcel)).extractall(tmp_path / "left")
    (left,) = open_session(tmp_path / "left" / "session.toml").recordings
    assert left.person.id == "ben"
    assert len(left.beats) == len(two_people().of("ben").beats)
    with running(tmp_path / "store") as again:
        assert again.registry.store.locked(name) == (), "and after a start it can be read, and erased"
        second = again.host()
        assert second.post(f"/api/sessions/{name}/erase", {"person": "ben"}).json() == {"erased": True, "left": 0}
        assert again.registry.store.sessions() == []


def test_a_recording_that_cannot_be_told_apart_goes_with_the_first_who_is_erased(served, tmp_path):
    host = served.host()
    name = brought_in(host, tmp_path / "folder")
    store = served.registry.store
    until(lambda: not served.registry._reports)
    store.drop_notes(name, ["recording"])
    store.note(name, [Note(0.0, "recording", None, b"no zip")])
    assert host.post(f"/api/sessions/{name}/erase", {"person": "ada"}).status_code == 200
    assert store.sessions() == []


def test_a_report_of_somebody_whose_name_has_a_plus_is_theirs(tmp_path):
    store = Store(tmp_path / "store")
    store.begin("visit", 1.0, {"people": [{"person": who} for who in ("a+b", "a", "b")]})
    kinds = [report_kind("report", people) for people in (["a+b"], ["a", "b"])]
    assert len(set(kinds)) == 2
    store.note("visit", [Note(0.0, kind, None, PAGE) for kind in kinds])
    drop_reports(store, "visit", "a+b")
    assert store.note_kinds("visit") == {kinds[1]}
    store.close()
