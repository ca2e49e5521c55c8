"""Put a generated table where a page says `<!-- include: generated/name.md -->`, or say that it was not generated."""

import pathlib
import re

HERE = pathlib.Path(__file__).parent
MARK = re.compile(r"<!-- include: (generated/[\w-]+\.md) -->")
ABSENT = "*The table has not been generated in this checkout.*"


def filled(markdown: str) -> str:
    """Fill in the generated tables of a page.

    Parameters
    ----------
    markdown
        The page's source.

    Returns
    -------
    str
        The source with every table in its place.
    """
    return MARK.sub(lambda found: _text(HERE / found[1]), markdown)


def _text(path: pathlib.Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ABSENT
