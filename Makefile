# make run    the demonstration on http://127.0.0.1:8000, with everything it needs
# make test   all tests, in a real database and a real browser
# make check  style, types, layers, sizes
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.PHONY: run test setup check bench soak docs lock

NOKO := .venv/bin/noko
HOST ?= 127.0.0.1
PORT ?= 8000
# Further arguments of pytest: make test TESTS="tests/core -x"
TESTS ?= tests

run: setup
	@exec $(NOKO) demo --host $(HOST) --port $(PORT)

setup:
	@requirements/install run

test:
	@requirements/install run test $$(.ci/java)
	@.ci/chromium
	@.venv/bin/pytest $(TESTS)

check:
	@requirements/install run test check
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/pytest -q tests/repo

bench:
	@requirements/install run bench $$(.ci/java)
	@.venv/bin/python -m benchmarks

# A million answers while web processes and the database are killed: none lost, none doubled.
# Shorter: make soak SOAK="--answers 20000 --kills 6"
soak:
	@requirements/install run test
	@.venv/bin/python -m tests.soak $(SOAK)

docs: setup
	@$(NOKO) rules manual docs/methodology
	@DJANGO_SETTINGS_MODULE=noko.settings .venv/bin/python -m noko.documents.templates.make
	@.venv/bin/python -m noko.commands.manual > docs/admin/commands.md.new
	@mv docs/admin/commands.md.new docs/admin/commands.md

# New locked versions of all packages, with hashes and without any index's address.
lock:
	@requirements/install run
	@for name in uv run build test check spark bench; do \
	  .venv/bin/uv pip compile --quiet --no-config --universal --python-version 3.11 \
	    --generate-hashes --no-header --no-emit-index-url --no-emit-find-links \
	    --output-file requirements/$$name.txt requirements/$$name.in; \
	done
