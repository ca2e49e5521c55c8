"""The wheel: built without network, installed beside nothing, it runs and holds what it needs. The locks: they are whole."""

import importlib.metadata
import importlib.util
import os
import pathlib
import re
import subprocess
import sys
import tomllib
import zipfile
from collections import defaultdict

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

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


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def pins(lock: str) -> dict[str, list[Requirement]]:
    """Return what a lock pins, by name; a name has several pins where they differ between Pythons."""
    found = defaultdict(list)
    for line in (ROOT / lock).read_text(encoding="utf-8").splitlines():
        if not line.startswith(" "):
            requirement = Requirement(line.removesuffix("\\"))
            found[canonicalize_name(requirement.name)].append(requirement)
    return found


def asked_by(lock: str) -> list[Requirement]:
    """Return what the project itself asks of a lock: both hold the build group, the second one everything else too."""
    read = project()
    groups, extras = read["dependency-groups"], read["project"]["optional-dependencies"]
    asked = [*read["project"]["dependencies"], *groups["build"]]
    if lock == "requirements-dev.lock":
        asked += [one for one in groups["dev"] if isinstance(one, str)] + [
            one for each in extras.values() for one in each
        ]
    return [Requirement(one) for one in asked]


def needed_by(roots: list[Requirement]) -> dict[str, list[Requirement]]:
    """Return what the installed packages need here, extras too, beginning at some, by name."""
    found, left = defaultdict(list), [(root, "") for root in roots]
    while left:
        one, extra = left.pop()
        if one in found[canonicalize_name(one.name)] or (one.marker and not one.marker.evaluate({"extra": extra})):
            continue
        found[canonicalize_name(one.name)].append(one)
        texts = importlib.metadata.requires(one.name) or ()
        left += [(Requirement(text), extra) for text in texts for extra in ("", *one.extras)]
    return {name: requirements for name, requirements in found.items() if requirements}


LOCKS = ("requirements.lock", "requirements-dev.lock")


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_all_that_is_needed_since_pip_is_told_to_look_for_nothing_else(lock):
    pinned = pins(lock)
    for name, requirements in needed_by(asked_by(lock)).items():
        here = [pin for pin in pinned[name] if pin.marker is None or pin.marker.evaluate()]
        assert len(here) == 1, name
        (version,) = (one.version for one in here[0].specifier)
        assert all(one.specifier.contains(version, prereleases=True) for one in requirements), (name, version)


def test_the_second_lock_changes_nothing_that_the_first_installed():
    first, second = map(pins, LOCKS)
    differ = {
        name
        for name, pinned in first.items()
        if {str(one.specifier) for one in pinned} != {str(one.specifier) for one in second[name]}
    }
    assert not differ


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_has_hashes_and_no_address(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^ *--(?!hash=sha256:)", text, re.MULTILINE)
    assert all(entry.count("--hash=sha256:") for entry in re.split(r"\n(?! )", text.strip()))


def licence(name: str) -> str:
    told = importlib.metadata.metadata(name)
    classifiers = [one for one in told.get_all("Classifier") or () if one.startswith("License")]
    return told.get("License-Expression") or " ".join(classifiers) or (told.get("License") or "").partition("\n")[0]


def test_a_licence_is_read_from_where_a_package_tells_it():
    assert "GPL" in licence("docutils")  # in a part of it, so we use it for the pages alone
    assert [licence(name) for name in ("bleak", "starlette")] == ["MIT", "BSD-3-Clause"]


def test_nothing_that_the_package_or_an_extra_loads_is_under_the_gpl():
    read = project()["project"]
    extras = (one for each in read["optional-dependencies"].values() for one in each)
    used = needed_by([Requirement(one) for one in (*read["dependencies"], *extras)])
    assert len(used) > 40
    assert [name for name in used if re.search(r"\b[AL]?GPL|General Public", licence(name))] == []
