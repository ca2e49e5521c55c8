"""Schemas of what is read and written, the same on every version of Python."""

from __future__ import annotations

import inspect
from typing import Any


def even_descriptions(part: Any) -> Any:
    """Take the indentation off the descriptions of a schema: Python 3.13 takes it off docstrings, older ones do not.

    Parameters
    ----------
    part
        Of a schema, as `json` reads it.

    Returns
    -------
    Any
        The same, with its descriptions as `inspect.cleandoc` leaves them.
    """
    if isinstance(part, list):
        return [even_descriptions(item) for item in part]
    if not isinstance(part, dict):
        return part
    texts = {
        key: inspect.cleandoc(value) for key, value in part.items() if key == "description" and isinstance(value, str)
    }
    return {key: even_descriptions(value) for key, value in part.items()} | texts
