#!/bin/sh
# Runs the command line on the project's own Node.
root=$(CDPATH= cd -- "$(dirname -- "$(readlink -f -- "$0")")/.." && pwd)
exec "$root/node_modules/node/bin/node" "$root/cli/main.ts" "$@"
