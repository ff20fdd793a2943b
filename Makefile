# One word for each chore; plain `make` lists them.

PYTHON := .venv/bin/python
PROPERTIES := $(shell grep -rlw EXAMPLES tests --include="test_*.py")

.DEFAULT_GOAL := help
# Where this is set, as in many containers, each start would compile all modules anew: 2.3 s instead of 0.9.
unexport PYTHONDONTWRITEBYTECODE
.PHONY: help run install test test-long check format bench docs clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: .venv/run.stamp ## Start FlowApp on http://127.0.0.1:8000 (PORT=… for another port); Ctrl-C stops it
	@exec bin/run

install: .venv/test.stamp ## Install everything for running, checking and testing into .venv
	@echo "Everything is installed in .venv."

test: .venv/test.stamp ## Run all tests but the long ones (ARGS=tests/rules for some; FLOWAPP_TEST_DATABASE=postgresql for all on PostgreSQL)
	@bin/install-chromium
	@bin/test $(ARGS)

test-long: .venv/test.stamp ## Run the tests that take minutes: crashes, volume, 1,000 of each race, 20,000 examples of each property
	@bin/install-chromium
	@$(PYTHON) -m pytest -m long $(ARGS)
	@FLOWAPP_LONG=1 $(PYTHON) -m pytest -m "not long" $(PROPERTIES) tests/races
	@FLOWAPP_LONG=1 $(PYTHON) -m pytest -m "not long" --database=postgresql tests/races
	@FLOWAPP_TEST_DATABASE=postgresql bin/test

check: .venv/test.stamp ## Check style, types, layers, templates; what CI checks before the tests
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy
	.venv/bin/lint-imports --no-logo
	$(PYTHON) -m djlint templates --lint --quiet
	$(PYTHON) -m flowapp.cli.docs --check

format: .venv/test.stamp ## Rewrite the code in the style that `make check` asks for
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .

bench: .venv/run.stamp ## Run the benchmarks and print their table (ARGS=… for some, such as ARGS="http inside --markdown")
	@bin/bench $(ARGS)

docs: .venv/run.stamp ## Write the documents made from the code
	$(PYTHON) -m flowapp.cli.docs

clean: ## Remove what can be made again; never instance/, where the data is
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/run.stamp: requirements.txt bin/install
	@bin/install requirements.txt $@

.venv/test.stamp: requirements-dev.txt requirements.txt bin/install
	@bin/install requirements-dev.txt $@ .venv/run.stamp
