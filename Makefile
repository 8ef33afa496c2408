# Everything is installed into this checkout (.venv, node_modules of the tests) and safe to run again.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DATA ?= data
HOST ?= 127.0.0.1
PORT ?= 8400
GEO := $(VENV)/share/hoofprint/geo
STAMP := $(VENV)/.installed
NODE := tests/e2e/node
NODE_STAMP := $(NODE)/node_modules/.installed
JOBS ?= 2
# What runs on PostgreSQL, too: everything that writes records.
ON_RECORDS := $(addprefix tests/api/test_,$(addsuffix .py,account audit custom_domains domains \
	entering funnels goals imports invitations links members organizations own_clients ownership \
	resources snippet themes uploads))

.PHONY: help install run demo test test-slow check format docs bench lock clean

help:  ## What can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

install: $(STAMP)  ## Install everything that is needed into the checkout
	@$(BIN)/python -m hoofprint.ingest.geo_install --optional $(GEO)

$(STAMP): requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed: apt-get install python3 python3-venv"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed, set PYTHON=..."; exit 1; }
	@test -x $(BIN)/pip || { rm -rf $(VENV); $(PYTHON) -m venv $(VENV); } || { echo "The venv module is missing: apt-get install python3-venv"; exit 1; }
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(STAMP)

# A real client and the driver of a browser; tests that miss them are skipped and say why.
$(NODE_STAMP): $(NODE)/package-lock.json
	@if ! command -v npm >/dev/null; then echo "npm is missing: install it to test with real clients"; \
	elif npm ci --prefix $(NODE) --ignore-scripts --no-audit --no-fund --silent; then touch $@; \
	else echo "npm ci failed: there are no real clients to test with"; fi

run: install  ## Start a server with a year of demo traffic
	@HOOFPRINT_HOST=$(HOST) HOOFPRINT_PORT=$(PORT) $(BIN)/hoofprint seed --demo --data-dir $(DATA)
	@$(BIN)/hoofprint serve --data-dir $(DATA) --host $(HOST) --port $(PORT)

test: install $(NODE_STAMP)  ## Run the tests (under five minutes)
	$(BIN)/pytest -n $(JOBS) --dist loadgroup -m "not slow" $(PYTEST)

test-slow: install $(NODE_STAMP)  ## Run the slow suites: laws with more examples, crashes, fuzzing
	HYPOTHESIS_PROFILE=more $(BIN)/pytest -n $(JOBS) --dist loadgroup -m "not slow" tests/laws
	TEST_RECORDS=postgresql $(BIN)/pytest -n $(JOBS) --dist loadgroup -m "not slow" $(ON_RECORDS)
	HYPOTHESIS_PROFILE=thorough $(BIN)/pytest -n $(JOBS) --dist loadgroup -m slow $(PYTEST)

check: install  ## Lint and check types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: install  ## Format and mend what can be mended
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: install  ## Write docs/reference.md anew
	HOOFPRINT_WRITE_DOCS=1 $(BIN)/pytest -q tests/api/test_reference.py

bench: install  ## Measure; the results land in bench/results
	$(BIN)/python -m bench

lock:  ## Pin every dependency again (needs uv)
	uv pip compile pyproject.toml --extra dev --universal --generate-hashes --no-emit-index-url \
		--no-header --python-version 3.11 --upgrade -o requirements.lock

clean:  ## Remove what was installed; data stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis $(NODE)/node_modules
