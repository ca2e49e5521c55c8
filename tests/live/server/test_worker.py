"""Heavy work in processes of its own: whatever happens there ends with its reason, and never with a room that waits for ever."""

from __future__ import annotations

import errno
import multiprocessing
import os
import signal
import sys
import time

import pytest

from coregulation.errors import CoregulationError, DataError
from coregulation.live.room import wire
from coregulation.live.room.reasons import RoomError, RoomReason
from coregulation.live.server import reporting, worker
from coregulation.live.server.session_import import read_recording, refuse_outside, safe_name
from coregulation.live.server.worker import Limits, run_limited
from tests.live.processes import is_gone, parent
from tests.live.served import running, to_sensors

FEW = Limits(memory=4096, seconds=60.0)


def doubled(value):
    return 2 * value


def refused(_):
    raise DataError("{count} beats came; at least {needed} are needed.", count=3, needed=30)


def greedy(_):
    return bytes(10**13)


def gone(_):
    os._exit(9)


def broken(_):
    return {}["no such key"]


def slow(_):
    time.sleep(60)


def test_what_was_computed_comes_back():
    assert run_limited(doubled, 21, limits=FEW) == 42


def test_an_error_on_purpose_comes_back_with_its_facts():
    with pytest.raises(DataError, match="3 beats came; at least 30") as caught:
        run_limited(refused, None, limits=FEW)
    assert caught.value.facts == {"count": 3, "needed": 30}


@pytest.mark.parametrize(
    ("work", "limits", "code"),
    [
        (greedy, FEW, RoomReason.REPORT_MEMORY),
        (gone, FEW, RoomReason.REPORT_CRASHED),
        (broken, FEW, RoomReason.REPORT_CRASHED),
        (slow, Limits(4096, 1.5), RoomReason.REPORT_TIME),
    ],
)
def test_whatever_else_happens_has_a_reason(work, limits, code):
    with pytest.raises(RoomError) as caught:
        run_limited(work, None, limits=limits)
    assert caught.value.reason.code == code


def numbered(_):
    print(os.getpid(), flush=True)
    time.sleep(60)


BEGIN = """
    import threading
    from coregulation.live.server.worker import Limits, run_limited
    from tests.live.server.test_worker import numbered
"""
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


@POSIX
def test_a_report_ends_with_a_server_that_is_killed(tmp_path):
    process, number = parent(tmp_path, BEGIN, "run_limited(numbered, None, limits=Limits(4096, 60.0))")
    process.kill()
    process.wait()
    assert is_gone(number)
    process.communicate()


@POSIX
def test_ctrl_c_is_for_the_server_which_ends_its_reports(tmp_path):
    then = """
    stopping = threading.Event()
    signal.signal(signal.SIGINT, lambda *_: stopping.set())
    try:
        run_limited(numbered, None, limits=Limits(4096, 60.0), stopping=stopping)
    except Exception as error:
        print(error.reason.code, flush=True)
    """
    process, number = parent(tmp_path, BEGIN, then, start_new_session=True)
    os.killpg(process.pid, signal.SIGINT)
    out, errors = process.communicate(timeout=30)
    assert (out.strip(), errors) == (RoomReason.REPORT_CRASHED, "")
    assert is_gone(number)


def test_a_server_that_stops_waits_for_no_report(tmp_path, monkeypatch):
    monkeypatch.setattr(reporting, "analyse_export", slow)
    others = set(multiprocessing.active_children())  # workers that tests before this one left waiting
    with running(tmp_path / "store") as served:
        host = served.host()
        body = b"time (s),ada\n" + b"".join(b"%d,%d\n" % (n, 60 + n % 7) for n in range(300))
        answer = host.http.post("/api/import?name=a.csv&channel=heart_rate&unit=1/min", content=body)
        assert answer.status_code == 201, answer.text
        deadline = time.monotonic() + 30
        while not set(multiprocessing.active_children()) - others:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        began = time.monotonic()
    assert time.monotonic() - began < 15
    assert not set(multiprocessing.active_children()) - others


def private(_):
    raise ValueError("the private words of ada")


def test_a_crash_writes_where_it_was_and_nothing_of_what_it_was_about(capfd):
    with pytest.raises(RoomError):
        run_limited(private, None, limits=FEW)
    written = capfd.readouterr().err
    assert "ValueError at test_worker.py:" in written
    assert "ada" not in written


FAILURES = {
    RoomReason.REPORT_MEMORY: RoomError(RoomReason.REPORT_MEMORY, megabytes=1),
    RoomReason.REPORT_CRASHED: KeyError("the private words of ada"),
    RoomReason.DISK_FULL: OSError(errno.ENOSPC, "No space left on device"),
}


