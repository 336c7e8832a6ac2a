#!/bin/bash
# First process of one node: runs in mount, network, pid and uts namespaces of
# its own (up.sh makes them). When it ends, the kernel ends all of the node's
# processes and drops its mounts and interfaces.
set -euo pipefail
n=$1
. "$(dirname "$0")/settings.sh"
N=node$n; D=$STATE/$N; IP=$(node_ip "$n")
hostname "$N"
# /sys of this network namespace, with the machine's cgroup tree under it
mkdir -p "$D"/{varlib/kubelet,varlib/containerd,varlib/cni,varlog,cg,etc}
mount --rbind /sys/fs/cgroup "$D/cg"
mount -t sysfs sysfs /sys
mount --rbind "$D/cg" /sys/fs/cgroup
umount -R -l "$D/cg"
# /var/lib, /var/log and /run of its own: the usual paths stay in $D
mount --bind "$D/varlib" /var/lib
mount --bind "$D/varlog" /var/log
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/lock /run/containerd
# The kubelet sets these for the whole machine; show it the values it wants.
printf '1\n' >"$D/etc/one"; printf '10\n' >"$D/etc/ten"
mount --bind "$D/etc/one" /proc/sys/vm/overcommit_memory
mount --bind "$D/etc/ten" /proc/sys/kernel/panic
mount --bind "$D/etc/one" /proc/sys/kernel/panic_on_oops
mount --make-rshared /
# network: up.sh moves eth0 in
for _ in $(seq 200); do ip link show eth0 >/dev/null 2>&1 && break; sleep 0.05; done
ip link set lo up
ip addr add "$IP/24" dev eth0
ip link set eth0 up
ip route add default via "$HOST_IP"
echo 1 >/proc/sys/net/ipv4/ip_forward
for m in $(seq "$NODES"); do [ "$m" = "$n" ] || ip route add "$(pod_net "$m")" via "$(node_ip "$m")"; done
mkdir -p "$D/etc/cni"
cat >"$D/etc/cni/10-bridge.conflist" <<E
{"cniVersion":"1.0.0","name":"dev","plugins":[
 {"type":"bridge","bridge":"cni0","isGateway":true,"ipMasq":false,"hairpinMode":true,"mtu":1400,
  "ipam":{"type":"host-local","ranges":[[{"subnet":"$(pod_net "$n")"}]],"routes":[{"dst":"0.0.0.0/0"}]}},
 {"type":"portmap","capabilities":{"portMappings":true}}]}
E
cat >"$D/etc/containerd.toml" <<E
version = 3
root = "/var/lib/containerd"
state = "/run/containerd"
disabled_plugins = ["io.containerd.internal.v1.opt", "io.containerd.nri.v1.nri"]
[grpc]
  address = "/run/containerd/containerd.sock"
[plugins."io.containerd.cri.v1.images"]
  snapshotter = "overlayfs"
  [plugins."io.containerd.cri.v1.images".pinned_images]
    sandbox = "headrace.local/pause:1"
[plugins."io.containerd.cri.v1.runtime"]
  # no CAP_SYS_RESOURCE here: a lower oom_score_adj than ours is refused
  restrict_oom_score_adj = true
  [plugins."io.containerd.cri.v1.runtime".cni]
    bin_dirs = ["/usr/lib/cni"]
    conf_dir = "$D/etc/cni"
  [plugins."io.containerd.cri.v1.runtime".containerd]
    default_runtime_name = "runc"
    [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc.options]
        BinaryName = "${RUNC:-/usr/sbin/runc}"
        SystemdCgroup = false
E
cat >"$D/etc/kubelet.yaml" <<E
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
failCgroupV1: false
cgroupDriver: cgroupfs
cgroupRoot: /$CGROUP/$N
authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: $STATE/pki/ca.crt}}
authorization: {mode: Webhook}
tlsCertFile: $STATE/pki/kubelet-$N.crt
tlsPrivateKeyFile: $STATE/pki/kubelet-$N.key
containerRuntimeEndpoint: unix:///run/containerd/containerd.sock
clusterDNS: [$DNS_IP]
clusterDomain: $DOMAIN
resolvConf: $D/etc/resolv.conf
failSwapOn: false
maxPods: 250
readOnlyPort: 0
registerNode: true
serializeImagePulls: false
evictionHard: {memory.available: 200Mi, nodefs.available: 1%, imagefs.available: 1%, nodefs.inodesFree: 1%}
imageGCHighThresholdPercent: 100
imageGCLowThresholdPercent: 99
nodeStatusUpdateFrequency: 5s
syncFrequency: 30s
volumePluginDir: /var/lib/kubelet/volumeplugins
E
: >"$D/etc/resolv.conf"
containerd -c "$D/etc/containerd.toml" >"$D/containerd.log" 2>&1 &
for _ in $(seq 400); do [ -S /run/containerd/containerd.sock ] && ctr version >/dev/null 2>&1 && break; sleep 0.05; done
for i in "$IMAGES"/*.tar; do ctr -n k8s.io images import --local "$i" >>"$D/import.log" 2>&1; done
echo ok >"$D/images-ready"
while [ ! -e "$STATE/api-ready" ]; do sleep 0.05; done
kubelet --config="$D/etc/kubelet.yaml" --root-dir=/var/lib/kubelet --kubeconfig="$STATE/pki/kubelet-$N.kubeconfig" \
  --hostname-override="$N" --node-ip="$IP" --housekeeping-interval=5s >"$D/kubelet.log" 2>&1 &
kube-proxy --kubeconfig="$STATE/pki/kube-proxy.kubeconfig" --hostname-override="$N" --proxy-mode="${PROXY_MODE:-nftables}" \
  --cluster-cidr=$POD_NETS --conntrack-max-per-core=0 --conntrack-tcp-timeout-established=0 --conntrack-tcp-timeout-close-wait=0 \
  >"$D/kube-proxy.log" 2>&1 &
# A first process also reaps orphans: wait until no child of its own is left.
while :; do wait -n || true; [ -n "$(jobs -r)" ] || break; done
