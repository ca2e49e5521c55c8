"""A read-only installation works for a user without a home directory."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from coregulation import _kernel_cache
from coregulation._kernel_cache import VARIABLE, ensure_kernel_cache
from tests.paths import ROOT


@pytest.fixture
def homeless(tmp_path, monkeypatch):
    """A package and a home that cannot be written into; returns the package's folder."""
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(_kernel_cache, "_is_writable", lambda _: False)
    yield tmp_path
    made = os.environ.pop(VARIABLE, None)
    if made is not None and Path(made).exists():
        Path(made).rmdir()


def test_where_nothing_can_be_written_a_private_folder_is_made(homeless):
    ensure_kernel_cache(homeless)
    made = Path(os.environ[VARIABLE])
    assert stat.S_IMODE(made.stat().st_mode) == 0o700


def test_where_there_is_a_place_nothing_is_changed(tmp_path, monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    ensure_kernel_cache(tmp_path)
    assert VARIABLE not in os.environ


def test_a_place_that_was_chosen_stays(homeless, monkeypatch):
    monkeypatch.setenv(VARIABLE, "chosen")
    ensure_kernel_cache(homeless)
    assert os.environ[VARIABLE] == "chosen"
    monkeypatch.delenv(VARIABLE)


def test_kernels_are_compiled_there_and_it_is_gone_at_the_end():
    code = (
        "import os; os.access = lambda *_, **__: False\n"
        "import coregulation, coregulation.physiology.candidates\n"
        "import numba.core.config as config\n"
        "print(config.CACHE_DIR)\n"
    )
    env = {key: value for key, value in os.environ.items() if key not in (VARIABLE, "XDG_CACHE_HOME")}
    env["PYTHONPATH"] = str(ROOT / "src")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env)
    assert done.returncode == 0, done.stderr
    assert "coregulation-kernels-" in done.stdout
    assert not Path(done.stdout.strip()).exists()
