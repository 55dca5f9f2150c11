# Every target sets up what it needs: a fresh Debian or Ubuntu with Python 3.11 or newer, pip and make is enough.

SHELL := /bin/bash
PYTHON ?= python3
UV := $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)
RUN := $(UV) run --no-sync
READY := .venv/.ready

.PHONY: help setup demo council serve test cover lint bench chromium pango clean
.DEFAULT_GOAL := help

help: ## this list
	@echo "Stile: members of a leisure centre come in by face, and anyone may ask how that is done."
	@echo
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 16

demo: $(READY) ## one member comes in by face, a stranger is not kept, a withdrawal is final (no screen, one minute)
	@$(RUN) stile demo

council: $(READY) pango ## a council is asked about facial recognition; its answer as PDF, DOCX and HTML in letters/
	@$(RUN) stile demo --authority --to letters

serve: $(READY) pango ## the kiosk, the desk and the enrolment page in your browser, with a member to try them with
	@$(RUN) stile serve --demo

test: $(READY) chromium pango ## every test
	@$(RUN) pytest -n 2 --dist loadgroup

cover: $(READY) chromium pango ## every test, and which lines none of them runs (slower)
	@$(RUN) pytest -n 2 --dist loadgroup --cov --cov-report=term

lint: $(READY) ## format, lint, types, and the direction of imports
	@$(RUN) ruff format --check
	@$(RUN) ruff check
	@$(RUN) mypy
	@$(RUN) lint-imports

bench: $(READY) ## how long each stage takes, and the ratios that are promised
	@$(RUN) stile bench

setup: $(READY) ## only install

$(READY): pyproject.toml uv.lock | $(if $(findstring .tools,$(UV)),.tools/bin/uv)
	@$(UV) sync --locked --all-extras --compile-bytecode --quiet
	@$(RUN) python -m compileall -q src
	@touch $@

# --target keeps out of the system's Python, which Debian forbids to touch (PEP 668).
.tools/bin/uv:
	@echo "Fetching uv with pip …"
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target .tools uv

# Debian's packages that the tests and letters need. $(call debian,packages,what is missing without them)
debian = { echo "Installing Debian's $(1) …"; \
	  if [ "$$(id -u)" = 0 ]; then SUDO=; else SUDO="sudo -n"; fi; \
	  { $$SUDO apt-get update -qq && $$SUDO env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $(1); } >/dev/null 2>&1 \
	  || echo "$(1) COULD NOT BE INSTALLED: $(2)."; }

chromium:
	@command -v chromium >/dev/null || $(call debian,chromium,the browser tests will be skipped)

pango:
	@PATH="$$PATH:/sbin:/usr/sbin" ldconfig -p 2>/dev/null | grep -q libpangoft2-1.0 \
	  || $(call debian,libpango-1.0-0 libpangoft2-1.0-0 fonts-liberation,letters cannot be written as PDF)

clean: ## remove what was installed here
	@rm -rf .venv .tools .coverage* .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
