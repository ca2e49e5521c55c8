"""Live and kept sessions on disk: append, read again, copy, erase. Nobody else knows SQL."""

from coregulation.store.consent import KEEP, TAKE_PART, ConsentRecord
from coregulation.store.database import DiskFailedError, DiskFullError
from coregulation.store.erasing import Erasure
from coregulation.store.records import KeptSession, Note, RawPiece, StreamRecord
from coregulation.store.repository import Store
from coregulation.store.session_keys import SHARED, SealedError, SessionKeys
from coregulation.store.writer import Item, Writer

__all__ = [
    "KEEP",
    "SHARED",
    "TAKE_PART",
    "ConsentRecord",
    "DiskFailedError",
    "DiskFullError",
    "Erasure",
    "Item",
    "KeptSession",
    "Note",
    "RawPiece",
    "SealedError",
    "SessionKeys",
    "Store",
    "StreamRecord",
    "Writer",
]
