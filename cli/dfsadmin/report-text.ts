/** What the commands of an administrator print. */
import type { HdfsStatus } from '../../engine/contract.ts';
import type { FsckFile, FsckReport } from '../../engine/hdfs/admin-protocol.ts';
import { humanBytes, table } from '../dfs/format.ts';

export function reportText(status: HdfsStatus, nowMs: number): readonly string[] {
  const share = status.capacityBytes === 0 ? 0 : (status.usedBytes / status.capacityBytes) * 100;
  const count = (state: string): number => status.datanodes.filter((each) => each.state === state).length;
  return [
    `Cluster:            ${status.clusterId}`,
    `Active namenode:    ${status.name}`,
    `Safe mode:          ${status.safeMode.on ? `ON: ${status.safeMode.reason ?? ''}` : 'OFF'}`,
    `Capacity:           ${humanBytes(status.capacityBytes)} (${status.capacityBytes} bytes)`,
    `Used:               ${humanBytes(status.usedBytes)} (${share.toFixed(2)} %)`,
    `Remaining:          ${humanBytes(status.remainingBytes)}`,
    `Files, blocks:      ${status.files}, ${status.blocks}`,
    `Under-replicated:   ${status.underReplicatedBlocks}`,
    `Missing, corrupt:   ${status.missingBlocks}, ${status.corruptBlocks}`,
    '',
    ...table([['NAMENODE', 'ROLE', 'BEHIND'], ...status.nameNodes.map(({ name, role, behind }) => [name, role, String(behind)])], [2]),
    '',
    `Datanodes:          ${count('Live')} live, ${count('Decommissioning')} decommissioning, ${count('Decommissioned')} decommissioned, ${count('Dead')} dead`,
    ...table([
      ['DATANODE', 'STATE', 'CAPACITY', 'USED', 'REMAINING', 'BLOCKS', 'FAILED VOLUMES', 'LAST CONTACT'],
      ...status.datanodes.toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true })).map((each) => [
        each.name, each.state, humanBytes(each.capacityBytes), humanBytes(each.usedBytes), humanBytes(each.remainingBytes), String(each.blocks), String(each.failedVolumes),
        `${Math.max(0, Math.round((nowMs - each.lastContactMs) / 1000))} s ago`,
      ]),
    ], [2, 3, 4, 5, 6]),
  ];
}

export interface FsckDetail {
  readonly files: boolean;
  readonly blocks: boolean;
  readonly locations: boolean;
}

export function fsckText(report: FsckReport, detail: FsckDetail): readonly string[] {
  return [
    ...report.entries.flatMap((file) => fileText(file, detail)),
    ...(report.truncated ? ['… there are more; the counts are of all'] : []),
    '',
    `Status: ${report.healthy ? 'HEALTHY' : 'CORRUPT OR UNDER-REPLICATED'}`,
    ` Directories:              ${report.directories}`,
    ` Files:                    ${report.files} (${report.openFiles} open)`,
    ` Bytes:                    ${report.bytes}`,
    ` Blocks:                   ${report.blocks}`,
    ` Replicas:                 ${report.replicas}`,
    ` Under-replicated blocks:  ${report.underReplicatedBlocks}`,
    ` Missing blocks:           ${report.missingBlocks}`,
    ` Corrupt blocks:           ${report.corruptBlocks}`,
    '',
    `The file system under ${report.path} is ${report.healthy ? 'healthy' : 'not healthy'}.`,
  ];
}

function fileText(file: FsckFile, detail: FsckDetail): readonly string[] {
  const wrong = file.blocks.filter(({ health }) => health !== 'healthy' && health !== 'beingWritten');
  const line = `${file.path} ${file.bytes} bytes, replication ${file.replication}, ${file.blocks.length} block(s)${file.open ? ', open for writing' : ''}:  ${wrong.length === 0 ? 'OK' : [...new Set(wrong.map(({ health }) => health))].join(', ')}`;
  if (!detail.blocks && !detail.locations) return detail.files || wrong.length > 0 ? [line] : [];
  return [line, ...file.blocks.map((block, i) => {
    const at = detail.locations ? ` [${block.replicas.map(({ datanode, rack, state }) => `${rack}/${datanode}${state === 'Good' ? '' : ` (${state})`}`).join(', ')}]` : '';
    return `${i}. blk_${block.id}_${block.generationStamp} len=${block.bytes} ${block.health} repl=${block.replicas.filter(({ state }) => state === 'Good').length}/${block.expectedReplicas}${at}`;
  })];
}
