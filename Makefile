# Two commands on a fresh machine: `make demo` and `make test`. Needed: Python 3.11 with pip.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# pip of the system works on the project's environment; ensurepip is not needed.
PIP := $(PYTHON) -m pip --python $(BIN)/python --disable-pip-version-check
INSTALL := $(PIP) install --quiet --require-hashes
DEMO := build/demo

.PHONY: demo test check docs bench adequacy lock setup setup-dev clean

demo: setup
	$(BIN)/keepwarm run examples/capital --damage examples/capital/damage.csv --out $(DEMO)
	$(BIN)/keepwarm brief $(DEMO) --html brief.html
	@echo "The whole answer, to read or print: brief.html"

test: setup-dev
	scripts/chromium
	scripts/check
	scripts/test

check: setup-dev
	scripts/check

# The documentation site, to open at build/site/index.html.
docs: setup-dev
	scripts/docs

# Speed, on a quiet machine; never part of the tests. Writes benchmarks/results and docs/benchmarks.
BENCHES := commands dispatch compile solver pypsa batch risk warmth rotation plan scaling reading adequacy board
bench: setup-dev
	set -e; for bench in $(BENCHES); do $(BIN)/python -m benchmarks.bench_$$bench; done
	$(BIN)/python -m benchmarks.exhaustive
	$(BIN)/python -m benchmarks.plots
	$(BIN)/python -m benchmarks.table

# Published adequacy systems, long enough for small errors, on three seeds: docs/validation_adequacy.md
adequacy: setup-dev
	$(BIN)/python -m scripts.adequacy

# Fresh versions: make lock UPGRADE=--upgrade
lock: setup-dev
	scripts/lock $(UPGRADE)

setup: $(VENV)/runtime.stamp $(VENV)/package.stamp
	@$(BIN)/python -m compileall -q src

setup-dev: $(VENV)/dev.stamp setup

$(BIN)/python:
	$(PYTHON) -m venv --without-pip $(VENV)

$(VENV)/runtime.stamp: requirements/build.txt requirements/run.txt | $(BIN)/python
	$(INSTALL) -r requirements/build.txt -r requirements/run.txt
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt | $(BIN)/python $(VENV)/runtime.stamp
	$(INSTALL) -r requirements/dev.txt
	@touch $@

$(VENV)/package.stamp: pyproject.toml | $(VENV)/runtime.stamp
	$(PIP) install --quiet --no-build-isolation --no-deps --editable .
	@touch $@

clean:
	rm -rf $(VENV) build dist brief.html .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
