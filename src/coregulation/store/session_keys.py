"""Keys of sessions: in memory until people agree to keep, then in a file of its own beside the database.

What is stored of a session is encrypted with AES-256-GCM: each person's recording and private words under that person's key, what
happened to all under the session's shared key. A key that nobody agreed to keep is never written; when the program ends without it,
what lies on the disk cannot be read. Erasing forgets the key first, so copies of the database cannot be read either.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from coregulation.errors import DataError

KEY_FILE = "session-keys"
KEY_BYTES, NONCE_BYTES = 32, 12
SEALED = b"\x00sealed1"  # no plain piece begins so: those are msgpack arrays, JSON, HTML or zip files
CHECK = b"coregulation"  # what is sealed to recognise a key
SHARED = ""  # stands for the session's shared key, where a person's name stands otherwise

Owner = tuple[str, str]  # session and person, or SHARED


class SealedError(DataError):
    """Something that is stored cannot be read, since its key is not here."""


class SessionKeys:
    """All keys that this process knows.

    Parameters
    ----------
    folder
        Of the store; the file with the kept keys lies in it, readable by its owner alone.
    passphrase
        Of an encrypted store: the kept keys are wrapped by a key that is derived from it.

    Raises
    ------
    DataError
        If the file is damaged or belongs to another passphrase.
    """

    def __init__(self, folder: Path, passphrase: str | None = None) -> None:
        self.path = folder / KEY_FILE
        self._keys: dict[Owner, bytes] = {}
        self._kept: set[Owner] = set()
        self._salt = secrets.token_bytes(16)
        self._passphrase = passphrase
        self._wrapping: bytes | None = None
        for ending in (".new", ".old"):
            self.path.with_name(KEY_FILE + ending).unlink(missing_ok=True)
        if self.path.exists():
            self._load()

    # Keys -----------------------------------------------------------------------------------------------------------------

    def make(self, session: str, person: str = SHARED) -> None:
        """Make a key in memory, unless there is one."""
        self._keys.setdefault((session, person), secrets.token_bytes(KEY_BYTES))

    def has(self, session: str, person: str = SHARED) -> bool:
        """Whether a key is known."""
        return (session, person) in self._keys

    def is_kept(self, session: str, person: str = SHARED) -> bool:
        """Whether a key is in the file."""
        return (session, person) in self._kept

    def of(self, session: str) -> dict[str, bytes]:
        """Return the known keys of a session, by person."""
        return {person: key for (name, person), key in self._keys.items() if name == session}

    def give(self, session: str, person: str, key: bytes, check: bytes) -> bool:
        """Take a key that a browser brought back; return whether it is the right one."""
        if len(key) != KEY_BYTES:
            return False
        try:
            right = _opened(key, check, (session, person)) == CHECK
        except SealedError:
            return False
        if right:
            self._keys[session, person] = key
        return right

    def keep(self, owners: Mapping[Owner, bool]) -> None:
        """Write keys to the file (True) or take them out of it (False); returns when that is on the disk."""
        kept = {owner for owner in self._kept if owners.get(owner, True)}
        kept |= {owner for owner, wanted in owners.items() if wanted and owner in self._keys}
        if kept != self._kept:
            self._write(kept)
            self._kept = kept

    def forget(self, session: str, person: str | None = None) -> None:
        """Forget a person's key (or all keys of a session), first in memory and then in the file."""
        gone = {owner for owner in {*self._keys, *self._kept} if owner[0] == session and person in (None, owner[1])}
        for owner in gone:
            self._keys.pop(owner, None)
        self.keep(dict.fromkeys(gone, False))

    def renew(self, session: str) -> None:
        """Replace the shared key, so that copies of what it sealed before cannot be read any more."""
        was_kept = (session, SHARED) in self._kept
        self._keys[session, SHARED] = secrets.token_bytes(KEY_BYTES)
        if was_kept:
            self._write(self._kept)

    def export(self, path: Path) -> Path:
        """Copy the file with the kept keys; erasing cannot reach such a copy."""
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write_private(path, self.path.read_bytes() if self.path.exists() else self._body(set()))
        return path

    # Sealing --------------------------------------------------------------------------------------------------------------

    def check(self, session: str, person: str = SHARED) -> bytes:
        """Return what a key is recognised by."""
        return self.seal(CHECK, session, person)

    def seal(self, body: bytes, session: str, person: str = SHARED) -> bytes:
        """Encrypt a body under a key.

        Raises
        ------
        SealedError
            If the key is not known.
        """
        key = self._key(session, person)
        nonce = secrets.token_bytes(NONCE_BYTES)
        return SEALED + nonce + AESGCM(key).encrypt(nonce, body, _bound((session, person)))

    def open(self, body: bytes, session: str, person: str = SHARED) -> bytes:
        """Decrypt a body; one that was stored plain, by an older version, is returned as it is.

        Raises
        ------
        SealedError
            If the key is not known, or the body was changed.
        """
        if not body.startswith(SEALED):
            return body
        return _opened(self._key(session, person), body, (session, person))

    def _key(self, session: str, person: str) -> bytes:
        key = self._keys.get((session, person))
        if key is None:
            raise SealedError(
                "This part of the store cannot be read: its key is not here. A kept session needs the file "
                "{file} beside the store.",
                file=KEY_FILE,
            )
        return key

    # The file -------------------------------------------------------------------------------------------------------------

    def _load(self) -> None:
        try:
            plain = json.loads(self.path.read_bytes())
            self._salt = base64.b64decode(plain["salt"])
            wrapped = {(row["session"], row["person"]): base64.b64decode(row["key"]) for row in plain["keys"]}
            keys = {owner: self._unwrapped(key, owner) for owner, key in wrapped.items()}
        except (ValueError, KeyError, TypeError, UnicodeDecodeError) as error:
            raise DataError("The key file {file} is damaged. Put back a copy of it.", file=str(self.path)) from error
        except SealedError as error:
            raise DataError("The key file {file} has another passphrase.", file=str(self.path)) from error
        self._keys |= keys
        self._kept = set(keys)
        self.path.chmod(0o600)

    def _write(self, owners: set[Owner]) -> None:
        body = self._body(owners)
        try:
            _write_private(self.path, body)
        except OSError as error:
            if owners <= self._kept and self.path.exists():
                _overwrite(self.path, body)  # a key goes also where the disk is full
                return
            raise DataError("The key file could not be written ({reason}).", reason=error.strerror) from error

    def _body(self, owners: set[Owner]) -> bytes:
        rows = [
            {"session": owner[0], "person": owner[1], "key": base64.b64encode(self._wrap(owner)).decode()}
            for owner in sorted(owners)
            if owner in self._keys
        ]
        plain = {"format": "coregulation.keys/1", "salt": base64.b64encode(self._salt).decode(), "keys": rows}
        return json.dumps(plain, ensure_ascii=False).encode()

    def _wrap(self, owner: Owner) -> bytes:
        key, wrapping = self._keys[owner], self._wrapping_key()
        if wrapping is None:
            return key
        nonce = secrets.token_bytes(NONCE_BYTES)
        return SEALED + nonce + AESGCM(wrapping).encrypt(nonce, key, _bound(owner))

    def _unwrapped(self, key: bytes, owner: Owner) -> bytes:
        wrapping = self._wrapping_key()
        if wrapping is None or not key.startswith(SEALED):
            if len(key) != KEY_BYTES:
                raise SealedError("The key is wrapped.")
            return key
        return _opened(wrapping, key, owner)

    def _wrapping_key(self) -> bytes | None:
        if self._passphrase is None:
            return None
        if self._wrapping is None:
            self._wrapping = Scrypt(self._salt, KEY_BYTES, 2**14, 8, 1).derive(self._passphrase.encode())
        return self._wrapping


def _bound(owner: Owner) -> bytes:
    """Return what binds a sealed body to its session and person."""
    return "\0".join(owner).encode()


def _opened(key: bytes, body: bytes, owner: Owner) -> bytes:
    nonce, sealed = body[len(SEALED) : len(SEALED) + NONCE_BYTES], body[len(SEALED) + NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, sealed, _bound(owner))
    except (InvalidTag, ValueError) as error:
        raise SealedError(
            "This part of the store cannot be read: its key is another one, or it was changed."
        ) from error


def _write_private(path: Path, body: bytes) -> None:
    """Write a file that only its owner reads, whole or not at all; the one before is overwritten before it is let go."""
    staged = path.with_name(path.name + ".new")
    descriptor = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    before = path.with_name(path.name + ".old")
    before.unlink(missing_ok=True)
    if path.exists():
        os.link(path, before)
    os.replace(staged, path)
    _sync_folder(path.parent)
    if before.exists():
        _overwrite(before, b"")
        before.unlink()


def _overwrite(path: Path, body: bytes) -> None:
    """Write over a file in its place, which needs no free space; what was longer is overwritten and cut off."""
    with path.open("r+b") as file:
        file.write(body + b" " * max(0, path.stat().st_size - len(body)))
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
