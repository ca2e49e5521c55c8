"""The two steps of a study, as jobs: prepare the sessions of a source; compare a session with itself and with stand-ins."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from coregulation._version import __version__
from coregulation.errors import CoregulationError, DataError
from coregulation.reasons import Reason, because, reason_of
from coregulation.session import Session
from coregulation.study.atomic import write_bytes
from coregulation.study.folder import FailedSession, SourceContents, StudyFolder, safe_name
from coregulation.study.jobs import AbstractJob
from coregulation.study.pair_values import session_values
from coregulation.study.prepared import content_key, prepare_session, write_prepared
from coregulation.study.reasons import StudyReason
from coregulation.study.sources import SessionSource


@dataclass(frozen=True, slots=True)
class PrepareJob(AbstractJob):
    """Read a source and prepare each of its sessions.

    Parameters
    ----------
    source
        What is read.
    out
        The study's folder.
    rates
        By channel, the rate of the whole study in Hz, where it is known.
    """

    source: SessionSource
    out: str
    rates: Mapping[str, float]

    @property
    def name(self) -> str:
        """Name of the source, fit for a file."""
        return safe_name(self.source.name)

    @property
    def folder(self) -> StudyFolder:
        """The study's folder."""
        return StudyFolder(Path(self.out))

    def is_done(self) -> bool:
        """Say whether every session of the unchanged source is prepared at the study's rates."""
        path = self.folder.source(self.source.name)
        if not path.exists():
            return False
        contents = msgspec.json.decode(path.read_bytes(), type=SourceContents)
        return contents.digest == self._digest()

    def run(self) -> None:
        """Read, prepare, keep; a session that cannot be used becomes a reason."""
        names = []
        for name, session in self.source.read():
            names.append(name)
            self._keep(name, session)
        contents = SourceContents(self._digest(), tuple(names))
        write_bytes(self.folder.source(self.source.name), msgspec.json.encode(contents))

    def give_up(self, deaths: int) -> None:
        """Write down that reading it killed so many workers."""
        self._fail(self.source.name, because(StudyReason.KILLED_WORKERS, times=deaths))
        contents = SourceContents(self._digest(), (self.source.name,))
        write_bytes(self.folder.source(self.source.name), msgspec.json.encode(contents))

    def _digest(self) -> str:
        return content_key(self.source.name, self.source.digest(), self.rates)

    def _keep(self, name: str, session: Session | CoregulationError) -> None:
        if isinstance(session, CoregulationError):
            return self._fail(name, reason_of(session))
        try:
            prepared = prepare_session(name, self.source.folder, session, self.source.digest(), self.rates)
        except DataError as error:
            return self._fail(name, reason_of(error))
        self.folder.failed(name).unlink(missing_ok=True)
        write_prepared(prepared, self.folder.prepared(name))
        write_bytes(self.folder.facts(name), msgspec.json.encode(prepared.facts))
        return None

    def _fail(self, name: str, reason: Reason) -> None:
        fail_session(self.folder, name, self.source.folder, reason.as_plain())


def fail_session(folder: StudyFolder, name: str, lies_in: str, reason: dict[str, Any]) -> None:
    """Write down why a session takes no part.

    Parameters
    ----------
    folder
        The study's.
    name
        Of the session.
    lies_in
        Name of the folder of its files.
    reason
        Code and facts.
    """
    folder.facts(name).unlink(missing_ok=True)
    write_bytes(folder.failed(name), msgspec.json.encode(FailedSession(name, lies_in, reason)))


@dataclass(frozen=True, slots=True)
class ValueJob(AbstractJob):
    """Compare one session's pair, and its first person with stand-ins.

    Parameters
    ----------
    session
        Its name.
    lies_in
        Name of the folder of its files.
    partners
        Names of the sessions from which stand-ins come.
    keys
        Fingerprint of each prepared session that is needed, its own first.
    channels
        Which are compared.
    lag
        Of the study, s.
    out
        The study's folder.
    """

    session: str
    lies_in: str
    partners: Sequence[str]
    keys: Sequence[str]
    channels: Sequence[str]
    lag: float
    out: str

    @property
    def name(self) -> str:
        """Name of the session, fit for a file."""
        return safe_name(self.session)

    @property
    def folder(self) -> StudyFolder:
        """The study's folder."""
        return StudyFolder(Path(self.out))

    @property
    def key(self) -> str:
        """Fingerprint of everything that decides the values."""
        decisive = [__version__, self.session, self.partners, self.keys, self.channels, self.lag]
        return hashlib.sha256(msgspec.json.encode(decisive)).hexdigest()[:16]

    def is_done(self) -> bool:
        """Say whether its values are there, and of the same preparation."""
        path = self.folder.values(self.session)
        if self.folder.failed(self.session).exists():
            return True
        return path.exists() and self.folder.read_values(self.session).key == self.key

    def run(self) -> None:
        """Compare and keep."""
        files = {name: str(self.folder.prepared(name)) for name in (self.session, *self.partners)}
        values = session_values(self.session, self.key, files, self.partners, self.channels, self.lag)
        write_bytes(self.folder.values(self.session), msgspec.msgpack.encode(values))

    def give_up(self, deaths: int) -> None:
        """Write down that comparing it killed so many workers."""
        reason = because(StudyReason.KILLED_WORKERS, times=deaths)
        fail_session(self.folder, self.session, self.lies_in, reason.as_plain())
