#!/bin/bash
# Packs the programs of the cluster's own pods; build.sh calls it.
set -euo pipefail
. "$(dirname "$0")/../settings.sh"
cd "$HERE/images"
W=$(mktemp -d "$IMAGES/work.XXXXXX")
trap 'rm -rf "$W"' EXIT
# pack NAME USER ENTRYPOINT LAYER_DIR...
pack() { ./pack.sh "$IMAGES/$1.tar" "headrace.local/$1:1" "$2" "$3" "${@:4}"; }
# layer DIR PROGRAM: a layer that holds one program in /usr/bin
layer() { install -D -t "$W/$1/usr/bin" "$2"; }

layer pause "$BIN/pause"
pack pause 65534 /usr/bin/pause "$W/pause"

layer base /bin/busybox
mkdir -p "$W"/base/{bin,etc/ssl/certs,root}
mkdir -m 1777 "$W/base/tmp"
for a in $(/bin/busybox --list); do [ "$a" = busybox ] || ln -s ../usr/bin/busybox "$W/base/bin/$a"; done
printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n' >"$W/base/etc/passwd"
printf 'root:x:0:\nnogroup:x:65534:\n' >"$W/base/etc/group"
printf 'hosts: files dns\n' >"$W/base/etc/nsswitch.conf"
cp /etc/ssl/certs/ca-certificates.crt "$W/base/etc/ssl/certs/"
# No entrypoint: a pod's args are then its command, as one expects of busybox.
pack busybox '' '' "$W/base"

for p in coredns metrics-server local-path-provisioner; do
  layer $p "$BIN/$p"
  pack $p '' /usr/bin/$p "$W/base" "$W/$p"
done
