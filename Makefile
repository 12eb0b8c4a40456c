# Two commands on a fresh machine: `make demo` and `make test`.

PYTHON ?= python3
BIN := .venv/bin
INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check --only-binary=:all:

.PHONY: demo test check audit install install-dev train evaluate accessibility ocr soak clean

demo: install
	$(BIN)/python -m bot demo

test: install-dev
	.ci/install-system-packages
	-.ci/install-mail-servers cyrus postfix # what is not to be had is skipped, and told
	$(BIN)/python -m pytest -q -n 3 --dist loadfile --no-loadscope-reorder -m "not soak"

check: install-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/unit/test_store_migrations.py

train: install-dev
	$(BIN)/python -m nlp train
	$(BIN)/python -m nlp kinds

audit: .venv/bin/python
	$(PYTHON) -m venv build/audit
	build/audit/bin/pip install --quiet --disable-pip-version-check --only-binary=:all: pip-audit==2.10.1
	build/audit/bin/pip-audit --strict --no-deps --disable-pip -r requirements.txt

evaluate: install-dev
	$(BIN)/python -m nlp evaluate

accessibility: install-dev # needs npm and Chromium
	mkdir -p build/axe && cd build/axe && npm pack --silent axe-core@4.14.1 && tar xzf axe-core-4.14.1.tgz
	$(BIN)/python -m bench.accessibility build/axe/package/axe.min.js

soak: install-dev
	.ci/install-system-packages strace
	-.ci/install-mail-servers
	$(BIN)/python -m pytest -q -m soak

install: .venv/installed
	@$(BIN)/python -m compileall -q bot nlp replies # a service may not write here when it starts

install-dev: .venv/installed-dev

ocr: install-dev # reads photos; 120 MB more
	$(INSTALL) -r requirements-ocr.txt -c requirements.txt
	$(BIN)/python -m pytest -q tests/unit/test_photos.py
	$(BIN)/python -m bench.photographed_forms

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or later is needed; set PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/installed: .venv/bin/python requirements.txt
	$(INSTALL) -r requirements.txt
	touch $@

.venv/installed-dev: .venv/installed requirements-dev.txt
	$(INSTALL) -r requirements-dev.txt
	touch $@

clean:
	rm -rf .venv build demo-output .mypy_cache .ruff_cache .pytest_cache .hypothesis
