import math

import pytest
from scipy.stats import binom

from coregulation.coupling.nulls.surrogates import SegmentShuffle
from coregulation.errors import UsageError
from coregulation.simulate.laws.common_input import CommonInput
from coregulation.simulate.laws.coupled import Coupled
from coregulation.simulate.laws.independent import Independent
from coregulation.simulate.laws.registry import LAWS
from coregulation.study.calibration import (
    PROGRESS,
    TOLERATED,
    Calibrate,
    Calibration,
    CalibrationCase,
    CalibrationCell,
    calibration_cases,
)

SMALL = Calibrate(
    pairs=3,
    surrogates=99,
    seed=2,
    secondary=((SegmentShuffle(), 0.5),),
    laws=(
        CalibrationCase("nothing", Independent(), (), 300.0),
        CalibrationCase("film", CommonInput(), ("film",), 300.0),
        CalibrationCase("coupled", Coupled(0.5, 2.0), ("film",), 300.0),
    ),
)


@pytest.fixture(scope="module")
def small():
    return SMALL(jobs=1)


def test_it_is_the_same_again_in_one_process_or_two(small):
    steps = []
    again = SMALL(jobs=2, progress=lambda *step: steps.append(step))
    assert again == small
    assert steps == [(PROGRESS, done, 3) for done in (1, 2, 3)]


def test_every_answer_has_the_role_that_its_law_gives_it(small):
    roles = {(cell.law, cell.answer): cell.role for cell in small.cells}
    for answer, expected in {
        "G1 phase randomisation (FT)": ("size", "by design", "power"),
        "G2 pseudo-dyads": ("size", "size", "power"),
        "verdict: linked": ("size", "size", "power"),
    }.items():
        assert tuple(roles[law, answer] for law in ("nothing", "film", "coupled")) == expected
    assert all(cell.answered + cell.refused == 3 for cell in small.cells if "segment" not in cell.answer)
    assert 0 < sum(cell.answered for cell in small.cells if "segment" in cell.answer) < 9


def test_every_law_of_the_specification_is_drawn():
    found = calibration_cases()
    assert len({law.name for law in found}) == len(found)
    assert sum(law.linkage.link.coupled for law in found) == 5
    assert {law.shared for law in found} >= {(), None, ("film",)}


def binomial_tail(k, n, p):
    return sum(math.comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k, n + 1))


@pytest.mark.parametrize(("k", "n", "cells"), [(0, 20, 1), (3, 20, 4), (20, 20, 7), (11, 84, 22)])
def test_bounds_leave_a_tail_of_the_binomial_outside(k, n, cells):
    low, high = CalibrationCell("law", "answer", "size", k, n, 0).bounds(cells)
    tail = 0.005 / cells
    assert low <= k / n <= high
    assert low == 0.0 if k == 0 else binomial_tail(k, n, low) == pytest.approx(tail, rel=1e-6)
    assert high == 1.0 if k == n else 1 - binomial_tail(k + 1, n, high) == pytest.approx(tail, rel=1e-6)


def test_nothing_answered_bounds_nothing():
    cell = CalibrationCell("law", "answer", "size", 0, 0, 9)
    assert cell.bounds(3) == (0.0, 1.0)
    assert math.isnan(cell.rate)


def test_what_is_surely_too_large_is_named():
    bad, fine, power = (
        CalibrationCell(law, "G1", role, rejected, 1000, 0)
        for law, role, rejected in (("bad", "size", 120), ("fine", "size", 60), ("strong", "power", 900))
    )
    found = Calibration((bad, fine, power, CalibrationCell("none", "G2", "size", 0, 0, 5)), 1000, 1)
    assert found.too_large == (bad,)
    assert found.sizes == (bad, fine, found.cells[3])
    lines = found.markdown().splitlines()
    assert len(lines) == 6
    assert lines[2].startswith("| bad | G1 | size | 0.120 | 0.0")
    assert "| — | — | 0 | 5 |" in lines[5]


def rates(pairs, laws_):
    found = Calibrate(pairs=pairs, seed=5, surrogates=99, secondary=((SegmentShuffle(), 1.0),), laws=laws_)()
    return found, {(cell.law, cell.answer): cell for cell in found.cells}


@pytest.mark.parametrize("pairs", [36, pytest.param(84, marks=pytest.mark.nightly)])
def test_the_size_is_near_what_it_says_and_linkage_is_found(pairs):
    """A rate of .05 gives more than `most` once in a thousand times, and so does a rate of three in four fewer than `least`."""
    most, least = (int(binom.ppf(level, pairs, rate)) for level, rate in ((0.999, 0.05), (0.001, 0.75)))
    assert most < least / 2
    found, cells = rates(
        pairs,
        (
            CalibrationCase("nothing", Independent(), (), 400.0),
            CalibrationCase("coupled", Coupled(0.5, 2.0), ("film",), 400.0),
        ),
    )
    for answer in (
        "G1 phase randomisation (FT)",
        "G1 segment shuffle, secondary",
        "G2 pseudo-dyads",
        "verdict: linked",
    ):
        assert cells["nothing", answer].rejected <= most
        assert cells["coupled", answer].rejected >= least
    assert not found.too_large


@pytest.mark.nightly
def test_no_printed_p_surely_rejects_too_often():
    found = Calibrate(pairs=4000)(jobs=2)
    assert [(c.law, c.answer, c.rate) for c in found.too_large] == []
    assert TOLERATED == 0.06


def test_a_law_has_the_same_draws_whichever_others_are_run():
    names = ("short-300", "coupled-50")
    both, one = calibration_cases(names), calibration_cases(names[1:])
    assert [case.stream for case in both] == [8, 16]
    quick = {"pairs": 1, "secondary": (), "measures": ()}
    whole, part = (Calibrate(**quick, laws=tuple(laws))().cells for laws in (both, one))
    assert part
    assert [cell for cell in whole if cell.law == one[0].name] == list(part)
    assert [case.stream for case in calibration_cases()] == [*range(len(LAWS.series()))]


def test_a_law_that_is_no_law_of_series_is_refused():
    with pytest.raises(UsageError, match=r"no law of series 'comon-trend'\. Did you mean common-trend"):
        calibration_cases(["comon-trend"])
    with pytest.raises(UsageError, match="no law of series 'mutual'"):
        calibration_cases(["mutual"])
