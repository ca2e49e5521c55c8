"""The wheel: built without network, installed beside nothing, it runs and holds what it needs."""

import importlib.util
import os
import pathlib
import subprocess
import sys
import zipfile

import pytest

import coregulation
from tests.paths import ROOT

pytestmark = [
    pytest.mark.skipif(not (ROOT / "pyproject.toml").exists(), reason="not run from a checkout: nothing to build"),
    pytest.mark.skipif(importlib.util.find_spec("hatchling") is None, reason="hatchling (group build) is missing"),
    pytest.mark.skipif(importlib.util.find_spec("pip") is None, reason="this environment has no pip"),
]


def run(*arguments: str, cwd: pathlib.Path, **variables: str) -> str:
    environment = {**os.environ, **variables}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    run("-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder), cwd=ROOT)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    folder = tmp_path_factory.mktemp("installed")
    pip = ("-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--disable-pip-version-check")
    run(*pip, "--target", str(folder), str(wheel), cwd=folder)
    return folder


def test_it_holds_every_file_of_the_package(wheel):
    source = ROOT / "src"
    package = (path for path in (source / "coregulation").rglob("*") if path.is_file())
    expected = {path.relative_to(source).as_posix() for path in package if "__pycache__" not in path.parts}
    assert "coregulation/py.typed" in expected
    inside = set(zipfile.ZipFile(wheel).namelist())
    assert expected <= inside
    assert any(name.endswith("LICENSE") for name in inside)
    assert not any(name.startswith(("tests", "bench")) for name in inside)


def test_it_is_the_installed_one_that_runs(installed, tmp_path):
    code = "import coregulation; print(coregulation.__version__); print(coregulation.__file__)"
    version, where = run("-c", code, cwd=tmp_path, PYTHONPATH=str(installed)).splitlines()
    assert version == coregulation.__version__
    assert pathlib.Path(where).is_relative_to(installed)


def test_its_command_line_tells_its_version(installed, tmp_path):
    said = run("-m", "coregulation", "--version", cwd=tmp_path, PYTHONPATH=str(installed))
    assert coregulation.__version__ in said
