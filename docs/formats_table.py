"""Write the table of formats into docs/formats.md from the registry: python docs/formats_table.py."""

from __future__ import annotations

import pathlib
import re

from coregulation.io.formats.registry import formats_table

PAGE = pathlib.Path(__file__).parent / "formats.md"
BETWEEN = re.compile(r"(<!-- formats: [^>]*-->\n)(.*?)(<!-- /formats -->)", re.DOTALL)


def main() -> None:
    """Replace what stands between the two marks."""
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(BETWEEN.sub(lambda m: f"{m[1]}\n{formats_table()}\n{m[3]}", text), encoding="utf-8")


if __name__ == "__main__":
    main()
