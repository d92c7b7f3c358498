# Two commands on a fresh machine: `make run` and `make test`. Needs Python >= 3.11, pip and Node.
.DEFAULT_GOAL := help
.PHONY: help run test check audit sbom bench bounds peers format clean lock
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

help: ## show this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

run: .install-stamp .kernels-stamp ## set everything up, build the sample region, start the system
	@$(BIN)/buergerbus demo

test: .install-stamp-dev .kernels-stamp ## every test this machine allows, and what was skipped
	@sh scripts/test

check: .install-stamp-dev ## format, lint, types, layers, dependencies, security, front end
	@sh scripts/check

audit: .install-stamp-dev ## ask about every dependency whether it is known to be vulnerable (needs internet)
	@$(BIN)/python scripts/audit.py

sbom: .install-stamp-dev ## what the program is made of, as CycloneDX, in var/sbom
	@sh scripts/sbom

bench: .install-stamp-dev .kernels-stamp ## every benchmark in its quick form
	@$(BIN)/python -m benchmarks all --quick

bounds: .install-stamp-dev ## the search's kernels with every access to an array checked (some ten minutes)
	@NUMBA_BOUNDSCHECK=1 NUMBA_CACHE_DIR=var/bounds $(BIN)/pytest --timeout 0 tests/dispatch/improve

peers: .install-stamp-dev ## other engines for the benchmarks to compare with, in var/peers
	@$(BIN)/python -m benchmarks.peers install

format: .install-stamp-dev ## rewrite the code in the house style
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

lock: .install-stamp-dev ## resolve the dependencies anew
	@sh scripts/lock

clean: ## remove everything that was built (regions and bookings in var/ stay)
	rm -rf $(VENV) .install-stamp* .kernels-stamp driver_app/node_modules driver_app/static/dist api/pages/static/dist

.install-stamp: requirements/run.txt pyproject.toml driver_app/package-lock.json driver_app/build.mjs $(wildcard driver_app/src/*) $(wildcard driver_app/src/*/*)
	@PYTHON=$(PYTHON) sh scripts/setup run && touch $@

.install-stamp-dev: requirements/dev.txt .install-stamp
	@PYTHON=$(PYTHON) sh scripts/setup dev && touch $@

# numba notices a changed kernel, but not that a kernel it calls has changed: compile all of them anew
.kernels-stamp: $(shell find routing gtfs dispatch benchmarks -name '*.py' -exec grep -lE 'import .*(njit|kernel|intrinsic)' {} +)
	@find routing gtfs dispatch benchmarks -name '*.nb[ic]' -delete && touch $@
