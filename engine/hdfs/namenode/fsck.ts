/** `fsck`: every file below a path, and how its blocks are. Reads only; yields to other work on the way. */
import type { BlockHealth, FsckBlock, FsckFile, FsckReport } from '../admin-protocol.ts';
import { HdfsError } from '../hdfs-error.ts';
import { nameNodeIdentity, readBarrier, type NameNodeContext } from './name-node-context.ts';
import { Directory, pathOf, treeOf, type File, type FileBlock } from './namespace/inode.ts';

const entriesMax = 10_000;
const blocksPerEntryMax = 10_000;
/** So many inodes are looked at before others get their turn. */
const inodesPerTurn = 5000;

interface Totals {
  directories: number;
  files: number;
  openFiles: number;
  bytes: number;
  blocks: number;
  underReplicatedBlocks: number;
  missingBlocks: number;
  corruptBlocks: number;
  replicas: number;
  truncated: boolean;
}

/** `all`: tells of healthy files too. Rejects with `HdfsError` FileNotFoundException. */
export async function checkFiles(context: NameNodeContext, path: string, all: boolean): Promise<FsckReport> {
  await readBarrier(context);
  const start = context.namespace.tree.find(nameNodeIdentity(context), path).inode;
  if (start === undefined) throw new HdfsError('FileNotFoundException', `File does not exist: ${path}`);
  const totals: Totals = {
    directories: 0, files: 0, openFiles: 0, bytes: 0, blocks: 0, underReplicatedBlocks: 0, missingBlocks: 0, corruptBlocks: 0, replicas: 0, truncated: false,
  };
  const entries: FsckFile[] = [];
  let seen = 0;
  for (const inode of treeOf(start)) {
    if (inode instanceof Directory) totals.directories += 1;
    else checkFile(context, inode, all, totals, entries);
    seen += 1;
    // Not before the inode was looked at: it may be gone afterwards.
    if (seen % inodesPerTurn === 0) await context.clock.sleep(0);
  }
  const healthy = totals.missingBlocks === 0 && totals.corruptBlocks === 0 && totals.underReplicatedBlocks === 0;
  return { path, healthy, ...totals, entries };
}

function checkFile(context: NameNodeContext, file: File, all: boolean, totals: Totals, entries: FsckFile[]): void {
  const blocks = file.blocks.map((block) => checkBlock(context, file, block));
  count(totals, file, blocks);
  if (!all && blocks.every((each) => each.health === 'healthy' || each.health === 'beingWritten')) return;
  if (entries.length >= entriesMax || blocks.length > blocksPerEntryMax) totals.truncated = true;
  else entries.push({ path: pathOf(file), bytes: file.bytes, replication: file.layout.replication, open: file.construction !== undefined, blocks });
}

function checkBlock(context: NameNodeContext, file: File, { id, generationStamp, bytes, committed }: FileBlock): FsckBlock {
  const replicas = context.blocks.replicasOf(id).map(({ datanode, state }) => ({ datanode: datanode.name, host: datanode.host, rack: datanode.rack, state }));
  const good = replicas.filter((each) => each.state === 'Good').length;
  const bad = replicas.some((each) => each.state === 'Corrupt' || each.state === 'Stale');
  const health: BlockHealth = !committed ? 'beingWritten' : good === 0 ? (bad ? 'corrupt' : 'missing') : good < file.layout.replication ? 'underReplicated' : 'healthy';
  return { id, generationStamp, bytes, health, expectedReplicas: file.layout.replication, replicas };
}

function count(totals: Totals, file: File, blocks: readonly FsckBlock[]): void {
  totals.files += 1;
  totals.openFiles += file.construction === undefined ? 0 : 1;
  totals.bytes += file.bytes;
  totals.blocks += blocks.length;
  for (const { health, replicas } of blocks) {
    if (health === 'underReplicated') totals.underReplicatedBlocks += 1;
    if (health === 'missing') totals.missingBlocks += 1;
    if (health === 'corrupt') totals.corruptBlocks += 1;
    totals.replicas += replicas.filter((each) => each.state === 'Good').length;
  }
}
