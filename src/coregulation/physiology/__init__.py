"""One body: from raw signals, or beats, to heart rate, RSA, breath, skin conductance and arousal."""

from coregulation.physiology.heart_rate import HeartRate, Tachogram, heart_rate

__all__ = [
    "HeartRate",
    "Tachogram",
    "heart_rate",
]
