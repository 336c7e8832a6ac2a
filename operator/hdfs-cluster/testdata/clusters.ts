/** HdfsClusters as tests need them. */
import type { HdfsCluster, HdfsClusterStatus } from '../../api/hdfs-cluster.ts';
import { hdfsClusterSpecSchema } from '../../api/hdfs-cluster.ts';

export function clusterOf(spec: unknown, options: { readonly name?: string; readonly status?: HdfsClusterStatus } = {}): HdfsCluster {
  return {
    apiVersion: 'headrace.dev/v1alpha1',
    kind: 'HdfsCluster',
    metadata: { name: options.name ?? 'store', namespace: 'default', uid: 'uid-1', generation: 1, resourceVersion: '1' },
    spec: hdfsClusterSpecSchema.parse(spec),
    ...(options.status === undefined ? {} : { status: options.status }),
  };
}
