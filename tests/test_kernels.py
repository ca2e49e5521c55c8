"""The same draws on any machine: what docs/modules/simulate.md says of the last digits."""

import os
import subprocess
import sys

import numpy as np
import pytest

from tests import kernel_draws
from tests.paths import ROOT
from tests.second_kernel import (
    ELSEWHERE,
    EXPECTED,
    blas_kernels,
    calls_blas,
    file_of_tests,
    files_of_linear_algebra,
    modules_of_linear_algebra,
    second_kernel,
    under,
)

SIMULATED, FITTED = 1e-10, 1e-5  # of the standard deviation of each series; stated in docs/modules/simulate.md


def written(core, path):
    subprocess.run([sys.executable, "-m", "tests.kernel_draws", str(path)], env=under(core), check=True)
    with np.load(path) as file:
        return dict(file)


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """The draws under this run's kernel, and under another one."""
    second = second_kernel()
    if second is None:
        pytest.skip("no OpenBLAS here (Accelerate or MKL), so there is no second kernel")
    folder = tmp_path_factory.mktemp("kernels")
    here = written(os.environ.get("OPENBLAS_CORETYPE", ""), folder / "here.npz")
    there = written(second[0], folder / "there.npz")
    return here, there


def apart(here, there):
    """The largest difference of two arrays, in standard deviations of the first."""
    assert here.shape == there.shape
    assert np.array_equal(np.isnan(here), np.isnan(there))
    spread = float(np.nanstd(here))
    return float(np.nanmax(np.abs(here - there))) / (spread if spread > 0 else 1.0)


def test_the_two_kernels_differ(two):
    """numpy's and scipy's OpenBLAS are both told, and both obey."""
    here, there = (set(one["kernels"].tolist()) for one in two)
    assert len(two[0]["kernels"]) == len(two[1]["kernels"]) >= 1
    assert here == set(blas_kernels())
    assert not here & there


def test_the_kernel_that_was_asked_for_runs():
    """Holds in the second run of `make test-kernels`; in a first run nothing was asked for."""
    assert set(blas_kernels()) <= {os.environ.get(EXPECTED, kernel) for kernel in blas_kernels()}


def test_the_draws_of_a_seed_agree(two):
    here, there = two
    assert here.keys() == there.keys()
    names = [name for name in here if name != "kernels"]
    assert len(names) > 70
    off = {name: apart(here[name], there[name]) for name in names}
    wrong = {name: by for name, by in off.items() if by > (FITTED if name.startswith("fit,") else SIMULATED)}
    assert not wrong


def test_every_law_of_the_simulators_is_among_the_draws():
    names = [name for name, _ in kernel_draws.of_simulators()]
    for kind in (
        "pair model, only the shared input",
        "linkage, coupled",
        "known, mutual",
        "scenario",
        "nervous system",
    ):
        assert any(name.startswith(kind) for name in names)
    assert len(names) == len(set(names))


@pytest.mark.parametrize("module", modules_of_linear_algebra())
def test_every_module_of_linear_algebra_has_tests_under_both_kernels(module):
    assert (ROOT / file_of_tests(module)).is_file(), "name its tests in ELSEWHERE of tests/second_kernel.py"


def test_no_module_is_named_in_vain():
    assert set(ELSEWHERE) <= set(modules_of_linear_algebra())


def test_where_a_difference_was_found_before_both_kernels_are_tried():
    """Draws of a singular covariance, a fit's search and a residual's bound differed between processors once."""
    assert {"tests/simulate/test_pair_model.py", "tests/regulation/test_fit.py", "tests/test_kernels.py"} <= set(
        files_of_linear_algebra()
    )


@pytest.mark.parametrize(
    ("line", "calls"),
    [
        ("x = a @ b", True),
        ("x @= b", True),
        ("x = np.linalg.inv(a)", True),
        ("from scipy.linalg import solve", True),
        ("from coregulation.linear_algebra import factor", True),
        ("from numpy import dot", True),
        ("x = np.convolve(a, b)", True),
        ("x = a * b + np.fft.rfft(a)", False),
    ],
)
def test_linear_algebra_is_seen_in_the_source(line, calls):
    assert calls_blas(line) is calls
