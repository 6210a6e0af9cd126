# Two commands do everything: `make demo` and `make test`. The rest is for developers.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
export UV_COMPILE_BYTECODE = 1

.PHONY: help setup demo demo-reset dev shell db test fast test-one coverage pictures handbook-pictures check format hour full-desk chaos deployed first-day release bench bench-registrations bench-programme bench-imports bench-search lighthouse vendor words lock clean

help: ## What can be done here
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

.venv/bin/uv: requirements/uv.txt tools/bootstrap.sh
	@PYTHON="$(PYTHON)" sh tools/bootstrap.sh

.venv/demo-stamp: .venv/bin/uv requirements/demo.txt
	@# An environment that has the test packages keeps them: test.txt holds all of demo.txt, at the same versions.
	@$(BIN)/uv pip sync --quiet --python .venv requirements/$$(test -e .venv/test-stamp && echo test || echo demo).txt
	@sh tools/link.sh && touch $@

.venv/test-stamp: .venv/bin/uv requirements/test.txt
	@$(BIN)/uv pip sync --quiet --python .venv requirements/test.txt
	@sh tools/link.sh && touch $@

setup: .venv/test-stamp ## An environment with everything for tests and checks

demo: .venv/demo-stamp ## The demo congress on http://127.0.0.1:5000 (HOST, PORT)
	@$(BIN)/dagvandebuurt demo

demo-reset: .venv/demo-stamp ## The demo, started over
	@$(BIN)/dagvandebuurt demo --reset

dev: .venv/test-stamp ## The demo, served anew whenever a source file changes
	@$(BIN)/python -m tools.dev serve

shell: .venv/test-stamp ## A Python shell with an app context and all models
	@$(BIN)/python -m tools.dev shell

db: .venv/test-stamp ## The client of the configured database (sqlite3 or psql)
	@$(BIN)/python -m tools.dev db

