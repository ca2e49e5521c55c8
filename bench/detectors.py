"""Other people's beat detectors, run by a Python of their own: `python detectors.py signals.npz found.npz [peer …]`.

It needs numpy and whatever peers are installed beside it, and nothing of ours. In: `rate_0`, `values_0`, …. Out: for each
peer that is installed `<peer>|<number>|beats` (s) and `<peer>|seconds` (of the processor, the first call left out).
"""

from __future__ import annotations

import importlib.util
import sys
import time
import warnings
from collections.abc import Callable

import numpy as np

Detector = Callable[[np.ndarray, float], np.ndarray]


def sleepecg(values: np.ndarray, rate: float) -> np.ndarray:
    import sleepecg

    return sleepecg.detect_heartbeats(values, rate) / rate


def xqrs(values: np.ndarray, rate: float) -> np.ndarray:
    from wfdb import processing

    return np.asarray(processing.xqrs_detect(values, rate, verbose=False), float) / rate


def gqrs(values: np.ndarray, rate: float) -> np.ndarray:
    from wfdb import processing

    counts = np.rint(values * 200).astype(np.int64)
    return np.asarray(processing.gqrs_detect(d_sig=counts, fs=rate, adc_gain=200, adc_zero=0), float) / rate


def neurokit(method: str) -> Detector:
    def found(values: np.ndarray, rate: float) -> np.ndarray:
        import neurokit2

        clean = neurokit2.ecg_clean(values, sampling_rate=rate, method=method)
        _, info = neurokit2.ecg_peaks(clean, sampling_rate=rate, method=method)
        return np.asarray(info["ECG_R_Peaks"], float) / rate

    return found


def biosppy(values: np.ndarray, rate: float) -> np.ndarray:
    from biosppy.signals import ecg

    peaks = ecg.hamilton_segmenter(values, rate)[0]
    return np.asarray(ecg.correct_rpeaks(values, peaks, rate, tol=0.05)[0], float) / rate


def heartpy(values: np.ndarray, rate: float) -> np.ndarray:
    import heartpy

    working, _ = heartpy.process(values, rate)
    kept = zip(working["peaklist"], working["binary_peaklist"], strict=True)
    return np.array([peak for peak, good in kept if good], float) / rate


def fast_qrs(values: np.ndarray, rate: float) -> np.ndarray:
    import fast_qrs_detector

    return np.asarray(fast_qrs_detector.qrs_detector(values, rate), float) / rate


# what it is called, what must be installed, and what finds the beats (s)
PEERS: dict[str, tuple[str, Detector]] = {
    "wfdb gqrs": ("wfdb", gqrs),
    "wfdb xqrs": ("wfdb", xqrs),
    "sleepecg": ("sleepecg", sleepecg),
    "NeuroKit2 (default)": ("neurokit2", neurokit("neurokit")),
    "NeuroKit2 hamilton2002": ("neurokit2", neurokit("hamilton2002")),
    "BioSPPy Hamilton, corrected": ("biosppy", biosppy),
    "HeartPy": ("heartpy", heartpy),
    "fast-qrs-detector": ("fast_qrs_detector", fast_qrs),
}


def found_by(detector: Detector, values: np.ndarray, rate: float) -> np.ndarray:
    """Return the beats, none where the peer gives up: an error is an answer too."""
    try:
        return np.sort(detector(values, rate))
    except Exception as error:  # noqa: BLE001 - whatever it is, it belongs in the table, not here
        sys.stderr.write(f"{error!r}\n")
        return np.empty(0)


def main(given: str, out: str, *wanted: str) -> None:
    warnings.simplefilter("ignore")
    signals, answers = np.load(given), {}
    numbers = range(len(signals.files) // 2)
    for name, (needs, detector) in PEERS.items():
        if importlib.util.find_spec(needs) is None or (wanted and name not in wanted):
            continue
        found_by(detector, signals["values_0"][: int(60 * signals["rate_0"])], float(signals["rate_0"]))
        began = time.process_time()
        for number in numbers:
            beats = found_by(detector, signals[f"values_{number}"], float(signals[f"rate_{number}"]))
            answers[f"{name}|{number}|beats"] = beats
        answers[f"{name}|seconds"] = np.array(time.process_time() - began)
    np.savez(out, **answers)


if __name__ == "__main__":
    main(*sys.argv[1:])
