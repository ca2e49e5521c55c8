# Two commands on a fresh machine: `make demo` and `make test`. Python 3.11+, make and a package registry are enough.
PYTHON ?= python3
ifeq ($(OS),Windows_NT)
  BIN := .venv/Scripts
else
  BIN := .venv/bin
endif
PY := $(BIN)/python

.PHONY: demo test lint catalogue docs gallery bench nightly lock clean

demo: .venv/runtime.stamp
	$(PY) -m coregulation demo --out demo-report

test: .venv/dev.stamp lint
	$(PY) -m pytest -n 2 --cov --cov-report=term -m "not nightly"

lint: .venv/dev.stamp
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(BIN)/lint-imports

# Sorts and compiles the sentences (report/catalogue) and extracts the errors' templates.
catalogue: .venv/dev.stamp
	$(PY) tools/catalogue.py

docs: .venv/dev.stamp
	$(PY) -m mkdocs build --strict

gallery: .venv/dev.stamp
	$(PY) docs/gallery.py

bench: .venv/dev.stamp
	$(PY) -m pytest bench --benchmark-only --benchmark-columns=min,median,max -o filterwarnings=default
	$(PY) -m bench.ecg_accuracy
	$(PY) -m bench.known_answers
	$(PY) -m bench.speed

nightly: .venv/dev.stamp
	$(PY) -m pytest -n 2

.venv/runtime.stamp: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(PY) -c "import pathlib; pathlib.Path('$@').touch()"

.venv/dev.stamp: .venv/runtime.stamp requirements-dev.lock
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(PY) -c "import pathlib; pathlib.Path('$@').touch()"

# Refreshes both lock files; needs uv. No registry host is written into them.
lock:
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --group build -o requirements.lock
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --group dev --all-extras -c requirements.lock -o requirements-dev.lock

# The numerical tests under another kernel of OpenBLAS than `make test`: no result may hang on one processor's last digits.
.PHONY: test-kernels
test-kernels: .venv/dev.stamp
	$(PY) -m tests.second_kernel -n 2 -q -m "not nightly" tests/simulate tests/regulation tests/coupling tests/physiology tests/study tests/test_linear_algebra.py tests/test_kernels.py

clean:
	$(PYTHON) -c "import shutil; [shutil.rmtree(p, ignore_errors=True) for p in ('.venv', 'site', 'dist', 'demo-report')]"
