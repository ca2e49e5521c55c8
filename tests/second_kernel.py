"""Run tests under another kernel of OpenBLAS than the one this machine would choose: `python -m tests.second_kernel ARGS`.

OpenBLAS has a hand-written kernel for each family of processors and chooses one at start; the last digits of its results
differ between them. numpy and scipy each bring an OpenBLAS of their own, and OPENBLAS_CORETYPE rules both. Where there is
none (Accelerate on macOS, MKL), there is nothing to choose, and the run says so and ends well.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from collections.abc import Sequence

from threadpoolctl import threadpool_info

EXPECTED = "COREGULATION_EXPECTED_KERNEL"  # set for the second run; tests/test_kernels.py holds the run to it
CANDIDATES = {
    "x86_64": ("SkylakeX", "Haswell", "Sandybridge", "Nehalem", "Prescott"),
    "aarch64": ("NEOVERSEN1", "ARMV8", "CORTEXA57"),
}
_MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}


def blas_kernels() -> tuple[str, ...]:
    """Name the kernel of each OpenBLAS in this process, numpy's and scipy's; empty without any."""
    import scipy.linalg  # noqa: F401  (loads scipy's own)

    return tuple(sorted(str(pool["architecture"]) for pool in threadpool_info() if pool["internal_api"] == "openblas"))


def under(core: str) -> dict[str, str]:
    """Return an environment that asks for a kernel."""
    return {**os.environ, "OPENBLAS_CORETYPE": core}


def second_kernel() -> tuple[str, str] | None:
    """Find another kernel that runs here: what to ask for, and what OpenBLAS calls it; None where there is no OpenBLAS.

    An older processor is given another kernel than it was asked for, or cannot run it, so each is tried.
    """
    here = blas_kernels()
    if not here:
        return None
    machine = platform.machine().lower()
    for core in CANDIDATES.get(_MACHINES.get(machine, machine), ()):
        running = _kernels_under(core)
        if running and not set(running) & set(here):
            return core, running[0]
    raise RuntimeError(f"OpenBLAS runs {', '.join(here)} here, and no other kernel could be had.")


def _kernels_under(core: str) -> tuple[str, ...]:
    code = "from tests.second_kernel import blas_kernels; print(*blas_kernels())"
    run = subprocess.run([sys.executable, "-c", code], env=under(core), capture_output=True, text=True, check=False)
    return tuple(run.stdout.split()) if run.returncode == 0 else ()


def main(arguments: Sequence[str]) -> int:
    """Run pytest with these arguments under a second kernel."""
    second = second_kernel()
    if second is None:
        print("No OpenBLAS here, so there is no second kernel to run the tests under.")
        return 0
    core, name = second
    print(f"OpenBLAS runs {', '.join(blas_kernels())} here; now the same tests under {name}.", flush=True)
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.run(command, env={**under(core), EXPECTED: name}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
