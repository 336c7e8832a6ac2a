#!/bin/bash
# Imports an image archive (OCI or Docker) into each running node: load-image.sh TAR
set -euo pipefail
. "$(dirname "$0")/settings.sh"
tar=${1:?usage: load-image.sh TAR}
[ -r "$tar" ] || { echo "load-image: cannot read $tar" >&2; exit 1; }
[ -e "$STATE/up" ] || { echo "load-image: no cluster is up; run $HERE/up.sh" >&2; exit 1; }
for f in "$STATE"/node*.pid; do
  # By standard input, because a node has a /run, /var/lib and /var/log of its own.
  CONTAINERD_SUPPRESS_DEPRECATION_WARNINGS=1 nsenter --target "$(cat "$f")" --mount --pid --net \
    "$BIN/ctr" --namespace k8s.io images import --local - <"$tar" >/dev/null
  say "$(basename "$f" .pid) has $(basename "$tar")"
done
