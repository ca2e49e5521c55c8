"""Sessions and findings as a notebook shows them: short representations, tables and plots around the values of science."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Self

from coregulation.analysis.finding import Finding
from coregulation.errors import UsageError, nearest_names
from coregulation.report.catalogue import Catalogue
from coregulation.report.plots import plot_finding, plot_session
from coregulation.report.rendering import say_all
from coregulation.report.summary import MAX_STATEMENTS, summary
from coregulation.report.tables import all_tables
from coregulation.session import Session

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_MINUTE = 60.0


class PresentedSession(Session):
    """A session with a short representation and a plot."""

    __slots__ = ()

    @classmethod
    def present(cls, session: Session) -> Self:
        """Present a session; nothing is copied but references."""
        return cls(*(getattr(session, field.name) for field in fields(Session)))

    def __repr__(self) -> str:
        people = "; ".join(f"{r.person.id}: {', '.join(r.channels)}" for r in self.recordings)
        return f"<Session {self.id}{' (simulated)' if self.simulated else ''}: {people}>"

    def _repr_html_(self) -> str:
        rows = [
            (
                r.person.id,
                name,
                f"{s.rate:g}",
                f"{(s.window.end - s.window.start) / _MINUTE:.1f}",
                f"{100 * s.coverage:.0f} %",
            )
            for r in self.recordings
            for name, s in r.signals.items()
        ]
        rows += [
            (
                r.person.id,
                "beats",
                "",
                f"{(r.beats.window.end - r.beats.window.start) / _MINUTE:.1f}",
                f"{len(r.beats)}",
            )
            for r in self.recordings
            if r.beats is not None and len(r.beats)
        ]
        return html_table(repr(self).strip("<>"), ("person", "channel", "Hz", "min", "there"), rows)

    def plot(self) -> Figure:
        """Draw every person's channels over time (`plot_session`)."""
        return plot_session(self)


class PresentedFinding(Finding):
    """A finding that prints its answer, gives its tables and draws its picture."""

    __slots__ = ()

    @classmethod
    def present(cls, finding: Finding) -> Self:
        """Present a finding; nothing is copied but references."""
        return cls(*(getattr(finding, field.name) for field in fields(Finding)))

    def __str__(self) -> str:
        return summary(self)

    def __repr__(self) -> str:
        kind = f", {self.answer.kind.value}" if self.answer is not None else ""
        simulated = " (simulated)" if self.about.simulated else ""
        return f"<Finding {self.about.id}{simulated}: {len(self.about.people)} people{kind}>"

    def _repr_html_(self) -> str:
        catalogue = Catalogue()
        text = say_all(self.answer.statements[:MAX_STATEMENTS], catalogue) if self.answer is not None else ""
        rows = [
            (" and ".join(v.people), v.kind.value, ", ".join(f"{g.name} {g.state}" for g in v.gates))
            for v in self.verdicts[:6]
        ]
        return f"<p>{html.escape(text)}</p>" + html_table(repr(self).strip("<>"), ("people", "kind", "gates"), rows)

    def table(self, name: str) -> Any:
        """Give one of the tables that `save` writes.

        Parameters
        ----------
        name
            Such as "couplings", "gates", "measures", "recoveries"; a wrong name gets the near ones.

        Returns
        -------
        pandas.DataFrame or list of dict
            A data frame where pandas is installed, else one record per row.

        Raises
        ------
        UsageError
            If there is no such table.
        """
        tables = all_tables(self)
        if name not in tables:
            near = nearest_names(name, tables)
            raise UsageError("There is no table '{name}'. Did you mean {near:or}?", name=name, near=near)
        header, rows = tables[name]
        records = [dict(zip(header, row, strict=True)) for row in rows]
        try:
            import pandas
        except ImportError:
            return records
        return pandas.DataFrame(records, columns=list(header))

    def plot(self) -> Figure:
        """Draw the answer (`plot_finding`)."""
        return plot_finding(self)


def html_table(caption: str, header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """Write a small table for a notebook, everything escaped."""
    head = "".join(f"<th>{html.escape(cell)}</th>" for cell in header)
    body = "".join(f"<tr>{''.join(f'<td>{html.escape(str(cell))}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><caption>{html.escape(caption)}</caption><tr>{head}</tr>{body}</table>"
