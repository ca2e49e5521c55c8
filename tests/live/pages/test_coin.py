"""The coin's screens: the giver's cue, the receiver's silence, the consent of each, and where a coin is offered."""

from __future__ import annotations

import json

import pytest

from coregulation.live.room import wire
from tests.live.pages.pretend import MINUTES, room, seat, state
from tests.live.pages.test_pages import opened, usual  # noqa: F401  (fixtures)
from tests.live.pages.waiting import until

VIEW = wire.CoinView("ada", "ben", "5f" * 32, True)
STEP = wire.Step("as-it-is", "hour", 1, 1, "Whatever you would do anyway.", 230.0, 3600.0)
SCREENS = [{}, {"viewport": {"width": 390, "height": 844}}]


def going(page, pretended, person, **changes):
    """Show the ordinary time to one person's own screen."""
    alone = {"rooms": {"r1": {"role": "participant", "people": [person]}}, "names": {"ada": "Ada", "ben": "Ben"}}
    page.evaluate("(prefs) => localStorage.setItem('coregulation.prefs', JSON.stringify(prefs))", alone)
    page.reload()
    pretended.send(room("practice", practice="as-it-is", coin=VIEW, **changes))
    page.wait_for_selector(".coin .small")


@pytest.mark.parametrize("how", SCREENS, ids=["desk", "phone"])
def test_the_giver_gets_a_quiet_line_and_may_let_it_pass(opened, how):  # noqa: F811
    page, pretended = opened("room", (room("practice", practice="as-it-is", coin=VIEW), STEP, state()), **how)
    going(page, pretended, "ada")
    assert page.locator(".coin-cue").inner_text() == ""
    pretended.send(wire.CoinCue("ada", pretended.t + 30))
    page.get_by_text("Perhaps a little slower now").first.wait_for()
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    page.click("text=Not now")
    until(page, lambda: pretended.sent("not-now") == [{"type": "not-now", "person": "ada"}])
    assert page.locator(".coin-cue").inner_text() == ""


def test_a_cue_goes_when_its_time_is_up_or_the_coin_ends(opened):  # noqa: F811
    page, pretended = opened("room", (room("practice", practice="as-it-is", coin=VIEW), STEP, state()))
    going(page, pretended, "ada")
    pretended.send(wire.CoinCue("ada", pretended.t + 1))
    page.locator(".coin-cue button").wait_for()
    page.locator(".coin-cue button").wait_for(state="detached")
    pretended.send(wire.CoinCue("ada", pretended.t + 30))
    page.locator(".coin-cue button").wait_for()
    pretended.send(room("practice", practice="as-it-is", coin=wire.CoinView("ada", "ben", "5f" * 32, False)))
    page.locator(".coin-cue button").wait_for(state="detached")


def test_the_receiver_reads_what_they_agreed_to_and_has_no_button(opened):  # noqa: F811
    page, pretended = opened("room", (room("practice", practice="as-it-is", coin=VIEW), STEP, state()))
    going(page, pretended, "ben")
    assert "Nothing of it is shown here" in page.locator(".coin .small").inner_text()
    assert page.locator(".coin button").count() == 0


def test_each_agrees_to_the_coin_by_itself_beside_its_commitment(opened):  # noqa: F811
    seats = [seat("ada"), seat("ben")]
    page, pretended = opened("room", (room("consent", seats=seats, practice="as-it-is", coin=VIEW),))
    page.locator(".half").nth(1).wait_for()
    assert page.locator(".half code").first.inner_text() == "5f" * 32
    assert "let any cue pass" in page.locator(".half").nth(0).inner_text()
    assert "hidden from me" in page.locator(".half").nth(1).inner_text()
    half = page.locator(".half").nth(0)
    half.get_by_label("A coin may decide private cues").check()
    half.get_by_role("button").click()
    until(page, lambda: [one["purposes"] for one in pretended.sent("consent")] == [["coin"]])


def test_a_coin_is_offered_only_where_each_has_a_screen(opened):  # noqa: F811
    page, _ = opened("new")
    coin = page.get_by_label("Ordinary time with a coin")
    assert coin.count() == 0
    page.get_by_label("Each at a screen of their own").check()
    coin.check()
    page.get_by_text("Who may be cued?").wait_for()
    page.get_by_label("Both at this screen").check()
    assert coin.count() == 0


@pytest.mark.parametrize(
    ("flips", "so_far", "sentence"), [(9, 20, "7 more visits"), (0, 0, "three visits"), (9, 80, "coregulation coin")]
)
def test_afterwards_the_numbers_and_what_is_still_missing_are_read(opened, flips, so_far, sentence):  # noqa: F811
    outcome = {
        "giver": "ada", "receiver": "ben", "commitment": "5f" * 32, "seed": "aa" * 32, "flips": flips, "shown": 4, "skipped": 1,
        "over": None, "so_far": so_far, "planned": 80,
    }  # fmt: skip
    page, _ = opened("room", (room("report"), wire.Report(state="none")))
    body = json.dumps({**MINUTES, "coin": outcome})
    page.route("**/api/sessions/r1/minutes", lambda route: route.fulfill(content_type="application/json", body=body))
    page.reload()
    page.locator(".minutes .coin").wait_for()
    assert sentence in page.locator(".minutes .coin").inner_text()
