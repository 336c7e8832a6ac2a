#!/bin/bash
# Checks a running cluster: workloads, Services, DNS, claims, logs, exec, OOM, metrics and the autoscaler.
set -uo pipefail
. "$(dirname "$0")/settings.sh"
passed=0 failed=0
k() { kubectl -n smoke "$@"; }
# check NAME COMMAND...: the command's output is shown only if it fails
check() {
  local name=$1 output
  shift
  if output=$("$@" 2>&1); then passed=$((passed + 1)); say "ok   $name"; else failed=$((failed + 1)); say "FAIL $name: $output"; fi
}
# until_ok SECONDS COMMAND...
until_ok() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do [ $SECONDS -lt $end ] || return 1; sleep 0.5; done
}
prints() { local want=$1; shift; "$@" | grep -q "$want"; }
web_ip() { k get service web -o 'jsonpath={.spec.clusterIP}'; }
from_this_machine() { busybox wget -qO- "http://$(web_ip)/" | grep -q '^web-'; }
scaled_up() { [ "$(k get deployment web -o 'jsonpath={.spec.replicas}')" -gt 1 ]; }
scaled_down() { [ "$(k get deployment web -o 'jsonpath={.spec.replicas}')" = 1 ]; }

kubectl apply -f "$HERE/smoke.yaml" >/dev/null
check "Deployment" k rollout status deployment/web --timeout=60s
check "StatefulSet with claims" k rollout status statefulset/db --timeout=60s
check "claims are bound" k wait --for=jsonpath='{.status.phase}'=Bound pvc/data-db-0 pvc/data-db-1 --timeout=10s
check "restricted pod" k wait --for=jsonpath='{.status.phase}'=Succeeded pod/restricted --timeout=30s
check "logs" prints '^uid 65532' k logs restricted
check "exec" prints '^db-0$' k exec db-0 -- cat /data/name
check "Service by name from a pod" prints '^web-' k exec db-0 -- wget -qO- http://web.smoke
check "headless name of a StatefulSet's pod" prints '^db-1$' k exec db-0 -- wget -qO- http://db-1.db:8080/name
check "Service from this machine" from_this_machine
check "OOM kill is reported" k wait --for=jsonpath='{.status.containerStatuses[0].state.terminated.reason}'=OOMKilled pod/oom --timeout=30s
check "pod metrics" until_ok 40 prints db-0 k top pods --no-headers
k exec deployment/web -- timeout 60 sh -c 'while [ ! -e /tmp/enough ]; do :; done' >/dev/null 2>&1 &
burner=$!
check "HPA scales up on CPU" until_ok 60 scaled_up
kill $burner 2>/dev/null
k get pods -l app=web -o name | while read -r p; do k exec "$p" -- touch /tmp/enough >/dev/null 2>&1 </dev/null; done
check "HPA scales down again" until_ok 90 scaled_down
check "helm" helm list --all-namespaces
check "namespace is deleted" kubectl delete namespace smoke --timeout=90s
echo "$passed passed, $failed failed"
[ $failed = 0 ]
