# The commands of the project. `make help` lists them.
PYTHON ?= python3
VENV ?= .venv
PORT ?= 8000
# Test processes; 0: one process, as a debugger needs.
WORKERS ?= auto
# Date at which tests run, in the ward's time: "2027-02-06 09:00:00", or "day" for another one each day; empty: the machine's.
DATE ?=
BIN := $(VENV)/bin
# Hundreds of tests start the kiosk as a process. Without compiled modules on the disk each start compiles them all again: twice
# the processor's time. Some machines switch that off for every Python; empty switches it on again.
export PYTHONDONTWRITEBYTECODE :=
# A bundle contains its wheels, so pip needs no index.
WHEELS := $(if $(wildcard wheels/*.whl),--no-index --find-links wheels)

# A forgotten key is no choice: without one UNSIGNED=1 says that the archive is for trials.
WHO_SIGNS = test -n "$(SIGN_KEY)$(UNSIGNED)" || { echo "Who signs? SIGN_KEY=~/.ssh/id_ed25519, or UNSIGNED=1 for a trial."; exit 2; }
# The bundle of a trial has the file UNSIGNED and is installed only by somebody who says so.
IS_SIGNED = test ! -e UNSIGNED || test -n "$(UNSIGNED)" || { \
	echo "GÓI NÀY KHÔNG CÓ CHỮ KÝ: chỉ để tập. Máy dùng thật cần gói đã ký (docs/technician.md, Máy không có mạng)."; \
	echo "Để tập thì gõ: make install UNSIGNED=1"; exit 2; }

.DEFAULT_GOAL := help
.PHONY: help deb machine install run test walks-all dates seventh lint check faults province soak mutants bench counts reference architecture lock site bundle release dist tree sums pictures film papers walks taps sheets fonts text clean

help:  ## list these commands
	@grep -hE '^[a-z-]+:.*##' Makefile | sed -E 's/^([a-z-]+):[^#]*## /\1\t/' | awk -F'\t' '{printf "make %-12s %s\n", $$1, $$2}'

# A stamp is newer than the lock file that was installed; a changed lock file installs again.
$(VENV)/run.stamp: requirements.lock
	@test ! -d wheels || $$(test -x $(BIN)/python && echo $(BIN)/python || echo $(PYTHON)) deploy/wheels_fit.py wheels
	@test -x $(BIN)/python || { sh deploy/packages.sh venv $(PYTHON) && $(PYTHON) -m venv $(VENV); }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes $(WHEELS) -r requirements.lock
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock
	@test -x $(BIN)/python || { sh deploy/packages.sh venv $(PYTHON) && $(PYTHON) -m venv $(VENV); }
	@$(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	@touch $@ $(VENV)/run.stamp

# The command `kiosk`, by setuptools of the lock file: no network is asked.
$(BIN)/kiosk: pyproject.toml | $(VENV)/run.stamp
	@PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-index --no-build-isolation --editable .
	@touch $@

.PHONY: signed
signed:
	@$(IS_SIGNED)

# In a bundle: the ward's settings begin as a copy of the shipped ones.
kiosk.toml:
	@cp kiosk.sample.toml $@

install: signed kiosk.toml $(VENV)/run.stamp $(BIN)/kiosk  ## install what the kiosk needs into .venv; from a bundle without a network
	@sh deploy/packages.sh run

run: signed kiosk.toml $(VENV)/run.stamp  ## run the kiosk in practice mode, with gateway and virtual printer (PORT=8000)
	@sh deploy/packages.sh run
	@$(BIN)/python -m kiosk run --practice --port $(PORT)

PYTEST = $(if $(DATE),$(BIN)/python -m tests.other_date "$(DATE)") \
	$(BIN)/python -m pytest -n $(WORKERS) --maxprocesses 4 --dist worksteal

test: $(VENV)/dev.stamp  ## run the tests in process and the smoke walks in Chromium, or all of ARGS=tests/... (WORKERS=auto)
	@sh deploy/packages.sh test
	@$(PYTEST) --quick $(ARGS)

# A worker reads all files of a folder, and no others, before its first walk.
WALKS = tests/browser tests/look tests/keyboard tests/deploy

walks-all: $(VENV)/dev.stamp  ## run all walks in Chromium (ARGS=...)
	@sh deploy/packages.sh test
	@$(PYTEST) -m browser $(or $(ARGS),$(WALKS))

dates: DATE := $(or $(DATE),day)
dates: $(VENV)/dev.stamp  ## run what sees the machine's date at another one: each day another, or DATE="2027-02-06 09:00:00"
	@sh deploy/packages.sh test
	@$(PYTEST) --dates $(ARGS)

seventh: $(VENV)/dev.stamp  ## import all modules, run a seventh of the tests without walks: all of them in a week
	@sh deploy/packages.sh test
	@$(BIN)/python -W error -m tests.imports
	@$(PYTEST) -m "not browser" --seventh $$(($$(date +%s) / 86400 % 7)) $(ARGS)

TEMPLATES = templates sync/gateway/templates

lint: $(VENV)/dev.stamp  ## check format, lint, layers, types, known insecure code
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@test ! -x $(BIN)/biome || $(BIN)/biome ci --colors=off --error-on-warnings > $(VENV)/biome.log 2>&1 || { cat $(VENV)/biome.log; exit 1; }
	@$(BIN)/djangofmt --check $(TEMPLATES) > $(VENV)/html.log 2>&1 || { cat $(VENV)/html.log; exit 1; }
	@$(BIN)/djangofmt check $(TEMPLATES) > $(VENV)/html.log 2>&1 || { cat $(VENV)/html.log; exit 1; }
	@PYTHONPATH=. $(BIN)/lint-imports --no-cache > $(VENV)/layers.log 2>&1 || { cat $(VENV)/layers.log; exit 1; }
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/mypy --no-error-summary --config-file tests/mypy.ini tests bench
	@$(BIN)/bandit --quiet --recursive kiosk sync printers > $(VENV)/bandit.log 2>&1 || { cat $(VENV)/bandit.log; exit 1; }

check: lint  ## make lint, and the tests without browser walks with coverage
	@COVERAGE_CORE=$$($(BIN)/python -c 'import sys; print("sysmon" if hasattr(sys, "monitoring") else "ctrace")') \
	$(PYTEST) -m "not browser" --cov --cov-report=term-missing:skip-covered $(ARGS)

# Four at a time: these tests mostly wait. The simulation only computes, so it starts first.
FOUR_AT_A_TIME = -n 4 --dist worksteal -p no:randomly tests/simulation tests/faults tests/sync

faults: $(VENV)/dev.stamp  ## run the fault matrix on real processes, waits 30 times shorter; print its table (ARGS=...)
	@sh tests/faults/needs.sh
	@$(BIN)/python -m pytest -m faults --timeout 3600 $(FOUR_AT_A_TIME) $(ARGS)

province: $(VENV)/dev.stamp  ## kill three databases under Patroni while kiosks file at two gateways; print the table (root)
	@sh tests/province/needs.sh
	@$(BIN)/python -m pytest -m province -p no:randomly tests/province $(ARGS)

soak: $(VENV)/dev.stamp  ## run the fault matrix with the real waits: takes hours
	@sh tests/faults/needs.sh
	@WARD_SCALE=1 $(BIN)/python -m pytest -m faults --timeout 7200 $(FOUR_AT_A_TIME) $(ARGS)

mutants: $(VENV)/dev.stamp  ## plant each of fourteen defects into a copy; the simulation must find it (ARGS=name)
	@$(BIN)/python -m tests.mutants $(ARGS)

bench: $(VENV)/dev.stamp  ## measure the figures, each a ratio within one run, beside its target
	@$(BIN)/python -m bench

counts: $(VENV)/dev.stamp  ## write docs/counts.md: screens, touches and letters of each procedure, presses at the desk
	@$(BIN)/python -m tests.journeys.counts
	@$(BIN)/python -m tests.browser.copy_counts

reference: $(VENV)/dev.stamp  ## write docs/procedures-reference.md: every key, kind, rule and closed list of a procedure file
	@$(BIN)/python -m tests.procedures.reference

architecture: $(VENV)/dev.stamp  ## write the packages and layers in docs/architecture.md from pyproject.toml
	@$(BIN)/python -m tests.project.architecture

COMPILE = uv pip compile --universal --generate-hashes --no-header --no-emit-index-url --python-version 3.11 -q --extra gateway --extra signatures

# uv keeps the versions of the file that it writes to: a ward gets those that the tests run with.
lock:  ## write requirements*.lock (needs uv)
	@$(COMPILE) --group dev pyproject.toml -o requirements-dev.lock
	@cp requirements-dev.lock requirements.lock
	@cp requirements-dev.lock requirements-voice.lock
	@$(COMPILE) pyproject.toml -o requirements.lock
	@$(COMPILE) --extra voice --extra voice-model pyproject.toml -o requirements-voice.lock

site: $(VENV)/dev.stamp  ## build the documentation as pages for a browser without a network, in build/site; a broken link stops it
	@$(BIN)/sphinx-build -b html -W --keep-going -q -d build/site-cache docs build/site

bundle: $(VENV)/dev.stamp site  ## build one archive for a ward without a network: the project and its wheels (SIGN_KEY=ssh key, or UNSIGNED=1)
	@$(WHO_SIGNS)
	@rm -rf build/bundle && mkdir -p build/bundle/ward-kiosk/wheels
	@$(MAKE) --no-print-directory tree INTO=build/bundle/ward-kiosk
	@$(BIN)/python -m pip download --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary :all: --dest build/bundle/ward-kiosk/wheels -r requirements.lock
	@$(BIN)/python deploy/parts.py build/bundle/ward-kiosk/wheels build/bundle/ward-kiosk
	@cp -R build/site build/bundle/ward-kiosk/site
	@test -n "$(SIGN_KEY)" || echo "A trial: nobody has signed this bundle." > build/bundle/ward-kiosk/UNSIGNED
	@tar -czf build/ward-kiosk.tar.gz -C build/bundle ward-kiosk
	@ls -lh build/ward-kiosk.tar.gz | awk '{print $$9, $$5}'
	@$(MAKE) --no-print-directory sums

# The program of a release, without its wheels. The shipped settings have another name than the ward's, so that no second
# unpacking overwrites these; RELEASE names release and commit, because the tree has no git.
tree:
	@git archive HEAD | tar -x -C $(INTO)
	@mv $(INTO)/kiosk.toml $(INTO)/kiosk.sample.toml
	@$(BIN)/python -c 'from kiosk.base.release import current; print(f"version = \"{current().version}\"\ncommit = \"{current().commit}\"")' > $(INTO)/RELEASE

release: $(VENV)/dev.stamp  ## set the number of a release, close the change log, commit, tag with the notes (VERSION=0.3.0 SIGN_KEY=ssh key)
	@PYTHONPATH=. $(BIN)/python deploy/tag_release.py "$(VERSION)" "$(or $(SIGN_KEY),$(if $(UNSIGNED),unsigned))"

dist: $(VENV)/dev.stamp  ## build all files of a release into build/dist: packages, bundle, film, SBOM, licences, notes, checksums (SIGN_KEY=ssh key)
	@$(WHO_SIGNS)
	@$(MAKE) --no-print-directory deb bundle film
	@sh deploy/dist.sh $(BIN)/python $(SIGN_KEY)

deb:  ## build the Debian packages ward-kiosk and ward-gateway for the Debian of this machine, in build/
	@sh deploy/deb.sh ward-kiosk
	@sh deploy/deb.sh ward-gateway

machine: $(VENV)/dev.stamp deb  ## install the package on a booted Debian: upgrade, power cut, screen, removal (root)
	@sh tests/machine/needs.sh
	@$(BIN)/python -m pytest -m machine -p no:randomly --timeout 1800 tests/machine tests/deploy $(ARGS)

# Beside the archive: its SHA-256, and with SIGN_KEY a signature of that file by the province's SSH key.
sums:
	@$(WHO_SIGNS)
	@cd build && sha256sum ward-kiosk.tar.gz > ward-kiosk.sha256 && cat ward-kiosk.sha256 && rm -f ward-kiosk.sha256.sig
	@test -n "$(SIGN_KEY)" || echo "NOT SIGNED, for trials only: make bundle SIGN_KEY=~/.ssh/id_ed25519"
	@test -z "$(SIGN_KEY)" || ssh-keygen -q -Y sign -f "$(SIGN_KEY)" -n ward-kiosk build/ward-kiosk.sha256

pictures: $(VENV)/dev.stamp  ## take the pictures of README, docs/officer.md and docs/technician.md from a running kiosk
	@$(BIN)/python -m tests.browser.pictures
	@$(BIN)/python -m tests.browser.desk_pictures
	@$(BIN)/python -m tests.browser.printer_pictures
	@$(BIN)/python -m tests.browser.technician_pictures

film: $(VENV)/dev.stamp  ## make the film of a visit, one minute, from a running kiosk: build/film/ward-kiosk.webm (needs ffmpeg)
	@sh deploy/packages.sh film
	@$(BIN)/python -m tests.browser.film

papers: $(VENV)/dev.stamp  ## draw every declaration, list of papers to bring and form of the desk into build/papers
	@$(BIN)/python -m tests.papers.pictures

walks: $(VENV)/dev.stamp  ## take pictures of all pages of each procedure's typical case, in build/walks (ARGS="1.001193 --screen 1366x768")
	@$(BIN)/python -m tests.browser.walks $(ARGS)

taps: $(VENV)/dev.stamp  ## walk each procedure by touches at four screens, and at very large text on two
	@KIOSK_ALL_TAPS=1 $(PYTEST) tests/browser/test_tap_through.py

sheets: $(VENV)/run.stamp  ## print docs/scanner.pdf (scanner set-up) and docs/officer.pdf (page for the officer's table)
	@$(BIN)/python -m kiosk.papers.scanner docs/scanner.pdf
	@$(BIN)/python -m kiosk.papers.guide docs/officer.pdf

text: $(VENV)/dev.stamp  ## collect the texts of the pages into kiosk/locale, where their English is written
	@mkdir -p build
	@$(BIN)/pybabel -q extract -F kiosk/locale/babel.cfg -k N_ -o build/kiosk.pot --omit-header --no-location --sort-output .
	@$(BIN)/pybabel -q update -i build/kiosk.pot -D kiosk -d kiosk/locale -l en --no-fuzzy-matching --omit-header

fonts: $(VENV)/dev.stamp  ## build the fonts for screen and paper from their sources
	@$(BIN)/python -m printers.fonts.build

clean:  ## delete everything that can be built again
	@rm -rf $(VENV) build .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage
