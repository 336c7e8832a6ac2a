/**
 * All pods go: namenodes first, so that nobody sees datanodes missing and begins to copy their blocks, and no client is told of a write that no
 * namenode would remember; datanodes when no namenode is left. Pure.
 */
import type { Pod } from '../kube/resource-types.ts';
import { roleOf } from './members.ts';

export interface Stop {
  readonly deletePods: readonly Pod[];
  readonly stopped: boolean;
  readonly message: string;
}

export function planStop(pods: readonly Pod[]): Stop {
  const isStaying = (pod: Pod): boolean => pod.metadata.deletionTimestamp === undefined;
  const nameNodes = pods.filter((pod) => roleOf(pod) === 'namenode');
  const others = pods.filter((pod) => roleOf(pod) !== 'namenode');
  if (nameNodes.length > 0) return { deletePods: nameNodes.filter(isStaying), stopped: false, message: `${nameNodes.length} namenodes are stopping` };
  if (others.length > 0) return { deletePods: others.filter(isStaying), stopped: false, message: `${others.length} datanodes are stopping` };
  return { deletePods: [], stopped: true, message: 'no pod of the cluster runs' };
}
