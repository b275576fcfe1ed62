# Everything that a developer or an operator runs. `make` alone lists it.
# One build profile (dev) serves the demo, the tests and the checks; `build`, `fuzz`, `test-long` and what measures use release.

SHELL := /usr/bin/env bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

TARGET_DIR := $(or $(CARGO_TARGET_DIR),target)
LOCKED := $(if $(CI),--locked)
DEMO_DIR ?= demo-data
PEOPLE ?= 100000
SIZES ?= 10000,1000000
export CANDOUR_BIN := $(abspath $(TARGET_DIR)/debug/candour)

web_sources := $(shell find web/src -type f 2>/dev/null) web/build.mjs
npm_packages := web/node_modules/.package-lock.json
assets := web/dist/app.css
clients := clients/node_modules/.package-lock.json clients/.venv/.installed

.PHONY: help demo test build assets lint test-unit test-browser test-clients test-documents test-long fuzz bench bench-match bench-matching \
	screenshots audit doctor clean

help: ## list what can be run
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(assets) ## build Candour and start it with the invented town; DEMO_DIR=... keeps it elsewhere
	cargo build $(LOCKED) --workspace --bins
	$(CANDOUR_BIN) demo --data $(DEMO_DIR)

test: $(assets) ## run everything that must hold, installing what that needs
	@scripts/needs test
	@$(MAKE) --no-print-directory $(clients)
	@node scripts/test.mjs all

build: $(assets) ## build target/release/candour
	cargo build $(LOCKED) --release --package server

assets: $(assets) ## build web/dist, the pages' style sheet and scripts

$(npm_packages): web/package.json web/package-lock.json
	@scripts/needs build
	npm ci --prefix web --no-progress
	@touch $@

$(assets): $(web_sources) $(npm_packages)
	node web/build.mjs
	@touch $@

clients/node_modules/.package-lock.json: clients/package.json clients/package-lock.json
	npm ci --prefix clients --no-progress
	@touch $@

clients/.venv/.installed: clients/requirements.txt
	python3 -m venv clients/.venv
	clients/.venv/bin/pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

lint: $(assets) ## check formatting, the compiler's and clippy's advice, and that no machine is named
	@scripts/no-workplace
	cargo fmt --all --check
	cargo clippy $(LOCKED) --workspace --all-targets -- --deny warnings

test-unit: $(assets) ## run the Rust tests only
	@scripts/needs test
	@node scripts/test.mjs rust

test-browser: $(assets) ## walk the pages in a real browser
	@scripts/needs test
	@node scripts/test.mjs browser

test-clients: $(assets) ## let other people's FHIR clients and judges work with the real program
	@scripts/needs test
	@$(MAKE) --no-print-directory $(clients)
	@node scripts/test.mjs clients

test-documents: $(assets) ## run the README's commands as printed, and follow every link
	@scripts/needs test
	@node scripts/test.mjs documents

test-long: $(assets) ## run what takes too long for every change (hours)
	@scripts/needs test
	@$(MAKE) --no-print-directory $(clients)
	@CANDOUR_BIN=$(abspath $(TARGET_DIR)/release/candour) CANDOUR_LONG=1 CANDOUR_TEST_KILLS=200 node scripts/test.mjs all

fuzz: ## feed the readers of packs, audits, proofs, tiles and notes with a million malformed ones each
	PROPTEST_CASES=1000000 cargo test $(LOCKED) --release --package ledger --test ledger -- fuzz

bench: build ## measure speed on this machine; writes docs/operating/bench.json; SIZES=10000 leaves out the million
	@scripts/needs bench
	cargo build $(LOCKED) --release --package store --package ledger --package policy --package sharing --examples
	@node scripts/bench/run.mjs --sizes $(SIZES)

bench-matching: build ## measure matching beside Splink 5; writes docs/operating/bench-matching.json; PEOPLE=1000000 takes longer
	@scripts/needs bench-matching
	@scripts/bench-matching/run.py --people $(PEOPLE)

bench-match: build ## measure how fast one of PEOPLE is found, in the engine and over HTTP, whose store is kept; writes docs/operating/bench-match.json
	cargo build $(LOCKED) --release --package server --example match_rate
	$(TARGET_DIR)/release/examples/match_rate $(PEOPLE) $(TARGET_DIR) >$(TARGET_DIR)/bench-match.json
	cp $(TARGET_DIR)/bench-match.json docs/operating/bench-match.json
	@scripts/bench-matching/run.py --page

screenshots: $(assets) ## photograph every page into screenshots/
	@scripts/needs test
	cargo build $(LOCKED) --workspace --bins
	node web/screenshots.mjs

audit: ## check licences, sources and known faults of the dependencies (needs cargo-deny)
	cargo deny --all-features check

doctor: ## say what this machine lacks for building, testing and measuring
	@scripts/needs --report

clean: ## remove what was built; keeps the demo's data
	cargo clean
	rm -rf web/dist web/node_modules clients/node_modules clients/.venv
