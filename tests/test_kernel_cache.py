"""A read-only installation works for a user without a home directory."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from coregulation import _kernel_cache
from coregulation._kernel_cache import VARIABLE, ensure_kernel_cache, sources_hash
from tests.interpreted import compiled
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


LOOP = """
from coregulation._kernel_cache import njit
from coregulation.inner import {what}

@njit(cache=True)
def outer(value):
    return {value}
"""
INNER = """
from coregulation._kernel_cache import njit
from coregulation.numbers import NUMBER

@njit(cache=True)
def inner(value):
    return value + NUMBER
"""


@pytest.fixture
def package(tmp_path):
    """A package of three modules: a loop, a loop that it calls, and a number that this one reads."""
    folder = tmp_path / "coregulation"
    folder.mkdir()
    shutil.copy(_kernel_cache.__file__, folder)
    (folder / "__init__.py").touch()
    (folder / "loop.py").write_text(LOOP.format(what="inner", value="inner(value)"), encoding="utf-8")
    (folder / "inner.py").write_text(INNER, encoding="utf-8")
    (folder / "numbers.py").write_text("NUMBER = 1\n", encoding="utf-8")
    return folder


def outer(package, **env):
    """What the loop gives for 0 in a process of its own, how many of its forms came from the cache, and where that is."""
    code = "from coregulation.loop import outer as o; print(o(0), sum(o.stats.cache_hits.values()), o.stats.cache_path)"
    kept = {key: value for key, value in os.environ.items() if key != VARIABLE}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env={**kept, "PYTHONPATH": str(package.parent), **env},
    )  # fmt: skip
    value, hits, path = done.stdout.split()
    return int(value), int(hits), Path(path)


@pytest.mark.parametrize("where", ["beside the module", "where it was told"])
def test_a_changed_number_of_a_called_module_is_seen_and_an_unchanged_one_read_from_the_cache(package, tmp_path, where):
    env = {} if where == "beside the module" else {VARIABLE: str(tmp_path / "told")}
    assert outer(package, **env)[:2] == (1, 0)
    assert outer(package, **env)[:2] == (1, 1)
    (package / "numbers.py").write_text("NUMBER = 2\n", encoding="utf-8")
    value, hits, path = outer(package, **env)
    assert (value, hits) == (2, 0)
    assert path.is_relative_to(tmp_path / "told" if env else package / "__pycache__")


def test_what_was_compiled_from_earlier_sources_is_removed(package):
    _, _, first = outer(package)
    (package / "inner.py").write_text(INNER.replace("+", "-"), encoding="utf-8")
    value, _, second = outer(package)
    assert value == -1
    assert second.is_dir()
    assert not first.exists()


def test_a_module_that_is_only_imported_inside_of_a_function_changes_nothing(package):
    (package / "other.py").write_text("A = 1\n", encoding="utf-8")
    with (package / "numbers.py").open("a", encoding="utf-8") as file:
        file.write("def later():\n    from coregulation import other\n    return other\n")
    _kernel_cache._imported.cache_clear()
    before = sources_hash(package / "loop.py")
    (package / "other.py").write_text("A = 2\n", encoding="utf-8")
    assert sources_hash(package / "loop.py") == before


@pytest.mark.parametrize("words", ["from coregulation import other", "import coregulation.other"])
def test_every_way_to_import_a_module_counts(package, words):
    (package / "other.py").write_text("A = 1\n", encoding="utf-8")
    with (package / "numbers.py").open("a", encoding="utf-8") as file:
        file.write(f"{words}\n")
    _kernel_cache._imported.cache_clear()
    before = sources_hash(package / "loop.py")
    (package / "other.py").write_text("A = 2\n", encoding="utf-8")
    assert sources_hash(package / "loop.py") != before


@pytest.mark.parametrize("name", compiled())
def test_every_loop_of_the_package_is_kept_under_the_hash_of_its_sources(name):
    loop = compiled()[name]
    path = Path(loop.py_func.__code__.co_filename)
    assert f"{path.stem}-{sources_hash(path)}" in Path(loop.stats.cache_path).parts
