# Everything a person types; `make help` lists it.
PYTHON ?= python3
PORT ?= 8000
export PORT

BIN := .venv/bin
SETUP := $(PYTHON) tools/setup.py
PYTEST := $(BIN)/python -m pytest

.DEFAULT_GOAL := help
.PHONY: help setup demo setup-dev test test-unit test-browser check bench conformance \
	real-data deep mutants format messages lock docs

help: ## This list.
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

setup: ## Set up what the site needs: environment, packages, front-end files.
	@$(SETUP) server

demo: setup ## The site at http://localhost:8000 (PORT=) with a town of 5,000 loans.
	@exec $(BIN)/daihou demo

setup-dev:
	@$(SETUP) dev

test: test-unit test-browser ## Set up and run every test, the browser's included.

test-unit: setup-dev ## Every test but the browser's.
	@$(PYTEST) -q -n 2 -m "not browser and not alone and not deep"
	@$(PYTEST) -q -m "alone and not browser and not deep"

test-browser: setup-dev ## The browser tests, in the Chromium there is.
	@$(BIN)/python tools/chromium.py
	@$(PYTEST) -q -m "browser and not deep" -rs

deep: setup-dev ## The long tests, by hand: laws at length, years of the town, kills.
	@HYPOTHESIS_PROFILE=deep $(PYTEST) -q -n 2 --dist worksteal -k test_law_ \
		-m "not deep" tests/engine tests/parity
	@HYPOTHESIS_PROFILE=long $(PYTEST) -q -n 2 --dist worksteal -k "not test_law_" \
		-m "not deep" tests/engine tests/golden tests/parity
	@$(PYTEST) -q -n 2 --dist worksteal -m "deep and not alone and not browser" \
		--ignore tests/api/test_fuzz.py
	@DAIHOU_FUZZ_MINUTES=$${DAIHOU_FUZZ_MINUTES:-15} $(PYTEST) -q -s \
		tests/api/test_fuzz.py
	@DAIHOU_KILLS=$${DAIHOU_KILLS:-100} $(PYTEST) -q tests/simulation/test_kill_*.py

mutants: setup-dev ## Flip each comparison of the engine; the tests must notice (LAWS=1).
	@$(BIN)/python -m tools.mutants $(if $(LAWS),--laws)

check: setup-dev ## Style, types, imports, generated docs, translations, migrations.
	@$(BIN)/python tools/check.py

format: setup-dev ## Put the code in its usual form.
	@$(BIN)/ruff check -q --fix .
	@$(BIN)/ruff format -q .

bench: setup-dev ## The kernel, then day-ends over 100,000 and 1,000,000 loans.
	@$(BIN)/python -m bench.kernel
	@$(BIN)/python -m bench.day_end

conformance: setup-dev ## Other people's published numbers (CASES=file); writes the page.
	@$(BIN)/python -m tools.conformance $(if $(CASES),"$(CASES)")

real-data: setup ## Real car loans, month by month (DATA=folder).
	@$(BIN)/daihou real-data $(if $(DATA),--data "$(DATA)")

messages: setup-dev ## Add new texts to the catalogs.
	@$(BIN)/python tools/messages.py update
	@$(BIN)/python tools/messages.py compile

docs: setup-dev ## Make the generated pages again.
	@$(BIN)/python tools/docs.py
	@$(BIN)/python tools/client.py

lock: setup-dev ## Pin the packages anew.
	@$(BIN)/python tools/lock.py