@pytest.mark.parametrize("code", FAILURES)
def test_a_report_that_fails_is_told_on_the_screen_and_may_be_made_again(tmp_path, monkeypatch, capfd, code):
    facts = {"megabytes": 1} if code is RoomReason.REPORT_MEMORY else {}

    def fails(*_args, **_how):
        raise FAILURES[code]

    monkeypatch.setattr(worker, "run_limited", fails)
    with running(tmp_path / "store") as served:
        host = served.host()
        room = host.room()
        seat = host.enter(room, "ada", "ben")
        to_sensors(seat, "show-partner", "keep")
        for who in ("ada", "ben"):
            seat.open(who)
            seat.beat(who)
            seat.of(wire.Ack)
        seat.ready()
        for phase in ("baseline", "practice", "settle"):
            seat.phase(phase)
            while not (isinstance(seat.heard[-1], wire.RoomMessage) and seat.heard[-1].phase != phase):
                seat.say(wire.Skip())
                seat.of(wire.RoomMessage)
        for who in ("ada", "ben"):
            seat.say(wire.WordsMessage(who, "x"))
        report = seat.until(lambda m: isinstance(m, wire.Report) and m.state != "working")
        assert (report.state, report.reason, report.facts) == ("none", code, facts)
        answer = host.get(f"/api/sessions/{room}/report")
        assert (answer.status_code, answer.json()["reason"]) == (404, code)
        assert host.get(f"/api/sessions/{room}").json()["why_no_report"]["reason"] == code
        again = host.post(f"/api/sessions/{room}/report", {})
        assert (again.status_code, again.json()["reason"]) == (429, "request.busy"), "not any number of times"
        served.registry._reported_at.clear()
        assert host.post(f"/api/sessions/{room}/report", {}).status_code == 202
        seat.until(lambda m: isinstance(m, wire.Report) and m.state != "working")
    assert "private words" not in capfd.readouterr().err


def test_a_report_leaves_no_file(tmp_path):
    """Page and result come back as bytes; what lay on the disk for it was in the store's own folder."""
    assert "tempfile" not in vars(reporting)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("ada.csv", "ada.csv"),
        ("a\x00b.csv", "ab.csv"),
        ("a" * 300 + ".csv", "a" * 120 + ".csv"),
        ("..", "recording"),
        ("", "recording"),
        ("<img>.csv", "img.csv"),
        ("..\\..\\x.csv", "x.csv"),
        (".csv", "recording.csv"),
        ("\u202ea.csv", "a.csv"),
        ("张三.csv", "张三.csv"),
    ],
)
def test_the_name_of_a_file_that_is_brought_in_is_safe_on_every_system(name, safe):
    assert safe_name(name) == safe


@pytest.mark.parametrize(
    ("name", "raw"), [("a.csv", b"t\n1.0\n2.0\n3.0\n"), ("b.csv", b"\x00\x01\x02"), ("c.zip", b"no zip at all")]
)
def test_no_path_of_this_computer_is_told_to_a_page(tmp_path, name, raw):
    (tmp_path / "raw").write_bytes(raw)
    with pytest.raises(CoregulationError) as caught:
        read_recording(tmp_path, name, {})
    assert str(tmp_path) not in str(caught.value)


@pytest.mark.parametrize(
    "path", ["../../secret.csv", "/etc/passwd", "\\\\\\\\host\\\\share", "C:\\\\x.csv", "sub/../../x"]
)
@pytest.mark.parametrize("key", ["path", "corrections"])
def test_a_session_that_is_brought_in_reads_nothing_outside_its_folder(tmp_path, key, path):
    files = {"path": "a.csv"} | {key: path}
    lines = [f'{name} = "{value}"' for name, value in files.items()]
    manifest = tmp_path / "session.toml"
    manifest.write_text(
        "\n".join(['schema = "coregulation.session/1"', "[[person]]", 'id = "a"', "[[person.file]]", *lines])
    )
    with pytest.raises(DataError, match="outside its own folder"):
        refuse_outside(manifest)
    manifest.write_text(
        '[[person]]\nid = "a"\n[[person.file]]\npath = "sub/a..csv"\n[[mark]]\nlabel = "../not a path"\n'
    )
    refuse_outside(manifest)


@pytest.mark.parametrize("name", ["con.csv", "AUX.csv", "nul", "com1.txt"])
def test_names_that_a_system_reserves_are_changed(name):
    assert safe_name(name).split(".")[0].lower() not in ("con", "aux", "nul", "com1")
