"""One body: from raw signals, or beats, to heart rate, RSA, breath, skin conductance and arousal."""

from coregulation.physiology.arousal import Arousal, Baseline, arousal, baseline
from coregulation.physiology.beats import Beat, Detected, EarlyBeat, collected, each
from coregulation.physiology.body import Body, BodyStage, body
from coregulation.physiology.breath import Breath, BreathCycles, breathing, breaths, breaths_from_beats
from coregulation.physiology.ecg import EarlyEcg, EcgBeats
from coregulation.physiology.eda import Scr, Skin, skin
from coregulation.physiology.eda_decomposition import Decomposition, decompose_recording
from coregulation.physiology.heart_rate import HeartRate, heart_rate
from coregulation.physiology.hrv import Hrv, hrv
from coregulation.physiology.measured import Measured
from coregulation.physiology.motion import Chest, activity, chest, chest_tilt
from coregulation.physiology.ppg import EarlyPpg, PpgBeats, upright
from coregulation.physiology.rr import Artefact, Cleaned, JudgedBeat, RrCleaning, cleaned, gathered, synthesised
from coregulation.physiology.rsa import adjusted_rsa, peak_to_trough, porges_bohrer, rsa_porges_bohrer
from coregulation.physiology.slopes import Monotone, Spline
from coregulation.physiology.state_spans import StateSpan, state_spans
from coregulation.physiology.states import Evidence, State, StateFilter, most_likely, named
from coregulation.physiology.tachogram import Tachogram

__all__ = [
    "Arousal",
    "Artefact",
    "Baseline",
    "Beat",
    "Body",
    "BodyStage",
    "Breath",
    "BreathCycles",
    "Chest",
    "Cleaned",
    "Decomposition",
    "Detected",
    "EarlyBeat",
    "EarlyEcg",
    "EarlyPpg",
    "EcgBeats",
    "Evidence",
    "HeartRate",
    "Hrv",
    "JudgedBeat",
    "Measured",
    "Monotone",
    "PpgBeats",
    "RrCleaning",
    "Scr",
    "Skin",
    "Spline",
    "State",
    "StateFilter",
    "StateSpan",
    "Tachogram",
    "activity",
    "adjusted_rsa",
    "arousal",
    "baseline",
    "body",
    "breathing",
    "breaths",
    "breaths_from_beats",
    "chest",
    "chest_tilt",
    "cleaned",
    "collected",
    "decompose_recording",
    "each",
    "gathered",
    "heart_rate",
    "hrv",
    "most_likely",
    "named",
    "peak_to_trough",
    "porges_bohrer",
    "rsa_porges_bohrer",
    "skin",
    "state_spans",
    "synthesised",
    "upright",
]
