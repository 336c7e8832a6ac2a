#!/bin/bash
# Installs the Debian packages, builds Kubernetes and what goes with it from source, packs the images. Does only what
# has changed: each half leaves a stamp, the hash of its inputs.
set -euo pipefail
. "$(dirname "$0")/settings.sh"
KUBERNETES=v1.37.2
HELM=v4.3.1
PACKAGES="runc containernetworking-plugins nftables busybox-static iproute2 ca-certificates"

mkdir -p "$BIN" "$IMAGES"
# Two builds at once would write the same files.
exec 9>"$HEADRACE_CLUSTER_HOME/build.lock"
flock 9

missing=$(for p in $PACKAGES; do
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$p" 2>/dev/null || true)" = installed ] || echo "$p"
done)
if [ -n "$missing" ]; then
  apt-get update -qq
  # shellcheck disable=SC2086 # a list of words
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
  say "installed" $missing
fi
command -v go >/dev/null || { echo "build: needs Go, the version in tools/go.mod or later" >&2; exit 1; }

export CGO_ENABLED=0 GOFLAGS=-buildvcs=false
cd "$HERE/tools"
hash() { { printf '%s\n' "$@"; find . -type f -print0 | sort -z | xargs -0 sha256sum; } | sha256sum | cut -d' ' -f1; }
stamp=$(hash "$(go version)" "${GCFLAGS-}" "$(sha256sum <"$HERE/build.sh")")
if [ "$(cat "$BIN/.stamp" 2>/dev/null || true)" != "$stamp" ]; then
  rm -f "$BIN/.stamp"
  go mod download
  say "modules there"
  # Without these the server reports v0.0.0-master, which clients take for an ancient one.
  flags="-s -w -X helm.sh/helm/v4/internal/version.version=$HELM"
  IFS=. read -r major minor _ <<<"${KUBERNETES#v}"
  for p in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
    flags+=" -X $p.gitVersion=$KUBERNETES -X $p.gitMajor=$major -X $p.gitMinor=$minor -X $p.gitTreeState=clean -X $p.gitCommit=unknown"
  done
  # One command: the programs share most packages, and links overlap compiles. GCFLAGS=-l compiles a quarter faster.
  go build -trimpath -gcflags="all=${GCFLAGS-}" -ldflags="$flags" -tags no_btrfs,no_zfs,no_devmapper,no_dynamic_plugins -o "$BIN/" \
    ./kube ./pause helm.sh/helm/v4/cmd/helm github.com/coredns/coredns sigs.k8s.io/metrics-server/cmd/metrics-server \
    github.com/containerd/containerd/v2/cmd/{containerd,containerd-shim-runc-v2,ctr}
  # Alone: it imports logrus by its old upper-case path, which may not stand beside the new one in one build.
  go build -trimpath -gcflags="all=${GCFLAGS-}" -ldflags="-s -w" -o "$BIN/" github.com/rancher/local-path-provisioner
  for n in etcd kube-apiserver kube-controller-manager kube-scheduler kubelet kube-proxy kubectl; do ln -sf kube "$BIN/$n"; done
  echo "$stamp" >"$BIN/.stamp"
  say "programs built"
fi

cd "$HERE/images"
stamp=$(hash "$stamp" "$(sha256sum /bin/busybox /etc/ssl/certs/ca-certificates.crt)")
if [ "$(cat "$IMAGES/.stamp" 2>/dev/null || true)" != "$stamp" ]; then
  rm -f "$IMAGES/.stamp"
  ./build.sh
  echo "$stamp" >"$IMAGES/.stamp"
  say "images packed"
fi
say "all there"
