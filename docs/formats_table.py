"""Write the tables of formats and of speech into the pages from the registries: python docs/formats_table.py."""

from __future__ import annotations

import pathlib
import re

from coregulation.io.formats.registry import formats_table, sources_table
from coregulation.io.turns.registry import turn_formats_table
from coregulation.physiology.speech import handling_table

HERE = pathlib.Path(__file__).parent
TABLES = {
    "formats": ("formats.md", formats_table),
    "sources": ("formats.md", sources_table),
    "turns": ("formats.md", turn_formats_table),
    "speech": ("person.md", handling_table),
}


def main() -> None:
    """Replace what stands between the two marks of each table."""
    for name, (page, table) in TABLES.items():
        between = re.compile(rf"(<!-- {name}: [^>]*-->\n)(.*?)(<!-- /{name} -->)", re.DOTALL)
        text = (HERE / page).read_text(encoding="utf-8")
        written = between.sub(lambda m, table=table: f"{m[1]}\n{table()}\n{m[3]}", text)
        (HERE / page).write_text(written, encoding="utf-8")


if __name__ == "__main__":
    main()