test: .venv/test-stamp ## All tests, with a browser, PostgreSQL, Redis and SMTP; installs what they need
	@sh tools/test_needs.sh
	@node --test --test-reporter=dot tests/js/*.test.mjs
	@$(BIN)/python tools/run_tests.py
	@$(BIN)/python tools/run_tests.py --on-postgres # all but tests/sqlite_only.txt

fast: .venv/test-stamp ## The quick tests: without a browser, PostgreSQL or killed servers
	@sh tools/test_needs.sh
	@node --test --test-reporter=dot tests/js/*.test.mjs
	@$(BIN)/python tools/run_tests.py -m "not browser and not postgres and not slow" --ignore tests/chaos

test-one: .venv/test-stamp ## One file or test: make test-one T=tests/qanda/test_asking.py [ON=postgres]
	@test -n "$(T)" || { echo "Say which: make test-one T=tests/..."; exit 2; }
	@$(BIN)/pytest -q -n 0 $(T) $(if $(filter postgres,$(ON)),--on-postgres)

coverage: .venv/test-stamp ## Branch coverage of the tests without a browser, with its floor (pyproject.toml)
	@sh tools/test_needs.sh
	@rm -f .coverage .coverage.*
	@$(BIN)/coverage run -m pytest -q -n 2 --dist loadfile --ignore tests/browser --ignore tests/chaos
	@$(BIN)/coverage combine --quiet && $(BIN)/coverage report

pictures: .venv/test-stamp ## Keep how pages look now as how they should look (tests/browser/pictures); half a minute
	@sh tools/test_needs.sh
	@$(BIN)/pytest -q -n 0 tests/browser/test_pictures.py -k "as_it_did or of_the_list" --renew-pictures
	@git status --short tests/browser/pictures

check: .venv/test-stamp ## Format, lint, types, templates, import contracts, JavaScript and CSS: seconds
	@$(BIN)/ruff format --check . && $(BIN)/ruff check --quiet . && echo "lint: good"
	@$(BIN)/mypy
	@$(BIN)/python tools/lint_templates.py
	@said=$$($(BIN)/lint-imports --no-cache) || { echo "$$said"; exit 1; }; echo "$$said" | grep -E "KEPT|Contracts:"
	@sh tools/test_needs.sh node
	@npx --no-install eslint . && echo "scripts: good"
	@npx --no-install tsc -p tsconfig.json && npx --no-install tsc -p tsconfig.strict.json && echo "types of the scripts: good"
	@npx --no-install stylelint "static/css/*.css" && echo "styles: good"

format: .venv/test-stamp ## Format the code
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet .

hour: .venv/test-stamp ## A played hour: a crowd of 100, two moderators, a host (MINUTES=15, ON=postgres)
	@sh tools/test_needs.sh
	@$(BIN)/python -m tests.hour.run --minutes $(or $(MINUTES),15) $(if $(filter postgres,$(ON)),--on-postgres)

full-desk: .venv/test-stamp ## A moderator's desk with 300 questions waiting: how long its page is busy for a press
	@sh tools/test_needs.sh
	@$(BIN)/python -m tests.hour.full_desk

handbook-pictures: .venv/test-stamp ## Take the pictures of the handbooks anew, of the demo, in both languages
	@sh tools/test_needs.sh
	@$(BIN)/python -m tools.handbook_pictures

chaos: .venv/test-stamp ## Kill the server at random and at the worst moments, and count what was lost
	@sh tools/test_needs.sh
	@$(BIN)/python -m tests.chaos.run
	@$(BIN)/python -m tests.chaos.edge
	@$(BIN)/python -m tests.chaos.deletion
	@$(BIN)/python -m tests.chaos.soak
	@DVB_ROUNDS=1000 $(BIN)/pytest -q -n 2 tests/live/test_races.py tests/live/test_wire.py -k "test_d or cut_off_anywhere" --timeout 900
	@DVB_REQUESTS=10000 $(BIN)/pytest -q tests/house/test_bad_http.py -k thousand --timeout 3000
	@DVB_REQUESTS=10000 $(BIN)/pytest -q tests/api -k ten_thousand --timeout 3000
	@for where in "" --on-postgres; do DVB_ROUNDS=1000 $(BIN)/pytest -q tests/registration/test_rules.py -k "test_d" --timeout 3000 $$where || exit 1; done

deployed: .venv/test-stamp ## nginx, three services, PostgreSQL and Redis in networks of their own, walked through in Chromium (root)
	@sh tools/test_needs.sh
	@$(BIN)/python -m tests.deploy.walk

first-day: .venv/test-stamp ## An evening by docs/first-day.md on a bare Debian, from nothing to an open day (root)
	@sh tools/test_needs.sh first-day
	@$(BIN)/python -m tests.firstday.walk

release: .venv/bin/uv ## The one file that an operator installs from, of the last commit, in dist/
	@sh tools/release.sh

bench: .venv/test-stamp ## Measure beside stock Flask-SocketIO and Node: three rounds; writes docs/benchmarks.md
	@sh tools/test_needs.sh
	@$(BIN)/python -m bench.run

bench-registrations: .venv/test-stamp ## How many people a second get registered, on each database; a minute
	@sh tools/test_needs.sh
	@$(BIN)/python -m bench.registrations

bench-programme: .venv/test-stamp ## What the programme's page costs, kept and made anew; seconds
	@$(BIN)/python -m bench.programme

bench-imports: .venv/test-stamp ## How long a programme of 1,400 sessions takes to read, publish and take along; a minute
	@sh tools/test_needs.sh
	@$(BIN)/python -m bench.imports

bench-search: .venv/test-stamp ## How long a search takes among 20,000 things, on each database; a minute
	@sh tools/test_needs.sh
	@$(BIN)/python -m bench.search

lighthouse: .venv/test-stamp ## Lighthouse over the six main pages, as on a slow phone; writes docs/lighthouse.md; minutes
	@sh tools/test_needs.sh
	@cd tools/lighthouse && npm ci --silent --no-progress >/dev/null
	@$(BIN)/python -m tools.measure_pages

vendor: ## Copy the browser libraries anew from the locked npm packages
	@npm ci --silent && node tools/vendor.mjs

words: .venv/test-stamp ## Bring the translations up to what the pages say
	@$(BIN)/python -m tools.words

lock: .venv/bin/uv ## Resolve the dependencies anew
	@lock() { file=$$1; shift; $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header \
	    --python-version 3.11 pyproject.toml "$$@" -o requirements/$$file.txt; }; \
	  lock run && lock demo --all-extras && lock test --all-extras --group test

clean: ## Throw away what was built; the demo's data stays
	@rm -rf .venv node_modules .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
