/** What a namenode tells the operator of itself and its cluster (`HdfsStatus` of engine/contract.ts). */
import type { HdfsStatus } from '../../contract.ts';
import type { DatanodeReport } from '../model.ts';
import type { NameNodeContext } from './name-node-context.ts';

export function statusOf(context: NameNodeContext): HdfsStatus {
  const { blocks, clock, config, log, name, namespace } = context;
  const nowMs = clock.nowMs();
  const datanodes = blocks.datanodeReport(nowMs, clock.wallMs());
  const live = datanodes.filter((each) => each.state !== 'Dead');
  const counts = blocks.counts();
  const { leader } = log.status;
  return {
    clusterId: config.clusterId, name, role: roleOf(context), ...(leader === undefined ? {} : { active: leader }), formatted: log.status.committedIndex > 0,
    safeMode: blocks.safeModeOn ? { on: true, reason: blocks.safeModeTip(nowMs) } : { on: false },
    capacityBytes: sum(live, (each) => each.capacityBytes), usedBytes: sum(live, (each) => each.usedBytes), remainingBytes: sum(live, (each) => each.remainingBytes),
    files: namespace.files, blocks: counts.blocks, underReplicatedBlocks: counts.underReplicated, missingBlocks: counts.missing, corruptBlocks: counts.corrupt,
    pendingBlocks: counts.pending,
    datanodes: datanodes.map((each) => ({
      name: each.name, uuid: each.uuid, state: each.state, capacityBytes: each.capacityBytes, usedBytes: each.usedBytes, remainingBytes: each.remainingBytes,
      blocks: each.blocks, failedVolumes: each.failedVolumes, lastContactMs: each.lastContactMs, underReplicatedBlocks: each.underReplicatedBlocks,
    })),
    nameNodes: nameNodesOf(context),
  };
}

function sum(datanodes: readonly DatanodeReport[], of: (datanode: DatanodeReport) => number): number {
  return datanodes.reduce((total, each) => total + of(each), 0);
}

export function roleOf(context: NameNodeContext): HdfsStatus['role'] {
  if (context.isActive()) return 'active';
  const { role, leader } = context.log.status;
  return role === 'follower' && leader !== undefined ? 'standby' : 'recovering';
}

function nameNodesOf(context: NameNodeContext): HdfsStatus['nameNodes'] {
  const { config, log, name } = context;
  const { matchIndex, committedIndex } = log.status;
  if (!context.isActive()) return [];
  return config.nameNodes.map((member) => {
    if (member.name === name) return { name, role: 'active' as const, storedIndex: committedIndex, behind: 0 };
    const storedIndex = matchIndex[member.name];
    if (storedIndex === undefined) return { name: member.name, role: 'unreachable' as const, storedIndex: 0, behind: committedIndex };
    const behind = Math.max(0, committedIndex - storedIndex);
    return { name: member.name, role: 'standby' as const, storedIndex, behind };
  });
}
