"""One body: from raw signals, or beats, to heart rate, RSA, breath, skin conductance and arousal."""

from coregulation.physiology.arousal import Arousal, Baseline, arousal, baseline
from coregulation.physiology.beats import Beat, Detected, EarlyBeat, beat_stream, collect_beats
from coregulation.physiology.body import Body, BodyStage, compute_body
from coregulation.physiology.breath import Breath, BreathCycles, breathing, detect_breaths, detect_breaths_from_beats
from coregulation.physiology.cleaned_beats import CleanedBeats, clean_beats, gather_beats
from coregulation.physiology.ecg import EarlyEcg, EcgBeats
from coregulation.physiology.eda import Scr, SkinResult, analyze_skin
from coregulation.physiology.eda_decomposition import Decomposition, decompose_recording
from coregulation.physiology.estimate import Estimate
from coregulation.physiology.heart_rate import HeartRate, compute_heart_rate
from coregulation.physiology.hrv import Hrv, compute_hrv
from coregulation.physiology.interpolation import MonotoneSlopes, SplineSlopes
from coregulation.physiology.judged_beats import Artefact, BeatClass, JudgedBeat
from coregulation.physiology.level_beats import level_beats
from coregulation.physiology.motion import ChestResult, activity, analyze_chest, chest_tilt
from coregulation.physiology.ppg import EarlyPpg, PpgBeats, upright
from coregulation.physiology.rr_cleaning import RrCleaning
from coregulation.physiology.rsa import adjusted_rsa, peak_to_trough, porges_bohrer, rsa_porges_bohrer
from coregulation.physiology.state_spans import StateSpan, name_states
from coregulation.physiology.states import State, StateEvidence, StateFilter, most_likely, name_state
from coregulation.physiology.synthetic_rr import synthesised_minutes
from coregulation.physiology.tachogram import Tachogram

__all__ = [
    "Arousal",
    "Artefact",
    "Baseline",
    "Beat",
    "BeatClass",
    "Body",
    "BodyStage",
    "Breath",
    "BreathCycles",
    "ChestResult",
    "CleanedBeats",
    "Decomposition",
    "Detected",
    "EarlyBeat",
    "EarlyEcg",
    "EarlyPpg",
    "EcgBeats",
    "Estimate",
    "HeartRate",
    "Hrv",
    "JudgedBeat",
    "MonotoneSlopes",
    "PpgBeats",
    "RrCleaning",
    "Scr",
    "SkinResult",
    "SplineSlopes",
    "State",
    "StateEvidence",
    "StateFilter",
    "StateSpan",
    "Tachogram",
    "activity",
    "adjusted_rsa",
    "analyze_chest",
    "analyze_skin",
    "arousal",
    "baseline",
    "beat_stream",
    "breathing",
    "chest_tilt",
    "clean_beats",
    "collect_beats",
    "compute_body",
    "compute_heart_rate",
    "compute_hrv",
    "decompose_recording",
    "detect_breaths",
    "detect_breaths_from_beats",
    "gather_beats",
    "level_beats",
    "most_likely",
    "name_state",
    "name_states",
    "peak_to_trough",
    "porges_bohrer",
    "rsa_porges_bohrer",
    "synthesised_minutes",
    "upright",
]
