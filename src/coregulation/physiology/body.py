"""One person's body on one grid: heart, RSA, breath, skin, motion, each with its quality; live as offline."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any

import numpy as np

from coregulation.channels import EDA, HEART_RATE
from coregulation.errors import DataError, UsageError
from coregulation.filters import Resample
from coregulation.physiology.aligned_rows import AlignedRows, Rows, align_rows, joined_rows
from coregulation.physiology.arousal import Arousal, Baseline, arousal
from coregulation.physiology.breath import BreathCycles, breathing_from_beats, smooth_breath
from coregulation.physiology.breath_band import ADJUSTED, FIXED, RSA, BreathBand
from coregulation.physiology.breath_band import RATE as BAND_RATE
from coregulation.physiology.breath_track import DEPTH, PHASE, RATE, BreathTrack
from coregulation.physiology.eda import responses, skin_driver, tonic_level
from coregulation.physiology.heart_rate import HeartRate
from coregulation.physiology.interpolation import SplineSlopes
from coregulation.physiology.scr_rate import ScrRate
from coregulation.physiology.tachogram import Tachogram, joined_beats
from coregulation.signals import Beats, Bools, Floats, Signal, Unit, Window
from coregulation.stage import Piece, join, joined

GRID = 2.0  # Hz
CHANNELS = ("beats", HEART_RATE, "resp", EDA, "motion")
_AT_ONCE = 300.0  # s
_GATHERED = 3.0  # s of what is told late anyway (skin, RSA) that are worked on together
_TRAILING = 10.0  # s over which quality is taken
_LOG = Unit.ARBITRARY  # ln ms² has no unit of its own
_UNITS = {
    HEART_RATE: Unit.PER_MINUTE,
    "rsa": _LOG,
    "rsa_adjusted": _LOG,
    "breathing_rate": Unit.PER_MINUTE,
    "breath_phase": Unit.ARBITRARY,
    "breath_depth": Unit.ARBITRARY,
    "scl": Unit.MICROSIEMENS,
    "scr_rate": Unit.PER_MINUTE,
    "motion": Unit.ARBITRARY,
}


class BreathSource(StrEnum):
    """What the breath of a body was found in."""

    MEASURED = "measured"  # a belt or another sensor of respiration
    ACCELERATION = "derived from acceleration"
    BEATS = "derived from beats"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Body:
    """What was going on in one body, on the session's grid at 2 Hz; NaN where it is not known.

    Parameters
    ----------
    heart_rate
        1/min.
    rsa
        ln ms², at the measured breathing frequency; in 0.12 to 0.40 Hz where no breath is measured.
    rsa_adjusted
        ln (ms per unit of depth)²: the gain of breath on RR, the primary value; missing without a breath or where RR
        does not follow it.
    breathing_rate
        1/min.
    breath_phase
        0 to 2π, breathing in up to π.
    breath_depth
        Own unit.
    scl
        Tonic skin conductance, µS.
    scr_rate
        Responses a minute over the minute before.
    motion
        Own unit.
    quality
        Of "heart", "breath" and "skin", 0 to 1: share of the 10 s before that is known, times the share without
        movement where a limit was given.
    breath_source
        What the breath was found in.
    arousal
        Against the person's own baseline, if there is one.
    """

    heart_rate: Signal
    rsa: Signal
    rsa_adjusted: Signal
    breathing_rate: Signal
    breath_phase: Signal
    breath_depth: Signal
    scl: Signal
    scr_rate: Signal
    motion: Signal
    quality: Mapping[str, Signal]
    breath_source: BreathSource
    arousal: Arousal | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "quality", MappingProxyType(dict(self.quality)))

    @property
    def window(self) -> Window:
        """The span of the grid."""
        return self.heart_rate.window

    @property
    def breath_known(self) -> bool:
        """Whether the breath comes from something else than the heart, so that the heart can be compared with it."""
        return self.breath_source in (BreathSource.MEASURED, BreathSource.ACCELERATION)

    @property
    def inputs(self) -> dict[str, Signal]:
        """What arousal can be made of: the adjusted RSA where the breath is measured, otherwise the plain one.

        Depth in a chest's tilt changes with posture, so what is derived from acceleration adjusts nothing here.
        """
        rsa = self.rsa_adjusted if self.breath_source is BreathSource.MEASURED else self.rsa
        signals = {HEART_RATE: self.heart_rate, "rsa": rsa, "scr_rate": self.scr_rate}
        if self.breath_known:
            signals["breathing_rate"] = self.breathing_rate
        return {name: signal for name, signal in signals.items() if signal.coverage}

    def with_arousal(self, own: Baseline, paced: bool = False) -> Body:
        """Return the body with arousal against a person's own baseline."""
        return replace(self, arousal=arousal(self.inputs, own, paced))


