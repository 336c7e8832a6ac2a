/** What a namenode tells everybody of its cluster: numbers and names of machines, nothing of users and nothing of the name space. The browse page shows it. */
import type { HdfsConfig, HdfsStatus } from '../../contract.ts';
import type { DatanodeReport } from '../model.ts';

export interface Overview extends Omit<HdfsStatus, 'datanodes' | 'formatted'> {
  readonly clusterName: string;
  readonly namespace: string;
  /** By the namenode's clock, which `lastContactMs` is by. */
  readonly nowMs: number;
  readonly datanodes: readonly DatanodeOverview[];
}

export type DatanodeOverview = Pick<DatanodeReport, 'name' | 'host' | 'rack' | 'state' | 'capacityBytes' | 'usedBytes' | 'remainingBytes' | 'blocks' | 'volumes'
  | 'failedVolumes' | 'lastContactMs' | 'underReplicatedBlocks'>;

export function overviewOf(status: HdfsStatus, report: readonly DatanodeReport[], { clusterName, namespace }: HdfsConfig, nowMs: number): Overview {
  const { datanodes: _, formatted: __, ...counts } = status;
  return {
    ...counts, clusterName, namespace, nowMs,
    datanodes: report.map(({ name, host, rack, state, capacityBytes, usedBytes, remainingBytes, blocks, volumes, failedVolumes, lastContactMs, underReplicatedBlocks }) => ({
      name, host, rack, state, capacityBytes, usedBytes, remainingBytes, blocks, volumes, failedVolumes, lastContactMs, underReplicatedBlocks,
    })),
  };
}
