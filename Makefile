# Two commands on a fresh machine: `make demo` and `make test`. Python 3.11+, make and a package registry are enough.
PYTHON ?= python3
VENV := .venv
# A pip to set up with, such as WITH_PIP=pip==22.3 or WITH_PIP=pip (the newest); else the one that Python brings.
WITH_PIP :=
ifeq ($(OS),Windows_NT)
  BIN := $(VENV)/Scripts
else
  BIN := $(VENV)/bin
endif
PY := $(BIN)/python
# The locks are complete, so pip looks for nothing itself: `--no-deps`. Without it, pip 23 takes a lock's `coverage` and
# `pytest-cov`'s `coverage[toml]` for two things, and looks for a release of the second that has no hash.
LOCKED := $(PY) -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes

.PHONY: demo test coverage lint catalogue docs gallery bench nightly setup check-install lock clean test-kernels

demo: $(VENV)/runtime.stamp
	$(PY) -m coregulation demo --out demo-report

test: $(VENV)/dev.stamp lint
	$(PY) -m pytest -n 2 --dist worksteal -m "not nightly"

# What the tests run, line by line and branch by branch. Nothing depends on it.
coverage: $(VENV)/dev.stamp
	$(PY) -m pytest -n 2 --dist worksteal --cov --cov-report=term -m "not nightly"

lint: $(VENV)/dev.stamp
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(BIN)/lint-imports

# Sorts and compiles the sentences (report/catalogue) and extracts the errors' templates.
catalogue: $(VENV)/dev.stamp
	$(PY) tools/catalogue.py

docs: $(VENV)/dev.stamp
	$(PY) -m sphinx -W --keep-going -q docs site

gallery: $(VENV)/dev.stamp
	$(PY) docs/gallery.py

bench: $(VENV)/dev.stamp
	$(PY) -m pytest bench --benchmark-only --benchmark-columns=min,median,max -o filterwarnings=default
	$(PY) -m bench.ecg_accuracy
	$(PY) -m bench.known_answers
	$(PY) -m bench.speed

nightly: $(VENV)/dev.stamp
	$(PY) -m pytest -n 2 --cov --cov-report=term
	$(PY) docs/interval_coverage.py 1000

# The environment of `make test`, and every extra, without running anything.
setup: $(VENV)/dev.stamp

# The set-up of both commands with old and new pip, in fresh environments without cached packages.
check-install:
	PYTHON="$(PYTHON)" .ci/install

$(VENV)/runtime.stamp: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(if $(WITH_PIP),$(PY) -m pip install --quiet --disable-pip-version-check --upgrade $(WITH_PIP))
	$(LOCKED) -r requirements.lock
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(PY) -c "import pathlib; pathlib.Path('$@').touch()"

# What has no wheel is built with the locked setuptools of the step before, not with whatever is newest.
$(VENV)/dev.stamp: $(VENV)/runtime.stamp requirements-dev.lock
	$(LOCKED) --use-pep517 --no-build-isolation -r requirements-dev.lock
	$(PY) -c "import pathlib; pathlib.Path('$@').touch()"

# Refreshes both lock files; needs uv. No registry host is written into them.
lock:
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --group build -o requirements.lock
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --group dev --all-extras -c requirements.lock -o requirements-dev.lock

# The tests of linear algebra under another kernel of OpenBLAS than `make test`: no result may hang on one processor's last
# digits. Which they are, and why the others cannot differ, stands in tests/second_kernel.py.
test-kernels: $(VENV)/dev.stamp
	$(PY) -m tests.second_kernel -n 2 --dist worksteal -q -m "not nightly"

clean:
	$(PYTHON) -c "import shutil; [shutil.rmtree(p, ignore_errors=True) for p in ('$(VENV)', 'site', 'dist', 'demo-report')]"