ChannelPieces = Mapping[str, Piece[Any]]
BodyPieces = Mapping[str, Piece[Signal]]


@dataclass(frozen=True, slots=True)
class BodyStage:
    """Pieces of raw channels to pieces of each signal of a body, each as soon as it is known.

    In: any of "beats" (`Beats`), "heart_rate" (1/min, as a device told it; used where there are no beats), "resp", "eda"
    (µS) and "motion" (`Signal`). Out: signals at 2 Hz on the session's grid, by the names in `Body`. Heart rate is two
    beats late, breath a breath, RSA about half a minute.

    Parameters
    ----------
    channels
        Which of them there are.
    """

    channels: tuple[str, ...] = CHANNELS

    def __post_init__(self) -> None:
        unknown = set(self.channels) - set(CHANNELS)
        if unknown or not self.channels:
            came = tuple(sorted(unknown)) or ("nothing",)
            raise UsageError("A body is made of {channels:and}; {came:and} came.", channels=CHANNELS, came=came)

    @property
    def delay(self) -> float:
        """The latest of its signals, in s."""
        return _GATHERED + Tachogram(4.0, slopes=SplineSlopes()).delay + BreathBand().delay

    def start(self) -> Mapping[str, Any]:
        """Return the state before any input."""
        return {}

    def step(
        self, state: Mapping[str, Any], piece: Piece[ChannelPieces]
    ) -> tuple[Mapping[str, Any], Piece[BodyPieces]]:
        """Take a piece of any of the channels."""
        flow = _Flow(dict(state), closing=False)
        pieces = self._told(flow, piece.data)
        return flow.states, Piece(pieces, piece.until)

    def finish(self, state: Mapping[str, Any]) -> Piece[BodyPieces]:
        """Tell what the delays still held."""
        return Piece(self._told(_Flow(dict(state), closing=True), {}), math.inf)

    def _told(self, flow: _Flow, channels: ChannelPieces) -> BodyPieces:
        out: dict[str, Piece[Signal] | None] = {}
        if HEART_RATE in self.channels and "beats" not in self.channels:
            out[HEART_RATE] = flow.through("told", Resample(GRID), channels.get(HEART_RATE))
        if "motion" in self.channels:
            out["motion"] = flow.through("motion", Resample(GRID), channels.get("motion"))
        if EDA in self.channels:
            out |= _skin(flow, flow.gathered(EDA, channels.get(EDA)))
        smooth = flow.through("smooth", smooth_breath(), channels.get("resp")) if "resp" in self.channels else None
        if "resp" in self.channels:
            out |= _breath(flow, flow.through("cycles", BreathCycles(), smooth))
        if "beats" in self.channels:
            beats = channels.get("beats")
            out[HEART_RATE] = flow.through(HEART_RATE, HeartRate(GRID), beats)
            out |= _rsa(flow, beats, smooth, "resp" in self.channels)
        if "beats" in self.channels and "resp" not in self.channels:
            out |= _breath(flow, flow.through("derived", breathing_from_beats(), channels.get("beats")))
        return {name: piece for name, piece in out.items() if piece is not None}


class _Flow:
    """One step through all stages: each takes what there is for it, and at the end what it still holds."""

    def __init__(self, states: dict[str, Any], closing: bool) -> None:
        self.states = states
        self.closing = closing

    def through(self, name: str, stage: Any, piece: Piece[Any] | None) -> Piece[Any] | None:
        """Return what a stage tells of a piece; None if nothing came."""
        state = self.states[name] if name in self.states else stage.start()
        out = None
        if piece is not None:
            state, out = stage.step(state, piece)
        self.states[name] = state
        if not self.closing:
            return out
        rest: Piece[Any] = stage.finish(state)
        return rest if out is None else Piece(_joined(out.data, rest.data), rest.until)

    def gathered(self, name: str, piece: Piece[Any] | None) -> Piece[Any] | None:
        """Hold pieces until together they are long enough to be worth the work; the cut does not change what is told."""
        done, waiting = self.states.get(f"held {name}", (-math.inf, ()))
        waiting = (*waiting, piece) if piece is not None else waiting
        if not waiting or (waiting[-1].until < done + _GATHERED and not self.closing):
            self.states[f"held {name}"] = done, waiting
            return None
        self.states[f"held {name}"] = waiting[-1].until, ()
        return Piece(_all_joined([part.data for part in waiting]), waiting[-1].until)

    def aligned(self, name: str, rate: float, pieces: tuple[Piece[Signal] | None, ...]) -> Piece[Rows]:
        """Return the rows that pieces of several columns complete."""
        columns: AlignedRows = self.states.get(name) or align_rows(rate, len(pieces))
        self.states[name], rows = columns.take(pieces)
        return rows


