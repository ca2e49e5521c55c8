"""Batches of a calibration that outlive its process, each under a hash of the code and the settings that made it."""

from __future__ import annotations

import hashlib
import json
from functools import cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

Answer = tuple[str, str, float | None]  # its name, its role under the law, its p-value (None where it is refused)

_CODE = ("coupling", "analysis", "simulate", "study")  # packages that decide a p-value of a simulated pair


class KeptBatches:
    """Answers by batch, in a file of JSON lines that is only ever added to.

    Parameters
    ----------
    path
        Of the file; it is made when the first batch is kept.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._answers: dict[str, list[Answer]] = {}
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        for line in lines:
            try:
                kept = json.loads(line)
            except json.JSONDecodeError:  # the last line of a run that was stopped while it wrote
                continue
            self._answers[kept["key"]] = [(name, role, p) for name, role, p in kept["answers"]]

    def __contains__(self, key: str) -> bool:
        return key in self._answers

    def __getitem__(self, key: str) -> list[Answer]:
        return self._answers[key]

    def add(self, key: str, answers: list[Answer]) -> None:
        """Keep a batch.

        Parameters
        ----------
        key
            As `key` makes it.
        answers
            Of the batch.
        """
        self._answers[key] = answers
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"key": key, "answers": answers}) + "\n")

    def key(self, *settings: object) -> str:
        """Make the key of a batch.

        Parameters
        ----------
        *settings
            What was run; values whose `repr` tells all that decides a number.

        Returns
        -------
        str
            Another one as soon as the code or a setting changes.
        """
        return hashlib.sha256(f"{self.code} {settings!r}".encode()).hexdigest()

    @cached_property
    def code(self) -> str:
        """Hash of the source of everything that decides a p-value of a simulated pair."""
        digest = hashlib.sha256()
        root = files("coregulation")
        for package in _CODE:
            for source in sorted(_sources(root.joinpath(package)), key=str):
                digest.update(source.read_bytes())
        return digest.hexdigest()


def _sources(folder: Traversable) -> list[Traversable]:
    sources = []
    for entry in folder.iterdir():
        if entry.is_dir():
            sources += _sources(entry)
        elif entry.name.endswith(".py"):
            sources.append(entry)
    return sources
