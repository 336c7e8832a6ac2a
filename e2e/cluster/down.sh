#!/bin/bash
# Ends the cluster and removes all that it left on the machine, also after a crash or half a start. Nothing to end is
# not an error. The built programs and images stay.
set -euo pipefail
. "$(dirname "$0")/settings.sh"
for other in $(running_states); do
  if [ "$other" != "$STATE" ]; then
    echo "down: the cluster that runs is another's; HEADRACE_CLUSTER_HOME=$(dirname "$other") $HERE/down.sh ends it" >&2
    exit 1
  fi
done
# The kernel ends a pid namespace with its first process, so once no marked process is left, no pod is left either.
for _ in $(seq 100); do
  pids=$(marked "$STATE")
  [ -n "$pids" ] || break
  # shellcheck disable=SC2086 # a list of words; some end while we look
  kill -KILL $pids 2>/dev/null || true
  sleep 0.1
done
[ -z "$pids" ] || { echo "down: processes do not end:" $pids >&2; exit 1; }
say "processes ended"
# The routes go with the bridge; a node's end of its pair goes with its network namespace, a little later than its processes.
for i in /sys/class/net/$BRIDGE /sys/class/net/$VETH*; do
  [ ! -e "$i" ] || ip link del "${i##*/}" 2>/dev/null || [ ! -e "$i" ]
done
# Also in trees that up.sh does not touch: the runtime makes cgroups in every one that it finds.
for c in /sys/fs/cgroup/$CGROUP /sys/fs/cgroup/*/$CGROUP; do
  # A cgroup stays busy until the kernel has buried its last process.
  for _ in $(seq 50); do
    [ -d "$c" ] || break
    find "$c" -depth -type d -exec rmdir {} + 2>/dev/null || sleep 0.1
  done
  [ ! -d "$c" ] || { echo "down: $c is still in use" >&2; exit 1; }
done
rm -rf "$STATE"
say "down"
