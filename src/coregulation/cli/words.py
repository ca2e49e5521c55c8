"""The command line's own sentences, by key of the catalogue."""

from __future__ import annotations

from typing import Any

from coregulation.report.catalogue import Catalogue


def text(key: str, /, **facts: Any) -> str:
    """Render an entry of the catalogue."""
    return Catalogue().text(key, **facts)


def option(key: str, /, **facts: Any) -> str:
    """Render the help of an option: the entry `option.KEY`, with per cent signs as argparse wants them."""
    return text(f"option.{key}", **facts).replace("%", "%%")
