"""From a strap's notification to light on the screen, and what the page costs; in real time, so by night and on a quiet machine."""

from __future__ import annotations

import time

import numpy as np
import pytest

from tests.live.pages.program import Program
from tests.live.pages.walking import Walk

PROBE = """() => {
  const told = window.__said, since = {};
  window.lags = [];
  window.__said = (k, uuid, bytes) => { if (bytes[0] & 16) since[k] = performance.now(); told(k, uuid, bytes); };
  for (const [k, form] of [[0, 'round'], [1, 'square']]) {
    const beat = document.querySelector('.beat.' + form);
    new MutationObserver(() => { if (Number(beat.getAttribute('opacity')) > 0.3 && since[k]) { window.lags.push(performance.now() - since[k]); since[k] = 0; } })
      .observe(beat, { attributes: true, attributeFilter: ['opacity'] });
  }
}"""


@pytest.mark.nightly
def test_a_beat_is_on_the_screen_soon_and_the_page_costs_little(browser, tmp_path, record_property):
    program = Program(tmp_path / "store", 1.0).start()
    walk = Walk(browser, program)
    walk.arrive()
    walk.agree()
    walk.until_phase("sensors")
    walk.wear(linked=True)
    walk.until(lambda: walk.fed > 3)
    for name in ("Ada", "Ben"):
        walk.page.click(f"text={name}: go on")
    walk.until_phase("baseline")
    walk.page.click("text=Leave this out")
    walk.until_phase("practice")
    walk.page.wait_for_selector("pair-view .beat", state="attached")
    walk.page.evaluate(PROBE)
    cost = walk.context.new_cdp_session(walk.page)
    cost.send("Performance.enable", {"timeDomain": "threadTicks"})
    busy = lambda: {one["name"]: one["value"] for one in cost.send("Performance.getMetrics")["metrics"]}["TaskDuration"]  # noqa: E731
    before, began = busy(), time.monotonic()
    while time.monotonic() - began < 60:
        walk.feed()
        walk.page.wait_for_timeout(5000)
    share = (busy() - before) / (time.monotonic() - began)
    lags = np.array(walk.page.evaluate("() => window.lags"))
    walk.close()
    program.stop()
    record_property("p95 ms", float(np.percentile(lags, 95)))
    record_property("share of a core", share)
    print(
        f"beats {len(lags)}, p50 {np.percentile(lags, 50):.0f} ms, p95 {np.percentile(lags, 95):.0f} ms, core {share:.3f}"
    )
    assert len(lags) > 80
    assert np.percentile(lags, 95) < 150
    assert share < 0.05
