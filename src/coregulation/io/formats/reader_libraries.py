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

from coregulation.errors import DataError, FileFaultError, UsageError

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


def import_reader(name: str, what: str) -> Any:
    """Load a library that is installed on demand.

    Parameters
    ----------
    name
        The module.
    what
        The format that it reads, for the error.

    Returns
    -------
    module
        With its logger silenced.

    Raises
    ------
    UsageError
        If it is not installed; the error says how to install it.
    """
    try:
        loaded = importlib.import_module(name)
    except ImportError as error:
        raise UsageError(
            '{what} files are read with {name}, which is not installed. Install it: pip install "coregulation[io]"',
            what=what,
            name=name,
        ) from error
    logging.getLogger(name).setLevel(logging.CRITICAL)  # what it would log, our error says
    return loaded


@contextmanager
def reader_errors(path: Path, what: str, *own: type[Exception]) -> Iterator[None]:
    """Turn whatever a library raises or warns of on a bad file into one `DataError`.

    Parameters
    ----------
    path
        The file, for the error.
    what
        Its format, for the error.
    *own
        Kinds of error that only this library has.

    Yields
    ------
    None
        Control, to the code that calls the library.

    Raises
    ------
    DataError
        If that code raises an error of a kind that damaged bytes cause, or warns.
    """
    broken: tuple[type[Exception], ...] = (*_BROKEN, Warning, *own)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            yield
    except FileFaultError as error:
        raise DataError(
            "{path}: the {what} file is damaged, cut off, or not one: {fault}. Copy it again from its source, or export it "
            "again.",
            path=str(path),
            what=what,
            fault=error,
        ) from error
    except broken as error:
        message = " ".join(str(error).split())[:120]
        raise DataError(
            "{path}: the {what} file is damaged, cut off, or not one ({error}: {message}). Copy it again from "
            "its source, or export it again.",
            path=str(path),
            what=what,
            error=type(error).__name__,
            message=message,
        ) from error
