"""Two straps in one page, over Chromium's emulated radio; the page's own module, unchanged."""

from __future__ import annotations

import pytest

from tests.live.pages.straps import MEASUREMENT, PMD_CONTROL, PMD_DATA, SHIM, Radio, packet

WEAR = """async () => {
  const { Strap } = await import('/lib/strap.js');
  window.got = []; window.states = []; window.worn = [];
  for (const k of [0, 1]) document.getElementById('wear' + k).onclick = () => {
    const strap = new Strap(); window.worn[k] = strap;
    strap.addEventListener('packet', ({ detail }) => window.got.push([k, detail.kind, [...detail.bytes], detail.at]));
    strap.addEventListener('state', ({ detail }) => window.states.push([k, detail]));
    strap.choose().catch((error) => window.states.push([k, String(error)]));
  };
}"""
BUTTONS = "<!doctype html><title>w</title><button id=wear0>0</button><button id=wear1>1</button><div id=polite></div>"


@pytest.fixture
def worn(browser, files, request):
    """A page with two straps chosen; the parameter says which have ECG."""
    context = browser.new_context(service_workers="block", base_url=files)
    context.add_init_script(SHIM)
    context.route("**/empty", lambda route: route.fulfill(content_type="text/html", body=BUTTONS))
    page = context.new_page()
    page.goto("/empty")
    radio = Radio(page, medical=getattr(request, "param", (False, False)))
    radio.straps[1].battery = 12
    page.evaluate(WEAR)
    for k in (0, 1):
        radio.wanted.append(radio.straps[k])
        page.click(f"#wear{k}")
        page.wait_for_function("k => window.states.some(([who, what]) => who === k && what === 'on')", arg=k)
    # the last that a page asks of a strap; one dropped while it is asked tells nothing of it in this emulation
    page.wait_for_function("window.worn[1].battery === 12")
    yield page, radio
    radio.close()
    context.close()


def test_two_straps_in_one_page_each_keep_their_bytes(worn):
    page, radio = worn
    first, second = packet(61, [0.98, 1.01]), packet(72, [0.83], contact=False)
    radio.notify(0, first)
    radio.notify(1, second)
    radio.notify(0, packet(62, []))
    page.wait_for_function("window.got.length >= 3")
    got = page.evaluate("window.got")
    assert [(k, kind, bytes(data)) for k, kind, data, _ in got] == [
        (0, "hr", first),
        (1, "hr", second),
        (0, "hr", packet(62, [])),
    ]
    times = [at for *_, at in got]
    assert times == sorted(times)
    assert abs(times[-1] - page.evaluate("(performance.timeOrigin + performance.now()) / 1000")) < 5


def test_nothing_of_a_burst_is_lost(worn):
    page, radio = worn
    for k in range(120):
        radio.notify(0, packet(60 + k % 40, [0.9]))
    page.wait_for_function("window.got.length === 120")
    assert [data[1] for _, _, data, _ in page.evaluate("window.got")] == [60 + k % 40 for k in range(120)]


def test_a_strap_that_drops_comes_back_by_itself_without_a_chooser(worn):
    page, radio = worn
    radio.straps[0].drop()
    page.wait_for_function("window.states.some(([k, what]) => k === 0 && what === 'lost')")
    page.wait_for_function("window.states.filter(([k, what]) => k === 0 && what === 'on').length === 2")
    radio.notify(0, packet(70, [0.857]))
    page.wait_for_function("window.got.length === 1")
    assert page.evaluate("window.worn[1].state") == "on"  # the other never noticed


def test_it_keeps_asking_for_a_strap_that_is_out_of_reach(worn):
    page, radio = worn
    radio.straps[1].drop(reachable=False)
    page.wait_for_timeout(1500)
    assert page.evaluate("window.worn[1].state") == "lost"
    radio.straps[1].reachable = True
    page.wait_for_function("window.worn[1].state === 'on'")


@pytest.mark.parametrize("worn", [(True, False)], indirect=True)
def test_ecg_and_acceleration_are_started_where_they_are_and_always_stopped(worn):
    page, radio = worn
    page.wait_for_function("window.worn[0].medical")
    polar = radio.straps[0]
    assert [one[:2] for one in polar.written] == [b"\x02\x00", b"\x02\x02"]
    assert polar.subscribed == {MEASUREMENT, PMD_CONTROL, PMD_DATA}
    frame = bytes([0, *range(8), 0, 1, 2, 3])
    radio.say(0, frame, PMD_DATA)
    assert page.evaluate("window.got[0].slice(0, 3)") == [0, "pmd", list(frame)]
    assert not page.evaluate("window.worn[1].medical")  # beats alone, and that is enough
    page.evaluate("window.worn[0].stop()")
    assert polar.written[2:] == [b"\x03\x00", b"\x03\x02"]
    radio.say(0, packet(60, []))
    assert len(page.evaluate("window.got")) == 1  # what was put down says nothing any more


def test_a_battery_is_told_where_the_strap_tells(worn):
    page, _ = worn
    page.wait_for_function("window.worn[1].battery === 12")
    assert page.evaluate("window.worn[0].battery") is None


def test_choosing_nothing_is_no_error_of_the_page(browser, files):
    context = browser.new_context(service_workers="block", base_url=files)
    context.route("**/empty", lambda route: route.fulfill(content_type="text/html", body=BUTTONS))
    page = context.new_page()
    page.goto("/empty")
    radio = Radio(page)
    page.evaluate(WEAR)
    radio.access.on("DeviceAccess.deviceRequestPrompted", lambda event: event["id"] in radio.answered or (radio.answered.add(event["id"]), radio.access.send("DeviceAccess.cancelPrompt", {"id": event["id"]})))  # fmt: skip
    page.click("#wear0")
    page.wait_for_function("window.states.some(([, what]) => String(what).includes('NotFoundError'))")
    radio.close()
    context.close()
