"""Write the tables of measures and nulls from their registries: python docs/measures.py."""

from __future__ import annotations

import pathlib

from coregulation.report.registry_tables import laws_table, measures_table, nulls_table, secondary_table

GENERATED = pathlib.Path(__file__).parent / "generated"
TABLES = {
    "measures": measures_table,
    "nulls": nulls_table,
    "secondary-measures": secondary_table,
    "laws": laws_table,
}


def main() -> None:
    """Write every table."""
    for name, table in TABLES.items():
        (GENERATED / f"{name}.md").write_text(table() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
