"""Two or more people's body signals: together beyond chance, or not, and who steadies whom.

import coregulation as co

session = co.open_session("ada_rr.txt", "ben_rr.txt", signal="rr", unit="ms", shared=())
finding = co.analyze(session, seed=1)
print(finding)
co.save(finding, "out")
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from coregulation._kernel_cache import ensure_kernel_cache
from coregulation._version import __version__

if TYPE_CHECKING:
    from coregulation.analysis.finding import Finding
    from coregulation.analysis.pipeline import Analysis
    from coregulation.api import analyze, hrv, linkage, open_session
    from coregulation.errors import CoregulationError, DataError, ProtocolError, UsageError
    from coregulation.io import open_sessions, write_session
    from coregulation.report import save
    from coregulation.session import Person, Recording, Session
    from coregulation.signals import Beats, Signal, Unit
    from coregulation.simulate.linkage import simulated_pair
    from coregulation.study.lazy import Study
    from coregulation.study.plan import StudyPlan

ensure_kernel_cache()

# where each public name lives; loaded when first asked for, so that importing the package stays quick
_FACE = {
    "Analysis": "analysis",
    "Beats": "signals",
    "CoregulationError": "errors",
    "DataError": "errors",
    "Finding": "analysis.finding",
    "Person": "session",
    "ProtocolError": "errors",
    "Recording": "session",
    "Session": "session",
    "Signal": "signals",
    "Study": "study.lazy",
    "StudyPlan": "study.plan",
    "Unit": "signals",
    "UsageError": "errors",
    "analyze": "api",
    "hrv": "api",
    "linkage": "api",
    "open_session": "api",
    "open_sessions": "io",
    "save": "report",
    "simulated_pair": "simulate.linkage",
    "write_session": "io",
}

__all__ = [
    "Analysis",
    "Beats",
    "CoregulationError",
    "DataError",
    "Finding",
    "Person",
    "ProtocolError",
    "Recording",
    "Session",
    "Signal",
    "Study",
    "StudyPlan",
    "Unit",
    "UsageError",
    "__version__",
    "analyze",
    "hrv",
    "linkage",
    "open_session",
    "open_sessions",
    "save",
    "simulated_pair",
    "write_session",
]


def __getattr__(name: str) -> Any:
    if name not in _FACE:
        from coregulation.errors import similar_names

        near = " or ".join(similar_names(name, _FACE))
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}{near and f'. Did you mean {near}?'}")
    return getattr(importlib.import_module(f"{__name__}.{_FACE[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
