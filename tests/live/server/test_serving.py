"""The command: ports, folders, certificates; quick to start, and an end that loses nothing."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from coregulation.cli import live as command
from coregulation.cli import main
from coregulation.errors import DataError, UsageError
from coregulation.live.room import wire
from coregulation.live.room.access import TOKEN_AGAIN
from coregulation.live.server import serving
from coregulation.live.server.serving import is_loopback, listen
from coregulation.store import Store
from tests.live.served import Browser, close_all, to_sensors
from tests.paths import ROOT

SRC = ROOT / "src"


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Process:
    """`coregulation live` as a process of its own."""

    def __init__(self, folder, port):
        call = [
            sys.executable,
            "-m",
            "coregulation",
            "live",
            "--no-browser",
            "--port",
            str(port),
            "--store",
            str(folder),
        ]
        env = {**os.environ, "PYTHONPATH": str(SRC), "PYTHONUNBUFFERED": "1"}
        self.began = time.monotonic()
        self.process = subprocess.Popen(call, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=env)
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert "token=" in line, line + self.process.stdout.read()
        self.base, self.token = line.split()[1].split("/#token=")
        self._wait()

    def _wait(self):
        port = int(self.base.rsplit(":", 1)[1])
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                assert time.monotonic() - self.began < 90
                time.sleep(0.02)
        self.ready = time.monotonic() - self.began

    def end(self, how):
        self.process.send_signal(how)
        self.process.wait(60)
        self.process.stdout.close()
        close_all(self.base)


def played(process, count, pause=0.0):
    """A session until some packets are acknowledged; returns the browser, the room, and the last acknowledged number."""
    host = Browser(process.base)
    assert host.post("/api/enter", {"token": process.token}).status_code == 204
    name = host.room()
    seat = host.enter(name, "ada", "ben")
    to_sensors(seat)
    seat.open("ada")
    for _ in range(count):
        seat.beat("ada")
    time.sleep(pause)
    return host, name, seat


def kill_in_mid_session(folder, seed):
    process = Process(folder, free_port())
    host, name, seat = played(process, 40)
    rng = random.Random(seed)
    last = -1
    until = rng.randrange(1, 40)
    while last < until:
        last = seat.of(wire.Ack).seq
    cookies = dict(host.http.cookies)
    process.end(signal.SIGKILL)
    store = Store(folder)
    (stream,) = store.streams(name)
    assert store.last_seq(stream.id) >= last, "an acknowledged piece was lost"
    assert store.damage() is None
    store.close()
    return process, name, cookies, last


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_server_killed_in_mid_session_goes_on_where_it_was(tmp_path):
    before, name, cookies, last = kill_in_mid_session(tmp_path, 1)
    port = int(before.base.rsplit(":", 1)[1])
    again = Process(tmp_path, port)
    host = Browser(again.base)
    host.http.cookies.update(cookies)
    deadline = time.monotonic() + 90
    while name not in [one["room"] for one in host.get("/api/rooms").json()]:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    seat = host.enter(name, "ada", "ben")
    assert seat.of(wire.Welcome).streams["hr-ada"] >= last
    assert seat.phase("sensors").seats[0].consented
    again.end(signal.SIGINT)
    assert again.process.returncode in (0, 130)


@pytest.mark.nightly
@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("seed", range(50))
def test_fifty_servers_killed(tmp_path, seed):
    kill_in_mid_session(tmp_path, seed)


def test_a_port_that_is_taken_says_what_to_do(tmp_path, capsys):
    port = free_port()
    taken = listen("127.0.0.1", port)
    assert main(["live", "--no-browser", "--port", str(port), "--store", str(tmp_path)]) == 2
    assert "--port" in capsys.readouterr().err
    taken.close()


def test_beyond_this_computer_only_with_tls(tmp_path, capsys):
    assert main(["live", "--no-browser", "--host", "192.168.1.20", "--store", str(tmp_path)]) == 2
    assert "--tls own" in capsys.readouterr().err
    assert [is_loopback(one) for one in ("127.0.0.1", "::1", "localhost", "192.168.1.20", "room.example")] == [True] * 3 + [False] * 2  # fmt: skip


@pytest.mark.parametrize("call", [["--port", "0"], ["--port", "70000"], ["--speed", "0"], ["--tls", "nowhere.pem"]])
def test_calls_that_cannot_be_meant(tmp_path, call):
    assert main(["live", "--no-browser", "--store", str(tmp_path), *(["--port", str(free_port())] if call[0] == "--tls" else []), *call]) == 2  # fmt: skip


def test_a_store_in_use_says_so(tmp_path, capsys):
    store = Store(tmp_path)
    assert main(["live", "--no-browser", "--port", str(free_port()), "--store", str(tmp_path)]) == 2
    assert "in use" in capsys.readouterr().err
    store.close()


@pytest.mark.parametrize(
    ("platform", "part"), [("linux", ".local"), ("darwin", "Application Support"), ("win32", "AppData")]
)
def test_each_system_has_its_folder(monkeypatch, platform, part):
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    monkeypatch.setattr(sys, "platform", platform)
    assert part in str(command.usual_folder())
    assert command.usual_folder().name == "coregulation"


def test_a_passphrase_comes_from_the_environment(monkeypatch):
    monkeypatch.setenv(command.PASSPHRASE, "x")
    assert command._passphrase(True) == "x"
    assert command._passphrase(False) is None
    monkeypatch.setenv(command.PASSPHRASE, "")
    with pytest.raises(UsageError, match="The passphrase is empty"):
        command._passphrase(True)


def test_a_certificate_of_ones_own_is_signed_by_ones_own_authority(tmp_path):
    from cryptography import x509

    from coregulation.live.server.certificates import own

    said = []
    leaf, key = own(tmp_path, "192.168.1.20", said.append)
    root = x509.load_pem_x509_certificate((tmp_path / "coregulation-ca.crt").read_bytes())
    one = x509.load_pem_x509_certificate(leaf.read_bytes())
    one.verify_directly_issued_by(root)
    names = one.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert "192.168.1.20" in [str(name) for name in names.get_values_for_type(x509.IPAddress)]
    assert "iPhone" in said[0]
    if os.name == "posix":
        assert key.stat().st_mode & 0o077 == 0
    again, _ = own(tmp_path, "10.1.2.3", said.append)
    x509.load_pem_x509_certificate(again.read_bytes()).verify_directly_issued_by(root)


def test_the_page_that_leads_in_belongs_to_its_owner(tmp_path):
    (tmp_path / "open.html").write_text("old")
    path = serving.redirect_file(tmp_path, "http://127.0.0.1:1/#token=a&b")
    assert path.stat().st_mode & 0o777 == 0o600
    assert 'url=http://127.0.0.1:1/#token=a&amp;b"' in path.read_text()


def test_an_authority_signs_for_private_networks_alone_and_is_renewed(tmp_path, monkeypatch):
    from cryptography import x509

    from coregulation.live.server import certificates

    root = tmp_path / "coregulation-ca.crt"
    leaf, _ = certificates.own(tmp_path, "192.168.1.20", lambda _: None)
    first = x509.load_pem_x509_certificate(root.read_bytes())
    constraints = first.extensions.get_extension_for_class(x509.NameConstraints)
    assert constraints.critical
    permitted = [str(one.value) for one in constraints.value.permitted_subtrees]
    assert {"localhost", "192.168.0.0/16", "127.0.0.0/8"} <= {*permitted}
    assert not any(one.endswith(("example", "0.0.0.0/0")) for one in permitted)
    for path in (root, leaf):
        x509.load_pem_x509_certificate(path.read_bytes()).extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    one = x509.load_pem_x509_certificate(leaf.read_bytes())
    assert one.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value.key_identifier == (
        first.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    )
    certificates.own(tmp_path, "10.0.0.7", lambda _: None)
    assert x509.load_pem_x509_certificate(root.read_bytes()) == first, "it serves every private address"
    certificates.own(tmp_path, "room.example", lambda _: None)
    second = x509.load_pem_x509_certificate(root.read_bytes())
    assert second != first, "of another name another authority"
    (tmp_path / "coregulation-ca.key").chmod(0o644)
    certificates.own(tmp_path, "room.example", lambda _: None)
    assert (tmp_path / "coregulation-ca.key").stat().st_mode & 0o777 == 0o600
    monkeypatch.setattr(certificates, "RENEW", certificates.YEARS * 365 + 1)
    certificates.own(tmp_path, "room.example", lambda _: None)
    assert x509.load_pem_x509_certificate(root.read_bytes()) != second


def test_pythons_strict_check_takes_the_certificate(tmp_path):
    import ssl

    from coregulation.live.server.certificates import own

    leaf, key = own(tmp_path, "localhost", lambda _: None)
    there = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    there.load_cert_chain(leaf, key)
    here = ssl.create_default_context(cafile=tmp_path / "coregulation-ca.crt")
    here.verify_flags |= ssl.VERIFY_X509_STRICT
    ours, theirs = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = here.wrap_bio(ours, theirs, server_hostname="localhost")
    server = there.wrap_bio(theirs, ours, server_side=True)
    for _ in range(4):
        for one in (client, server):
            with contextlib.suppress(ssl.SSLWantReadError):
                one.do_handshake()
    assert client.version() in ("TLSv1.2", "TLSv1.3")


@pytest.mark.parametrize("part", ["coregulation-ca.key", "coregulation-ca.crt"])
def test_a_damaged_authority_is_told(tmp_path, part):
    from coregulation.live.server.certificates import own

    own(tmp_path, "localhost", lambda _: None)
    (tmp_path / part).write_bytes(b"garbage")
    with pytest.raises(DataError, match="damaged"):
        own(tmp_path, "localhost", lambda _: None)


def test_a_name_means_one_address_and_nothing_else_is_listened_at(monkeypatch):
    one = listen("localhost", 0)
    assert one.getsockname()[0] in ("127.0.0.1", "::1")
    one.close()
    asked = []
    monkeypatch.setattr(
        serving, "listen", lambda host, port: asked.append(host) or (_ for _ in ()).throw(UsageError("x"))
    )
    with pytest.raises(UsageError):
        serving.run_server(serving.ServeOptions(None, 1, "room.example", ["own"]), print)
    assert asked == ["room.example"]
    monkeypatch.undo()
    with pytest.raises(UsageError, match="not known on this network"):
        listen("no-such-name.invalid", 0)


def test_nothing_heavy_is_loaded_before_the_first_session():
    code = (
        "import sys, coregulation.live.server.serving, coregulation.live.server, uvicorn; "
        "print([name for name in ('numpy', 'scipy', 'numba', 'matplotlib', 'bleak', 'pylsl') if name in sys.modules])"
    )
    env = {**os.environ, "PYTHONPATH": str(SRC)}
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, check=True)
    assert told.stdout.strip() == "[]"


class Served:
    """In place of a server that would run until it is stopped by hand."""

    def __init__(self):
        self.sockets, self.files = [], None

    def __call__(self, app, files=None):
        self.app, self.files = app, files
        return self

    def run(self, sockets):
        self.sockets = sockets


@pytest.fixture
def served_by(monkeypatch):
    one, before = Served(), sys.getswitchinterval()
    monkeypatch.setattr(serving, "server", one)
    yield one
    sys.setswitchinterval(before)


def test_serving_says_where_and_opens_the_browser_there(tmp_path, monkeypatch, served_by):
    said, opened, came = [], [], threading.Event()
    monkeypatch.setattr(serving.webbrowser, "open", lambda address: (opened.append(address), came.set()))
    port = free_port()
    serving.run_server(serving.ServeOptions(tmp_path, port), said.append)
    assert came.wait(30)
    token = said[0].split("#token=")[1].split()[0]
    assert token not in opened[0], "an address in the call of a browser is read by every user of the computer"
    assert opened[0] == (tmp_path / "open.html").resolve().as_uri()
    assert f"http://127.0.0.1:{port}/#token={token}" in said[0]
    assert not (tmp_path / "open.html").exists(), "it is gone at the end"
    assert str(tmp_path) in said[1]
    registry = served_by.app._app.state.registry
    registry.access._token_used = registry.access._clock() - TOKEN_AGAIN - 1
    assert registry.access.enter(token, None, "127.0.0.1", local=True) is None
    fresh = said[2].split("#token=")[1].split()[0]
    assert registry.access.enter(fresh) is not None, (
        "whoever opens the old address finds a new one where the program runs"
    )
    assert served_by.sockets[0].fileno() == -1, "the socket is closed in the end"
    served_by.app._app.state.registry.writer.close()
    served_by.app._app.state.registry.store.close()


def test_core_files_are_forbidden_before_the_store_is_opened(tmp_path, monkeypatch):
    done = []
    monkeypatch.setattr(serving, "forbid_core_dumps", lambda: done.append("forbidden"))
    monkeypatch.setattr(serving, "_serve", lambda *_: done.append("opened"))
    serving.run_server(serving.ServeOptions(tmp_path, free_port(), browser=False), print)
    assert done == ["forbidden", "opened"]


@pytest.mark.skipif(sys.platform != "linux", reason="the limits of a process are read from /proc")
def test_a_program_that_runs_writes_no_core_file(tmp_path):
    process = Process(tmp_path, free_port())
    limits = Path(f"/proc/{process.process.pid}/limits").read_text()
    process.end(signal.SIGINT)
    assert re.search(r"Max core file size +0 +0 ", limits)


def test_given_certificates_are_used_and_missing_ones_are_told(tmp_path, served_by):
    files = [tmp_path / "a.pem", tmp_path / "a.key"]
    how = serving.ServeOptions(tmp_path / "s", free_port(), "localhost", [str(one) for one in files], browser=False)
    with pytest.raises(UsageError, match="two files"):
        serving.run_server(how, print)
    for one in files:
        one.write_text("x")
    said = []
    serving.run_server(how, said.append)
    assert served_by.files == tuple(files)
    assert "https://localhost" in said[0]
    registry = served_by.app._app.state.registry
    assert registry.secure
    registry.writer.close()
    registry.store.close()


def test_an_address_that_is_not_this_computers_says_so():
    with pytest.raises(UsageError, match="cannot listen at"):
        listen("192.0.2.1", free_port())


def test_a_server_is_made_with_everything_set_outright():
    one = serving.server(object(), None)
    assert one.config.ws_max_size == 2 * wire.MAX_MESSAGE
    assert not one.config.proxy_headers
    assert not any((one.config.server_header, one.config.date_header, one.config.access_log))
    assert one.config.ws == "websockets-sansio"


def test_small_messages_are_sent_at_once():
    """Else the second of two, such as an acknowledgement after a beat, waits 40 ms for the first to be confirmed."""
    listening = listen("127.0.0.1", 0)
    found = []

    async def asked():
        async def come(_, writer):
            found.append(writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        server = await asyncio.start_server(come, sock=listening)
        reader, writer = await asyncio.open_connection(*listening.getsockname())
        await reader.read()
        writer.close()
        server.close()

    asyncio.run(asked())
    assert found[0]
