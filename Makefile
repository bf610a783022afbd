# `make` alone tells what there is to make. Every target brings what it needs: Python packages go to .venv, pinned and
# checked by requirements/*.txt; Debian packages are installed where that is allowed and explained where it is not.

BIN := .venv/bin
RUN := PYTHONUNBUFFERED=1 $(BIN)/battleshiper
# Tell what is installed, and since when, so that a second `make` installs nothing.
LOCAL := .venv/installed-local
DEV := .venv/installed-dev
EMULATOR := .venv/emulator/installed
# Most tests wait for other programs more than they calculate. Files come in their order, not those with the most tests
# first: the longest tests are alone in theirs.
WORKERS := 3
SCRIPTS = git ls-files '*.js' '*.mjs' ':!tests/e2e/apps' ':!infra/local/demo/site'

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo up check test test-aws check-all bench bench-scale fmt lock clean

help: ## Show this help
	@printf '\nBattleshiper: push to GitHub, get a deployment.\n\n'
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | \
		while IFS='|' read -r target text; do printf '  make \033[1m%-11s\033[0m %s\n' "$$target" "$$text"; done
	@printf '\nOptions of a command go into ARGS: make demo ARGS="--once --json"\n\n'

demo: $(LOCAL) ## Show the main job for real: push, build, site, report, rollback
	@requirements/check-node
	@requirements/system git bubblewrap passt
	@$(RUN) demo $(ARGS)

up: $(LOCAL) ## Run the platform on this machine
	@requirements/check-node
	@requirements/system git bubblewrap passt
	@$(RUN) up $(ARGS)

check: $(DEV) ## Check style, types, import rules and scripts
	@requirements/check-node
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	@$(SCRIPTS) | while read -r file; do \
		echo "node --check $$file"; node --input-type=module --check - < "$$file" || exit 1; done

test: $(DEV) $(EMULATOR) ## Run all tests
	@requirements/check-node
	@requirements/system git bubblewrap passt chromium njs
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)
	@files=$$($(SCRIPTS) | grep -E '\.test\.m?js$$' || true); \
		if [ -n "$$files" ]; then echo "node --test $$files"; node --test $$files; fi

test-aws: $(DEV) $(EMULATOR) ## Push to the platform on an emulator of AWS, and follow what happens
	@requirements/check-node
	@requirements/system git bubblewrap passt
	$(BIN)/python -m pytest tests/aws $(ARGS)

check-all: check test ## Check and test, as continuous integration does

bench: $(DEV) ## Measure, against what others do, one JSON line each
	@requirements/check-node
	@requirements/system git bubblewrap passt wrk
	@$(BIN)/python -m benchmarks $(ARGS)

bench-scale: $(DEV) ## Calculate and simulate what AWS's quotas and prices do to growth
	@PYTHONPATH=tests $(BIN)/python -m benchmarks.scale

fmt: $(DEV) ## Format the source and mend what can be mended
	$(BIN)/ruff check --fix --quiet || true
	$(BIN)/ruff format

lock: $(LOCAL) ## Pin the newest versions that pyproject.toml allows
	@requirements/lock

clean: ## Remove what the targets made (not your data in ~/.battleshiper)
	rm -rf .venv .cache .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find . -name node_modules -type d -prune -exec rm -rf {} +

.venv/bin/python:
	@python=$$(requirements/find-python) && "$$python" -m venv .venv

.venv/bin/uv: .venv/bin/python requirements/install.txt
	@echo 'Installing Python packages into .venv' >&2
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --require-hashes -r requirements/install.txt
	@touch $@

$(LOCAL): .venv/bin/uv requirements/local.txt pyproject.toml
	@requirements/install --require-hashes -r requirements/local.txt
	@requirements/install --no-build-isolation -e .
	@touch $@

$(DEV): $(LOCAL) requirements/dev.txt
	@echo 'Installing what development needs into .venv' >&2
	@requirements/install --require-hashes -r requirements/dev.txt
	@touch $@

$(EMULATOR): $(LOCAL) requirements/emulator.txt
	@echo 'Installing the emulator of AWS into .venv/emulator' >&2
	@$(BIN)/python -m venv .venv/emulator
	@PYTHON=.venv/emulator/bin/python requirements/install --require-hashes -r requirements/emulator.txt
	@touch $@
