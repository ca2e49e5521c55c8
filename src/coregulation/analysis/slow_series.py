"""RSA, RMSSD and the rate of skin responses as series of a session, so that they can be compared between people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from coregulation.analysis.person import PersonFinding, analyze_person
from coregulation.channels import EDA
from coregulation.errors import UsageError, nearest_names
from coregulation.physiology.sliding_rmssd import sliding_rmssd
from coregulation.session import Recording, Session
from coregulation.signals import Signal

SERIES = ("rsa_series", "rmssd_series", "scr_rate_series")  # channels


def with_series(session: Session, names: Iterable[str] = SERIES) -> Session:
    """Return a session with slow series of each person as channels, each with a plan of its own for linkage.

    RSA follows the breathing frequency where a breath is measured (`BreathBand`), RMSSD is that of 60-s windows
    (`sliding_rmssd`), skin responses are counted over the minute before. None is known while its person speaks where it
    follows the words.

    Parameters
    ----------
    session
        As it was recorded.
    names
        Of the series: "rsa_series", "rmssd_series", "scr_rate_series".

    Returns
    -------
    Session
        With those series that could be computed; a series has no values where it is not known.

    Raises
    ------
    UsageError
        If there is no such series.
    """
    wanted = tuple(dict.fromkeys(names))
    for name in wanted:
        if name not in SERIES:
            near = nearest_names(name, SERIES, 1)
            raise UsageError("There is no series {name!r}. Did you mean {near:or}?", name=name, near=near)
    return replace(session, recordings=tuple(_with_series(each, session, wanted) for each in session.recordings))


def _with_series(recording: Recording, session: Session, names: tuple[str, ...]) -> Recording:
    finding = analyze_person(recording, session)
    series = {name: _series(finding, name) for name in names}
    signals = {name: signal for name, signal in series.items() if signal is not None and signal.coverage}
    clocks = {name: recording.clock(_source(finding, name)) for name in signals}
    return replace(recording, signals={**recording.signals, **signals}, clocks={**recording.clocks, **clocks})


def _series(finding: PersonFinding, name: str) -> Signal | None:
    if name == "rmssd_series":
        usable = finding.heart is not None and finding.heart.refused is None and len(finding.heart.cleaned.beats) > 1
        return sliding_rmssd(finding.heart.cleaned.beats) if usable and finding.heart is not None else None
    if finding.body is None:
        return None
    return finding.body.rsa if name == "rsa_series" else finding.body.scr_rate


def _source(finding: PersonFinding, name: str) -> str:
    """Return the channel whose clock a series is on."""
    return EDA if name == "scr_rate_series" or finding.heart is None else finding.heart.source
