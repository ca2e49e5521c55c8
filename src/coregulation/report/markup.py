"""HTML by construction: whatever is not markup is escaped."""

from __future__ import annotations

import html


class Markup(str):
    """A piece of HTML that is safe to put on a page."""

    __slots__ = ()


_VOID = frozenset({"meta", "input", "link", "br"})


def tag(name: str, /, *children: str, **attributes: str | bool | None) -> Markup:
    """Return an element; text is escaped, `class_` and `for_` stand for Python's words, True is an attribute alone."""
    written = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _VOID:
        return Markup(f"<{name}{written}>")
    return Markup(f"<{name}{written}>{join_markup(*children)}</{name}>")


def join_markup(*children: str) -> Markup:
    """Return children one after the other, text escaped."""
    return Markup(
        "".join(child if isinstance(child, Markup) else html.escape(child, quote=False) for child in children)
    )


def _attribute(key: str, value: str | bool | None) -> str:
    name = key.rstrip("_").replace("_", "-")
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{html.escape(value)}"'
