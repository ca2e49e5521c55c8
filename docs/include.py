"""Put a generated table where a page says `<!-- include: generated/name.md -->`, or say that it was not generated."""

import pathlib
import re
from typing import Any

HERE = pathlib.Path(__file__).parent
MARK = re.compile(r"<!-- include: (generated/[\w-]+\.md) -->")
ABSENT = "*The table has not been generated in this checkout.*"


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Fill in the generated tables of a page, as MkDocs asks each hook to."""
    return MARK.sub(lambda found: _text(HERE / found[1]), markdown)


def _text(path: pathlib.Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ABSENT
