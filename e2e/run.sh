#!/usr/bin/env bash
# The user stories on a real Kubernetes, with Headrace installed by its charts:
#   a. the cluster of KUBECONFIG, if that is set; HEADRACE_E2E_IMAGE=REPOSITORY:TAG names an image its nodes can pull
#   b. kind, if Docker runs and kind is installed
#   c. otherwise a single-node cluster that e2e/cluster builds from source and ends afterwards
# HEADRACE_E2E_KEEP=1 leaves cluster and release as they are. Arguments: story files instead of all of them.
set -euo pipefail
cd "$(dirname "$0")/.."
release_namespace=headrace-e2e-system
image=headrace.local/headrace:dev
say() { printf '\n-- %s\n' "$*"; }

cleanup=()
finish() {
  local code=$?
  [ "$code" = 0 ] || diagnose || true
  if [ -z "${HEADRACE_E2E_KEEP-}" ]; then
    for ((i = ${#cleanup[@]} - 1; i >= 0; i--)); do ${cleanup[$i]} || true; done
  fi
  exit "$code"
}
diagnose() {
  kubectl get --raw /readyz --request-timeout=5s >/dev/null 2>&1 || return 0
  say 'the cluster when it failed'
  kubectl get sparkjobs,hdfsclusters,pods,persistentvolumeclaims -A -o wide 2>&1 | tail -n 40
  kubectl get events -A --sort-by=.lastTimestamp 2>&1 | tail -n 30
  kubectl -n $release_namespace logs deployment/headrace --tail=60 2>&1 || true
}
trap finish EXIT
trap 'exit 130' INT TERM

if [ -n "${KUBECONFIG-}" ]; then
  image=${HEADRACE_E2E_IMAGE:?KUBECONFIG is set: set HEADRACE_E2E_IMAGE=REPOSITORY:TAG to an image that this cluster can pull, or unset KUBECONFIG}
  for tool in kubectl helm; do command -v $tool >/dev/null || { echo "e2e: $tool is not on PATH" >&2; exit 2; }; done
elif docker info >/dev/null 2>&1 && command -v kind kubectl helm >/dev/null; then
  say 'kind'
  archive=$(image/build.sh | tail -n 1)
  KUBECONFIG=$(mktemp)
  export KUBECONFIG
  kind create cluster --name headrace-e2e --wait 120s
  cleanup+=('kind delete cluster --name headrace-e2e')
  kind load image-archive "$archive" --name headrace-e2e
else
  say 'building the image and the cluster (cached)'
  archive=$(image/build.sh | tail -n 1)
  e2e/cluster/build.sh
  . e2e/cluster/env.sh
  cleanup+=(e2e/cluster/down.sh)
  e2e/cluster/up.sh
  e2e/cluster/load-image.sh "$archive"
fi

uninstall() {
  kubectl delete namespace headrace-e2e --ignore-not-found --timeout=60s
  helm uninstall headrace --namespace $release_namespace --ignore-not-found
  kubectl delete namespace $release_namespace --ignore-not-found --timeout=60s
}
say "installing the charts, image $image"
cleanup+=(uninstall)
# The CRDs stay when their chart goes (resource-policy keep), so a cluster may hold them from an earlier run.
helm upgrade --install headrace-crds charts/headrace-crds --namespace $release_namespace --create-namespace --take-ownership
kubectl label namespace $release_namespace pod-security.kubernetes.io/enforce=restricted --overwrite >/dev/null
helm upgrade --install headrace charts/headrace --namespace $release_namespace \
  --set "image.repository=${image%:*}" --set "image.tag=${image##*:}" --set operator.driverPollMilliseconds=500 --set operator.logLevel=debug --wait --timeout 120s

say 'stories'
stories=("$@")
[ ${#stories[@]} -gt 0 ] || stories=(charts/*.test.ts e2e/*.e2e.ts)
export HEADRACE_E2E_RELEASE_NAMESPACE=$release_namespace HEADRACE_E2E_IMAGE=$image HEADRACE_TEST_CONCURRENCY=1
node_modules/node/bin/node testing/run.ts "${stories[@]}"
