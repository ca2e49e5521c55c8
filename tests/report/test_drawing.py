from __future__ import annotations

import re

import matplotlib
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coregulation.report.drawing import (
    FORMS,
    PAPER,
    PEOPLE,
    draw_svg,
    envelope,
    line_of,
    shorten,
    spans_of,
    swatch,
    veil,
)
from coregulation.signals import Signal, Unit


def test_a_short_signal_is_drawn_as_it_is():
    signal = Signal(np.array([1.0, np.nan, 3.0]), 2.0, 5.0, Unit.ARBITRARY)
    times, values = envelope(signal, 10)
    np.testing.assert_equal(times, [5.0, 5.5, 6.0])
    np.testing.assert_equal(values, signal.values)


@given(st.integers(31, 400), st.integers(1, 10), st.integers(0, 1000))
def test_a_long_signal_keeps_its_extremes_and_its_gaps(n: int, most: int, seed: int):
    rng = np.random.default_rng(seed)
    values = rng.normal(size=n)
    values[rng.integers(0, n, n // 3)] = np.nan
    times, seen = envelope(Signal(values, 4.0, 0.0, Unit.ARBITRARY), most)
    assert len(times) == len(seen) <= 2 * most
    assert np.nanmin(seen) == np.nanmin(values)
    assert np.nanmax(seen) == np.nanmax(values)
    assert (np.diff(times) > 0).all()


def test_a_span_with_nothing_in_it_stays_empty():
    values = np.where(np.arange(100) < 50, np.nan, 1.0)
    _, seen = envelope(Signal(values, 1.0, 0.0, Unit.ARBITRARY), 10)
    assert np.isnan(seen[:10]).all()
    assert (seen[10:] == 1).all()


@given(st.lists(st.booleans(), max_size=40))
def test_spans_cover_exactly_the_flags(flags: list[bool]):
    covered = np.zeros(len(flags), bool)
    for start, length in spans_of(np.array(flags, bool), 0.0, 1.0):
        assert not covered[int(start) : int(start + length)].any()
        covered[int(start) : int(start + length)] = True
    assert covered.tolist() == flags


def test_a_person_has_one_colour_and_form_everywhere():
    lines = [(line_of(k)["color"], str(line_of(k)["linestyle"])) for k in range(len(PEOPLE) * len(FORMS))]
    assert len(set(lines)) == len(lines)
    assert f"--person-{1}" in swatch(1)
    assert "stroke-dasharray" in swatch(1)
    assert "stroke-dasharray" not in swatch(0)


def test_a_figure_takes_colours_from_the_page_names_of_its_own_and_leaves_the_library_as_it_was():
    before = dict(matplotlib.rcParams)

    def draw(figure: matplotlib.figure.Figure) -> None:
        axes = figure.add_axes((0, 0, 1, 1))
        axes.plot([0, 1], [0, 1], **line_of(0))
        veil(axes, [(0.2, 0.3)])
        veil(axes, [])
        axes.set_facecolor(PAPER)

    svg = draw_svg(100, draw, name="mine", alternative='a "line" & <veil>')
    label = 'aria-label="a &#34;line&#34; &amp; &lt;veil&gt;"'
    assert svg.startswith(f'<svg class="wide" viewBox="0 0 640 100" role="img" {label}')
    assert f'<svg class="narrow" viewBox="0 0 360 100" role="img" {label}' in svg
    assert "<title>a &#34;line&#34; &amp; &lt;veil&gt;</title>" in svg
    assert "var(--person-0)" in svg
    assert "var(--paper)" in svg
    assert "<pattern" in svg
    ids = re.findall(r'id="([^"]+)"', svg)
    assert len(ids) == len(set(ids)) > 0
    assert all(i.startswith("mine-") for i in ids)
    assert dict(matplotlib.rcParams) == before


@pytest.mark.parametrize("name", ["matplotlib.pyplot", "tkinter"])
def test_no_state_machine_is_loaded(name: str):
    import subprocess
    import sys

    code = (
        "import sys\nfrom coregulation.report.drawing import draw_svg\n"
        "assert 'matplotlib' not in sys.modules\n"
        "draw_svg(50, lambda figure: figure.add_axes((0, 0, 1, 1)), name='a', alternative='b')\n"
        f"assert {name!r} not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_long_names_are_shortened():
    assert shorten("a" * 20, 5) == "aaaa…"
    assert shorten("abcde", 5) == "abcde"
