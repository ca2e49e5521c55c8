"""A place whose device is away is freed by whoever guides, in mid-session, and its person comes in with another one."""

from __future__ import annotations

import pytest

from tests.live.pages.program import Program
from tests.live.pages.test_session import Screen


@pytest.fixture
def program(tmp_path):
    one = Program(tmp_path / "store", 4.0).start()
    yield one
    assert "Traceback" not in one.stop()


@pytest.fixture
def screens(browser, program):
    some = [Screen(browser, program) for _ in range(4)]
    yield some
    for one in some:
        one.context.close()
        assert one.errors == []


def invited(guide, program, name, one, button):
    """Come in with the code that a button of the guide's page shows."""
    before = guide.page.locator("code", has_text="#invite=")
    old = before.inner_text() if before.count() else ""
    guide.page.click(button)
    guide.page.wait_for_function(
        "(old) => [...document.querySelectorAll('code')].some((one) => one.textContent.includes('#invite=') && one.textContent !== old)",
        arg=old,
    )
    one.page.goto(guide.page.locator("code", has_text="#invite=").inner_text())
    guide.page.wait_for_selector(f"text={name} would like to come in")
    guide.page.click("text=Let in")


def test_a_seat_is_freed_in_mid_session_for_another_device(screens, program):
    guide, ada, ben, again = screens
    guide.page.goto(program.address)
    guide.page.wait_for_selector("text=Two people, a quiet minute")
    guide.page.goto(f"{program.origin}/#/new")
    guide.page.get_by_label("Left: a name").fill("Ada")
    guide.page.get_by_label("Right: a name").fill("Ben")
    guide.page.get_by_label("I accompany two others").check()
    guide.page.get_by_label("A practice together").check()
    guide.page.click("text=Begin")
    guide.phase("arrive")
    for name, one in (("Ada", ada), ("Ben", ben)):
        invited(guide, program, name, one, f"text=A code for {name}")
        one.phase("arrive")
        one.page.locator("button", has_text="I am here").click()
    for one in (ada, ben):
        one.phase("consent")
        one.page.locator(".half button").click()
    guide.phase("sensors")
    free = guide.page.locator("button", has_text="Ben comes with another device")
    assert free.count() == 0, "nobody is away"
    ben.context.close()
    free.wait_for()
    assert ada.page.locator(".away button").count() == 0, "only whoever guides may free a place"
    invited(guide, program, "Ben", again, "text=Ben comes with another device")
    again.phase("sensors")
    free.wait_for(state="detached")
    assert guide.page.locator("code", has_text="#invite=").count() == 0, "the code is gone with its use"
    again.page.click(".ready button")
    ada.page.click(".ready button")
    guide.phase("baseline")
    again.phase("baseline")
