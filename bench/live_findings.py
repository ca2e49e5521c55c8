"""The findings D1 to D25 on this code: two that need a whole server, and the tests that docs/live-security.md names for each.

    python -m bench.live_findings --kept build/live-findings.jsonl --seconds 480
    python -m bench.live_findings --kept build/live-findings.jsonl --table

D2 and D12 do what the scripts t16.py and t8.py of the review do, with the real command line in a process of its own; the other rows are the outcome of their tests.
Each row is kept with its commit, so that a run goes on where it stopped; `--table` writes docs/generated/live-findings.md from what is kept.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
from tests.live.served import Browser, Seated

from bench.live_load import memory
from bench.tables import machine, written
from coregulation.live.room import wire

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "live-security.md"
PORT = 18716
PATIENCE = 240.0  # s of one upload
_ROW = re.compile(r"^\| (D\d+|a clock[^|]*) \|.*\| ([^|]*) \|$", re.MULTILINE)
_NAMED = re.compile(r"`([\w/]+\.py(?:::\w+)?)`")
LINES = "\n".join(["rr", *(str(800 + i % 37) for i in range(600))])
MANIFEST = (
    'schema = "coregulation.session/1"\n[[person]]\nid="a"\n[[person.file]]\npath="a.csv"\nchannel="rr"\nunit="ms"\n'
)


class Program:
    """`coregulation live` in a process of its own, with the largest memory that it had since it was last asked."""

    def __init__(self, store: Path, *words: str, **environment: str) -> None:
        command = [sys.executable, "-m", "coregulation", "live", "--no-browser", "--store", str(store)]
        self.process = subprocess.Popen(
            [*command, "--port", str(PORT), *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **environment},
        )  # fmt: skip
        assert self.process.stdout is not None
        self.base, self.token = next(
            match.groups() for line in self.process.stdout if (match := re.search(r"Open (\S+)/#token=(\S+)", line))
        )
        self.peak = 0.0
        for work in (self._read, self._watch):
            threading.Thread(target=work, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for _ in self.process.stdout:
            pass

    def _watch(self) -> None:
        while self.process.poll() is None:
            with contextlib.suppress(OSError, ValueError, IndexError, StopIteration):
                self.peak = max(self.peak, memory(self.process.pid))
            time.sleep(0.02)

    def host(self) -> Browser:
        browser = Browser(self.base)
        browser.http.timeout = httpx.Timeout(PATIENCE)
        for _ in range(200):
            with contextlib.suppress(httpx.TransportError):
                assert browser.post("/api/enter", {"token": self.token}).status_code == 204
                return browser
            time.sleep(0.1)
        raise TimeoutError("the program did not begin")


@contextlib.contextmanager
def program(*words: str, **environment: str) -> Iterator[Program]:
    """Run the program on an empty store."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        running = Program(Path(folder) / "store", *words, **environment)
        try:
            yield running
        finally:
            running.process.terminate()
            try:
                running.process.wait(20)
            except subprocess.TimeoutExpired:
                running.process.kill()


def others_half() -> str:
    """D2: both agree to `keep` alone; one tries to take along what is the other's (t16.py)."""
    with program("--speed", "40", "--encrypted", COREGULATION_PASSPHRASE="correct horse") as running:
        host = running.host()
        room = host.room(screens="own", facilitator=True, source="simulated", baseline=120, settle=60, minutes=4)
        guide = host.enter(room, role="facilitator")
        guests = {who: _guest(running, host, room, who) for who in ("ada", "ben")}
        seats = {who: _seated(guide, guest, room, who) for who, guest in guests.items()}
        _played(seats)
        ben = guests["ben"]
        shared = any(isinstance(message, wire.Revealed) for message in seats["ben"].heard)
        answers = {
            "everything": ben.get(f"/api/sessions/{room}/export"),
            "ada's half": ben.get(f"/api/sessions/{room}/export?person=ada"),
            "report": ben.get(f"/api/sessions/{room}/report"),
            "result": ben.get(f"/api/sessions/{room}/result"),
        }
        own = zipfile.ZipFile(io.BytesIO(ben.get(f"/api/sessions/{room}/export?person=ben").content))
        text = b"".join(own.read(name) for name in own.namelist()) + b"".join(one.content for one in answers.values())
        beats = sum(len(own.read(name).splitlines()) - 1 for name in own.namelist() if name.endswith("beats.csv"))
    codes = ", ".join(f"{name} {answer.status_code}" for name, answer in answers.items())
    private = [word for word in (b"safe-with-ben", b"private-words-of-ada") if word in text]
    return (
        f"t16: Ben is answered {codes}; his half has {beats} beats of his own; Ada's private words and rating in what he got: "
        f"{len(private)}; revealed on the screen: {'yes' if shared else 'no'}"
    )


