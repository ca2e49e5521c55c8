"""The same draws on any machine: what docs/modules/simulate.md says of the last digits."""

import os
import subprocess
import sys

import numpy as np
import pytest

from tests import kernel_draws
from tests.second_kernel import EXPECTED, blas_kernels, second_kernel, under

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
