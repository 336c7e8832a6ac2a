#!/bin/bash
# Packs folders as an OCI image archive, the same bytes for the same files:
#   pack.sh OUT.tar NAME:TAG USER ENTRYPOINT LAYER_DIR...     (USER and ENTRYPOINT may be empty)
# Layers are not compressed: an import is then a copy.
set -euo pipefail
out=$1 name=$2 user=$3 entrypoint=$4
shift 4
case $(uname -m) in x86_64) arch=amd64 ;; aarch64) arch=arm64 ;; *) arch=$(uname -m) ;; esac
work=$(mktemp -d "$(dirname "$out")/pack.XXXXXX")
trap 'rm -rf "$work"' EXIT
blobs=$work/blobs/sha256
mkdir -p "$blobs"
archive() { tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --format=gnu -C "$1" -cf "$2" .; }
# store FILE MEDIA_TYPE: moves it among the blobs, sets $digest and $descriptor
store() {
  digest=sha256:$(sha256sum "$1" | cut -d' ' -f1)
  descriptor="{\"mediaType\":\"application/vnd.oci.image.$2\",\"digest\":\"$digest\",\"size\":$(stat -c %s "$1")}"
  mv "$1" "$blobs/${digest#*:}"
}
layers= diff_ids=
for dir in "$@"; do
  archive "$dir" "$work/part"
  store "$work/part" layer.v1.tar
  layers+=,$descriptor diff_ids+=,\"$digest\"
done
printf '{"architecture":"%s","os":"linux","config":{"Env":["PATH=/usr/bin:/bin"],"User":"%s"%s},"rootfs":{"type":"layers","diff_ids":[%s]}}' \
  $arch "$user" "${entrypoint:+,\"Entrypoint\":[\"$entrypoint\"]}" "${diff_ids#,}" >"$work/part"
store "$work/part" config.v1+json
printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":%s,"layers":[%s]}' \
  "$descriptor" "${layers#,}" >"$work/part"
store "$work/part" manifest.v1+json
printf '{"schemaVersion":2,"manifests":[%s,"annotations":{"io.containerd.image.name":"%s","org.opencontainers.image.ref.name":"%s"}}]}' \
  "${descriptor%\}}" "$name" "${name##*:}" >"$work/index.json"
printf '{"imageLayoutVersion":"1.0.0"}' >"$work/oci-layout"
archive "$work" "$out.part"
mv "$out.part" "$out"
