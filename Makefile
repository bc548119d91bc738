# make demo    a project with the defaults, made and started
# make test    everything CI runs: fast tests, then generated projects
# make check   format, lint, types and the fast tests: before each commit
# make matrix  every combination rendered and checked, a pairwise choice of them run
# make slow    what takes minutes: 10,000 random requests
# make facts   how the SDKs behave; SDK=latest asks the newest ones, in .venv-latest
# make docs    the screenshots in docs/; needs chromium
# make rules   docs/rules/: a page per rule of the doctor
# make snapshot  what the SDKs offer, for the doctor of projects where none is installed
# make bench   speed, as ratios to peers measured in the same run: half an hour, 10 GB of memory
# make archive at a release: adds the template to those that projects can be updated from
#
# Only Python 3.11 or later, make and git are needed; the rest is installed into .venv.

.PHONY: demo test check format matrix slow facts docs rules snapshot bench archive services
.DEFAULT_GOAL := check

PYTHON ?= python3
BIN := .venv/bin
DEMO ?= demo-chat

demo: .venv/tool
	@folder="$(DEMO)"; n=2; while [ -e "$$folder" ]; do folder="$(DEMO)-$$n"; n=$$((n + 1)); done; \
	$(BIN)/chatkit-scaffold new "$$folder" --yes --no-git --start

test: .venv/dev services
	$(BIN)/python -m pytest -m "not slow" --numprocesses auto

check: .venv/dev
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/python -m pytest -q -m "not matrix and not slow"

format: .venv/dev
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

matrix: .venv/dev services
	$(BIN)/python -m pytest -m "matrix and not slow" --numprocesses auto

slow: .venv/dev services
	$(BIN)/python -m pytest -m slow

ifeq ($(SDK),latest)
facts:
	$(PYTHON) -m venv --clear .venv-latest
	.venv-latest/bin/python -m pip install --quiet --disable-pip-version-check \
		openai-chatkit openai-agents openai fastapi httpx pytest
	@.venv-latest/bin/python -m pip list --format=freeze --disable-pip-version-check \
		| grep -E '^(fastapi|httpx2|mcp|openai|pydantic|starlette)'
	.venv-latest/bin/python -m pytest -o addopts=-ra -W default --confcutdir=tests/facts tests/facts
else
facts: .venv/dev
	$(BIN)/python -m pytest tests/facts
endif

docs: .venv/dev
	PYTHONPATH=. $(BIN)/python docs/screenshots.py
	PYTHONPATH=. $(BIN)/python docs/pages.py

rules: .venv/dev
	$(BIN)/python docs/rules.py

snapshot: .venv/dev
	npm install --silent --no-save --prefix .venv/node @openai/chatkit @openai/chatkit-react
	$(BIN)/python -m chatkit_scaffold.doctor.snapshot .venv/node

bench: .venv/dev
	$(BIN)/python benchmarks/commands.py
	PYTHONPATH=. $(BIN)/python benchmarks/changes.py
	PYTHONPATH=. $(BIN)/python benchmarks/stores
	PYTHONPATH=. $(BIN)/python benchmarks/pages.py

archive: .venv/dev
	$(BIN)/python releases/archive.py

.venv/tool: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

# Tests that need a program which is missing are skipped, and say so. In CI they fail instead, and
# a fresh machine gets what Debian has of it.
services:
ifeq ($(CI),true)
	@for program in chromium nginx pgbouncer redis-server; do command -v $$program >/dev/null || missing=true; done; \
	ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || missing=true; \
	[ -z "$$missing" ] || { as_root=$$(command -v sudo || true); $$as_root apt-get update -q && \
		$$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
			chromium nginx-light pgbouncer postgresql redis-server; }
endif

# Dependency groups need a newer pip than the one that comes with Python 3.11.
.venv/dev: .venv/tool
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	$(BIN)/python -m pip install --quiet --editable . --group dev
	@touch $@
