# Node 24 comes from the npm package `node`; the machine's own Node only has to run npm.
NODE := node_modules/node/bin/node
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

.PHONY: setup
setup: node_modules/.installed examples/data

node_modules/.installed: package-lock.json
	npm ci --no-audit --no-fund
	@touch $@
