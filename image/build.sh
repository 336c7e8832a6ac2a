#!/bin/bash
# Builds the image as an archive that any container engine loads: build.sh [TAG]. By Docker where an engine answers,
# else by buildah on a base made from Debian packages, without a registry. Prints the archive's path (last line of
# standard output). Nothing is done if no input has changed.
#   BASE=IMAGE    another base for Docker (buildah's is always the local one)
#   BUILDER=      docker or buildah, instead of what is found
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/.."
name=headrace.local/headrace:${1:-dev}
cache=${XDG_CACHE_HOME:-$HOME/.cache}/headrace/images
out=$cache/headrace.tar
mkdir -p "$cache"
exec 9>"$cache/lock"
flock 9

if [ -z "${BUILDER-}" ]; then
  BUILDER=buildah
  if docker version >/dev/null 2>&1; then BUILDER=docker; fi
fi
node_modules/.bin/node image/bundle.ts >&2

inputs() {
  echo "$name $BUILDER ${BASE-}"
  find image dist examples node_modules/node/bin node_modules/@duckdb node_modules/@node-rs -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
  sha256sum node_modules/vega-datasets/package.json
}
stamp=$(inputs | sha256sum)
if [ -e "$out" ] && [ "$(cat "$out.stamp" 2>/dev/null || true)" = "$stamp" ]; then
  echo "$out"
  exit
fi
rm -f "$out.stamp"

if [ "$BUILDER" = docker ]; then
  docker build --quiet -f image/Dockerfile ${BASE:+--build-arg "BASE=$BASE"} -t "$name" . >&2
  docker save -o "$out.part" "$name"
else
  if ! command -v buildah >/dev/null; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends buildah >/dev/null
  fi
  # Storage of its own, beside the archive: nothing of the machine's configuration is read or changed.
  printf '{"default":[{"type":"insecureAcceptAnything"}]}' >"$cache/policy.json"
  buildah() { command buildah --root "$cache/storage" --runroot "$cache/run" --storage-driver "${STORAGE_DRIVER:-overlay}" "$@"; }
  build() { buildah build --quiet --signature-policy "$cache/policy.json" --isolation chroot --layers --timestamp 0 --pull=never "$@" >&2; }
  base=localhost/headrace-base:$(cat image/base.sh image/base.Dockerfile | sha256sum | cut -c1-12)
  if ! buildah inspect --type image "$base" >/dev/null 2>&1; then
    image/base.sh "$cache/base"
    build -f image/base.Dockerfile -t "$base" "$cache/base"
    rm -rf "$cache/base"
  fi
  build -f image/Dockerfile --ignorefile image/Dockerfile.dockerignore --build-arg "BASE=$base" -t "$name" .
  rm -f "$out.part"
  # Docker's format, which containerd, Docker, Podman and kind all load: its layers are not compressed, so a development
  # image is not compressed here only to be unpacked a second later.
  buildah push --quiet --signature-policy "$cache/policy.json" "$name" "docker-archive:$out.part:$name" >&2
  # The image that had the name before.
  buildah rmi --prune >/dev/null
fi
mv "$out.part" "$out"
echo "$stamp" >"$out.stamp"
echo "$out"
