from __future__ import annotations

import html

from hypothesis import given
from hypothesis import strategies as st

from coregulation.report.markup import Markup, join_markup, tag


@given(st.text())
def test_text_is_escaped_and_comes_back(text: str):
    came = tag("p", text)
    assert "<" not in came[3:-4]
    assert html.unescape(came[3:-4]) == html.unescape(html.escape(text, quote=False))


def test_markup_is_kept_and_attributes_are_quoted():
    assert (
        tag("p", tag("b", "a"), " & ", class_='x"y', hidden=True, id=None)
        == '<p class="x&quot;y" hidden><b>a</b> &amp; </p>'
    )
    assert tag("input", http_equiv="a", checked=False) == '<input http-equiv="a">'
    assert join_markup(Markup("<i>"), "<i>") == "<i>&lt;i&gt;"