def _guest(running: Program, host: Browser, room: str, who: str) -> Browser:
    guest = Browser(running.base)
    told = {"role": "participant", "people": [who]}
    code = host.post(f"/api/rooms/{room}/invitations", told).json()["code"]
    assert guest.post("/api/join", {"code": code}).status_code < 300
    return guest


def _seated(guide: Seated, guest: Browser, room: str, who: str) -> Seated:
    seat = guest.enter(room, who)
    asking = guide.until(
        lambda one: isinstance(one, wire.RoomMessage) and any(who in waiting.people for waiting in one.waiting)
    )
    guide.say(wire.Admit(asking.waiting[-1].ticket))
    return seat


def _played(seats: Mapping[str, Seated]) -> None:
    """From the door to the report; Ada's words are private, Ben's may be shown."""
    for phase, act in (("arrive", None), ("consent", "keep"), ("sensors", None)):
        for seat in seats.values():
            seat.phase(phase)  # type: ignore[arg-type]
        for seat in seats.values():
            if act:
                seat.consent("keep")
            seat.ready()
    for who, seat in seats.items():
        seat.phase("words", 300.0)
        ratings = {"calm": 3.0, "safe-with-ben": 1.0} if who == "ada" else {"calm": 5.0}
        seat.say(wire.WordsMessage(who, f"private-words-of-{who}", ratings, share=who == "ben"))
    seats["ben"].until(lambda one: isinstance(one, wire.Report) and one.state != "working", 300.0)


def packed(**files: str | bytes) -> bytes:
    """Return a zip with files, whose names are written with __ for a dot."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return out.getvalue()


def uploads() -> Iterator[tuple[str, str, bytes]]:
    """Yield what t8.py sends: what it is, the query, the body."""
    rr = LINES.encode()
    yield "a table", "name=a.csv&channel=rr&unit=ms", rr
    for name in ("..%2f..%2fPWNED.csv", "a%00b.csv", "a" * 300 + ".csv", "..", "", "%3Cimg%20src=x%3E.csv"):
        yield f"the name `{name[:24]}`", f"name={name}&channel=rr&unit=ms", rr
    for name in ("../../../PWNED.txt", "/tmp/PWNED.txt", "..\\..\\PWNED.txt", "C:/PWNED.txt"):
        yield f"a zip with `{name}`", "name=a.zip", packed(**{name: "x", "a__csv": rr})
    yield "a zip of 3,000 files", "name=a.zip", packed(**{f"{i}__csv": "x" for i in range(3000)})
    yield "a zip of 600 MB", "name=a.zip", packed(a__csv=b"0\n" * (300 << 20))
    lies = packed(a__csv=b"1\n" * (100 << 20))
    yield "a zip that says 10 bytes", "name=a.zip", lies.replace((200 << 20).to_bytes(4, "little"), b"\x0a\0\0\0")
    yield "2 GB of gzip", "name=a.csv.gz", gzip.compress(bytes(64 << 20)) * 32
    yield "a zip that is cut off", "name=a.zip", lies[:1000]
    yield "nothing", "name=a.csv", b""
    yield "64 MB and 1", "name=a.csv", b"1\n" * (32 << 20) + b"1"
    yield "TOML, 100,000 deep", "name=a.zip", packed(session__toml="a=" + "[" * 100000 + "]" * 100000, a__csv=rr)
    yield (
        "TOML, 300,000 tables",
        "name=a.zip",
        packed(session__toml="\n".join(f"[a{i}.b.c.d]" for i in range(300000)) + MANIFEST),
    )
    yield "TOML, a key of 50,000 parts", "name=a.zip", packed(session__toml=".".join(["a"] * 50000) + "=1\n" + MANIFEST)
    yield (
        "TOML, a number of 5,000 digits",
        "name=a.zip",
        packed(session__toml=f"{MANIFEST}skip_lines={'9' * 5000}", a__csv=rr),
    )
    rate = MANIFEST.replace('"rr"\nunit="ms"', '"resp"\nrate=1e308')
    yield "a rate of 1e308", "name=a.zip", packed(session__toml=rate, a__csv=rr)
    yield "a rate of 1e-9", "name=a.zip", packed(session__toml=rate.replace("1e308", "1e-9"), a__csv=rr)
    yield "intervals of 1e300", "name=a.zip", packed(session__toml=MANIFEST, a__csv="rr\n" + "\n".join(["1e300"] * 600))
    yield "a path outside", "name=a.zip", packed(session__toml=MANIFEST.replace('"a.csv"', '"../../../../etc/passwd"'))
    yield "a zip of .5 MB, 511 MB unpacked", "name=a.zip", packed(a__csv=b"0\n" * (255 << 20))


def files_from_others() -> str:
    """D12: what a host may bring in (t8.py); each is answered, and the server's memory stays small."""
    codes: dict[int | str, int] = {}
    slowest, worst = (0.0, ""), 0.0
    with program() as running:
        host = running.host()
        for what, query, body in uploads():
            began = time.monotonic()
            try:
                code: int | str = host.http.post(f"/api/import?{query}", content=body).status_code
            except httpx.HTTPError as error:
                code = type(error).__name__
            codes[code] = codes.get(code, 0) + 1
            slowest = max(slowest, (time.monotonic() - began, what))
            sys.stderr.write(f"{what}: {code}, {time.monotonic() - began:.1f} s, {running.peak:.0f} MB\n")
        worst, alive = running.peak, running.process.poll() is None
    told = ", ".join(f"{count} × {code}" for code, count in sorted(codes.items(), key=str))
    return (
        f"t8: {sum(codes.values())} uploads are answered {told}; the slowest ({slowest[1]}) after {slowest[0]:.0f} s; the server had at most "
        f"{worst:.0f} MB and {'is alive' if alive else 'ended'}"
    )


