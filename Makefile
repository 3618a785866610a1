# The project's targets. They need Python 3.11 or newer, make and git; everything else goes into .venv, from lock files with
# hashes. Stamp files in .venv make a second run quick.
#
#   make demo     sets up, makes a small synthetic fleet, hunts it, prints the ranked cases, writes demo/case/report.html
#   make test     sets up and runs the whole check
#   make check    format, lint, types, layers, unused dependencies, tests, wheel smoke test
#   make format   formats and sorts imports
#   make fuzz     fuzzes every parser, ten minutes each (SECONDS=600); TARGET=name for one, SEED=2 for other inputs
#   make docs     writes the help blocks of docs/commands.md, docs/detectors.md and the tables of docs/verdict.md anew
#   make lock     resolves the lock files anew
#   make clean    removes what the other targets made

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
COMPILE = CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --upgrade --generate-hashes --allow-unsafe \
	--strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host

.DEFAULT_GOAL := help
SECONDS := 600
SEED := 1

.PHONY: help demo test check fuzz format docs lock clean wheel-smoke
.DELETE_ON_ERROR:

help:
	@sed -n 's/^#   //p' Makefile

$(VENV)/.created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Lodger needs Python 3.11 or newer, and $(PYTHON) is older or missing; name one: make PYTHON=python3.11 ..." >&2; \
		exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.runtime: $(VENV)/.created requirements.lock requirements-build.lock pyproject.toml
	$(PIP) install --require-hashes -r requirements.lock -r requirements-build.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements-dev.lock
	$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

demo: $(VENV)/.runtime
	rm -rf demo
	$(BIN)/lodger lab fleet --out demo/fleet --seed 1 --hosts 6 --days 42
	$(BIN)/lodger hunt demo/fleet --case demo/case

test: $(VENV)/.dev
	@$(MAKE) --no-print-directory check

# pytest comes last, so that its closing line is the run's; it exits 5, which is a failure, when it finds no test.
check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/deptry .
	@$(MAKE) --no-print-directory wheel-smoke
	$(BIN)/python -m pytest -n auto --dist loadfile

# The wheel in an environment that holds the runtime lock and nothing else.
wheel-smoke: $(VENV)/.runtime
	rm -rf build/smoke && mkdir -p build/smoke
	$(PIP) wheel --no-deps --no-build-isolation --wheel-dir build/smoke .
	$(PYTHON) -m venv build/smoke/venv
	build/smoke/venv/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r requirements.lock
	build/smoke/venv/bin/python -m pip --disable-pip-version-check --quiet install --no-deps --no-index build/smoke/*.whl
	cd build/smoke && venv/bin/lodger --version
	cd build/smoke && venv/bin/lodger lab fleet --out fleet --seed 1 --hosts 3 --days 40
	cd build/smoke && venv/bin/lodger hunt fleet --case case --format json >cases.json && test -s case/report.html
	$(PYTHON) -c 'import json; cases = json.load(open("build/smoke/cases.json")); assert cases and cases[0]["rank"] == 1'
	rm -rf build/smoke

format: $(VENV)/.dev
	$(BIN)/ruff check --select I --fix .
	$(BIN)/ruff format .

fuzz: $(VENV)/.dev
	$(BIN)/python -m tests.fuzz --seconds $(SECONDS) --seed $(SEED) $(TARGET:%=--target %)

docs: $(VENV)/.dev
	LODGER_UPDATE_DOCS=1 $(BIN)/python -m pytest --quiet tests/cli/test_docs.py
	$(BIN)/python tools/detectors.py
	$(BIN)/python tools/baseline.py

lock: $(VENV)/.dev
	$(COMPILE) --output-file requirements.lock pyproject.toml
	$(COMPILE) --all-build-deps --only-build-deps -c requirements.lock --output-file requirements-build.lock pyproject.toml
	$(COMPILE) --extra dev --all-build-deps -c requirements.lock -c requirements-build.lock \
		--output-file requirements-dev.lock pyproject.toml

clean:
	rm -rf $(VENV) build demo .mypy_cache .ruff_cache .pytest_cache .hypothesis
