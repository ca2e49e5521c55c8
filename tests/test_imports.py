"""What is loaded by whom: looking at the package or asking for help loads nothing heavy.

No clock is read: what costs time is the loading of these libraries, and whether they are loaded is a fact.
"""

import subprocess
import sys

import pytest

import coregulation
from coregulation.cli import COMMANDS

HEAVY = (
    *("scipy", "numba", "matplotlib", "openpyxl", "tqdm", "joblib", "jinja2"),
    *("starlette", "uvicorn", "websockets", "cryptography"),
    *("pandas", "pyarrow", "statsmodels", "dask", "distributed"),
)

IMPORT = "import coregulation"
HELP = """
import contextlib, io
from coregulation.cli import main
with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.suppress(SystemExit):
    main({arguments})
assert "usage" in out.getvalue()
"""
TELL = "\nimport sys; print(*sorted(name for name in sys.modules if '.' not in name))"


def loaded_by(code: str) -> set[str]:
    done = subprocess.run([sys.executable, "-c", code + TELL], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_the_question_can_be_answered_with_yes():
    assert "scipy" in loaded_by("import scipy.signal")


@pytest.mark.parametrize("module", ["", ".errors", ".clock", ".signals", ".session", ".stage", ".filters"])
def test_the_ground_loads_nothing_heavy(module):
    assert not loaded_by(IMPORT + module) & set(HEAVY)


def test_the_package_itself_loads_no_sqlite_and_no_server():
    assert not loaded_by(IMPORT) & {"sqlite3", "http", "asyncio"}


@pytest.mark.parametrize("arguments", [["--help"], *([name.replace("_", "-"), "--help"] for name in COMMANDS)])
def test_help_loads_nothing_heavy(arguments):
    assert not loaded_by(HELP.format(arguments=arguments)) & set(HEAVY)


def test_every_public_name_is_where_the_package_says():
    for name in coregulation.__all__:
        assert getattr(coregulation, name) is not None
