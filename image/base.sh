#!/bin/bash
# Fills ROOT with the files of a small base image, from Debian packages: base.sh ROOT. For machines that reach a
# package mirror and no image registry.
set -euo pipefail
root=${1:?usage: base.sh ROOT}
packages="libc6 libgcc-s1 libstdc++6 ca-certificates tzdata"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# `apt-get download` finds nothing without lists.
apt-cache show libc6 >/dev/null 2>&1 || apt-get update -qq
# shellcheck disable=SC2086 # a list of words
(cd "$work" && apt-get -qq -o APT::Sandbox::User=root download $packages)
rm -rf "$root"
# A base of /usr alone, with links for the old places, as Debian has it.
mkdir -p "$root"/usr/{bin,lib,lib64,sbin} "$root/etc/ssl/certs"
for d in bin lib lib64 sbin; do ln -s "usr/$d" "$root/$d"; done
for deb in "$work"/*.deb; do dpkg-deb --fsys-tarfile "$deb" | tar -x --keep-directory-symlink -C "$root"; done
cat "$root"/usr/share/ca-certificates/mozilla/*.crt >"$root/etc/ssl/certs/ca-certificates.crt"
# What no program here reads: iconv's tables, certificates one by one, tools, translations, changelogs. Licences stay.
rm -rf "$root"/usr/lib/*/gconv "$root/usr/share/ca-certificates" "$root"/usr/sbin/* "$root"/usr/share/{lintian,locale,man,zoneinfo/right}
find "$root/usr/share/doc" ! -type d ! -name copyright -delete
printf 'root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/tmp:/sbin/nologin\n' >"$root/etc/passwd"
printf 'root:x:0:\nnonroot:x:65532:\n' >"$root/etc/group"
printf 'hosts: files dns\n' >"$root/etc/nsswitch.conf"
mkdir -m 1777 "$root/tmp"
