#!/bin/bash
# Starts the cluster from nothing and waits until it serves; NODES=n for more than one node. A cluster that is up
# already is left as it is.
set -euo pipefail
. "$(dirname "$0")/settings.sh"
refuse() { echo "up: $*" >&2; exit 1; }
[ "$(id -u)" = 0 ] || refuse "needs root: it makes namespaces, interfaces and cgroups"
[ -e "$IMAGES/.stamp" ] || refuse "not built yet; run $HERE/build.sh first"
for other in $(running_states); do
  [ "$other" = "$STATE" ] || refuse "another cluster runs on this machine; HEADRACE_CLUSTER_HOME=$(dirname "$other") $HERE/down.sh ends it"
done
exec 8>"$HEADRACE_CLUSTER_HOME/up.lock"
flock --nonblock 8 || refuse "another up.sh is at work"
if [ -e "$STATE" ]; then
  live=$(marked "$STATE")
  if [ -n "$live" ] && [ -e "$STATE/up" ] && kubectl get --raw /readyz --request-timeout=5s >/dev/null 2>&1; then
    size=$(cat "$STATE/up")
    [ "$size" = "$NODES" ] || refuse "a cluster of $size node(s) is up; $HERE/down.sh ends it"
    if [ "$(kubectl get nodes -o 'jsonpath={.items[*].status.conditions[?(@.type=="Ready")].status}' | tr ' ' '\n' | grep -c True)" = "$NODES" ]; then
      say "already up"
      exit 0
    fi
  fi
  say "an old cluster is dead or half dead: removing it"
fi
# Also what is left without a state: an interface, a cgroup.
"$HERE/down.sh"
mkdir "$STATE"
trap '[ $? = 0 ] || echo "up: failed; look at $STATE/*.log and $STATE/*/*.log, then run $HERE/down.sh" >&2' EXIT

ip link add $BRIDGE type bridge
ip addr add $HOST_IP/24 dev $BRIDGE
ip link set $BRIDGE up
names=
for n in $(seq "$NODES"); do names+=",node$n=$(node_ip "$n")"; done
kube certs "$STATE/pki" $SERVER $DOMAIN $HOST_IP,$API_SERVICE_IP "${names#,}"

# start NAME UNSHARE_ARGS...: runs a program in namespaces of its own, leaves the pid of the first process in NAME.pid.
start() {
  local name=$1 outer inner=
  shift
  env "$MARK=$STATE" setsid unshare "$@" >"$STATE/$name.log" 2>&1 </dev/null 8>&- &
  outer=$!
  for _ in $(seq 200); do
    # setsid forks only if it leads a group already, which a child of a script does not: $outer becomes unshare itself
    inner=$(cat "/proc/$outer/task/$outer/children" 2>/dev/null || true)
    [ -z "$inner" ] || break
    sleep 0.02
  done
  [ -n "$inner" ] || { echo "up: $name did not start" >&2; cat "$STATE/$name.log" >&2; exit 1; }
  echo "${inner%% *}" >"$STATE/$name.pid"
}
start control --pid --mount --mount-proc --fork --kill-child "$HERE/control.sh"
for n in $(seq "$NODES"); do
  for c in $(cgroup_roots); do
    mkdir -p "$c/$CGROUP/node$n"
    # A new cpuset of cgroup v1 is empty and takes no process.
    if [ -e "$c/cpuset.mems" ]; then
      for d in $CGROUP $CGROUP/node$n; do for f in cpus mems; do cat "$c/cpuset.$f" >"$c/$d/cpuset.$f"; done; done
    fi
  done
  mkdir "$STATE/node$n"
  start node$n --pid --mount --net --uts --mount-proc --propagation private --fork --kill-child "$HERE/node.sh" "$n"
  ip link add $VETH$n type veth peer name eth0 netns "$(cat "$STATE/node$n.pid")"
  ip link set $VETH$n master $BRIDGE up
  ip route add "$(pod_net "$n")" via "$(node_ip "$n")"
done
# The machine reaches Services through the first node's kube-proxy.
ip route add $SERVICE_NET via "$(node_ip 1)"

for _ in $(seq 600); do [ ! -e "$STATE/api-ready" ] || break; sleep 0.1; done
[ -e "$STATE/api-ready" ] || { tail -n 5 "$STATE"/control/*.log >&2; echo "up: no API server within 60 s" >&2; exit 1; }
say "API server ready"
kubectl apply -f "$HERE/manifests" >/dev/null
for n in $(seq "$NODES"); do
  kubectl wait --for=create node/node$n --timeout=60s >/dev/null
  kubectl wait --for=condition=Ready node/node$n --timeout=60s >/dev/null
done
say "nodes Ready"
kubectl -n kube-system rollout status deployment/coredns deployment/metrics-server --timeout=120s >/dev/null
kubectl -n local-path-storage rollout status deployment/local-path-provisioner --timeout=120s >/dev/null
echo "$NODES" >"$STATE/up"
say "DNS, metrics and volumes served"
