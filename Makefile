# Everything that is done with Slipway. It needs Python 3.11 or newer with pip, and make.

PYTHON ?= python3
# The setting goes before what other programs call PORT, and what is typed behind make before both.
PORT := $(or $(SLIPWAY_PORT),$(PORT))
MEASURED := tests/buddy tests/registry tests/submissions/test_matching.py
IN_A_BROWSER := tests/browser
COUNT ?= 300
RUNS ?= 200
QUICK := tests/docker tests/forms tests/store tests/test_architecture.py tests/test_documents.py tests/test_settings.py
# How many tests run side by side: some wait while others compute, those in a browser less.
WORKERS ?= 4
BROWSERS ?= 3
SIDE_BY_SIDE := --numprocesses $(WORKERS) --dist worksteal
VENV := .venv
BIN := $(VENV)/bin
ABOVE := ../$(BIN)
POSTGRESQL := $(ABOVE)/python -m support.postgres
ON_POSTGRESQL := store submissions views/test_finding.py
INSTALL := $(PYTHON) -m pip --python $(BIN)/python --disable-pip-version-check install --quiet
LOCK := uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-emit-index-url --group build

# Tests and what they start would else be compiled anew in each of hundreds of processes.
unexport PYTHONDONTWRITEBYTECODE
# The folders of tests are in memory where there is room, in MB, and each goes with its test: half of the time that a
# Slipway takes to begin and end is waiting for the disk. Killing it loses nothing that has reached a file of either.
MEMORY := /dev/shm
ROOM := 2000
export PYTEST_DEBUG_TEMPROOT ?= $(shell test -w $(MEMORY) && \
	df -Pm $(MEMORY) | awk 'NR == 2 && $$4 >= $(ROOM) { print "$(MEMORY)" }')

.PHONY: help run compiled programs test test-quick test-unit test-browser test-postgresql lint audit bench fuzz rolling screenshots lock clean
.DEFAULT_GOAL := help

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' Makefile

run: $(VENV)/ready ## Start Slipway and print its address; PORT=8001 chooses another port
	@$(if $(PORT),SLIPWAY_PORT=$(PORT)) exec $(BIN)/slipway serve

# In a browser there is much waiting, in which those on PostgreSQL run.
test: ## Check everything
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target lint compiled
	@$(MAKE) --no-print-directory test-unit
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target test-browser test-postgresql

test-quick: lint ## Check style, types and what needs neither a browser nor a server, in about a minute
	$(BIN)/python -m pytest -m "not browser" $(SIDE_BY_SIDE) $(QUICK)

# Else each of those that run side by side would do it again. What fails here, the tests say themselves.
compiled: $(VENV)/ready-for-tests
	@$(BIN)/python -m pytest --collect-only --quiet > /dev/null || true

programs: $(VENV)/ready-for-tests ## Install what the tests need beside Python, where it is missing
	cd tests && $(ABOVE)/python -m support.programs

# Measured apart: the compiled parts of SQLAlchemy fail under a measured run.
test-unit: programs ## Run the tests that need no browser; some reach each branch of webapp/http, buddy, registry and of the matching
	$(BIN)/python -m coverage erase
	$(BIN)/python -m coverage run -m pytest $(SIDE_BY_SIDE) $(MEASURED)
	$(BIN)/python -m coverage combine --quiet
	$(BIN)/python -m coverage report
	$(BIN)/python -m pytest $(SIDE_BY_SIDE) $(patsubst %,--ignore %,$(MEASURED) $(IN_A_BROWSER))

test-browser: programs ## Run the tests in a real Chromium, which is installed when missing; LATENCY=600 makes its network slow
	$(BIN)/python -m pytest --numprocesses $(BROWSERS) --dist worksteal $(IN_A_BROWSER)

# What touches the database, once more: the tests of the store, of submissions and of searching, races and kills.
test-postgresql: programs ## Run tests of the database on a PostgreSQL of their own, which is installed when missing
	cd tests && $(POSTGRESQL) $(ABOVE)/python -m pytest -m "not browser" $(SIDE_BY_SIDE) $(ON_POSTGRESQL)
	cd tests && $(POSTGRESQL) $(ABOVE)/python fuzz.py --count 12 --runs 4

lint: $(VENV)/ready-for-tests ## Check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy

# Strict, since what can't be looked up would else count as sound.
audit: $(VENV)/audit/ready ## Look up known vulnerabilities of everything in the lock files; needs the internet
	$(VENV)/audit/bin/pip-audit --strict --disable-pip --requirement requirements-postgresql.txt
	$(VENV)/audit/bin/pip-audit --strict --disable-pip --requirement requirements-test.txt

bench: $(VENV)/ready-for-tests ## Measure speed; it prints figures and judges nothing; FROM=… names an older revision to compare with
	$(BIN)/python tests/bench.py $(if $(FROM),--from $(FROM))

fuzz: $(VENV)/ready-for-tests ## Kill Slipway at random moments before a hostile Buddy; SEED=1 COUNT=300 RUNS=200 DATABASE=postgresql choose what
	cd tests && $(if $(filter postgresql,$(DATABASE)),$(POSTGRESQL)) $(ABOVE)/python fuzz.py \
		--count $(COUNT) --runs $(RUNS) $(if $(SEED),--seed $(SEED))

rolling: programs ## Replace two replicas of an older revision under load; FROM=… names it, COUNT=1000 how many submissions
	cd tests && $(ABOVE)/python rolling.py $(FROM) --count $(if $(filter file,$(origin COUNT)),1000,$(COUNT))

screenshots: programs ## Take pictures of every state of the pages into dist/screenshots; STATES=form WIDTHS=phone TEXT=200 choose which
	$(BIN)/python tests/screenshots.py $(if $(WIDTHS),--widths $(WIDTHS)) $(if $(TEXT),--text $(TEXT)) -- $(STATES)

lock: ## Renew the lock files; needs uv
	$(LOCK) pyproject.toml --output-file requirements.txt
	$(LOCK) --extra postgresql --constraints requirements.txt pyproject.toml --output-file requirements-postgresql.txt
	$(LOCK) --extra test --extra postgresql --constraints requirements-postgresql.txt pyproject.toml \
		--output-file requirements-test.txt

clean: ## Remove what make has made
	rm -rf $(VENV) dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find templates tests webapp -name __pycache__ -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("Slipway needs Python 3.11 or newer; choose one with make PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv --without-pip $(VENV)

# Apart from Slipway's own packages, so that it neither changes them nor counts itself among them.
$(VENV)/audit/ready: $(BIN)/python
	$(PYTHON) -m venv --without-pip $(VENV)/audit
	$(PYTHON) -m pip --python $(VENV)/audit/bin/python --disable-pip-version-check install --quiet pip-audit
	@touch $@

$(VENV)/ready: $(BIN)/python requirements.txt pyproject.toml
	$(INSTALL) --require-hashes --requirement requirements.txt
	$(INSTALL) --no-deps --no-build-isolation --editable .
	$(BIN)/slipway compile
	@touch $@

$(VENV)/ready-for-tests: $(VENV)/ready requirements-test.txt
	$(INSTALL) --require-hashes --requirement requirements-test.txt
	@touch $@
