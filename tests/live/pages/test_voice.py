"""Words that are read aloud: by a voice of this computer only, where somebody asked for it, and silent at once."""

from __future__ import annotations

import pytest

from tests.live.pages.pretend import room, step
from tests.live.pages.test_modules import TAP
from tests.live.pages.test_pages import opened as opened
from tests.live.pages.test_pages import phase
from tests.live.pages.test_pages import usual as usual

VOICES = """(() => {
  window.said = [];
  const voice = (name, lang, localService, own = false) => ({ name, lang, localService, default: own });
  window.voices = [voice('far', 'en-US', false, true), voice('near', 'en-GB', true)];
  Object.defineProperty(window, 'speechSynthesis', { value: {
    getVoices: () => window.voices, speak: (one) => window.said.push([one.voice.name, one.text, one.volume]), cancel: () => window.said.push('hush'),
  } });
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
})();"""


@pytest.fixture
def spoken(opened):
    page, pretended = phase(opened, "practice")
    page.evaluate(VOICES)
    pretended.send(room("practice", number=2))
    pretended.send(step(number=1))
    page.wait_for_selector(".controls >> text=Reading voice on")
    return page, pretended


def said(page):
    return [one for one in page.evaluate("window.said") if one != "hush"]


def test_nothing_is_read_until_somebody_asks_and_then_by_a_voice_of_this_computer(spoken):
    page, pretended = spoken
    pretended.send(step(number=2))
    page.wait_for_timeout(200)
    assert said(page) == []
    page.click(".controls >> text=Reading voice on")
    page.wait_for_function("() => window.said.some((one) => one !== 'hush')")
    (first,) = said(page)
    assert first[0] == "near"
    pretended.send(step(number=1))
    page.wait_for_function("() => window.said.filter((one) => one !== 'hush').length === 2")
    assert said(page)[1][1] == " ".join(step(number=1).say.split("\n"))


def test_escape_silences_it_at_once(spoken):
    page, _ = spoken
    page.click(".controls >> text=Reading voice on")
    page.evaluate("() => { window.said.length = 0; }")
    page.keyboard.press("Escape")
    assert page.evaluate("window.said").count("hush") >= 1
    assert said(page) == []


def test_a_browser_whose_voices_send_words_away_offers_none(opened):
    page, pretended = phase(opened, "practice")
    page.evaluate(VOICES)
    page.evaluate("() => { window.voices = window.voices.slice(0, 1); }")
    pretended.send(room("practice", number=2))
    pretended.send(step(number=1))
    page.wait_for_timeout(300)
    assert page.locator(".controls >> text=Reading voice on").count() == 0


def test_a_murmur_is_there_as_long_as_the_sound_and_a_bell_may_be_felt(page):
    page.evaluate(TAP)
    page.evaluate("() => { window.felt = []; navigator.vibrate = (one) => window.felt.push(one); }")
    page.mouse.click(5, 5)
    page.evaluate("async () => { const m = await import('/lib/sound.js'); window.sound = Object.assign(new m.Sound(), { ambient: true, vibrates: true }); window.sound.bell(3); await window.sound.start(); }")  # fmt: skip
    assert page.evaluate("window.felt") == [[180, 260, 180, 260, 180]]
    page.wait_for_function("() => window.loud() > 0.001", timeout=6000)
    page.evaluate("window.sound.stop()")
    page.wait_for_timeout(300)
    assert page.evaluate("window.loud()") < 1e-4


def test_ones_own_slow_rate_is_found_kept_and_used(opened):
    page, _ = opened("breathe")
    page.get_by_label("To find the slow rate").check()
    page.click("text=Begin")
    page.evaluate("() => { const now = performance.now.bind(performance); performance.now = () => now() + 150000; }")
    page.click("text=This is easiest")
    page.wait_for_selector("text=Kept in this browser")
    kept = page.evaluate("() => JSON.parse(localStorage.getItem('coregulation.prefs')).slow")
    assert 4.5 <= kept <= 7.0
    page.keyboard.press("Escape")
    page.wait_for_selector("text=Kept in this browser")


@pytest.mark.parametrize(("own", "slow", "to"), [(10, 5.3, 5.3), (5, 5.3, 5), (10, 4.0, 4.5)])
def test_the_pacer_slows_down_to_the_rate_that_was_kept(page, own, slow, to):
    pace = page.evaluate(f"async () => (await import('/views/breathe.js')).paceFrom({own}, 0.4, 0, {slow})")
    assert pace["to_rate"] == to
