# Node 24 comes from the npm package `node`; the machine's own Node only has to run npm.
NODE := node_modules/node/bin/node
export PATH := $(CURDIR)/node_modules/node/bin:$(CURDIR)/node_modules/.bin:$(PATH)
# Compiled modules are kept between runs, outside the checkout.
export NODE_COMPILE_CACHE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/headrace/compile

TESTS := testing operator engine cli image bench charts
EXAMPLE_DATA := examples/data/flights-3m.parquet examples/data/airports.csv

.PHONY: help setup demo test typecheck lint unit generate golden image e2e simulate test-hdfs-peers bench clean

help: ## lists the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

setup: node_modules/.installed $(EXAMPLE_DATA) ## installs what the project needs (npm packages, example data)

node_modules/.installed: package-lock.json
	npm ci --no-audit --no-fund --loglevel=error
	@touch $@

examples/data/%: node_modules/.installed
	@mkdir -p $(@D)
	cp node_modules/vega-datasets/data/$* $@

demo: setup ## runs examples/flights.yaml on this machine: operator, driver and two executors as processes
	@$(NODE) cli/main.ts run -f examples/flights.yaml

test: setup typecheck lint unit ## type check, lint and every test that needs no cluster

typecheck: setup
	tsc --noEmit

lint: setup
	oxlint --deny-warnings

unit: setup
	$(NODE) testing/run.ts $(TESTS)

simulate: setup ## runs the simulated worlds over many seeds (SEEDS=50 FROM=1 WORLD=hdfs-3), see docs/simulation.md
	@SEEDS=$(SEEDS) FROM=$(FROM) WORLD=$(WORLD) $(NODE) testing/simulate.ts

generate: setup ## rewrites what is generated: CRDs, their reference, the protocol's messages
	$(NODE) generate.ts

golden: setup ## rewrites the golden files; read the diff
	HEADRACE_GOLDEN=write $(NODE) testing/run.ts $(TESTS)

image: setup ## builds the container image as an archive, without a registry
	image/build.sh

e2e: setup ## runs the user stories on a real Kubernetes (KUBECONFIG, else kind, else one built from source)
	e2e/run.sh

test-hdfs-peers: setup ## runs Hadoop's own tests and shell and Python clients against a file system of ours (Java 17, Maven, Python 3)
	$(NODE) testing/hdfs-peers/main.ts

bench: setup ## measures the operator and the engine; prints the figures of bench/RESULTS.md
	$(NODE) bench/main.ts

clean: ## removes what was installed and built in this checkout
	rm -rf node_modules dist examples/data .headrace
