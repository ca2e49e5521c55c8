"""The answer on the page: a report to read, tables to compute with, and `result.json` for programs."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coregulation.report.saving import save

__all__ = ["save"]


def __getattr__(name: str) -> Any:  # loaded when it is asked for: the help of a command needs the catalogue alone
    if name == "save":
        from coregulation.report.saving import save

        return save
    raise AttributeError(name)