def _all_joined(parts: list[Any]) -> Any:
    return functools.reduce(joined_beats, parts) if isinstance(parts[0], Beats) else joined(parts)


def _joined(first: Any, second: Any) -> Any:
    return joined_rows(first, second) if isinstance(first, Rows) else join(first, second)


def _skin(flow: _Flow, eda: Piece[Signal] | None) -> dict[str, Piece[Signal] | None]:
    driver = flow.through("driver", skin_driver(), eda)
    amplitudes = flow.through("responses", responses(), driver)
    return {
        "scl": flow.through("scl", tonic_level(), driver),
        "scr_rate": flow.through("scr_rate", ScrRate(GRID), amplitudes),
    }


def _breath(flow: _Flow, cycles: Piece[Any] | None) -> dict[str, Piece[Signal] | None]:
    rows = flow.through("track", BreathTrack(GRID), cycles)
    return _columns(rows, {"breathing_rate": RATE, "breath_phase": PHASE, "breath_depth": DEPTH}, 1)


def _rsa(
    flow: _Flow, beats: Piece[Beats] | None, smooth: Piece[Signal] | None, measured: bool
) -> dict[str, Piece[Signal] | None]:
    rr = flow.through("rr", Tachogram(BAND_RATE, slopes=SplineSlopes()), flow.gathered("beats", beats))
    gathered = flow.gathered("smooth breath", smooth)
    resp = flow.through("resp", Resample(BAND_RATE), gathered) if measured else Piece(_NOTHING, math.inf)
    if rr is None and (resp is None or not measured) and not flow.closing:
        return {}
    rows = flow.aligned("heart and breath", BAND_RATE, (rr and replace(rr, data=_in_ms(rr.data)), resp))
    band = flow.through("band", BreathBand(), rows)
    names = {"rsa": RSA, "rsa_adjusted": ADJUSTED} if measured else {"rsa": FIXED}
    return _columns(band, names, round(GRID))


def _in_ms(rr: Signal) -> Signal:
    return replace(rr, values=rr.values * 1000, unit=Unit.MILLISECOND)


def _columns(piece: Piece[Rows] | None, names: Mapping[str, int], hold: int) -> dict[str, Piece[Signal] | None]:
    """Return columns as signals; each row holds for `hold` grid points."""
    if piece is None:
        return {}
    rows = replace(
        piece.data, values=np.repeat(piece.data.values, hold, axis=0), rate=GRID, first=piece.data.first * hold
    )
    return {name: Piece(rows.column(at, _UNITS[name]), piece.until) for name, at in names.items()}


_NOTHING = Signal(np.empty(0), GRID, 0.0, Unit.ARBITRARY)


def compute_body(
    channels: Mapping[str, Signal | Beats], moving: float | None = None, breath: BreathSource = BreathSource.MEASURED
) -> Body:
    """Return the body behind a person's raw channels (see `BodyStage` for their names).

    Parameters
    ----------
    channels
        By channel.
    moving
        Level of "motion" from which heart, breath and skin are doubted, in its own unit.
    breath
        What "resp" was found in, measured or acceleration.

    Returns
    -------
    Body
        Every signal at 2 Hz; a signal whose channel is missing is NaN throughout, and `arousal` is None.

    Raises
    ------
    DataError
        If nothing was recorded.
    UsageError
        If there is no channel, or one has a name that is not in `CHANNELS`.
    """
    stage = BodyStage(tuple(channels))
    state, pieces = stage.start(), []
    for piece in _cut(channels):
        state, out = stage.step(state, piece)
        pieces.append(out.data)
    pieces.append(stage.finish(state).data)
    return assemble_body(pieces, stage.channels, moving, breath)