PROBES = {"D2": others_half, "D12": files_from_others}


def named_tests() -> dict[str, list[str]]:
    """Return the tests that the page names for each finding."""
    text = PAGE.read_text(encoding="utf-8")
    return {row[1]: _NAMED.findall(row[2]) for row in _ROW.finditer(text[text.index("## Before and after") :])}


def outcomes(tests: list[str]) -> str:
    """Run tests and say how many passed."""
    if not tests:
        return "none named"
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-n",
        "0",
        "-m",
        "not nightly",
        *(f"tests/{test}" for test in tests),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    counts = re.findall(r"(\d+) (passed|failed|error|skipped)", done.stdout.splitlines()[-1])
    return ", ".join(f"{count} {word}" for count, word in counts) or "did not run"


def kept(path: Path) -> dict[str, dict[str, str]]:
    """Return the last row of each finding."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return {line["finding"]: line for line in map(json.loads, lines)}


def run(only: list[str], path: Path, seconds: float) -> None:
    """Measure what is not kept yet, until the time is over; what was asked for by name is measured anew."""
    done = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=True)
    end, before = time.monotonic() + seconds, kept(path)
    for finding, tests in named_tests().items():
        if time.monotonic() > end:
            return
        if finding in only or (not only and finding not in before):
            measured = PROBES[finding]() if finding in PROBES else "by its tests"
            line = {"finding": finding, "measured": measured, "tests": outcomes(tests), "commit": done.stdout.strip()}
            with path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()


def table(path: Path) -> Iterator[str]:
    """Yield the lines of the table."""
    yield "| finding | measured now | its tests | commit |"
    yield "|---|---|---|---|"
    rows = kept(path)
    for finding in named_tests():
        row = rows.get(finding, {"measured": "not yet", "tests": "not yet", "commit": ""})
        yield f"| {finding} | {row['measured']} | {row['tests']} | {row['commit']} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("findings", nargs="*", metavar="D", help="only these")
    parser.add_argument("--kept", type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    parser.add_argument("--table", action="store_true")
    args = parser.parse_args()
    if args.table:
        written("live-findings", "python -m bench.live_findings --table --kept FILE", table(args.kept), machine())
    else:
        run(args.findings, args.kept, args.seconds)


if __name__ == "__main__":
    main()
