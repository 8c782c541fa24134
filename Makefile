# `make demo` and `make test` do all set-up by themselves; they need Python >= 3.11, git and make.
SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
LOCKED := $(VENV)/.locked
STAMP := $(VENV)/.installed
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo $$p; break; }; done)
FAST := tests/checks/coverage/test_formats.py tests/readiness/records/model tests/readiness/test_verdict.py tests/reports

TESTS ?= tests
# One more than there are processors: tests wait for the processes that they start.
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1) + 1)
# No variable of the environment: the coverage that a test measures would go to this file, too, and erase it.
MEASURED = --data-file="$(CURDIR)/.measured/data"
# Names in tests/mutation/targets.toml; all when there is none.
TARGETS ?=

.DEFAULT_GOAL := help
.PHONY: help setup demo demo-conditional demo-go test test-long fast fuzz fuzz-guided test-shifted coverage mutants verifiers lint types bench accuracy build lock clean

help: ## Show these targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20

setup: $(STAMP) ## Make the virtual environment from the locked dependencies

$(LOCKED): requirements/dev.lock
	@test -n "$(PYTHON)" || { echo "error: no Python >= 3.11 with venv found; set PYTHON=/path/to/python3" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.lock
	@touch $@

# An editable installation follows the code, but not the entry points in pyproject.toml.
$(STAMP): $(LOCKED) pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@

demo: $(STAMP) ## Judge the example application as it is: NO-GO, with its blockers and the report
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python examples/demo.py no-go

demo-conditional: $(STAMP) ## The same application mended, with one item waived for a time: CONDITIONAL_GO
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python examples/demo.py conditional

demo-go: $(STAMP) ## The same application mended and signed off: GO
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python examples/demo.py go

test: $(STAMP) ## Run the tests
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal tests

test-long: $(STAMP) ## Run what `make test` takes a sample of: random inputs, and comparisons with OpenSSH and a browser
	READINESS_LONG=1 $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m long tests

fast: $(STAMP) ## Run some tests that start no other program: values, verdict, records, reports
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal --ignore-glob='*_in_browser.py' $(FAST)

fuzz: $(STAMP) ## Try broken and hostile inputs on every reader for SECONDS (60), or on some: READERS="json html"
	PYTHONPATH=tests $(BIN)/python tests/fuzzing/run.py --seconds $(or $(SECONDS),60) $(READERS)

fuzz-guided: $(VENV)/.fuzz ## Fuzz every reader by the coverage of its code, or some: READERS="json html"; SECONDS for each (60)
	PYTHONPATH=tests $(BIN)/python tests/fuzzing/run.py --guided --seconds $(or $(SECONDS),60) $(READERS)

$(VENV)/.fuzz: $(STAMP) requirements/fuzz.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/fuzz.lock
	@touch $@

test-shifted: $(STAMP) ## Run the tests under clocks that are ahead, or DAYS="37" ahead; needs a C compiler
	DAYS="$(DAYS)" $(BIN)/python tests/clock/run.py -n $(WORKERS) --dist worksteal $(TESTS)

coverage: $(STAMP) ## Measure the branch coverage of the tests, subprocesses included
	rm -rf .measured && mkdir .measured
	$(BIN)/python -m coverage run $(MEASURED) -m pytest -n $(WORKERS) --dist worksteal $(TESTS); echo $$? > .measured/code
	find .measured -name 'data.*' -size 0 -delete  # of processes that were killed while they wrote
	$(BIN)/python -m coverage combine --quiet $(MEASURED)
	$(BIN)/python -m coverage report $(MEASURED) && exit $$(cat .measured/code)

mutants: $(VENV)/.mutants ## Put small faults into the code, and report which of them no test notices
	PYTHONPATH=tests $(BIN)/python tests/mutation/run.py $(TARGETS) $(if $(SAMPLE),--sample $(SAMPLE))

$(VENV)/.mutants: $(STAMP) requirements/mutants.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/mutants.lock
	@touch $@

verifiers: ## Install the independent verifier that a test of attestations asks; needs npm
	cd tests/readiness/attestation/sigstore && npm ci --ignore-scripts --no-audit --no-fund

lint: $(STAMP) ## Lint and check the format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP) ## Check the types
	$(BIN)/mypy

bench: $(STAMP) ## Print a table of speed ratios
	$(BIN)/python benchmarks/run.py

accuracy: $(STAMP) ## Measure how right the checks are; docs/accuracy.md says on what
	$(BIN)/python benchmarks/accuracy.py $(REPOSITORIES)
	$(BIN)/python benchmarks/health_accuracy.py
	$(if $(JUNIT),$(BIN)/python benchmarks/junit_accuracy.py $(JUNIT))
	$(BIN)/python benchmarks/headers_accuracy.py $(if $(OBSERVATORY),--observatory $(OBSERVATORY)) \
		$(if $(CSP_EVALUATOR),--csp-evaluator $(CSP_EVALUATOR))
	$(BIN)/python benchmarks/results_accuracy.py $(TEST_RESULTS)
	$(if $(COVERAGE_REPORTS),$(BIN)/python benchmarks/coverage_accuracy.py $(COVERAGE_REPORTS))
	$(if $(LOCK_FILES),$(BIN)/python benchmarks/dependencies_accuracy.py $(ADVISORIES) $(LOCK_FILES))
	$(BIN)/python benchmarks/tls_accuracy.py $(if $(SSLYZE),--sslyze $(SSLYZE))
	$(BIN)/python benchmarks/documents_accuracy.py $(DOCUMENTS)

build: $(STAMP) ## Build wheel and sdist into dist/
	$(BIN)/python -m build --no-isolation

lock: ## Lock the dependencies again; needs uv
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--all-extras --group dev pyproject.toml -o requirements/dev.lock --upgrade
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--constraint requirements/dev.lock --group mutants -o requirements/mutants.lock --upgrade
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--constraint requirements/dev.lock --group fuzz -o requirements/fuzz.lock --upgrade

clean: ## Remove what these targets made
	rm -rf $(VENV) .demo .measured .mutants dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
