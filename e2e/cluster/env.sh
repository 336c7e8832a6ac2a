# Source this to use the cluster: `. e2e/cluster/env.sh`, then kubectl, helm and ctr are those that build.sh made.
export HEADRACE_CLUSTER_HOME="${HEADRACE_CLUSTER_HOME:-${XDG_CACHE_HOME:-$HOME/.cache}/headrace/cluster}"
export KUBECONFIG="$HEADRACE_CLUSTER_HOME/state/pki/admin.kubeconfig"
case ":$PATH:" in *":$HEADRACE_CLUSTER_HOME/bin:"*) ;; *) export PATH="$HEADRACE_CLUSTER_HOME/bin:$PATH" ;; esac
