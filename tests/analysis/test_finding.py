"""The answer to a session as one value: it prints, and goes to other processes."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor

import numpy as np

from tests.sessions import QUICK, linked, session, wander


def test_an_analysis_and_its_finding_go_to_another_process_and_back():
    here = QUICK(linked())
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        there = pool.submit(QUICK, linked()).result()
    (one,), (other,) = here.couplings, there.couplings
    assert (one.p, one.estimate, one.measure) == (other.p, other.estimate, other.measure)
    assert np.array_equal(one.nulls, other.nulls)
    assert dict(there.provenance.settings) == dict(here.provenance.settings)
    assert [v.kind for v in there.verdicts] == [v.kind for v in here.verdicts]
    assert np.array_equal(*(f.surfaces["ada", "ben", "heart_rate"].z for f in (here, there)), equal_nan=True)


def test_it_prints_the_answer():
    text = str(QUICK(linked(shared=())))
    assert text.startswith("made\n")
    assert "ada and ben: linked-steadying-unknown; G0 passed, G1 passed, G2 passed" in text
    many = QUICK(session({f"p{k}": wander(k) for k in range(5)}))
    assert "+4" in str(many)
    assert "(simulated)" in str(QUICK(linked(simulated=True)))
