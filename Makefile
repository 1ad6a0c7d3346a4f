# make run    set up and serve on 127.0.0.1:8641
# make test   set up and run the quick tests: a sample of each part of the suite
# make test-all  set up and run all tests
# make check  lint, format and types
# make coverage  run the tests that are quick and say which lines and branches of the package they do not reach
# make generate  write what follows from the tables of the code: scenarios of codes, schema, tables of the docs
# make site   build the documentation as a site in build/site; a link that leads nowhere fails
# make fuzz   fuzz every reader for FUZZ_SECONDS each (60), on Python 3.11 to 3.13
# make soak   load a server with everything at once for SOAK_SECONDS (600) and watch its memory (Linux)
# make bench  measure beside a bare ASGI app (Linux, wrk; under five minutes)
# make dist   build a release in dist/, check it, and install and run it on each supported Python at hand
# make lock   rewrite constraints.txt from the newest releases

# Where the environment forbids Python to keep what it compiled, each command would compile all of it again.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= python3
BIN := .venv/bin
NPM := $(shell command -v npm)
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
NODE_CLIENT := tests/clients/node
NODE_BROWSER := tests/browser/node

COVERAGE_PYTHON ?= $(BIN)/python
# Without real clients, browsers, wheels and containers, and with a part of the protocol: the others reach the same code.
COVERAGE_TESTS := tests/unit tests/handle tests/plugin/test_plugin.py $(addprefix tests/test_, \
  $(addsuffix .py, cli cli_remote doctor tls samples settings)) $(addprefix tests/protocol/test_, $(addsuffix .py, \
  admin cors faults framing head liveness log stop successor successor_liveness switches tls_connections ways_to_serve wire))

FUZZ_SECONDS ?= 60
SOAK_SECONDS ?= 600
FUZZ_TARGETS ?= body picture video authorization tc3 v1 api3 number scenarios added calls

.PHONY: run test test-all dist coverage check generate site fuzz soak format bench lock clean

run: .venv/run.stamp
	$(BIN)/mockface

test: .venv/dev.stamp
	$(BIN)/python -m pytest -n auto --dist worksteal -m "not long and not thorough"

# Containers bring networks with them, and a browser gives up what it loads when a network comes: they come last.
test-all: .venv/dev.stamp .venv/oldest-pytest.stamp $(if $(NPM),$(NODE_CLIENT)/node_modules/stamp $(NODE_BROWSER)/node_modules/stamp)
	$(BIN)/python -m pytest -n auto --dist worksteal --ignore tests/containers; status=$$?; \
	  $(BIN)/python -m pytest -n auto --dist worksteal tests/containers && exit $$status

# What fails is run once more, one test after the other: some tests measure time, and measuring lines takes some.
coverage: .venv/dev.stamp
	rm -rf build/coverage .pytest_cache/v/cache/lastfailed
	mkdir -p build/coverage
	$(COVERAGE_PYTHON) -m coverage run -m pytest -n auto -m "not long and not paced" $(COVERAGE_TESTS) || { [ $$? = 1 ] && \
	  $(COVERAGE_PYTHON) -m coverage run -m pytest -m "not long and not paced" --last-failed --last-failed-no-failures none; }
	$(COVERAGE_PYTHON) -m coverage combine --quiet
	$(COVERAGE_PYTHON) -m coverage report

check: .venv/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

generate: .venv/run.stamp
	$(BIN)/python -m tools.generate

site: .venv/docs.stamp
	$(BIN)/python -m tools.site

fuzz: .venv/fuzz.stamp
	for target in $(FUZZ_TARGETS); do $(BIN)/python -m fuzz.run $$target --seconds $(FUZZ_SECONDS) || exit 1; done
	API_EXAMPLES=200 $(BIN)/python -m pytest tests/protocol/test_api_schema.py

soak: .venv/dev.stamp
	$(BIN)/python -m soak --seconds $(SOAK_SECONDS)

format: .venv/dev.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

dist: .venv/dist.stamp
	rm -rf dist
	$(BIN)/python -m build --no-isolation
	$(BIN)/python -m twine check --strict dist/*
	$(BIN)/python -m tools.release

bench: .venv/run.stamp
	$(BIN)/python -m benchmarks

.venv/run.stamp: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(PIP) install --upgrade 'pip>=25.1'
	$(PIP) install --constraint constraints.txt --editable .
	touch $@

.venv/dev.stamp: .venv/run.stamp
	$(PIP) install --constraint constraints.txt --group dev
	touch $@

.venv/oldest-pytest.stamp: .venv/run.stamp
	rm -rf .venv/oldest-pytest
	$(PIP) install --no-warn-conflicts --target .venv/oldest-pytest --group oldest-pytest
	touch $@

.venv/dist.stamp: .venv/dev.stamp
	$(PIP) install --constraint constraints.txt --group dist
	touch $@

.venv/docs.stamp: .venv/run.stamp
	$(PIP) install --constraint constraints.txt --group docs
	touch $@

.venv/fuzz.stamp: .venv/dev.stamp
	$(PIP) install --constraint constraints.txt --group fuzz
	touch $@

%/node_modules/stamp: %/package-lock.json
	cd $* && npm ci --no-audit --no-fund --silent
	touch $@

lock:
	rm -rf .venv
	$(PYTHON) -m venv .venv
	$(PIP) install --upgrade pip
	$(PIP) install --editable . --group dev --group docs --group fuzz --group dist
	$(PIP) freeze --exclude-editable --exclude pip > constraints.txt

clean:
	rm -rf .venv $(NODE_CLIENT)/node_modules $(NODE_BROWSER)/node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis dist build
