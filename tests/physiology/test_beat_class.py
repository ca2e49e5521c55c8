"""Classes of beats: by shape and timing, at and beside each limit; and on a made heart with ectopic beats."""

import math

import numpy as np
import pytest

from coregulation.physiology.beat_class import classify_beat
from coregulation.physiology.beats import Beat
from coregulation.physiology.cleaned_beats import gather_beats
from coregulation.physiology.ecg import EcgBeats
from coregulation.physiology.judged_beats import Artefact, BeatClass
from coregulation.physiology.rr_cleaning import RrCleaning
from coregulation.stage import Piece, run
from tests.physiology import hearts


def category(likeness, here=0.8, after=0.8, artefact=None, typical=0.98, *, is_paced=False):
    beat = Beat(1.0, likeness=likeness, is_paced=is_paced)
    return classify_beat(beat, artefact, here, after, 0.8, typical)[0]


@pytest.mark.parametrize(("likeness", "typical", "is_normal"), [
    (0.91, 0.99, True), (0.89, 0.99, False), (0.81, 0.9, True), (0.79, 0.9, False), (0.87, 0.97, False), (0.89, 0.97, True),
])  # fmt: skip
def test_the_usual_shape_is_asked_for_more_strictly_where_there_is_little_noise(likeness, typical, is_normal):
    assert (category(likeness, typical=typical) is BeatClass.NORMAL) is is_normal


@pytest.mark.parametrize(("here", "after", "expected"), [
    (0.69, 0.8, BeatClass.UNKNOWN), (0.67, 0.8, BeatClass.VENTRICULAR), (0.8, 0.99, BeatClass.UNKNOWN), (0.8, 1.01, BeatClass.VENTRICULAR),
])  # fmt: skip
def test_another_shape_is_ventricular_if_it_is_early(here, after, expected):
    assert category(0.3, here, after) is expected


def test_the_other_classes():
    assert category(0.99, 0.5, 1.1, Artefact.ECTOPIC) is BeatClass.SUPRAVENTRICULAR
    assert category(0.99, is_paced=True) is BeatClass.PACED
    assert category(math.nan, 0.5, 1.1, Artefact.ECTOPIC) is BeatClass.UNKNOWN
    assert category(math.nan) is BeatClass.NORMAL


@pytest.mark.parametrize("share", [0.05, 0.15])
def test_ventricular_beats_of_a_made_heart_enter_no_interval(share):
    heart = hearts.with_ventricular(600, np.random.default_rng(4), share, 1.5)
    values = heart.ecg(600, 250.0) + 0.01 * np.random.default_rng(9).standard_normal(150000)
    beats = tuple(
        beat for piece in run(EcgBeats(), [Piece(hearts.signal(values, 250.0), 600.0)]) for beat in piece.data
    )
    cleaned = gather_beats(run(RrCleaning(), [Piece(beats, math.inf)]))
    at, of = hearts.matched(heart.times, cleaned.beats.times)
    is_ventricular = heart.which[at] == 1
    classes = np.array(cleaned.classes, object)[of]
    late = np.arange(len(at)) > 10  # once the usual shape is known
    assert (classes[is_ventricular & late] == BeatClass.VENTRICULAR).mean() > 0.95
    assert (classes[~is_ventricular & late] == BeatClass.NORMAL).mean() > 0.98
    steps = 1000 * np.diff(cleaned.beats.nn)
    assert np.sqrt(np.nanmean(steps**2)) == pytest.approx(0.02 * 850 * math.sqrt(2), rel=0.15)  # 24 ms; with them 300
