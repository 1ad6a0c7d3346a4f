# make run    set up and serve on 127.0.0.1:8641
# make test   set up and run the tests
# make check  lint, format and types
# make lock   write constraints.txt anew from the newest releases

PYTHON ?= python3
BIN := .venv/bin
NPM := $(shell command -v npm)
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
NODE_CLIENT := tests/clients/node
NODE_BROWSER := tests/browser/node

.PHONY: run test check format lock clean

run: .venv/run.stamp
	$(BIN)/mockface

test: .venv/dev.stamp $(if $(NPM),$(NODE_CLIENT)/node_modules/stamp $(NODE_BROWSER)/node_modules/stamp)
	$(BIN)/python -m pytest -n auto

check: .venv/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: .venv/dev.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.venv/run.stamp: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(PIP) install --upgrade 'pip>=25.1'
	$(PIP) install --constraint constraints.txt --editable .
	touch $@

.venv/dev.stamp: .venv/run.stamp
	$(PIP) install --constraint constraints.txt --group dev
	touch $@

%/node_modules/stamp: %/package-lock.json
	cd $* && npm ci --no-audit --no-fund --silent
	touch $@

lock:
	rm -rf .venv
	$(PYTHON) -m venv .venv
	$(PIP) install --upgrade pip
	$(PIP) install --editable . --group dev
	$(PIP) freeze --exclude-editable --exclude pip > constraints.txt

clean:
	rm -rf .venv $(NODE_CLIENT)/node_modules $(NODE_BROWSER)/node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis dist build
