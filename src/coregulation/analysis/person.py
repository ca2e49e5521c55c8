"""One person on their own: beats, body, rest, arousal, states, variability, and what cannot be told of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from coregulation.analysis.beat_source import BeatSeries, select_beats, synthetic_rr_remark
from coregulation.analysis.body_inputs import BodyInputs, select_body_inputs, with_movement_threshold
from coregulation.analysis.moved_pulses import set_moved_pulses_aside
from coregulation.analysis.person_reasons import PersonReason
from coregulation.analysis.speech import find_speech
from coregulation.channels import EDA, HEART_RATE
from coregulation.errors import DataError
from coregulation.events import Exclusion, Mark
from coregulation.physiology.arousal import PACED, arousal, baseline
from coregulation.physiology.body import Body, compute_body
from coregulation.physiology.breath import Breath, detect_breaths
from coregulation.physiology.eda import SkinResult, analyze_skin
from coregulation.physiology.estimate import Estimate
from coregulation.physiology.ppg import VARIABILITY as PRV
from coregulation.physiology.rsa import RsaControl, peak_to_trough
from coregulation.physiology.span_measures import Sources, rsa_epochs, span_measures
from coregulation.physiology.speech import AFTER, gate_body, merge_spans, speech_share, without_speech
from coregulation.physiology.state_spans import Reports, StateSpan, name_states
from coregulation.reasons import Reason, because, reason_of
from coregulation.session import Recording, Session
from coregulation.settings import MIN_BASELINE_REST, is_long_enough
from coregulation.signals import Beats, Signal, Window

MEASURE_NAMES = {
    HEART_RATE: "heart rate", "mean_nn": "mean NN", "rmssd": "RMSSD", "sdnn": "SDNN", "pnn50": "pNN50", "sd1": "SD1",
    "sd2": "SD2", "lf": "LF", "hf": "HF", "rsa": "RSA",
    "rsa_peak_to_trough": "RSA, peak to trough", "breathing_rate": "breathing rate", "scl": "skin conductance",
    "scr_rate": "skin responses", "arousal": "arousal",
}  # fmt: skip
_SHOWN = (HEART_RATE, "rmssd", "rsa", "breathing_rate", "scr_rate", "arousal")
FIRST = 300.0  # s of the beginning, where no rest was marked
RESTS = ("alone-rest", "together-rest")  # the better first
_QUIET = ("rest", "baseline", "quiet")  # words in the name of a block that will do
_PACERS = ("pacer", "guide")  # among what was shared
EVERYTHING = "everything"


@dataclass(frozen=True, slots=True)
class BaselineWindow:
    """The span whose level counts as a person's zero of arousal.

    Parameters
    ----------
    window
        Session time of the span.
    kind
        Name of its block, or "the beginning" where no rest was marked.
    marked
        Whether a block marks it as a rest. Without one no states are named.
    """

    window: Window
    kind: str
    marked: bool = True


@dataclass(frozen=True, slots=True)
class SpanMeasures:
    """Measures of one person over a span.

    Parameters
    ----------
    label
        Name of the block, or "everything" for the whole recording.
    window
        Session time of the span.
    measures
        Values with their intervals, by name of the measure.
    """

    label: str
    window: Window
    measures: Mapping[str, Estimate]


@dataclass(frozen=True, slots=True, eq=False)
class PersonFinding:
    """What was found of one person alone.

    Parameters
    ----------
    person
        who.
    heart
        Where the beats come from, judged; None without a source.
    body
        On one grid, with arousal where there is a zero; None where nothing can be told.
    variability
        "HRV", of pulses "PRV"; None without beats.
    control
        Whether the effect of breathing was taken out of RSA; None without RSA.
    control_why
        Why it was not; None where it was.
    zero
        What arousal is told against; None where there is none.
    paced
        A guide or pacer was there, so breathing rate and RSA are not in arousal.
    spans
        Numbers of everything, then of each block.
    states
        Every 30 s; empty where they cannot be told.
    breaths
        Each breath of a belt; empty without one.
    skin
        Responses and whether this person has any; None without skin conductance.
    speech
        Spans in which this person speaks; None where it is not known.
    corrections
        Marks of what was done to the beats by hand.
    excluded
        Spans that count for nothing.
    remarks
        What to keep in mind with the numbers.
    unknown
        What is not known ("body", "variability", "arousal", "states"), and why.
    """

    person: str
    heart: BeatSeries | None = None
    body: Body | None = None
    variability: str | None = None
    control: RsaControl | None = None
    control_why: Reason | None = None
    zero: BaselineWindow | None = None
    paced: bool = False
    spans: tuple[SpanMeasures, ...] = ()
    states: tuple[StateSpan, ...] = ()
    breaths: tuple[Breath, ...] = ()
    skin: SkinResult | None = None
    speech: tuple[Window, ...] | None = None
    corrections: tuple[Mark, ...] = ()
    excluded: tuple[Exclusion, ...] = ()
    remarks: tuple[Reason, ...] = ()
    unknown: Mapping[str, Reason] = field(default_factory=dict)

    @property
    def everything(self) -> Mapping[str, Estimate]:
        """The numbers of the whole recording, by name."""
        return self.spans[0].measures if self.spans else {}

    def __str__(self) -> str:
        parts = [
            f"{MEASURE_NAMES[name]} {value}"
            for name, value in self.everything.items()
            if name in _SHOWN and value.value
        ]
        if self.control is not None:
            parts.append(f"RSA {self.control}")
        if self.zero is not None:
            parts.append(f"arousal against {self.zero.kind}")
        parts += [f"no {what}: {why}" for what, why in self.unknown.items()]
        return f"{self.person} alone: {'; '.join((*parts, *map(str, self.remarks)))}"


def analyze_person(
    recording: Recording, session: Session, seed: int = 0, judged: BeatSeries | None = None
) -> PersonFinding:
    """Analyse one person without regard to the others.

    Parameters
    ----------
    recording
        The person's channels.
    session
        For blocks, marks, ratings and exclusions.
    seed
        Of the bootstraps.
    judged
        The person's beats from `select_beats`; None: they are selected here.

    Returns
    -------
    PersonFinding
        Beats, body, arousal, states and measures. What could not be computed is in `unknown`, with the reason.

    References
    ----------
    Task Force of the ESC and NASPE (1996), Circulation 93:1043, doi:10.1161/01.CIR.93.5.1043

    Grossman P, Taylor EW (2007), Biol Psychol 74:263, doi:10.1016/j.biopsycho.2005.11.014
    """
    pulse = judged or select_beats(recording, session)
    speech = find_speech(session).get(recording.person.id)
    inputs = _inputs(recording, session, pulse)
    motion = inputs.channels.get("motion")
    if pulse is not None and isinstance(motion, Signal) and inputs.moving is not None:
        pulse = set_moved_pulses_aside(pulse, motion, inputs.moving)
        inputs = _inputs(recording, session, pulse)
    bare = PersonFinding(
        recording.person.id,
        pulse,
        corrections=tuple(m for m in session.marks if m.person == recording.person.id and m.by_hand),
        excluded=tuple(e for e in session.exclusions if e.person in (None, recording.person.id)),
        remarks=(*(pulse.remarks if pulse else ()), *inputs.remarks),
        speech=speech,
    )
    breaths = detect_breaths(inputs.belt, merge_spans(speech or (), AFTER)) if inputs.belt is not None else ()
    try:
        body = _body(inputs, speech or (), breaths) if inputs.channels else None
    except DataError as error:
        return replace(bare, unknown={"body": reason_of(error)})
    if body is None:
        return replace(bare, unknown={"body": _no_body(pulse)})
    eda = inputs.channels.get(EDA)
    alive = replace(
        bare, body=body, skin=analyze_skin(eda) if isinstance(eda, Signal) else None,
        breaths=breaths,
        remarks=(*bare.remarks, *_moved(body, inputs.moving), *_spoke(speech, body, len(session.recordings) > 1)),
    )  # fmt: skip
    return _measured(_aroused(alive, session, seed), recording, session)


def _inputs(recording: Recording, session: Session, pulse: BeatSeries | None) -> BodyInputs:
    """Return the channels of a body, with what counts as movement where a rest was marked."""
    inputs = select_body_inputs(recording, session, pulse)
    motion = inputs.channels.get("motion")
    rest = find_baseline_window(session, recording.person.id, motion.window) if motion is not None else None
    return with_movement_threshold(inputs, rest.window) if rest is not None and rest.marked else inputs


def _body(inputs: BodyInputs, speech: tuple[Window, ...], breaths: Sequence[Breath]) -> Body:
    """Return a body without what follows the words; its RSA is that of the breath between turns."""
    body = compute_body(inputs.channels, inputs.moving, inputs.breath)
    if not speech:
        return body
    resp = inputs.channels.get("resp")
    if isinstance(resp, Signal):
        channels = {**inputs.channels, "resp": without_speech(resp, speech)}
        silent = compute_body(channels, inputs.moving, inputs.breath)
        body = replace(body, rsa=silent.rsa, rsa_adjusted=silent.rsa_adjusted)
    return gate_body(body, merge_spans([*speech, *(Window(b.start, b.end) for b in breaths if b.speaking)]))


def _spoke(speech: tuple[Window, ...] | None, body: Body, together: bool) -> tuple[Reason, ...]:
    """Return a remark on how much of the recording was speech, or that it is not known though somebody else was there."""
    if speech is None:
        follows = together and bool(body.rsa.coverage or body.breathing_rate.coverage)
        return (because(PersonReason.SPEECH_UNKNOWN),) if follows else ()
    share = speech_share(speech, body.window)
    return (because(PersonReason.SPOKE, share=share, count=len(speech)),) if share else ()


def _moved(body: Body, moving: float | None) -> tuple[Reason, ...]:
    """Return a remark where somebody moved too much for the other signals to be trusted."""
    known = body.motion.values[np.isfinite(body.motion.values)]
    share = float((known > moving).mean()) if moving is not None and len(known) else 0.0
    return (because(PersonReason.MOVED, share=share),) if share else ()


def _no_body(pulse: BeatSeries | None) -> Reason:
    if pulse is not None and pulse.refused is not None:
        return because(PersonReason.NO_BODY_BEATS_REFUSED, why=pulse.refused)
    return because(PersonReason.NO_BODY)


def _aroused(finding: PersonFinding, session: Session, seed: int) -> PersonFinding:
    """Return a finding with arousal and states, or with why there are none."""
    body = finding.body
    assert body is not None
    zero = find_baseline_window(session, finding.person, body.window)
    paced = any(block.guide for block in session.blocks) or any(
        word in item.lower() for item in session.shared or () for word in _PACERS
    )
    dry = finding.skin is not None and finding.skin.responder is False
    # of who speaks, breath and RSA are known in silence alone: an index with them would change with every turn
    left_out = ({"scr_rate"} if dry else set()) | (PACED if finding.speech else set())
    inputs = {name: signal for name, signal in body.inputs.items() if name not in left_out}
    finding = replace(
        finding,
        zero=zero,
        paced=paced,
        remarks=finding.remarks + ((because(PersonReason.NON_RESPONDER),) if dry else ()),
    )
    try:
        own = baseline(inputs, zero.window, seed)
        with_arousal = replace(body, arousal=arousal(inputs, own, paced))
    except DataError as error:
        return replace(
            finding, zero=None, unknown={"arousal": reason_of(error), "states": because(PersonReason.NO_AROUSAL)}
        )
    if not zero.marked:
        return replace(
            finding,
            body=with_arousal,
            unknown={"states": because(PersonReason.NO_REST_MARKED, needed=MIN_BASELINE_REST)},
        )
    states = name_states(with_arousal, own, _reports(session, finding.person), paced)
    return replace(finding, body=with_arousal, states=states)


def find_baseline_window(session: Session, person: str, recorded: Window) -> BaselineWindow:
    """Choose the span whose level counts as a person's zero of arousal.

    It is the first alone-rest of three minutes or more, else such a together-rest, else such a block whose name has
    "rest", "baseline" or "quiet" in it. Where none was marked, it is the first five minutes.

    Parameters
    ----------
    session
        With its blocks. A block that lists who was present must list this person.
    person
        Id of the person.
    recorded
        Session time in which the person was recorded.

    Returns
    -------
    BaselineWindow
        With `marked` False where it is only the beginning.
    """
    marked = [
        b
        for b in session.blocks
        if is_long_enough(b.window.length, MIN_BASELINE_REST) and (not b.present or person in b.present)
    ]
    for kinds in (*((kind,) for kind in RESTS), _QUIET):
        exact = kinds is not _QUIET
        for block in sorted(marked, key=lambda block: block.start):
            if block.kind in kinds or (not exact and any(word in block.kind.lower() for word in kinds)):
                return BaselineWindow(block.window, block.kind)
    end = min(recorded.end, recorded.start + FIRST)
    return BaselineWindow(Window(recorded.start, end), "the beginning", marked=False)


def _reports(session: Session, person: str) -> Reports:
    reports: dict[str, tuple[tuple[float, float], ...]] = {}
    for rating in session.ratings:
        if rating.person == person:
            reports[rating.item] = (*reports.get(rating.item, ()), (rating.time, rating.value))
    return reports


def _measured(finding: PersonFinding, recording: Recording, session: Session) -> PersonFinding:
    """Return a finding with its numbers, of everything and of each block."""
    assert finding.body is not None
    pulse = finding.heart
    beats = pulse.cleaned.beats if pulse is not None and pulse.refused is None else None
    why_not = synthetic_rr_remark(recording) if pulse is not None and pulse.source == "beats" else None
    rsa = rsa_epochs(finding.body, beats) if beats is not None else None
    of = Sources(finding.body, beats, why_not, rsa, finding.skin, finding.breaths, finding.speech or ())
    everything = SpanMeasures(EVERYTHING, finding.body.window, span_measures(of))
    blocks = [SpanMeasures(b.kind, b.window, span_measures(of, b.window)) for b in session.blocks]
    unknown = dict(finding.unknown)
    if beats is None or why_not is not None:
        unknown["variability"] = why_not or (pulse.refused if pulse else None) or because(PersonReason.NO_BEATS)
    return replace(
        finding,
        variability=None if pulse is None or beats is None else PRV if pulse.is_pulse else "HRV",
        control=rsa[0].control if rsa else None,
        control_why=rsa[0].why if rsa else None,
        spans=(everything, *(span for span in blocks if span.window.overlap(finding.body.window))),
        remarks=(
            *finding.remarks,
            *(_without_swing(beats, finding.breaths) if beats is not None and why_not is None else ()),
        ),
        unknown=unknown,
    )


def _without_swing(beats: Beats, breathed: Sequence[Breath]) -> tuple[Reason, ...]:
    missing = peak_to_trough(beats, breathed).missing if breathed else 0.0
    return (because(PersonReason.BREATHS_WITHOUT_SWING, share=missing, count=len(breathed)),) if missing else ()
