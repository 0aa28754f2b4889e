# The only list of ways to start, check and test. `make help` prints it.
PYTHON ?= python3
PORT ?= 8000
POSTGRES ?= postgres://postgres@127.0.0.1:5432/postgres
REDIS ?= redis://127.0.0.1:6379/0
BIN := .venv/bin
# What a broker and a database could change together: hints lost and doubled, workers killed.
CARRIED := tests/faults/test_hints.py tests/faults/test_killed_worker.py tests/worker/test_broker.py
# What is said in files, without a process of its own: translations, compose, doors, settings.
WRITTEN := $(addprefix tests/house/test_,$(addsuffix .py,choices compose doors env_example threat_model translations))
MANAGE := $(BIN)/python manage.py
READY := .venv/.ready
# Modules are compiled once, not again at every start of a process.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup demo serve test test-mixed bench nightly races lint check format messages schema requirements backup clean

help: ## Print this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /|/' | awk -F'|' '{printf "  make %-14s %s\n", $$1, $$2}'

$(READY): requirements/dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; set PYTHON=")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements/dev.txt
	touch $(READY)

%.mo: %.po $(READY)
	$(BIN)/pybabel --quiet compile --input-file $< --output-file $@ --locale vi

setup: $(READY) locale/vi/LC_MESSAGES/django.mo ## Make .venv with everything that demo, test and lint need

demo: setup ## Start all with the sample register (PORT=8000); Ctrl-C ends it
	$(MANAGE) demo --port $(PORT)

serve: setup ## Start web server, worker and Beat on the present database, with the reference data and without the sample
	$(MANAGE) migrate --verbosity 0
	$(MANAGE) serve --port $(PORT)

test: setup ## Run the tests; on PostgreSQL and Redis where DATABASE_URL and REDIS_URL are set
	$(BIN)/python -m pytest -n 4 -q

test-mixed: setup ## Hints and killed workers on what CI does not start: PostgreSQL without Redis, SQLite with it (POSTGRES=, REDIS=)
	env -u REDIS_URL DATABASE_URL="$(POSTGRES)" $(BIN)/python -m pytest -n 2 -q $(CARRIED)
	env -u DATABASE_URL REDIS_URL="$(REDIS)" $(BIN)/python -m pytest -n 2 -q $(CARRIED)

bench: setup ## Time the matching engine against its peers and write docs/performance.md (POSTGRES=URL, REDIS=URL; long)
	$(MANAGE) bench matching --scale 40000 --table docs/performance.md --postgres "$(POSTGRES)"
	$(MANAGE) bench matching --scale 500000 --runs 3 --table docs/performance.md
	$(MANAGE) bench matching --scale 1000000 --runs 3 --table docs/performance.md
	$(MANAGE) bench incremental --scale 1000000 --table docs/performance.md
	REDIS_URL="$(REDIS)" $(MANAGE) bench suggestions --scale 4000 --table docs/performance.md --postgres "$(POSTGRES)"

nightly: setup ## Run all tests, also those of minutes, with twenty times as many examples (long)
	EXAMPLES_TIMES=20 $(BIN)/python -m pytest -n 3 -q

races: setup ## A hundred buyers for one offer, 500 rounds (long; on whatever the environment names)
	EXAMPLES_TIMES=250 $(BIN)/python -m pytest -n0 -q tests/faults/test_rivals.py -k hundred

lint: setup ## Formatting, types, templates, layers, migrations, translations, schema, compose file
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy config linkage api web worker manage.py
	$(BIN)/djlint web --check --lint --quiet
	$(BIN)/lint-imports
	$(MANAGE) makemigrations --check --dry-run --verbosity 0
	$(BIN)/python -m pytest -q -n0 -p no:randomly $(WRITTEN)
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml

check: setup lint test ## Everything that CI asks of a change on this machine
	MODE=production SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(60))') \
	  ALLOWED_HOSTS=example.invalid $(MANAGE) check --deploy --fail-level WARNING

format: setup ## Format Python and templates
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/djlint web --reformat --quiet || true

messages: setup ## Collect texts for translation (needs gettext)
	$(MANAGE) makemessages --locale vi --no-obsolete --ignore .venv --ignore tests --ignore var

schema: setup ## Write the OpenAPI schema that clients read
	$(MANAGE) spectacular --validate --fail-on-warn --file api/schema.yaml

requirements: setup ## Pin requirements anew from requirements/*.in (needs pip-tools)
	cd requirements && for f in base speed dev; do pip-compile --quiet --strip-extras --no-emit-find-links \
	  --no-emit-index-url --no-emit-trusted-host --no-emit-options --no-header --output-file $$f.txt $$f.in; done

backup: setup ## Copy database and files into BACKUP_DIR (var/backups), in a folder named after the moment
	$(MANAGE) backup

clean: ## Remove the demo's database, broker and files (not .venv)
	rm -rf var
