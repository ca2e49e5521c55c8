"""Run tests under another kernel of OpenBLAS than the one this machine would choose: `python -m tests.second_kernel ARGS`.

OpenBLAS has a hand-written kernel for each family of processors and chooses one at start; the last digits of its results
differ between them. numpy and scipy each bring an OpenBLAS of their own, and OPENBLAS_CORETYPE rules both. Where there is
none (Accelerate on macOS, MKL), there is nothing to choose, and the run says so and ends well.

Without a path among the arguments, the tests of every module that multiplies or factorises matrices are run (`files_of_linear_algebra`).
Other modules cannot differ: element by element, in Fourier transforms and in compiled loops neither numpy nor numba calls
OpenBLAS. What they take from a module that does, such as a simulated pair, is held to agree by `tests/test_kernels.py`: every
simulator's draws to 1e-10 and a fit to 1e-5 of their spread.
"""

from __future__ import annotations

import ast
import os
import platform
import subprocess
import sys
from collections.abc import Sequence

from threadpoolctl import threadpool_info

from tests.paths import ROOT

EXPECTED = "COREGULATION_EXPECTED_KERNEL"  # set for the second run; tests/test_kernels.py holds the run to it
CANDIDATES = {
    "x86_64": ("SkylakeX", "Haswell", "Sandybridge", "Nehalem", "Prescott"),
    "aarch64": ("NEOVERSEN1", "ARMV8", "CORTEXA57"),
}
BLAS = {
    "matmul", "dot", "vdot", "inner", "einsum", "tensordot", "convolve", "correlate", "cov", "corrcoef", "polyfit", "polyval",
    "multivariate_normal", "savgol_coeffs",
}  # fmt: skip
"""What of numpy and scipy calls OpenBLAS, beside `linalg` and `@`."""
ELSEWHERE = {
    "coupling/measures/nested.py": "tests/oracles/test_secondary_measures.py",
    "simulate/fresh_body.py": "tests/simulate/laws/test_fresh.py",
    "simulate/laws/fresh_law.py": "tests/simulate/laws/test_fresh.py",
    "fir_kernels.py": "tests/test_filters.py",
    "live/signals/heart_packets.py": "tests/live/signals/test_packets.py",
    "physiology/hrv_bands.py": "tests/physiology/test_hrv.py",
    "regulation/coin/outcomes.py": "tests/regulation/coin/test_answer.py",
    "regulation/coin/randomisation.py": "tests/regulation/coin/test_answer.py",
    "regulation/draws.py": "tests/regulation/test_statespace.py",
    "regulation/kalman.py": "tests/regulation/test_statespace.py",
    "regulation/model.py": "tests/regulation/test_statespace.py",
    "regulation/posterior.py": "tests/regulation/test_fit.py",
}
"""Modules whose tests do not stand under their own name."""
ALWAYS = ("tests/test_kernels.py",)
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


def calls_blas(source: str) -> bool:
    """Return whether a module multiplies or factorises matrices."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.MatMult):
            return True
        if isinstance(node, ast.Attribute) and (node.attr in BLAS or node.attr == "linalg"):
            return True
        if (
            isinstance(node, ast.ImportFrom)
            and node.module
            and node.module.split(".")[-1] in ("linalg", "linear_algebra")
        ):
            return True
        if isinstance(node, ast.ImportFrom) and BLAS & {alias.name for alias in node.names}:
            return True
    return False


def modules_of_linear_algebra() -> list[str]:
    """List the modules of the package that call OpenBLAS."""
    package = ROOT / "src" / "coregulation"
    paths = sorted(path for path in package.rglob("*.py") if calls_blas(path.read_text(encoding="utf-8")))
    return [path.relative_to(package).as_posix() for path in paths]


def file_of_tests(module: str) -> str:
    """Return the tests of a module: those of its name, or those that `ELSEWHERE` names."""
    folder, _, name = module.rpartition("/")
    return ELSEWHERE.get(module) or "/".join(part for part in ("tests", folder, f"test_{name}") if part)


def files_of_linear_algebra() -> list[str]:
    """List the test files of every module that calls OpenBLAS."""
    return sorted({*ALWAYS, *map(file_of_tests, modules_of_linear_algebra())})


def main(arguments: Sequence[str]) -> int:
    """Run pytest with these arguments under a second kernel."""
    second = second_kernel()
    if second is None:
        print("No OpenBLAS here, so there is no second kernel to run the tests under.")
        return 0
    core, name = second
    print(f"OpenBLAS runs {', '.join(blas_kernels())} here; now the same tests under {name}.", flush=True)
    chosen = [] if any(argument.startswith("tests") for argument in arguments) else files_of_linear_algebra()
    command = [sys.executable, "-m", "pytest", *arguments, *chosen]
    return subprocess.run(command, env={**under(core), EXPECTED: name}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
