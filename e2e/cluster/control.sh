#!/bin/bash
# First process of the control plane, in a pid and a mount namespace of its own: with it ends all that it started.
set -euo pipefail
. "$(dirname "$0")/settings.sh"
P=$STATE/pki; D=$STATE/control
mkdir -p "$D"
# The data lives as long as the cluster, so nothing is gained by waiting for the disk.
etcd --name=dev --data-dir="$D/etcd" --listen-client-urls="http://$HOST_IP:2379" --advertise-client-urls="http://$HOST_IP:2379" \
  --listen-peer-urls="http://$HOST_IP:2380" --initial-advertise-peer-urls="http://$HOST_IP:2380" --initial-cluster="dev=http://$HOST_IP:2380" \
  --unsafe-no-fsync --log-level=warn >"$D/etcd.log" 2>&1 &
kube-apiserver --etcd-servers="http://$HOST_IP:2379" --bind-address="$HOST_IP" --advertise-address="$HOST_IP" --secure-port=6443 \
  --service-cluster-ip-range=$SERVICE_NET --tls-cert-file="$P/apiserver.crt" --tls-private-key-file="$P/apiserver.key" --client-ca-file="$P/ca.crt" \
  --kubelet-client-certificate="$P/admin.crt" --kubelet-client-key="$P/admin.key" --kubelet-certificate-authority="$P/ca.crt" --kubelet-preferred-address-types=InternalIP \
  --service-account-issuer=https://kubernetes.default.svc.$DOMAIN --service-account-key-file="$P/sa.key" --service-account-signing-key-file="$P/sa.key" \
  --requestheader-client-ca-file="$P/front-proxy-ca.crt" --requestheader-allowed-names=front-proxy-client --requestheader-username-headers=X-Remote-User \
  --requestheader-group-headers=X-Remote-Group --requestheader-extra-headers-prefix=X-Remote-Extra- \
  --proxy-client-cert-file="$P/front-proxy-client.crt" --proxy-client-key-file="$P/front-proxy-client.key" --enable-aggregator-routing=true \
  --authorization-mode=Node,RBAC --enable-admission-plugins=NodeRestriction --allow-privileged=true --profiling=false >"$D/apiserver.log" 2>&1 &
while ! kubectl get --raw /readyz >/dev/null 2>&1; do sleep 0.1; done
: >"$STATE/api-ready"
# The autoscaler's delays are shortened: tests wait for them.
kube-controller-manager --kubeconfig="$P/controller-manager.kubeconfig" --authentication-kubeconfig="$P/controller-manager.kubeconfig" --authorization-kubeconfig="$P/controller-manager.kubeconfig" \
  --bind-address=127.0.0.1 --secure-port=0 --leader-elect=false --use-service-account-credentials=true --service-account-private-key-file="$P/sa.key" --root-ca-file="$P/ca.crt" \
  --cluster-signing-cert-file="$P/ca.crt" --cluster-signing-key-file="$P/ca.key" --cluster-cidr=$POD_NETS --service-cluster-ip-range=$SERVICE_NET \
  --horizontal-pod-autoscaler-sync-period=5s --horizontal-pod-autoscaler-initial-readiness-delay=5s --horizontal-pod-autoscaler-cpu-initialization-period=20s \
  --kube-api-qps=200 --kube-api-burst=400 >"$D/controller-manager.log" 2>&1 &
kube-scheduler --kubeconfig="$P/scheduler.kubeconfig" --authentication-kubeconfig="$P/scheduler.kubeconfig" --authorization-kubeconfig="$P/scheduler.kubeconfig" \
  --bind-address=127.0.0.1 --secure-port=0 --leader-elect=false --kube-api-qps=200 --kube-api-burst=400 >"$D/scheduler.log" 2>&1 &
# A first process also reaps orphans: wait until no child of its own is left.
while :; do wait -n || true; [ -n "$(jobs -r)" ] || break; done
