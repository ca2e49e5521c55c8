"""From a session to its results: preprocessing, each person, pairs, groups and verdicts."""

from coregulation.analysis.pipeline import Analysis, analyze

__all__ = ["Analysis", "analyze"]
