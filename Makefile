# `make book` and `make test` do all their set-up: nothing is needed but Python >= 3.11, pip and make.

VENV ?= .venv
BIN := $(VENV)/bin
PYTHON ?=
export PYTHONUTF8 := 1

.DEFAULT_GOAL := help
.PHONY: help book pdf instructor-book test test-package test-slow lint verify lab bench clean

help: ## list what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 18

book: $(VENV)/.book ## build the book; the path of the finished page is printed last
	@$(BIN)/python _ext/build.py

pdf: $(VENV)/.test ## write the built book as one PDF, beside its first page (needs Chromium and `make book`)
	@$(BIN)/python _ext/write_pdf.py

instructor-book: $(VENV)/.book ## build the edition with solutions
	@ACTGRAD_EDITION=instructor $(BIN)/python _ext/build.py

test: $(VENV)/.test book lint ## build the book, check the code, run every test but the slow ones
	@$(BIN)/python -m pytest -n auto --dist loadgroup -m "not slow and not execution"

test-package: $(VENV)/.test ## run the tests of the package and the chapters, without the built book
	@$(BIN)/python -m pytest -n auto --dist loadgroup -m "not slow and not browser" \
	  --ignore=tests/test_build.py --ignore=tests/test_editions.py

test-slow: $(VENV)/.test book ## run the exhaustive tests too (many minutes)
	@$(BIN)/python -m pytest -n auto --dist loadgroup

lint: $(VENV)-lint/.lint ## check style, types and spelling, in a small environment of its own
	@$(VENV)-lint/bin/ruff check .
	@$(VENV)-lint/bin/ruff format --check .
	@$(VENV)-lint/bin/mypy
	@$(VENV)-lint/bin/codespell
	@$(VENV)-lint/bin/python _ext/check_prose.py
	@$(VENV)-lint/bin/python _ext/actgrad_book/assets.py
	@$(VENV)-lint/bin/node _ext/assets/node_modules/@biomejs/biome/bin/biome check --error-on-warnings
	@$(VENV)-lint/bin/node _ext/assets/node_modules/typescript/bin/tsc --project jsconfig.json

verify: $(VENV)/.book ## prove every step of every derivation
	@$(BIN)/python -m actgrad verify

lab: $(VENV)-lab/.lab ## open the chapters as notebooks in JupyterLab, in a small environment of their own
	@$(VENV)-lab/bin/python _ext/write_notebooks.py notebooks
	@$(VENV)-lab/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --force-reinstall notebooks/actgrad-*.whl
	@$(VENV)-lab/bin/jupyter lab --notebook-dir=notebooks

bench: $(VENV)/.test ## measure speed and accuracy as ratios in one run
	@$(BIN)/python -m benchmarks

clean: ## remove what was built (the environment stays)
	rm -rf _build atlas .pytest_cache .mypy_cache .ruff_cache .hypothesis

# --- the environment ---------------------------------------------------------------------------

$(VENV)/.created:
	@sh _ext/create_environment.sh "$(VENV)" "$(PYTHON)"
	@touch $@

$(VENV)-lint/.lint: requirements-lint.txt constraints.txt
	@sh _ext/create_environment.sh "$(VENV)-lint" "$(PYTHON)"
	@$(VENV)-lint/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-lint.txt \
	  || { echo "make: cannot install requirements-lint.txt; check the network, then run the command again" >&2; exit 1; }
	@touch $@

$(VENV)-lab/.lab: requirements-lab.txt constraints.txt
	@sh _ext/create_environment.sh "$(VENV)-lab" "$(PYTHON)"
	@echo "Installing what the notebooks need ..."
	@$(VENV)-lab/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-lab.txt \
	  || { echo "make: cannot install requirements-lab.txt; check the network, then run the command again" >&2; exit 1; }
	@touch $@

$(VENV)/.book: $(VENV)/.created requirements.txt requirements-lab.txt constraints.txt pyproject.toml
	@echo "Installing what the book needs ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt \
	  || { echo "make: cannot install requirements.txt; check the network, then run the command again" >&2; exit 1; }
	@touch $@

$(VENV)/.test: $(VENV)/.book
	@echo "Installing what the tests need ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]' \
	  || { echo "make: cannot install the test tools; check the network, then run the command again" >&2; exit 1; }
	@touch $@
