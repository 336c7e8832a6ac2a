/** Brings a datanode that joins a pipeline to the length that the others have. */
import type { Packet } from '../block-transfer.ts';
import type { Block, DatanodeAddress } from '../model.ts';
import { checksumsOf } from './chunk-checksums.ts';
import type { DataAccess } from './data-access.ts';
import { ReplicaError } from './replica-error.ts';

export interface PrefixCopy {
  readonly from: readonly DatanodeAddress[];
  readonly to: DatanodeAddress;
  /** As the others have it; its length is what is copied. */
  readonly source: Block;
  /** The stamp that the new replica gets. */
  readonly target: Block;
}

const pieceBytes = 1024 * 1024;

/** Rejects when it cannot be done; the other datanodes are as before then. */
export async function copyPrefix(access: DataAccess, { from, to, source, target }: PrefixCopy): Promise<void> {
  const transfer = access.peer(to, 0);
  checkAnswer(to, (await transfer.openWrite({ stage: 'create', block: { ...target, bytes: 0 }, downstream: [] })).failed);
  for (let offset = 0; offset < source.bytes; offset += pieceBytes) {
    const data = await readAny(access, from, source, offset, Math.min(pieceBytes, source.bytes - offset));
    const packet: Packet = { blockId: target.id, generationStamp: target.generationStamp, offset, data, checksums: checksumsOf(data), durability: 'flush' };
    checkAnswer(to, (await transfer.writePacket(packet)).failed);
  }
}

function checkAnswer(to: DatanodeAddress, failed: string): void {
  if (failed !== '') throw new ReplicaError('DiskFailed', `${to.name} could not take a copy`);
}

/** Exactly so many bytes, of whoever gives them. */
export async function readAny(access: DataAccess, from: readonly DatanodeAddress[], block: Block, offset: number, length: number): Promise<Uint8Array> {
  let last: unknown;
  for (const node of from) {
    try {
      const data = await access.peer(node, 0).readBlock(block, offset, length);
      if (data.length === length) return data;
      last = new ReplicaError('ReplicaNotFound', `${node.name} has only ${offset + data.length} bytes of block ${block.id}`);
    } catch (error) {
      if (error instanceof ReplicaError && error.code === 'ReplicaCorrupt') access.reportBad(block, node.uuid);
      last = error;
    }
  }
  throw last ?? new ReplicaError('ReplicaNotFound', `nobody has block ${block.id}`);
}