def _cut(channels: Mapping[str, Signal | Beats]) -> Iterator[Piece[ChannelPieces]]:
    """Yield all channels five minutes at a time: any cut tells the same, and this one keeps the memory small."""
    first = min(data.window.start for data in channels.values())
    last = max(data.window.end for data in channels.values())
    edges = np.append(np.arange(first + _AT_ONCE, last, _AT_ONCE), math.inf)
    taken = dict.fromkeys(channels, 0)
    for edge in edges.tolist():
        pieces: dict[str, Piece[Any]] = {}
        for name, data in channels.items():
            end = _count_before(data, edge)
            pieces[name] = _part(data, taken[name], end, min(edge, data.window.end))
            taken[name] = end
        yield Piece(pieces, min(edge, last))


def _count_before(data: Signal | Beats, edge: float) -> int:
    if edge == math.inf:
        return len(data)
    if isinstance(data, Beats):
        return int(np.searchsorted(data.times, edge))
    return max(0, min(len(data), math.ceil((edge - data.start) * data.rate)))


def _part(data: Signal | Beats, first: int, end: int, until: float) -> Piece[Any]:
    if isinstance(data, Beats):
        assert data.ok is not None
        assert data.breaks is not None
        return Piece(Beats(data.times[first:end], data.ok[first:end], data.breaks[first:end]), until)
    part = Signal(data.values[first:end], data.rate, data.start + first / data.rate, data.unit)
    return Piece(part, part.window.end)


def assemble_body(
    pieces: Iterable[BodyPieces],
    channels: Sequence[str],
    moving: float | None = None,
    breath: BreathSource = BreathSource.MEASURED,
) -> Body:
    """Assemble the pieces that a `BodyStage` returned into one body on one grid.

    Parameters
    ----------
    pieces
        The data of each piece, in order of time: pieces of signals at 2 Hz, by the names in `Body`.
    channels
        The channels that the stage took; they decide what the breath was found in.
    moving
        Level of "motion" above which the quality falls, in its own unit; None leaves movement out of the quality.
    breath
        What "resp" was found in, measured or acceleration; without "resp" it is not used.

    Returns
    -------
    Body
        Signals from the first known grid point to the last, NaN where one is not known; `arousal` is None.

    Raises
    ------
    DataError
        If no signal has a sample.
    """
    parts: dict[str, list[Signal]] = {name: [] for name in _UNITS}
    for piece in pieces:
        for name, part in piece.items():
            parts[name].append(part.data)
    signals = {name: joined(joinable) for name, joinable in parts.items() if any(len(part) for part in joinable)}
    if not signals:
        raise DataError("Nothing of this body was recorded long enough to tell anything.")
    first = min(round(signal.start * GRID) for signal in signals.values())
    end = max(round(signal.start * GRID) + len(signal) for signal in signals.values())
    full = {name: _filled(signals.get(name), unit, first, end) for name, unit in _UNITS.items()}
    derived = BreathSource.BEATS if "beats" in channels else BreathSource.NONE
    return Body(
        **full, arousal=None, quality=_quality(full, moving), breath_source=breath if "resp" in channels else derived
    )


def _filled(signal: Signal | None, unit: Unit, first: int, end: int) -> Signal:
    values = np.full(end - first, np.nan)
    if signal is not None:
        at = round(signal.start * GRID) - first
        values[at : at + len(signal)] = signal.values
    return Signal(values, GRID, first / GRID, unit)


def _quality(full: Mapping[str, Signal], moving: float | None) -> dict[str, Signal]:
    still = np.ones(len(full["motion"]))
    if moving is not None:
        with np.errstate(invalid="ignore"):
            still = _trailing_share(~(full["motion"].values > moving))
    channels = {"heart": HEART_RATE, "breath": "breathing_rate", "skin": "scl"}
    return {
        name: replace(
            full[source], values=_trailing_share(np.isfinite(full[source].values)) * still, unit=Unit.ARBITRARY
        )
        for name, source in channels.items()
    }


def _trailing_share(present: Bools) -> Floats:
    """Return the share of the 10 s up to each point, at the start of what there is."""
    n = round(_TRAILING * GRID)
    total = np.concatenate([[0.0], np.cumsum(present)])
    at = np.arange(1, len(present) + 1)
    since = np.maximum(at - n, 0)
    share: Floats = (total[at] - total[since]) / (at - since)
    return share
