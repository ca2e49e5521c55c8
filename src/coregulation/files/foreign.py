"""Libraries of others that read a format: loaded when such a file comes, and held to our own errors."""

from __future__ import annotations

import importlib
import logging
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from coregulation.errors import DataError, UsageError

# what code that trusts its bytes raises when they are wrong; none of it says anything about our own code here
_BROKEN: tuple[type[Exception], ...] = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    BufferError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)


def library(name: str, what: str) -> Any:
    """Return a library that is installed on demand; `UsageError` says how where it is not there."""
    try:
        loaded = importlib.import_module(name)
    except ImportError as error:
        raise UsageError(
            f'{what} files are read with {name}, which is not installed. Install it: pip install "coregulation[io]"'
        ) from error
    logging.getLogger(name).setLevel(logging.CRITICAL)  # what it would log, our error says
    return loaded


@contextmanager
def foreign(path: Path, what: str, *own: type[Exception]) -> Iterator[None]:
    """Turn whatever a library raises on a bad file, its `own` errors too, into one `DataError`, and its warnings too."""
    broken: tuple[type[Exception], ...] = (*_BROKEN, Warning, *own)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            yield
    except broken as error:
        told = " ".join(str(error).split())[:120]
        raise DataError(
            f"{path}: the {what} file is damaged, cut off, or not one ({type(error).__name__}: {told}). Copy it again "
            "from its source, or export it again."
        ) from error
