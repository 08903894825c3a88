# `make run` and `make test` need nothing but Python 3.11 or 3.12, make and the package registries.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup compile run test check lint slither coverage-model mutants-model gas gas-update seeded-bugs mutants \
	mutants-sample campaign bench bench-side-by-side lock clean

PYTHON ?= $(shell for p in python3.12 python3.11 python3 python; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 13))' 2>/dev/null \
	&& echo $$p && break; done)

# node, anvil and forge; the compiler, where py-solc-x looks for it.
export PATH := $(CURDIR)/.tools/bin:$(CURDIR)/.venv/bin:$(PATH)
export SOLCX_BINARY_PATH := $(CURDIR)/.tools/solc

# $(call or_stop,what,what to do): ends a command of a recipe; names the step that failed.
or_stop = || { echo "make: $(1) failed: $(2)" >&2; exit 1; }

# $(call locked_pip,venv,lock file): the locked pip and setuptools first, which read the lock and build what has no wheel.
pip_from = $(1)/bin/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --require-hashes -r $(2)
locked_pip = $(call pip_from,$(1),requirements-build.lock) && $(call pip_from,$(1),$(2))

# On two cores; what a file prepares, it prepares once.
parallel_pytest = .venv/bin/pytest -n 2 --dist=loadscope

help: ## list these targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 20

setup: .venv/.installed .tools/.installed ## install everything below this folder, as locked; done once

compile: setup ## compile contracts/ and write harness/ringfence/evm/artifacts
	@.venv/bin/python tools/artifacts.py $(call or_stop,compile,the compiler's words are above)

run: compile ## one vault's life against its model, in process and on Ape's chain; then a 30-second search
	.venv/bin/ringfence scenario
	.venv/bin/ape run scenario --network ethereum:local:test --positions 12 --bars 40 --pictures out/ape
	.venv/bin/ringfence campaign --seconds 30 --seed 1
	@echo "Pictures: out/scenario.png and out/isolated_and_cross.png; those of the run through Ape in out/ape."

test: compile ## the fast tests
	$(parallel_pytest) -m "not slow"

check: lint slither gas coverage-model mutants-sample ## all that has to hold beside the fast tests, slow tests too
	$(parallel_pytest) -m slow --ignore=tests/gas

lint: compile ## formatting, lint, types, layers, spelling, words
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/codespell
	.venv/bin/python tools/words.py

slither: compile .venv-slither/.installed ## static analysis of contracts/; fails on any medium or high finding
	@.venv/bin/python tools/run_slither.py

coverage-model: compile ## fail unless tests/model reach every line and branch of the model
	$(parallel_pytest) -q tests/model --cov=isolated_margin --cov-branch \
		--cov-report=term-missing:skip-covered --cov-fail-under=100

mutants-model: .venv-mutmut/.installed ## break the model in every way mutmut knows: do its tests notice? hours, and goes on where it was
	@.venv-mutmut/bin/python tools/mutants/model.py

gas: compile ## compare gas and contract sizes with tests/gas/snapshot.json
	.venv/bin/pytest tests/gas

gas-update: compile ## write that snapshot anew
	.venv/bin/pytest tests/gas --update-snapshot

seeded-bugs: compile ## search for every seeded bug, and write docs/seeded-bugs.md; `make test` searches for one of each property
	.venv/bin/python tools/seeded_bug_table.py --seeds 3

mutants: compile ## change the contracts one thing at a time, and write who noticed to docs/mutants.md
	.venv/bin/ringfence mutants --matrix out/mutants.json --summary docs/mutants.md

mutants-sample: compile ## the same for twenty of these changes; fails when one is not noticed
	.venv/bin/ringfence mutants --sample 20

campaign: compile ## search for a disagreement for ten minutes
	.venv/bin/ringfence campaign --seconds 600

bench: compile ## how fast, and how fast the parts are
	.venv/bin/python -m bench

bench-side-by-side: compile .venv-wake/.installed ## who finds which bug when: forge, Ape, Wake, ours; an hour, and goes on where it was
	.venv/bin/python -m bench.side_by_side
	.venv/bin/python -m bench.side_by_side --examples

lock: ## resolve every version anew, within pyproject.toml and package.json
	@PYTHON="$(PYTHON)" tools/lock.sh

clean: ## remove whatever setup and compile made
	rm -rf .venv .venv-slither .venv-mutmut .venv-wake node_modules .tools .build
	rm -f harness/ringfence/evm/artifacts/*.json harness/ringfence/evm/artifacts/.stamp

.venv/.locked: requirements-build.lock requirements.lock
	@test -n "$(PYTHON)" $(call or_stop,setup,install Python 3.11 or 3.12 with its venv module; neither was found.)
	@echo "setup: Python packages, into .venv"
	@.venv/bin/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv \
		$(call or_stop,setup of .venv,see the words of venv above.)
	@$(call locked_pip,.venv,requirements.lock) \
		$(call or_stop,setup of Python packages,check that pip reaches its registry and run make again.)
	@touch $@

.venv/.installed: .venv/.locked pyproject.toml
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable . \
		$(call or_stop,setup of the project itself,see the words of pip above.)
	@touch $@

node_modules/.installed: .venv/.locked package-lock.json package.json .npmrc
	@echo "setup: the Solidity compiler, anvil, forge and OpenZeppelin, into node_modules"
	@.venv/bin/npm ci --ignore-scripts --loglevel=error >/dev/null \
		$(call or_stop,setup of npm packages,check that npm reaches its registry and run make again.)
	@touch $@

.tools/.installed: .venv/.locked node_modules/.installed tools/install_programs.sh
	@tools/install_programs.sh $(call or_stop,setup of .tools,run make clean and start again.)
	@touch $@

# What can't be installed beside Ape has an environment of its own.
.venv-%/.installed: requirements-build.lock requirements-%.lock
	@test -n "$(PYTHON)" $(call or_stop,setup,install Python 3.11 or 3.12 with its venv module; neither was found.)
	@echo "setup: $*, into .venv-$*"
	@.venv-$*/bin/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv-$* \
		$(call or_stop,setup of .venv-$*,see the words of venv above.)
	@$(call locked_pip,.venv-$*,requirements-$*.lock) \
		$(call or_stop,setup of $*,check that pip reaches its registry and run make again.)
	@touch $@
