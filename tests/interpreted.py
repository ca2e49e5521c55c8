"""Compiled functions run as the Python that they are written in, so that coverage sees them and both can be compared."""

from __future__ import annotations

import functools
import importlib
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

KERNELS = (
    "coupling.measures.kernels", "coupling.measures.series_kernels", "physiology.beat_decision", "physiology.beat_evidence", "physiology.beat_levels",
    "physiology.beat_shapes", "physiology.candidates", "physiology.signal_loss",
    "regulation.kalman", "simulate.gaussian_waves", "simulate.integrate",
)  # fmt: skip


def compiled() -> dict[str, Any]:
    """Return every compiled function by its module and name."""
    modules = [importlib.import_module(f"coregulation.{name}") for name in KERNELS]
    return {
        f"{module.__name__.removeprefix('coregulation.')}.{name}": value
        for module in modules
        for name, value in vars(module).items()
        if hasattr(value, "py_func") and value.py_func.__module__ == module.__name__
    }


def interpret(monkeypatch: Any) -> set[str]:
    """Put the Python of each compiled function wherever it is used; return a set that fills with the names that ran.

    In compiled code the rows of structured arrays have their fields as attributes; here `Row` gives them the same.
    """
    ran: set[str] = set()
    functions = compiled()
    names = {id(value): name for name, value in functions.items()}
    for module in [value for key, value in sys.modules.items() if key.startswith("coregulation.")]:
        for attribute, value in list(vars(module).items()):
            if id(value) in names:
                monkeypatch.setattr(module, attribute, _python(names[id(value)], value.py_func, ran))
    return ran


def _python(name: str, function: Callable[..., Any], ran: set[str]) -> Callable[..., Any]:
    @functools.wraps(function)
    def run(*arguments: Any) -> Any:
        ran.add(name)
        return _plain(function(*(_records(argument) for argument in arguments)))

    return run


class Row:
    """A row of a structured array, with its fields as attributes that read and write the array."""

    __slots__ = ("_row",)

    def __init__(self, row: np.void) -> None:
        object.__setattr__(self, "_row", row)

    def __getattr__(self, name: str) -> Any:
        return _records(self._row[name])

    def __setattr__(self, name: str, value: Any) -> None:
        self._row[name] = _plain(value)


class Rows:
    """A structured array whose rows are `Row`s."""

    __slots__ = ("_rows",)

    def __init__(self, rows: Any) -> None:
        self._rows = rows

    def __getitem__(self, index: Any) -> Any:
        return _records(self._rows[index])

    def __setitem__(self, index: Any, value: Any) -> None:
        self._rows[index] = _plain(value)

    def __len__(self) -> int:
        return len(self._rows)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._rows, name)


def _records(value: Any) -> Any:
    """Wrap what is structured; leave the rest as it is."""
    if isinstance(value, np.void) and value.dtype.names is not None:
        return Row(value)
    if isinstance(value, np.ndarray) and value.dtype.names is not None:
        return Rows(value)
    return value


def _plain(value: Any) -> Any:
    return value._row if isinstance(value, Row) else value._rows if isinstance(value, Rows) else value
