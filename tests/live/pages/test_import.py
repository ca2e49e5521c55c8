"""Any recording is brought in by hand: columns are clicked, parts are dragged, and what was said stands in the session."""

from __future__ import annotations

import io
import tomllib
import zipfile

import numpy as np
import pytest

from coregulation.io.corrections import Correction, CorrectionKind, correct_beats
from coregulation.signals import Beats
from tests.live.pages.program import Program
from tests.live.pages.test_pages import CONTRAST, RULES, SMALL, WIDE, axe, settled
from tests.live.pages.walking import Walk

DROP = """(files) => {
  const all = new DataTransfer();
  for (const [name, text] of files) all.items.add(new File([text], name, { type: 'text/plain' }));
  document.querySelector('.drop').dispatchEvent(new DragEvent('drop', { dataTransfer: all, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def walk(browser, tmp_path):
    program = Program(tmp_path / "store", 1.0).start()
    one = Walk(browser, program)
    yield one
    one.close()
    said = program.stop()
    assert "Traceback" not in said
    assert one.errors == []


def table(seconds=900):
    """A table as a laboratory writes it: seconds, two heart rates, and a column that nobody needs."""
    rng = np.random.default_rng(2)
    t = np.arange(0, seconds, 0.5)
    wave = 4 * np.sin(t / 9)
    rows = (
        f"{a:.1f};{b:.2f};{c:.2f};{d}"
        for a, b, c, d in zip(
            t, 72 + wave + rng.normal(0, 1, len(t)), 65 + wave + rng.normal(0, 1, len(t)), range(len(t)), strict=True
        )
    )
    return "\n".join(["Time [s];HR_ada;HR_ben;Marker", *rows])


def dropped(walk, *files):
    walk.page.goto(f"{walk.program.origin}/#/import")
    walk.page.wait_for_selector(".drop")
    walk.page.evaluate(DROP, [list(file) for file in files])


def test_a_table_is_clicked_dragged_and_kept(walk):
    page = walk.page
    dropped(walk, ("lab.csv", table()))
    page.wait_for_selector("button.column")
    said = [" ".join(one.split()) for one in page.locator("button.column").all_inner_texts()]
    assert said[0].endswith("time · s")
    assert "heart rate" in said[1]
    assert said[3].endswith("not used")
    page.locator("button.column").nth(1).click()
    page.get_by_label("Whose is it?").fill("Ada")
    page.get_by_label("Whose is it?").blur()
    page.locator("button.column").nth(2).click()
    page.get_by_label("Whose is it?").fill("Ben")
    page.get_by_label("Whose is it?").blur()
    page.click("text=Show it over time")
    picture = page.locator("svg.timeline")
    picture.wait_for()
    for begin, end in ((0.05, 0.2), (0.3, 0.45)):
        box = picture.bounding_box()
        page.mouse.move(box["x"] + begin * box["width"], box["y"] + 40)
        page.mouse.down()
        page.mouse.move(box["x"] + end * box["width"], box["y"] + 60, steps=4)
        page.mouse.up()
    rows = page.locator(".part-row")
    assert rows.count() == 2
    rows.nth(1).get_by_label("What it was").select_option("hard-together")
    rows.nth(1).get_by_label("Whose hard moment").select_option("Ben")
    rows.nth(1).get_by_label("Begins").fill("0:30")
    rows.nth(1).get_by_label("Begins").blur()
    assert "overlap" in page.locator(".refusal").inner_text()
    assert page.locator("text=Make a session of them").is_disabled()
    for label, text in (("Begins", "5:00"), ("Ends", "6:00")):
        rows.nth(1).get_by_label(label).fill(text)
        rows.nth(1).get_by_label(label).blur()
    page.get_by_label("What did both hear or see?").select_option("nothing")
    page.get_by_label("Where were they?").select_option("one room")
    page.get_by_label("Day of the recording").fill("2026-10-03")
    with page.expect_response("**/api/import?**") as made:
        page.click("text=Make a session of them")
    session = made.value.json()["session"]
    page.click("text=Open it")
    page.frame_locator("iframe.report").locator("h1, h2").first.wait_for(timeout=60000)
    kept = page.request.get(f"{walk.program.origin}/api/sessions/{session}/export").body()
    parcel = zipfile.ZipFile(io.BytesIO(kept))
    manifest = tomllib.loads(
        parcel.read(next(name for name in parcel.namelist() if name.endswith("session.toml"))).decode()
    )
    assert [person["id"] for person in manifest["person"]] == ["Ada", "Ben"]
    assert manifest["shared"] == []
    assert manifest["setting"] == "one room"
    assert str(manifest["date"]) == "2026-10-03"
    blocks = [(one["kind"], round(one["start"]), round(one["end"])) for one in manifest["block"]]
    assert blocks[1:] == [("perturb-together", 300, 360), ("recover-together", 360, 660)]
    assert blocks[0][0] == "alone-rest"
    assert manifest["block"][1]["perturbed"] == ["Ben"]


def test_a_unit_that_is_not_understood_is_said_and_can_be_put_right(walk):
    page = walk.page
    dropped(walk, ("lab.csv", table(120)))
    page.wait_for_selector("button.column")
    page.locator("button.column").nth(1).click()
    page.get_by_label("Unit").fill("parsec")
    page.get_by_label("Unit").blur()
    page.click("text=Show it over time")
    page.wait_for_selector(".refusal")
    assert "parsec" in page.inner_text(".refusal")
    page.get_by_label("Unit").fill("1/min")
    page.get_by_label("Unit").blur()
    page.click("text=Show it over time")
    page.wait_for_selector("svg.timeline")
    assert page.locator(".refusal:visible").count() == 0


@pytest.mark.parametrize("language", ["en", "de", "es"])
def test_what_was_brought_is_clean_for_axe_and_fits_a_phone_in_every_language(walk, language):
    page = walk.page
    page.evaluate("(language) => localStorage.setItem('coregulation.language', language)", language)
    page.reload()
    dropped(walk, ("lab.csv", table(120)))
    page.locator("button.column").nth(1).click()
    words = page.evaluate("async () => (await import('/lib/words.js')).say('import.show')")
    page.click(f"text={words}")
    page.wait_for_selector("svg.timeline")
    page.evaluate(
        "() => document.querySelector('svg.timeline').parentElement.nextElementSibling.nextElementSibling.click()"
    )
    page.wait_for_selector(".part-row")
    for scheme, rules in (("light", RULES), ("dark", CONTRAST)):
        page.emulate_media(color_scheme=scheme)
        settled(page)
        assert axe(page, rules) == [], scheme
    page.set_viewport_size({"width": 360, "height": 740})
    settled(page)
    assert page.evaluate(SMALL) == []
    assert not page.evaluate(WIDE)


@pytest.mark.parametrize(
    ("text", "seconds"), [("90", 90), ("1:30", 90), ("1:00:05", 3605), ("−0:05", -5), ("-1:00", -60), ("0:60", None), ("", None), ("a:10", None), ("1:2:3:4", None)]
)  # fmt: skip
def test_times_are_written_as_people_do(page, text, seconds):
    found = page.evaluate("async (text) => { const m = await import('/views/import-parts.js'); const v = m.secondsOf(text); return Number.isNaN(v) ? null : v; }", text)  # fmt: skip
    assert found == seconds


RR_FILE = "\n".join(str(800 + 25 * ((k * 7) % 5) - (0 if k != 150 else -800)) for k in range(400))


def test_beats_are_corrected_with_the_mouse_undone_kept_and_in_the_download(walk):
    page = walk.page
    dropped(walk, ("Cleo.txt", RR_FILE), ("Dan.txt", RR_FILE.replace("825", "815")))
    page.click("text=Show it over time")
    with page.expect_response("**/api/import?**") as made:
        page.click("text=Make a session of them")
    session = made.value.json()["session"]
    page.goto(f"{walk.program.origin}/#/beats/{session}/Cleo")
    picture = page.locator("canvas.beats")
    picture.wait_for()
    count = page.locator("text=corrections by hand")
    assert "0 corrections" in count.inner_text()
    page.click("text=Next doubtful beat")
    box = picture.bounding_box()
    page.get_by_label("Adds a beat").check()
    page.mouse.click(box["x"] + box["width"] * (0.5 - 0.8 / 20), box["y"] + 60)  # into the gap before it
    assert "1 corrections" in count.inner_text()
    page.get_by_role("button", name="Undo", exact=True).click()
    assert "0 corrections" in count.inner_text()
    page.get_by_label("Leaves out a span").check()
    page.mouse.move(box["x"] + 100, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 220, box["y"] + 60, steps=4)
    page.mouse.up()
    assert "1 corrections" in count.inner_text()
    page.get_by_label("Moves the view").check()
    picture.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Delete")
    assert "2 corrections" in count.inner_text()
    with page.expect_response("**/corrections?**") as kept:
        page.click("text=Keep these corrections")
    assert kept.value.status == 200, kept.value.text()
    page.wait_for_selector("text=The report is made anew")
    parcel = zipfile.ZipFile(
        io.BytesIO(page.request.get(f"{walk.program.origin}/api/sessions/{session}/export").body())
    )
    rows = parcel.read("corrections.csv").decode().splitlines()
    assert [row.split(",")[0] for row in rows[1:]] == ["exclude", "remove"]
    page.locator("text=To the session").first.click()
    page.frame_locator("iframe.report").locator("h1, h2").first.wait_for(timeout=60000)
    page.goto(f"{walk.program.origin}/#/beats/{session}/Cleo")
    page.wait_for_selector("text=2 corrections")


def test_minima_and_maxima_of_pieces_are_those_of_the_samples(page):
    worst = page.evaluate("""async () => {
      const { pyramid } = await import('/lib/trace.js');
      const samples = Float32Array.from({ length: 10007 }, (_, k) => (k % 97 === 0 ? NaN : Math.sin(k / 30) + (k % 1000 === 5 ? 9 : 0)));
      let worst = 0;
      for (const [size, lows, highs] of pyramid(samples)) lows.forEach((low, at) => {
        const part = [...samples.slice(at * size, (at + 1) * size)].filter((one) => !Number.isNaN(one));
        if (part.length) worst = Math.max(worst, Math.abs(low - Math.min(...part)), Math.abs(highs[at] - Math.max(...part)));
        else worst = Math.max(worst, Number.isNaN(low) ? 0 : 1);
      });
      return worst;
    }""")
    assert worst == 0


def test_corrections_on_the_page_give_the_beats_that_the_server_gives(page):
    recorded = [0.0, 0.8, 1.6, 2.4, 3.2, 4.8]
    steps = [
        {"kind": "add", "time": 4.0, "to": None},
        {"kind": "move", "time": 1.6, "to": 1.7},
        {"kind": "remove", "time": 0.8, "to": None},
        {"kind": "exclude", "time": 2.0, "to": 3.0},
    ]
    here = page.evaluate("async ([a, b]) => (await import('/lib/corrected.js')).corrected(a, b)", [recorded, steps])
    there = correct_beats(
        Beats(np.array(recorded)),
        [Correction(CorrectionKind(one["kind"]), one["time"], one["to"], "ada") for one in steps],
    )
    assert here == pytest.approx(there.times.tolist())


@pytest.mark.parametrize(("t", "fits"), [(0.99, True), (1.01, False), (1.2, False), (1.39, False), (1.41, True)])
def test_a_beat_fits_where_no_other_is_nearer_than_a_fifth_of_a_second(page, t, fits):
    assert page.evaluate("async (t) => (await import('/lib/corrected.js')).fits([0.2, 1.2], t)", t) is fits


@pytest.mark.parametrize(("later", "back"), [(None, 360.0), (200.0, 200.0), (60.5, None)])
def test_the_way_back_lasts_until_the_next_part_and_as_long_as_is_watched_for(page, later, back):
    parts = [{"what": "hard-apart", "who": "Ada", "start": 30, "end": 60}]
    parts += [] if later is None else [{"what": "together", "who": None, "start": later, "end": 400}]
    call = "async ([parts, about]) => (await import('/lib/manifest.js')).manifestOf([], parts, about)"
    blocks = tomllib.loads(page.evaluate(call, [parts, {"end": 900}]))["block"]
    ends = [block["end"] for block in blocks if block["kind"] == "recover-alone"]
    assert ends == ([] if back is None else [back])
