"""The methods section of what is told of each person alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from coregulation.analysis.person import PersonFinding
from coregulation.analysis.results import Finding
from coregulation.report.sentences import join_names

PAPERS: Mapping[str, str] = {
    "Lipponen & Tarvainen, 2019": "Lipponen JA, Tarvainen MP (2019). A robust algorithm for heart rate variability time series "
    "artefact correction using novel beat classification. Journal of Medical Engineering & Technology 43, 173–181.",
    "Task Force, 1996": "Task Force of the European Society of Cardiology and the North American Society of Pacing and "
    "Electrophysiology (1996). Heart rate variability: standards of measurement, physiological interpretation and clinical use. "
    "Circulation 93, 1043–1065.",
    "Lewis et al., 2012": "Lewis GF, Furman SA, McCool MF, Porges SW (2012). Statistical strategies to quantify respiratory sinus "
    "arrhythmia: are commonly used metrics equivalent? Biological Psychology 89, 349–364.",
    "Grossman et al., 1990": "Grossman P, van Beek J, Wientjes C (1990). A comparison of three quantification methods for estimation of "
    "respiratory sinus arrhythmia. Psychophysiology 27, 702–714.",
    "Grossman & Taylor, 2007": "Grossman P, Taylor EW (2007). Toward understanding respiratory sinus arrhythmia: relations to cardiac "
    "tone, evolution and biobehavioral functions. Biological Psychology 74, 263–285.",
}
_SOURCES = {
    "beats": "beats as recorded",
    "ecg": "R peaks found in the ECG",
    "ppg": "pulses found in the photoplethysmogram",
}


def bodies_methods(finding: Finding) -> Iterator[str]:
    """Yield how each person's body was told from what was recorded."""
    hearts = [found.heart for found in finding.bodies if found.heart is not None and found.heart.refused is None]
    if hearts:
        sources = join_names([_SOURCES[source] for source in dict.fromkeys(heart.source for heart in hearts)])
        yield (
            f"Each person alone: intervals between {sources} were judged after Lipponen & Tarvainen, 2019, with a trailing window; what was "
            "marked is left out, and nothing is told of variability where more than 20 % were marked. Variability follows the "
            "Task Force, 1996 (4 Hz spline, Welch over 120 s), with block-bootstrap and chi-square intervals."
        )
        yield (
            "RSA is the variance of RR between 0.12 and 0.40 Hz around a moving cubic, in 30-s epochs, as ln ms² (Lewis et al., "
            "2012), adjusted for breathing rate and depth by regression within the person where the breath was measured and varied "
            "(Grossman & Taylor, 2007), and called uncontrolled elsewhere."
        )
        if any(found.breaths for found in finding.bodies):
            yield (
                "Peak to trough it is, for each breath of the belt, the longest interval breathing out less the shortest breathing in "
                "(Grossman et al., 1990), averaged over 30-s epochs; breaths without a swing are left out and counted."
            )
    if any(_aroused(found) for found in finding.bodies):
        yield "Arousal is the mean robust z of the inputs named, against the person's own zero, with a block-bootstrap band."


def _aroused(found: PersonFinding) -> bool:
    return found.body is not None and found.body.arousal is not None
