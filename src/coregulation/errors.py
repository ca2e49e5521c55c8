"""What can go wrong, in three kinds: the recording is bad, the call is, or the peer is.

A message says what came, what was expected and what to do. It never repeats a name or a path from
inside a file, since it may be shown to somebody else than the person it names.
"""

from __future__ import annotations


class CoregulationError(Exception):
    """Any error this package raises on purpose."""


class DataError(CoregulationError):
    """The recording cannot be used as it is."""


class UsageError(CoregulationError):
    """The call is wrong: an option, a setting or a name that cannot be meant."""


class ProtocolError(CoregulationError):
    """The other side of a connection broke the protocol."""
