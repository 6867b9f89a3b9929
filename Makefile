# Needs Python 3.11 or newer and make; everything else is installed into .venv. The README has the same for Windows.
PYTHON ?= python3
HALF ?= test
BIN := .venv/bin
export HF_HUB_OFFLINE ?= 1
export TOKENIZERS_PARALLELISM ?= false

.PHONY: run test check eval bench clean

# torch is named in the same command: left to the resolver it brings gigabytes of CUDA packages.
.venv/.installed: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Kotoapuri needs Python 3.11 or newer: make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt torch==2.13.0 -e '.[dev]'
	touch $@

run: .venv/.installed
	$(BIN)/python app.py

test: .venv/.installed
	$(BIN)/python -m pytest

check: .venv/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m eval.check_corpus
	$(BIN)/python -m eval.ship_common_stock --check

eval: .venv/.installed
	$(BIN)/python -m eval --half $(HALF) --json build/eval.json --html build/eval.html

bench: .venv/.installed
	$(BIN)/python -m eval.bench

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache *.egg-info
