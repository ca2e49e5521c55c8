"""The answer on the page: a report to read, tables to compute with, and `result.json` for programs."""

from coregulation.report.saving import save

__all__ = ["save"]
