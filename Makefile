# A fresh machine needs python3 (3.11 or newer, with venv) and make. `make help` lists the targets.
PYTHON ?= python3
VENV ?= .venv
ORACLE ?= .venv-oracle
PROGRAMS ?= ../shared/programs
# Arguments for pytest, and how many processes run the tests (0: in this one, as a debugger wants it).
ARGS ?=
JOBS ?= auto

# The library that Rushlight is compared with, and what its own test collection imports.
ORACLE_PACKAGES := torch==2.13.0 expecttest
# What compiled code is measured beside, too; nothing else needs it.
BENCH_PACKAGES := jax==0.10.2
PROJECT := pyproject.toml src/rushlight/_version.py

.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
.PHONY: help run test lint types format docs-table stubs wheel import-cost conformance programs bench bench-eager bench-compiled compat clean distclean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

run: $(VENV)/.stamp-run ## the main job: recover a polynomial from 20 samples and draw the fit
	$(VENV)/bin/python -m rushlight examples/polynomial_regression.py

test: $(VENV)/.stamp-dev ## tests and doctests (ARGS="-k name", JOBS=0 for a debugger)
	$(VENV)/bin/python -m pytest -n $(JOBS) --dist worksteal $(ARGS)

lint: $(VENV)/.stamp-dev ## ruff (rules and formatting) and mypy
	$(VENV)/bin/python -m ruff check .
	$(VENV)/bin/python -m ruff format --check .
	$(VENV)/bin/python -m mypy

format: $(VENV)/.stamp-dev ## let ruff format the code and mend what it can
	$(VENV)/bin/python -m ruff check --fix .
	$(VENV)/bin/python -m ruff format .

docs-table: $(VENV)/.stamp-dev ## write docs/operations.md and the README's number of operations anew
	$(VENV)/bin/python tools/make_operations_table.py

stubs: $(VENV)/.stamp-dev ## write src/rushlight/_stubs anew: what type checkers and editors know of operations
	$(VENV)/bin/python tools/make_stubs.py

wheel: $(VENV)/.stamp-dev ## build dist/ and check the wheel
	rm -rf dist
	$(VENV)/bin/python -m build --outdir dist .
	$(VENV)/bin/python tools/check_wheel.py dist

import-cost: $(VENV)/.stamp-dev ## what `import rushlight` costs over `import numpy`, and what it loads
	$(VENV)/bin/python tools/check_import.py

programs: $(VENV)/.stamp-dev ## the acceptance programs, where they are present, without PyTorch
	@if [ -f $(PROGRAMS)/check.py ]; then \
	  $(VENV)/bin/python $(PROGRAMS)/check.py $(VENV)/bin/python -m rushlight; \
	else \
	  echo "programs: $(PROGRAMS) is not here, nothing to compare"; \
	fi

conformance: programs $(ORACLE)/.stamp-oracle ## the comparison with real PyTorch, in an environment of its own
	$(ORACLE)/bin/python -m pytest -n $(JOBS) --dist worksteal tests/conformance $(ARGS)

bench: bench-eager bench-compiled ## both of these

# OPENBLAS_CORETYPE would make NumPy's matrix product run code for another processor.
bench-eager: $(ORACLE)/.stamp-oracle ## ratios of time to PyTorch, both measured in one run
	env -u OPENBLAS_CORETYPE $(ORACLE)/bin/python benchmarks/run.py $(ARGS)

bench-compiled: $(ORACLE)/.stamp-bench ## the same of compiled steps, beside jax.jit (ARGS=--torch-compile)
	env -u OPENBLAS_CORETYPE $(ORACLE)/bin/python benchmarks/compiled.py $(ARGS)

compat: ## the tests on other Pythons: PYTHONS="python3.12 python3.13"
	@test -n "$(PYTHONS)" || { echo 'compat: say which, as in PYTHONS="python3.12 python3.13"'; exit 2; }
	@for python in $(PYTHONS); do \
	  tag=$$($$python -c 'import sys; print("%d.%d" % sys.version_info[:2] + sys.abiflags)') || exit 1; \
	  echo "== $$python ($$tag)"; \
	  $(MAKE) --no-print-directory test PYTHON=$$python VENV=.venv-$$tag || exit 1; \
	done

clean: ## remove what was built, and the caches
	rm -rf build dist .pytest_cache .hypothesis .mypy_cache .ruff_cache
	find . -path './.venv*' -prune -o -name __pycache__ -prune -exec rm -rf {} +

distclean: clean ## remove the virtual environments too
	rm -rf .venv .venv-*

# An environment is made once. The stamps say how far it got: an interrupted installation starts again, a finished
# one costs nothing. The package is installed editable and so never goes stale.
%/.stamp-venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Rushlight needs Python 3.11 or newer: make PYTHON=python3.12 ...")'
	@$(PYTHON) -m venv --clear $* || { rm -rf $*; \
	  echo "$(PYTHON) cannot make virtual environments (on Debian and Ubuntu: apt install python3-venv)"; exit 1; }
	@touch $@

$(VENV)/.stamp-run: $(PROJECT) | $(VENV)/.stamp-venv
	$(VENV)/bin/python -m pip install --quiet --editable '.[viz]'
	@touch $@

$(VENV)/.stamp-dev: $(PROJECT) | $(VENV)/.stamp-venv
	$(VENV)/bin/python -m pip install --quiet --editable '.[dev]'
	@touch $@

# The Makefile too: it holds the versions to compare with.
$(ORACLE)/.stamp-oracle: $(PROJECT) Makefile | $(ORACLE)/.stamp-venv
	$(ORACLE)/bin/python -m pip install --quiet $(ORACLE_PACKAGES) --editable '.[dev]'
	@touch $@

$(ORACLE)/.stamp-bench: Makefile $(ORACLE)/.stamp-oracle
	$(ORACLE)/bin/python -m pip install --quiet $(BENCH_PACKAGES)
	@touch $@
