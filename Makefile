# `make` alone prints the targets. Everything is set up once, in .venv, and again only when the lock changes.
PYTHON ?= python3
RUN := .venv/bin
READY := .venv/.ready
REPORT ?= samples/report_2026H1.txt
DIR ?= var/demo

.PHONY: help demo test torture bench scale snapshots lint format lock clean

help:
	@echo "make demo [REPORT=path]  the main job, from a written report to mails, a sealed period and the next report"
	@echo "make test                linters, types and tests, on SQLite and PostgreSQL"
	@echo "make torture             the tests of faults (kills, power cuts, clocks, many editors) at their full size, under half an hour"
	@echo "make bench [QUICK=1]     all benchmarks and one table of ratios, under half an hour; QUICK=1 only shows that they run"
	@echo "make scale               three workers, Prefect's server and PostgreSQL at 20,000 letters, under half an hour"
	@echo "make snapshots           write tests/snapshots anew after a meant change of a letter; look at the difference"
	@echo "make lint                linters and types alone"
	@echo "make format              lay the code out as the linters want it"
	@echo "make lock                resolve requirements.lock anew from pyproject.toml"
	@echo "make clean               remove what demo and tests wrote (the .venv stays)"

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Rectify needs Python 3.11 or newer; name it: make PYTHON=python3.12 ..."; exit 1; }
	@test -x $(RUN)/python || $(PYTHON) -m venv .venv || { echo "The module venv is missing; on Debian: apt-get install python3-venv"; exit 1; }
	@echo "Installing the packages of requirements.lock into .venv ..."
	@$(RUN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(RUN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(READY)
	@$(RUN)/rectify demo --report "$(REPORT)" --dir "$(DIR)"

test: lint
	@tests/need_postgresql
	@tests/need_postfix
	@tests/need_chromium
	@tests/need_libreoffice
	@$(RUN)/python -m pytest

torture: $(READY)
	@tests/need_postgresql
	@TORTURE=20 $(RUN)/python -m pytest -rP tests/services/test_torture.py tests/faults

bench: $(READY)
	@tests/need_postgresql || true
	@$(RUN)/python benchmarks/bench.py $(if $(QUICK),--quick)

scale: $(READY)
	@tests/need_postgresql
	@$(RUN)/python -m pytest -n 0 --capture=no tests/scale.py

snapshots: $(READY)
	@PYTHONPATH=. $(RUN)/python tests/letter_snapshots.py

lint: $(READY)
	@$(RUN)/ruff format --check .
	@$(RUN)/ruff check .
	@$(RUN)/lint-imports --no-logo
	@$(RUN)/mypy

format: $(READY)
	@$(RUN)/ruff format .
	@$(RUN)/ruff check --fix .

lock: $(READY)
	@$(RUN)/python -m pip install --quiet uv
	@$(RUN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
		--no-strip-extras --no-emit-index-url --no-emit-find-links --no-header --no-annotate --quiet --output-file requirements.lock

clean:
	rm -rf var .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
