"""A study in a notebook: declared first, run when its result is first asked for, and not again."""

from __future__ import annotations

import html
import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coregulation.errors import UsageError, nearest_names
from coregulation.report.catalogue import Catalogue
from coregulation.study.jobs import AbstractEngine, LocalEngine, Progress
from coregulation.study.output import study_tables, write_study
from coregulation.study.page import plot_study, render_study
from coregulation.study.plan import StudyPlan
from coregulation.study.result import StudyResult
from coregulation.study.running import run_study
from coregulation.study.session_table import SessionTable, read_session_table
from coregulation.study.sources import find_sources
from coregulation.study.statements import statements

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Study:
    """Many pairs under one plan.

    Parameters
    ----------
    *data
        Folders of sessions or tables, manifests, a long table, a BIDS data set.
    out
        Folder of the results; a study that was begun there goes on.
    plan
        What is declared; the default plan if none is given.
    reading
        Fields of `ReadOptions` for tables, such as `{"signal": "motion", "rate": 25}`.
    engine
        Where it runs; two processes of this machine by default.
    progress
        Is called with what is done, how many, and of how many.

    Examples
    --------
    >>> study = Study("pairs/", out="results", plan=StudyPlan(lag=0.0))  # doctest: +SKIP
    >>> study.table("answers")  # doctest: +SKIP
    """

    def __init__(
        self,
        *data: str | os.PathLike[str],
        out: str | os.PathLike[str],
        plan: StudyPlan | None = None,
        reading: dict[str, Any] | None = None,
        engine: AbstractEngine | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.plan = plan or StudyPlan()
        self.out = Path(out)
        self.sources = find_sources(data or self.plan.data, reading or self.plan.reading)
        self.engine = engine or LocalEngine(2)
        self.progress = progress or (lambda _what, _done, _of: None)

    @cached_property
    def result(self) -> StudyResult:
        """What the study found; the first time it is asked for, the study runs and writes its files."""
        result = run_study(self.sources, self.plan, self._table(), self.out, self.engine, self.progress)
        write_study(result, self.out, Catalogue())
        (self.out / "study.html").write_text(render_study(result, Catalogue()), encoding="utf-8", newline="\n")
        return result

    def table(self, name: str = "answers") -> Any:
        """Give one of the study's tables.

        Parameters
        ----------
        name
            "answers", "contrasts", "associations", "sessions" or "left_out".

        Returns
        -------
        pandas.DataFrame or list of dict
            A data frame where pandas is installed, else one record per row.

        Raises
        ------
        UsageError
            If there is no such table.
        """
        tables = study_tables(self.result, Catalogue())
        if name not in tables:
            near = nearest_names(name, tables)
            raise UsageError("There is no table '{name}'. Did you mean {near:or}?", name=name, near=near)
        header, rows = tables[name]
        records = [dict(zip(header, row, strict=True)) for row in rows]
        try:
            import pandas as pd
        except ImportError:
            return records
        return pd.DataFrame(records, columns=list(header))

    def plot(self) -> Figure:
        """Draw the forest plot of the first answer.

        Returns
        -------
        matplotlib.figure.Figure
            Real pairs beside strangers, and the mean difference with its interval.
        """
        return plot_study(self.result, Catalogue())

    def __repr__(self) -> str:
        done = "done" if "result" in self.__dict__ else "not run yet"
        return f"<Study of {len(self.sources)} sources in {self.out}: {done}>"

    def _repr_html_(self) -> str:
        if "result" not in self.__dict__:
            return f"<p>{html.escape(repr(self).strip('<>'))}</p>"
        spoken = (Catalogue().sentence(statement) for statement in statements(self.result))
        return "".join(f"<p>{html.escape(sentence)}</p>" for sentence in spoken)

    def _table(self) -> SessionTable:
        return SessionTable({}) if self.plan.table is None else read_session_table(Path(self.plan.table), ())
