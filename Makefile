# What this house can be asked to do. `make help` lists it.
PYTHON ?= python3
VENV ?= .venv
PORT ?= 8000
BIN := $(VENV)/bin
# A bundle brings its wheels along and asks no index.
WHEELS := $(if $(wildcard wheels/*.whl),--no-index --find-links wheels)

.DEFAULT_GOAL := help
.PHONY: help install run test check faults soak mutants bench counts lock bundle pictures papers walks sheets fonts text clean

help:  ## list these commands
	@grep -hE '^[a-z]+:.*##' Makefile | sed -E 's/^([a-z]+):[^#]*## /\1\t/' | awk -F'\t' '{printf "make %-10s %s\n", $$1, $$2}'

# Each stamp is younger than the lock that filled the environment; a new lock fills it anew.
$(VENV)/run.stamp: requirements.lock
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes $(WHEELS) -r requirements.lock
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	@touch $@ $(VENV)/run.stamp

install: $(VENV)/run.stamp  ## what the kiosk needs, into .venv; out of a bundle without a line

run: $(VENV)/run.stamp  ## the kiosk in practice mode, with gateway and virtual printer (PORT=8000)
	@$(BIN)/python -m kiosk run --practice --port $(PORT)

test: $(VENV)/dev.stamp  ## every test, the browser walks too
	@sh tests/browser/chromium.sh
	@$(BIN)/python -m pytest $(ARGS)

check: $(VENV)/dev.stamp  ## format, lint, layers, types, tests with coverage
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@PYTHONPATH=. $(BIN)/lint-imports --no-cache > $(VENV)/layers.log 2>&1 || { cat $(VENV)/layers.log; exit 1; }
	@$(BIN)/mypy --no-error-summary
	@COVERAGE_CORE=$$($(BIN)/python -c 'import sys; print("sysmon" if hasattr(sys, "monitoring") else "ctrace")') \
	$(BIN)/coverage run -m pytest -m "not browser"
	@$(BIN)/coverage report

# They wait more than they work, so four at a time; the days that are drawn by lot only work, so they begin first.
FOUR_AT_A_TIME = -n 4 --dist worksteal -p no:randomly tests/simulation tests/faults tests/sync

faults: $(VENV)/dev.stamp  ## the fault matrix on real processes, waits a thirtieth as long; then its table (ARGS=...)
	@$(BIN)/python -m pytest -m faults --timeout 600 $(FOUR_AT_A_TIME) $(ARGS)

soak: $(VENV)/dev.stamp  ## the same with the waits of a ward: hours
	@WARD_SCALE=1 $(BIN)/python -m pytest -m faults --timeout 7200 $(FOUR_AT_A_TIME) $(ARGS)

mutants: $(VENV)/dev.stamp  ## plant each of fourteen defects into a copy; the simulation has to find them (ARGS=name)
	@$(BIN)/python -m tests.mutants $(ARGS)

bench: $(VENV)/dev.stamp  ## the figures, each a ratio within one run, beside its target
	@$(BIN)/python -m bench

counts: $(VENV)/dev.stamp  ## docs/counts.md: screens, touches and letters of each procedure
	@$(BIN)/python -m tests.journeys.counts

lock:  ## write requirements*.lock anew (needs uv)
	@uv pip compile --universal --generate-hashes --no-header --no-emit-index-url --python-version 3.11 --extra gateway -q pyproject.toml -o requirements.lock
	@uv pip compile --universal --generate-hashes --no-header --no-emit-index-url --python-version 3.11 --extra gateway --group dev -q pyproject.toml -o requirements-dev.lock

bundle: $(VENV)/run.stamp  ## one file for a ward without a line: this house with all its wheels
	@rm -rf build/bundle && mkdir -p build/bundle/ward-kiosk/wheels
	@git archive HEAD | tar -x -C build/bundle/ward-kiosk
	@$(BIN)/python -m pip download --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary :all: --dest build/bundle/ward-kiosk/wheels -r requirements.lock
	@tar -czf build/ward-kiosk.tar.gz -C build/bundle ward-kiosk
	@ls -lh build/ward-kiosk.tar.gz | awk '{print $$9, $$5}'

pictures: $(VENV)/dev.stamp  ## the README's pictures, from a kiosk that runs
	@$(BIN)/python -m tests.browser.pictures

papers: $(VENV)/dev.stamp  ## every declaration, list of what to bring and paper of the desk, as pictures in build/papers
	@$(BIN)/python -m tests.papers.pictures

walks: $(VENV)/dev.stamp  ## every page of every procedure's typical case, a sheet each, in build/walks (ARGS=--en)
	@$(BIN)/python -m tests.browser.walks $(ARGS)

sheets: $(VENV)/run.stamp  ## the scanner's set-up sheet and the officer's page, docs/scanner.pdf and docs/officer.pdf
	@$(BIN)/python -m kiosk.papers.scanner docs/scanner.pdf
	@$(BIN)/python -m kiosk.papers.guide docs/officer.pdf

text: $(VENV)/dev.stamp  ## gather the texts of the pages and set the English beside them
	@$(BIN)/pybabel -q extract -F kiosk/locale/babel.cfg -k N_ -o build/kiosk.pot --omit-header --no-location --sort-output .
	@$(BIN)/pybabel -q update -i build/kiosk.pot -D kiosk -d kiosk/locale -l en --no-fuzzy-matching --omit-header
	@$(BIN)/pybabel -q compile -f -D kiosk -d kiosk/locale

fonts: $(VENV)/dev.stamp  ## cut the fonts for screen and paper anew
	@$(BIN)/python -m printers.fonts.build

clean:  ## forget what can be made again
	@rm -rf $(VENV) build .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage
