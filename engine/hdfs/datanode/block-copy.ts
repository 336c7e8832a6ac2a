/** Copies a final replica to other datanodes, as the namenode orders it. */
import { throwIfAborted } from '../../core/abort.ts';
import type { Packet } from '../block-transfer.ts';
import type { Block, DatanodeAddress } from '../model.ts';
import type { BlockStore } from './block-store.ts';
import { checksumsOf } from './chunk-checksums.ts';
import type { DataAccess } from './data-access.ts';
import { ReplicaError } from './replica-error.ts';
import type { Throttle } from './throttle.ts';

const pieceBytes = 1024 * 1024;
/** Packets under way. */
const ahead = 4;

/** Rejects with `ReplicaError` or `RpcError`; targets that have not got all of it keep nothing. */
export async function copyBlock(access: DataAccess, store: BlockStore, block: Block, targets: readonly DatanodeAddress[], throttle: Throttle, signal: AbortSignal): Promise<void> {
  const [first, ...downstream] = targets;
  if (first === undefined) return;
  const replica = store.get(block.id);
  if (replica?.state !== 'Finalized' || replica.generationStamp !== block.generationStamp || replica.bytes !== block.bytes) {
    throw new ReplicaError('ReplicaNotFound', `there is no final replica of block ${block.id} with stamp ${block.generationStamp} and ${block.bytes} bytes`);
  }
  const transfer = access.peer(first, downstream.length);
  const check = ({ failed }: { readonly failed: string }): void => {
    if (failed !== '') throw new ReplicaError('DiskFailed', `block ${block.id} could not be copied: datanode ${targets.find((each) => each.uuid === failed)?.name ?? failed} failed`);
  };
  check(await transfer.openWrite({ stage: 'transfer', block: { ...block, bytes: 0 }, downstream }));
  const underWay: Promise<void>[] = [];
  try {
    for (let offset = 0; offset < block.bytes; offset += pieceBytes) {
      throwIfAborted(signal);
      const length = Math.min(pieceBytes, block.bytes - offset);
      await throttle.take(length * targets.length, signal);
      const data = await store.read(block, offset, length);
      const packet: Packet = { blockId: block.id, generationStamp: block.generationStamp, offset, data, checksums: checksumsOf(data), durability: 'none' };
      underWay.push(transfer.writePacket(packet).then(check));
      underWay.at(-1)?.catch(() => {});
      if (underWay.length >= ahead) await underWay.shift();
    }
    await Promise.all(underWay);
  } finally {
    await Promise.allSettled(underWay);
  }
  check(await transfer.finalize(block));
}
