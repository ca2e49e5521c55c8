"""Whole sessions in a browser against the real program: two emulated straps, from consent to report, and what may go wrong.

The program runs some times faster than a clock, and the page's clock with it; everything else is as it ships.
"""

from __future__ import annotations

import base64
import io
import zipfile

import numpy as np
import pytest

from coregulation.files import open_session
from tests.live.pages.program import Program
from tests.live.pages.walking import Walk

SPEED = 20.0


@pytest.fixture
def program(tmp_path):
    one = Program(tmp_path / "store", SPEED).start()
    yield one
    one.stop()


@pytest.fixture
def walk(browser, program):
    one = Walk(browser, program)
    yield one
    one.close()
    assert one.errors == []
    hosts = {url.split("/")[2] for url in one.requests if not url.startswith(("data:", "blob:"))}
    assert hosts == {program.origin.split("/")[2]}  # nobody else was asked for anything


def to_practice(walk, linked, *, baseline=True):
    walk.arrive()
    walk.agree()
    walk.until_phase("sensors")
    walk.wear(linked)
    walk.ready()
    walk.until_phase("baseline")
    if not baseline:
        walk.page.click("text=Leave this out")
    walk.until_phase("practice")


def to_report(walk):
    walk.until_phase("settle")
    walk.until_phase("words")
    walk.no_words()
    walk.until_phase("report")
    return walk.result()


def gates(result):
    (verdict,) = result["verdicts"]
    return {gate["name"].split()[0]: gate for gate in verdict["gates"]}


def beats(walk, person, tmp_path):
    """The kept beats of a person, s, as anybody would open them."""
    packed = walk.page.evaluate(
        "async ([room, person]) => { const r = await fetch(`/api/sessions/${room}/export?person=${person}`); const b = new Uint8Array(await r.arrayBuffer()); let s = ''; for (const x of b) s += String.fromCharCode(x); return btoa(s); }",
        [walk.room, person],
    )
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(packed))) as archive:
        archive.extractall(tmp_path / person)
    (manifest,) = (tmp_path / person).rglob("session.toml")
    (kept,) = [one for one in open_session(manifest.parent).people if one.id == person]
    return kept


def times(kept):
    (signal,) = [one for name, one in kept.signals.items() if name in ("beats", "rr")]
    return np.asarray(signal.times)


def test_a_coupled_pair_without_a_pacer_is_found_beyond_chance(walk):
    to_practice(walk, linked=True)
    found = gates(to_report(walk))
    assert found["G0"]["state"] == "passed"
    assert found["G1"]["state"] == "passed"
    assert not any(message["type"] == "refused" for message in walk.messages)
    walk.page.wait_for_selector("iframe.report")
    frame = walk.page.frame_locator("iframe.report")
    frame.locator("text=moved together more than they would by chance").first.wait_for()


def test_an_independent_pair_is_not(walk):
    to_practice(walk, linked=False)
    assert gates(to_report(walk))["G1"]["state"] == "failed"


def test_without_alone_minutes_the_report_says_what_it_cannot_tell_and_what_would(walk):
    to_practice(walk, linked=True, baseline=False)
    steadying = gates(to_report(walk))["G4"]
    assert steadying["state"] == "cannot-tell"
    assert "alone" in steadying["why"]
    assert "apart" in steadying["settle"]
