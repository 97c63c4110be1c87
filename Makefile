# `make demo` and `make test` set up all they need in .venv, from nothing but Python 3.11 or newer.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help demo test check docs gallery bench clean

help:  ## say what can be made
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/'

demo: $(VENV)/.library  ## take an example patient through the whole pathway, told and drawn
	@$(BIN)/crlm-pathway demo --out demo

test: $(VENV)/.test  ## run the tests
	@$(BIN)/python -m pytest -n auto

check: $(VENV)/.check  ## check types, lint and imports
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/pyright --pythonpath $(BIN)/python
	@$(BIN)/lint-imports

docs: $(VENV)/.docs  ## build the documentation in build/docs
	@$(BIN)/sphinx-build --quiet --fresh-env --fail-on-warning --keep-going -d build/doctrees docs build/docs
	@echo build/docs/index.html

gallery: $(VENV)/.library  ## draw the kept pictures of the gallery anew
	@$(BIN)/python docs/_ext/gallery.py

bench: $(VENV)/.test  ## measure, side by side
	@$(BIN)/python benchmarks/decide.py
	@$(BIN)/python benchmarks/import_time.py
	@$(BIN)/python benchmarks/course_files.py --courses 10000
	@$(BIN)/python benchmarks/draw.py --large 1

clean:  ## remove what was set up
	rm -rf $(VENV) demo build

$(VENV)/.library: pyproject.toml
	@echo "Setting up $(VENV) (once) ..."
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed: make PYTHON=python3.12 ...") if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

# A stamp each, so that nothing waits for tools it does not use.
$(VENV)/.test $(VENV)/.check $(VENV)/.docs: $(VENV)/.%: $(VENV)/.library
	@echo "Adding what is needed to $* (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --group $*
	@touch $@
