# A bare machine needs python3 (3.11 or later) with pip, and make; everything else comes from PyPI.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

BIN := .venv/bin
UV := .cache/uv/bin/uv
UV_VERSION := 0.13.9
# uv shall use the python3 that is here: downloading another one is never wanted.
export UV_PYTHON_DOWNLOADS := never
export UV_NO_PROGRESS := 1
# Tests start many processes; where Python writes no bytecode, each would compile everything anew.
export UV_COMPILE_BYTECODE := 1
# The editable install links every file of src, so files that come or go need a new one.
SOURCES := $(shell find src -type d -not -name __pycache__)

.PHONY: help setup browser pictures demo test lint check soak bench bench-quick lock clean

help: ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(UV): Makefile
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo 'guanjia needs Python 3.11 or later as python3: install python3.11' >&2; exit 1; }
	@python3 -m pip --version >/dev/null 2>&1 \
		|| { echo 'guanjia needs pip: install python3-pip' >&2; exit 1; }
	@rm -rf .cache/uv && python3 -m pip install -qq --root-user-action=ignore --no-warn-script-location --target .cache/uv uv==$(UV_VERSION)
	@touch $@

.venv/.ready: $(UV) pyproject.toml uv.lock $(SOURCES)
	@$(UV) sync --quiet --locked --all-extras
	@touch $@

setup: .venv/.ready ## make .venv with everything, as locked

demo: setup ## build the demonstration community and print its views
	@$(BIN)/guanjia demo

lint: setup ## style, types, import rules, SQL
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/pyright
	$(BIN)/lint-imports
	$(if $(wildcard src/projections/sql/*.sql),$(BIN)/sqlfluff lint --disable-progress-bar src/projections/sql)

# The pages are tested in a real Chromium, installed here where that is possible.
browser:
	@command -v chromium chromium-browser google-chrome >/dev/null \
		|| { apt-get update -qq && apt-get install -qq -y chromium fonts-noto-cjk; } >/dev/null 2>&1 \
		|| { echo 'the pages are tested in Chromium: install chromium and fonts-noto-cjk' >&2; exit 1; }

check: setup browser ## all tests, with the coverage that the domain must have
	@rm -f .coverage .coverage.*
	$(BIN)/pytest -n 2 --cov --cov-report=
	$(BIN)/coverage report --include='src/domain/*' --fail-under=95

pictures: setup browser ## pictures of the pages for the documentation, and how soon they are drawn
	GUANJIA_PICTURES=docs/images $(BIN)/pytest -q -s tests/pages/test_pictures.py

test: lint check ## everything a change must pass

soak: setup ## the long ones: kills, torture, tampering
	$(BIN)/pytest -m soak -s
	$(BIN)/python docs/generate.py

# What guanjia is compared with holds SQLAlchemy back, and has an environment of its own.
BENCH := .cache/bench
bench: setup $(BENCH)/.ready ## the measurements, with their targets
	$(BENCH)/bin/python -W ignore -m benchmarks
	$(BIN)/python docs/generate.py

bench-quick: setup $(BENCH)/.ready ## the same in at most five minutes
	$(BENCH)/bin/python -W ignore -m benchmarks --quick
	$(BIN)/python docs/generate.py

$(BENCH)/.ready: $(UV) pyproject.toml uv.lock $(SOURCES)
	@UV_PROJECT_ENVIRONMENT=$(BENCH) $(UV) sync --quiet --locked --all-extras --no-dev --group bench
	@touch $@

lock: $(UV) ## write uv.lock anew after a change of dependencies
	$(UV) lock

clean: ## remove what the other targets made
	rm -rf .venv .cache build .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage .coverage.* mutants src/*.egg-info *.egg-info
