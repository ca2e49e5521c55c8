"""What stands at the end of every page: what was recorded, and every setting."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from coregulation.analysis.finding import Finding
from coregulation.report.catalogue import Catalogue, Voice
from coregulation.report.parts import PageTable, number
from coregulation.report.plain_values import plain
from coregulation.report.rendering import say


def settings_table(finding: Finding, catalogue: Catalogue) -> PageTable:
    """Return every setting with its value."""
    source, shared = finding.provenance, finding.about.shared
    stated = (
        catalogue.text("cell.not-stated") if shared is None else ", ".join(shared) or catalogue.text("cell.nothing")
    )
    rows = [
        ["version", source.version], ["seed", str(source.seed)], ["pseudo_sessions", str(source.pseudo_sessions)],
        ["shared", stated], *([name, version] for name, version in source.libraries.items()),
        *([key, text] for key, text in _flat(plain(source.settings))),
    ]  # fmt: skip
    return PageTable([catalogue.text("column.setting"), catalogue.text("column.value")], rows)


def _flat(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    items = value.items() if isinstance(value, Mapping) else enumerate(value, 1) if isinstance(value, list) else None
    if items is None:
        yield key, "—" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
        return
    for name, item in items:
        yield from _flat(item, f"{key}.{name}" if key else str(name))


def recorded_tables(finding: Finding, catalogue: Catalogue) -> Iterator[PageTable]:
    """Yield what was recorded of whom, and the session's blocks, exclusions and marks."""
    text = catalogue.text
    tell = partial(say, catalogue=catalogue, voice=Voice.METHODS)
    rows = [
        [
            q.person, text("cell.signal", signal=q.channel), text("cell.beats") if math.isnan(q.rate) else text("cell.rate", rate=q.rate),
            f"{q.seconds / 60:.1f}", f"{q.coverage:.3f}", str(q.gaps), number(q.longest_gap, ".1f"),
            "; ".join(tell(remark).removesuffix(".") for remark in q.remarks) or "—",
            text("cell.unused", why=tell(q.refused)) if q.refused else text("cell.yes"),
        ]
        for q in finding.qualities
    ]  # fmt: skip
    keys = "person signal recorded-as minutes coverage gaps longest-gap noticed used"
    yield PageTable([text(f"column.{key}") for key in keys.split()], rows)
    about, everybody = finding.about, text("cell.everybody")
    spans = [
        [text("cell.block"), b.kind, text("cell.span", start=b.start, end=b.end), ", ".join(b.present)]
        for b in about.blocks
    ]
    spans += [
        [text("cell.exclusion"), e.why, text("cell.span", start=e.start, end=e.end), e.person or everybody]
        for e in about.exclusions
    ]
    spans += [[text("cell.mark"), m.label, text("cell.at", time=m.time), m.person or everybody] for m in about.marks]
    if spans:
        yield PageTable([text(f"column.{key}") for key in ("what", "name", "when", "who")], spans)
