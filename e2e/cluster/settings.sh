# Settings of all scripts here; sourced, never run.
: "${HEADRACE_CLUSTER_HOME:=${XDG_CACHE_HOME:-$HOME/.cache}/headrace/cluster}"
: "${NODES:=1}"
export HEADRACE_CLUSTER_HOME NODES
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
BIN=$HEADRACE_CLUSTER_HOME/bin
IMAGES=$HEADRACE_CLUSTER_HOME/images
# Everything that a running cluster writes; it exists from up.sh to down.sh.
STATE=$HEADRACE_CLUSTER_HOME/state
BRIDGE=hrdev0
VETH=hrdev-
HOST_IP=10.90.0.1
SERVICE_NET=10.96.0.0/16
API_SERVICE_IP=10.96.0.1
DNS_IP=10.96.0.10
POD_NETS=10.244.0.0/16
DOMAIN=cluster.local
SERVER=https://$HOST_IP:6443
CGROUP=hrdev
node_ip() { echo "10.90.0.$((10 + $1))"; }
pod_net() { echo "10.244.$1.0/24"; }
export KUBECONFIG=$STATE/pki/admin.kubeconfig
PATH=$BIN:$PATH

# Roots of the machine's cgroup trees: one on cgroup v2, one for each controller on v1 (links name co-mounted ones).
cgroup_roots() {
  if [ -e /sys/fs/cgroup/cgroup.controllers ]; then echo /sys/fs/cgroup; return; fi
  local d
  for d in /sys/fs/cgroup/*; do
    if [ -e "$d/cgroup.procs" ] && [ ! -L "$d" ] && [ ! -e "$d/cgroup.controllers" ]; then echo "$d"; fi
  done
}

# Processes of the cluster whose state lies in $1 bear this mark in their environment (pods' processes do not, but
# they live in a node's pid namespace and end with it). It survives a lost pid file and a reused pid.
MARK=HEADRACE_CLUSTER_STATE
marked() { grep -lszx "$MARK=$1" /proc/[0-9]*/environ 2>/dev/null | cut -d/ -f3 || true; }
running_states() { cat /proc/[0-9]*/environ 2>/dev/null | tr '\0' '\n' | sed -n "s/^$MARK=//p" | sort -u || true; }

STARTED=${EPOCHREALTIME/[.,]/}
say() {
  local us=$((${EPOCHREALTIME/[.,]/} - STARTED))
  printf '[%4d.%02ds] %s\n' $((us / 1000000)) $((us % 1000000 / 10000)) "$*"
}
