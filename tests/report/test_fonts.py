"""Names in any script are drawn without a warning, as text in an SVG, and with the fonts that are installed."""

from __future__ import annotations

import io
import warnings
from dataclasses import replace

import pytest

from coregulation.report import fonts
from coregulation.report.drawing import draw_svg
from coregulation.report.plots import plot_session
from coregulation.session import Person
from coregulation.simulate.linkage import simulated_pair

NAMES = ("林美玲", "さくら", "민준", "Łucja Żółć", "مريم", "Ο Γιώργος")


@pytest.mark.parametrize("name", NAMES)
def test_a_name_in_any_script_stays_text_in_a_picture_of_the_page(name: str):
    def draw(figure):
        figure.subplots().set_title(name)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        svg = str(draw_svg(120, draw, name="x", alternative=name))
    assert svg.count(f">{name}</text>") == 2
    assert "'DejaVu Sans', sans-serif" in svg


@pytest.mark.parametrize(
    ("name", "how"),
    [
        *((name, {"format": "png"}) for name in NAMES),
        (NAMES[0], {"format": "png", "bbox_inches": "tight"}),
        (NAMES[0], {"format": "svg"}),
    ],
)
def test_a_plot_of_people_with_any_names_prints_no_warning(
    name: str, how: dict[str, str], caplog: pytest.LogCaptureFixture
):
    session, _ = simulated_pair(seconds=60, seed=1)
    recordings = tuple(replace(r, person=Person(n)) for r, n in zip(session.recordings, (name, "ben"), strict=True))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        plot_session(replace(session, recordings=recordings, blocks=())).savefig(io.BytesIO(), **how)
    assert not caplog.records


def test_only_fonts_that_are_installed_are_named(monkeypatch: pytest.MonkeyPatch):
    from matplotlib import font_manager

    monkeypatch.setattr(font_manager, "get_font_names", lambda: ["Yu Gothic", "DejaVu Sans", "Comic Sans MS"])
    fonts.font_families.cache_clear()
    assert fonts.font_families() == ["DejaVu Sans", "Yu Gothic"]
    fonts.font_families.cache_clear()


def test_other_warnings_of_a_drawing_are_heard():
    with pytest.warns(UserWarning, match="something else"), fonts.without_glyph_warnings():
        warnings.warn("something else", stacklevel=1)
