"""The recommended comparison from the first page to its report, in a real browser with two emulated straps.

The hearts follow the simulator: a task stirs Ada, and Ben's being there damps or does not. The program and the page run some
times faster than a clock.
"""

from __future__ import annotations

import pytest

from coregulation.live.sources.following import INDEPENDENT, STEADYING
from tests.live.pages.comparing import Comparing
from tests.live.pages.program import Program
from tests.live.pages.walking import Walk

STEADY = 10.0
TAPS = {"apart": "We are apart", "together": "We are together"}


@pytest.fixture
def walked(browser, tmp_path, request):
    program = Program(tmp_path / "store", getattr(request, "param", STEADY)).start()
    one = Comparing(browser, program)
    yield one
    one.close()
    said = program.stop()
    assert one.errors == []
    assert "Traceback" not in said


def finished(walk, pair, seed, answer, meanwhile=lambda: None):
    """Walk to the end of the comparison and return its result."""
    walk.compare()
    walk.follow(pair, seed)
    walk.ready()
    walk.until_phase("practice")
    walk.through(answer, meanwhile)
    walk.no_words()
    walk.until_phase("report")
    return walk.result()


def answers(result):
    return {direction["to"]: direction["answer"] for direction in (result["regulation"] or {}).get("directions", [])}


def test_a_pair_in_which_one_steadies_the_other_is_told_so(walked):
    """Each screen says who goes where; apart, only the one at the screen is on it."""
    seen = []

    def look():
        part = walked.step
        if part["role"] == "task" and part["setting"] not in [one for one, _ in seen]:
            walked.page.locator("pair-view .person").first.wait_for()
            seen.append((part["setting"], walked.page.locator("pair-view .person").count()))

    result = finished(walked, STEADYING, 1, lambda part: TAPS[part["setting"]], look)
    (verdict,) = result["verdicts"]
    assert (verdict["kind"], verdict["from"], verdict["to"]) == ("lent-regulation", "Ben", "Ada")
    assert sorted(seen) == [("apart", 1), ("together", 2)]
    blocks = [block["kind"] for block in walked.get(f"/api/sessions/{walked.room}")[1]["blocks"]]
    assert [blocks.count(kind) for kind in ("perturb-alone", "perturb-together")] == [3, 3]


@pytest.mark.nightly
def test_a_pair_in_which_each_settles_alone_as_soon_is_not(walked):
    result = finished(walked, INDEPENDENT, 2, lambda part: TAPS[part["setting"]])
    assert result["verdicts"][0]["kind"] != "lent-regulation"
    assert answers(result).get("Ada") != "sooner"


@pytest.mark.nightly
def test_where_nobody_follows_the_cues_it_cannot_be_told(walked):
    result = finished(walked, STEADYING, 1, "We stay as we are")
    assert result["verdicts"][0]["kind"] in ("cannot-tell", "linked-steadying-unknown")
    blocks = {block["kind"] for block in walked.get(f"/api/sessions/{walked.room}")[1]["blocks"]}
    assert not blocks & {"alone-rest", "perturb-alone", "perturb-together", "recover-alone", "recover-together"}


def test_a_simulated_comparison_runs_ten_times_as_fast_and_shows_steadying(browser, tmp_path):
    """With taps alone, from the first page: nobody is measured, and the report says who steadies whom."""
    program = Program(tmp_path / "store", 1.0).start()
    walk = Walk(browser, program)
    walk.page.click("text=A simulated comparison")
    for phase in ("arrive", "consent", "sensors"):
        walk.until_phase(phase)
        walk.page.locator("button.strong", has_text="Go on").click()
    walk.until_phase("practice")
    while walk.phase == "practice":
        tap = walk.page.locator(".cue .ready button.strong")
        if tap.count():
            tap.click()
        walk.page.wait_for_timeout(250)
    walk.until_phase("words")
    walk.page.click("text=Go on")
    walk.until_phase("report")
    (verdict,) = walk.result()["verdicts"]
    assert (verdict["kind"], verdict["to"]) == ("lent-regulation", "Ada")
    walk.page.locator(".minutes polyline").first.wait_for()
    walk.close()
    assert "Traceback" not in program.stop()
    assert walk.errors == []
