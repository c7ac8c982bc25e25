PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# the tests and all that they start have no network but this machine's own
ALONE := $(BIN)/python tests/loopback.py
export HF_HUB_OFFLINE = 1
export TOKENIZERS_PARALLELISM = false

.DEFAULT_GOAL := help
.PHONY: help install demo test spark browser lint types notebooks bench torture licences screenshots clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

install: $(VENV)/installed ## make .venv and install the exact tested versions

# torch first and alone: elsewhere `make install TORCH_INDEX="--index-url ..."` picks a build without CUDA (see README)
$(VENV)/installed: pyproject.toml constraints.txt
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) not found: install Python 3.11 or later" >&2; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "$(PYTHON) is too old: Python 3.11 or later is needed (make PYTHON=python3.12 ...)" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check $(TORCH_INDEX) -c constraints.txt torch
	$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt -e . -r requirements-dev.txt
	@touch $@

demo: install ## simulate a survey with planted drivers, analyse it, print planted beside found
	$(BIN)/verbatim demo --out demo

# two workers of one thread, each file on one of them: what a file's tests share is made once
test: install ## the test suite
	OMP_NUM_THREADS=1 $(ALONE) $(BIN)/python -m pytest tests src -m "not browser and not spark" -n 2 --dist loadfile

spark: install ## the tests on Spark, among them a cluster of two executors on this machine
	$(ALONE) $(BIN)/python -m pytest tests/spark -m spark

browser: install ## open the report in Chromium
	$(ALONE) $(BIN)/python -m pytest tests -m browser -n 2 --dist loadfile

lint: install ## style
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/ruff format --check src tests benchmarks

types: install ## mypy --strict
	$(BIN)/mypy

notebooks: install ## execute the notebooks
	$(ALONE) $(BIN)/python -m pytest --nbmake --nbmake-timeout=300 --allow-hosts=127.0.0.1,::1 -n 2 notebooks

bench: install ## theme, driver and speed benchmarks: make bench DATA=folder
	$(BIN)/python -m benchmarks.drivers
	$(BIN)/python -m benchmarks.themes --data $(DATA)
	$(BIN)/python -m benchmarks.guided --data $(DATA)
	$(BIN)/python -m benchmarks.refine --data $(DATA)
	$(BIN)/python -m benchmarks.hand_coding --data $(DATA)
	$(BIN)/python -m benchmarks.waves
	$(BIN)/python -m benchmarks.redaction
	$(BIN)/python -m benchmarks.languages --data $(DATA)
	$(BIN)/python -m benchmarks.sentiment --data $(DATA)
	$(BIN)/python -m benchmarks.speed --data $(DATA)

torture: install ## hours: kills, fuzzing, long texts, mutation, packaging, versions (docs/reliability.md)
	$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt -r requirements-torture.txt
	$(BIN)/python -m benchmarks.torture --kills 50 --seed 1
	$(BIN)/python -m benchmarks.fuzz --seconds 1200 --seed 1
	$(BIN)/python -m benchmarks.regexes
	$(BIN)/python -m benchmarks.mutation
	$(BIN)/python -m benchmarks.supply_chain --clean
	$(BIN)/python -m benchmarks.versions --lowest
	$(BIN)/python -m benchmarks.versions --newest
	-$(BIN)/pip-audit -r constraints.txt --no-deps --disable-pip

licences: install ## docs/licences.md from what is installed
	$(BIN)/python -m benchmarks.licences > docs/licences.md

screenshots: demo ## the picture of the report in the README (needs Chromium)
	$(BIN)/python -m benchmarks.screenshots demo/run/report.html docs/report.png

clean: ## remove what make made
	rm -rf $(VENV) demo build dist .pytest_cache .mypy_cache .ruff_cache
