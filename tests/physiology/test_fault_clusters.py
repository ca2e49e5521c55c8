"""Faults that stand close together: where they become a gap, just below, at and above each limit."""

import numpy as np
import pytest

from coregulation.physiology.fault_clusters import clustered_faults, doubtful_intervals, sudden_intervals
from coregulation.physiology.judged_beats import Artefact

N = 40


def clusters(faults, late=()):
    """Return the beats within a cluster, of beats 0.8 s apart; `late` are those that came at 1.24 or 1.26 intervals."""
    artefacts = [faults.get(i) for i in range(N)]
    rr = np.full(N, 0.8)
    for i, share in late:
        rr[i] = 0.8 * share
    return list(np.flatnonzero(clustered_faults(artefacts, np.cumsum(rr), np.full(N, 0.8))))


@pytest.mark.parametrize(("apart", "clustered"), [(1, True), (9, True), (10, False)])
def test_two_faults_within_ten_beats_are_a_cluster_with_two_beats_beside(apart, clustered):
    found = clusters({15: Artefact.MISSED, 15 + apart: Artefact.EXTRA})
    assert found == (list(range(13, 15 + apart + 3)) if clustered else [])


def test_lone_faults_and_displaced_beats_between_sound_ones_are_none():
    assert clusters({15: Artefact.MISSED}) == []
    assert clusters({15: Artefact.ECTOPIC, 17: Artefact.ECTOPIC, 19: Artefact.ECTOPIC}) == []  # bigeminy


def test_displaced_beats_in_a_row_are_a_cluster():
    assert clusters({15: Artefact.ECTOPIC, 16: Artefact.ECTOPIC}) == list(range(13, 19))


@pytest.mark.parametrize(("share", "clustered"), [(1.24, False), (1.26, True)])
def test_a_displaced_beat_that_came_late_may_be_two_faults(share, clustered):
    assert bool(clusters({15: Artefact.ECTOPIC}, [(15, share)])) is clustered


@pytest.mark.parametrize(("share", "clustered"), [(0.39, True), (0.4, False), (0.41, False)])
def test_a_displaced_beat_that_came_far_too_early_is_two_faults(share, clustered):
    assert bool(clusters({15: Artefact.ECTOPIC}, [(15, share + 1e-9)])) is clustered


def test_extra_beats_in_a_row_do_not_make_what_is_usual_short():
    artefacts = [Artefact.EXTRA if i == 15 else None for i in range(N)]
    rr, usual = np.full(N, 0.8), np.full(N, 0.8)
    rr[17], usual[14:20] = 0.4, 0.45
    assert doubtful_intervals(rr, artefacts, usual)[17]
    assert not doubtful_intervals(rr, artefacts, usual)[16]


def test_beside_a_displaced_beat_an_interval_is_doubtful_but_its_own_two():
    artefacts = [Artefact.ECTOPIC if i == 15 else None for i in range(N)]
    rr = np.full(N, 0.8)
    rr[[15, 16, 17]] = 0.5, 1.1, 0.5
    assert list(np.flatnonzero(doubtful_intervals(rr, artefacts, np.full(N, 0.8)))) == [17]


@pytest.mark.parametrize(
    ("away", "share", "doubtful"), [(3, 0.79, True), (3, 0.81, False), (4, 0.79, False), (2, 1.21, True)]
)
def test_beside_a_fault_an_interval_must_be_usual(away, share, doubtful):
    artefacts = [Artefact.EXTRA if i == 15 else None for i in range(N)]
    rr = np.full(N, 0.8)
    rr[15 + away] *= share
    assert doubtful_intervals(rr, artefacts, np.full(N, 0.8))[15 + away] == doubtful


def test_a_few_intervals_that_agree_with_each_other_alone_are_doubtful():
    rr = np.full(40, 0.52)
    rr[20:23] = 0.30, 0.35, 0.40  # a beat missed and two put in: three intervals of two
    assert list(np.flatnonzero(doubtful_intervals(rr, [None] * 40, np.full(40, 0.52), rr))) == [20, 21, 22]


def test_beside_a_beat_that_is_not_trusted_nothing_is_sudden():
    rr, usual = np.full(N, 0.7), np.full(N, 0.7)
    rr[15] = 1.4
    nn = rr.copy()
    nn[[15, 16]] = np.nan
    assert not doubtful_intervals(rr, [None] * N, usual, nn).any()
    assert doubtful_intervals(rr, [None] * N, usual, rr)[15]


def test_a_change_of_the_heart_that_lasts_is_left_alone():
    rr = np.where(np.arange(40) < 20, 1.0, 0.45)
    assert not doubtful_intervals(rr, [None] * 40, rr, rr).any()


@pytest.mark.parametrize(
    ("share", "is_sudden"), [(0.61, False), (0.6, False), (0.59, True), (1.39, False), (1.41, True)]
)
def test_an_interval_is_sudden_beyond_two_fifths_of_the_usual_one(share, is_sudden):
    rr = np.full(N, 0.5)
    rr[15] *= share
    assert (list(sudden_intervals(rr, [None] * N, np.full(N, 0.5))) == [15]) is is_sudden
    assert doubtful_intervals(rr, [None] * N, np.full(N, 0.5), rr)[15] == is_sudden
    known = [Artefact.SHORT if i == 15 else None for i in range(N)]
    assert not len(sudden_intervals(rr, known, np.full(N, 0.5)))
