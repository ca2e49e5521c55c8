"""What `import coregulation as co` offers: open, analyse, measure and save, with values that show themselves in a notebook."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

from coregulation.analysis.beat_source import select_beats
from coregulation.analysis.finding import Finding
from coregulation.analysis.pipeline import Analysis
from coregulation.analysis.preprocessing import SignalPlan
from coregulation.coupling.inference import Coupling
from coregulation.coupling.measure import AbstractMeasure
from coregulation.coupling.measures.lagged_correlation import LaggedCorrelation
from coregulation.coupling.nulls.surrogates import AbstractSurrogate
from coregulation.errors import DataError, UsageError, nearest_names
from coregulation.io import ReadOptions
from coregulation.io import open_session as read_session
from coregulation.physiology.hrv import Hrv, compute_hrv
from coregulation.report.presented import PresentedFinding, PresentedSession
from coregulation.session import Person, Recording, Session
from coregulation.signals import Beats, Signal

Path = str | os.PathLike[str]
Progress = Callable[[str, int, int], None]


def open_session(*paths: Path, options: ReadOptions | None = None, **reading: Any) -> PresentedSession:
    """Open one session.

    Parameters
    ----------
    *paths
        One table with a column per person, one file per person, a `session.toml` or its folder.
    options
        How to read them; or give its fields as keywords.
    **reading
        The fields of `ReadOptions`, such as `signal="rr"`, `unit="ms"`, `people=("ada", "ben")`, `shared=()`.

    Returns
    -------
    PresentedSession
        The session, with a short representation and `.plot()`.

    Raises
    ------
    UsageError
        If the call is wrong, or there are several sessions and `only` does not choose one.
    DataError
        If the data cannot be used.
    """
    return PresentedSession.present(read_session(*paths, options=options, **reading))


def analyze(
    session: Session | Path,
    pseudo: Sequence[Session] = (),
    *,
    signals: tuple[str, ...] | None = None,
    measure: type[AbstractMeasure] | None = None,
    null: AbstractSurrogate | None = None,
    surrogates: int = 1999,
    seed: int = 0,
    jobs: int = 2,
    bodies: bool = True,
    progress: Progress | None = None,
    **settings: Any,
) -> PresentedFinding:
    """Analyse a session with settings that are fixed before data are seen.

    Parameters
    ----------
    session
        One or more people; or the path of a `session.toml` or its folder.
    pseudo
        Other sessions of the same script, for pseudo-dyads.
    signals
        Which channels; None for all that two people share.
    measure
        The kind of linkage measure; None for each channel's own.
    null
        The primary null beyond own dynamics; None: chosen by length and gaps.
    surrogates
        Number of surrogates, at most.
    seed
        Of everything random.
    jobs
        Threads.
    bodies
        Also describe each person alone.
    progress
        Is called with what is done, how many of it are done, and of how many.
    **settings
        Any other field of `Analysis`; a wrong name gets the near one.

    Returns
    -------
    PresentedFinding
        Everything that can be answered, and why not the rest.

    Raises
    ------
    DataError
        If nothing can be answered at all.
    UsageError
        If the settings cannot be used.
    """
    _check_names(settings)
    opened = session if isinstance(session, Session) else read_session(session)
    analysis = Analysis(
        null=null, signals=signals, measure=measure, surrogates=surrogates, seed=seed, jobs=jobs,
        bodies=bodies, **settings,
    )  # fmt: skip
    return PresentedFinding.present(analysis(opened, pseudo, progress))


def _check_names(settings: dict[str, Any]) -> None:
    known = list(Analysis.__dataclass_fields__)
    for name in settings:
        if name not in known:
            near = nearest_names(name, known, 1)
            raise UsageError("There is no setting '{name}'. Did you mean {near:or}?", name=name, near=near)


def hrv(source: Beats | Recording | Session | Path, *, unit: str | None = None) -> Hrv:
    """Compute heart-rate variability of one person's whole recording.

    Parameters
    ----------
    source
        Beats, a person's recording (the best of its beats, ECG or PPG is used), a session of one person, or the path of an
        RR file.
    unit
        Of the RR intervals in a file: "ms" or "s"; needed for a path.

    Returns
    -------
    Hrv
        Each measure with its 95 % interval, or the reason why it is not given.

    Raises
    ------
    DataError
        If there are no beats, or they cannot be used.
    UsageError
        If the session is of several people, or a file's unit is not said.
    """
    if isinstance(source, Beats):
        return compute_hrv(source)
    if isinstance(source, Session) and len(source.recordings) > 1:
        names = [person.id for person in source.people]
        raise UsageError(
            "Heart-rate variability is one person's, and the session is of {names:and}. Choose one: session.recordings[0].",
            names=names,
        )
    if not isinstance(source, Recording):
        session = source if isinstance(source, Session) else read_session(source, signal="rr", unit=unit)
        source = session.recordings[0]
    beats = select_beats(source, Session("one person", (source,)))
    if beats is None or beats.refused is not None:
        raise DataError("There are no beats that can be used: record RR intervals, ECG or PPG.")
    return compute_hrv(beats.cleaned.beats)


def linkage(
    first: Signal,
    second: Signal,
    *,
    measure: AbstractMeasure | None = None,
    null: AbstractSurrogate | None = None,
    surrogates: int = 1999,
    seed: int = 0,
) -> Coupling:
    """Test whether two signals rise and fall together beyond each one's own dynamics.

    Parameters
    ----------
    first, second
        Two people's signals of one kind, on one clock.
    measure
        How they are compared; None for `LaggedCorrelation(window=60, max_lag=5)`, in seconds.
    null
        What the p-value goes beyond; None: chosen by length and gaps.
    surrogates
        Number of surrogates, at most.
    seed
        Of the surrogates.

    Returns
    -------
    Coupling
        Estimate with interval and lag, and its p-value; or why it is refused. The people are "first" and "second".

    Raises
    ------
    DataError
        If the two share no time or one never changes.
    """
    rate = min(first.rate, second.rate)
    plan = SignalPlan(rate, measure or LaggedCorrelation(window=60.0, max_lag=5.0))
    people = (Recording(Person("first"), {"signal": first}), Recording(Person("second"), {"signal": second}))
    analysis = Analysis(
        plans={"signal": plan}, null=null, sensitivity=(), surrogates=surrogates,
        signals=("signal",), seed=seed, pictures=0, bodies=False,
    )  # fmt: skip
    finding: Finding = analysis(Session("two signals", people))
    return finding.of(("first", "second"))[0]
