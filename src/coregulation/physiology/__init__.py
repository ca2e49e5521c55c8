"""One body: from raw signals, or beats, to heart rate, RSA, breath, skin conductance and arousal."""

from coregulation.physiology.heart_rate import HeartRate, heart_rate
from coregulation.physiology.hrv import Hrv, hrv
from coregulation.physiology.measured import Measured
from coregulation.physiology.slopes import Monotone, Spline
from coregulation.physiology.tachogram import Tachogram

__all__ = [
    "HeartRate",
    "Hrv",
    "Measured",
    "Monotone",
    "Spline",
    "Tachogram",
    "heart_rate",
    "hrv",
]
