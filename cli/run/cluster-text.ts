/** What a person sees of an HdfsCluster: lines of text. */
import { relative } from 'node:path';
import { port } from '../../engine/contract.ts';
import type { HdfsCluster } from '../../operator/api/hdfs-cluster.ts';
import { label } from '../../operator/hdfs-cluster/names.ts';
import type { KubeClient } from '../../operator/kube/client.ts';
import { podType, type Pod } from '../../operator/kube/resource-types.ts';
import type { ProgressLine } from './progress-display.ts';

/** `store  Starting  namenodes 1/1  datanodes 2/3  waiting for dn-2`. */
export function clusterLine({ metadata, spec, status }: HdfsCluster): ProgressLine {
  const phase = status?.phase ?? 'Pending';
  const up = status?.nameNodes?.filter((each) => each.role === 'active' || each.role === 'standby').length ?? 0;
  const parts = [metadata.name, phase, `namenodes ${up}/${spec.nameNode?.replicas ?? 1}`, `datanodes ${status?.dataNodes?.summary ?? `0/${spec.dataNodes?.replicas ?? 3}`}`];
  const message = status?.conditions?.find((each) => each.type === 'Ready' && each.status === 'False')?.message;
  if (message !== undefined && message !== '') parts.push(message);
  return { key: `hdfs/${metadata.name}`, phase, text: parts.join('  ') };
}

/** Of a cluster that has come up, or cannot: where it is reached from this machine, or why not. */
export async function clusterText(client: KubeClient, cluster: HdfsCluster, home: string, signal: AbortSignal): Promise<string> {
  const { metadata, status } = cluster;
  const stalled = status?.conditions?.find((each) => each.type === 'Stalled' && each.status === 'True');
  if (stalled !== undefined) return `\n${metadata.name} cannot come up: ${stalled.message}\n`;
  if (status?.phase !== 'Ready') return `\n${metadata.name} is suspended: set spec.suspend to false to start it\n`;
  const selector = `${label.cluster}=${metadata.name},${label.role}=namenode`;
  const pods = await client.list<Pod>(podType, { namespace: metadata.namespace ?? 'default', labelSelector: selector }, signal);
  const addresses = pods.items.flatMap((pod) => (pod.status?.podIP === undefined ? [] : [`http://${pod.status.podIP}:${port.nameNodeHttp}`]));
  return [
    '',
    `${metadata.name} is ready: ${status.dataNodes?.live ?? 0} datanodes, ${status.capacity ?? '0B'}`,
    ...addresses.map((address, index) => `${index === 0 ? 'webhdfs' : '       '}  ${address}/webhdfs/v1`),
    `data     ${shown(home)}/volumes/${metadata.namespace ?? 'default'}, kept for the next run`,
    '',
  ].join('\n');
}

/** Relative where that is shorter. */
function shown(path: string): string {
  const near = relative(process.cwd(), path);
  return near.startsWith('..') ? path : near;
}
