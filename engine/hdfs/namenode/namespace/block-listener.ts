/** What the name space tells the block manager, on every namenode, in the order of the journal. Called while an operation is applied: must not throw. */
import type { Block } from '../../model.ts';

export interface BlockListener {
  /** Allocated, or read from an image. `committed`: its length is final. */
  addBlock(block: Block & { readonly fileId: number; readonly replication: number; readonly committed: boolean }): void;
  commitBlock(block: Block): void;
  /** A final block is written again (append, truncate, recovery), under this stamp. */
  reopenBlock(block: Block): void;
  /** Of a block that is being written. */
  changeStamp(block: Block): void;
  removeBlock(id: number): void;
  changeReplication(id: number, replication: number): void;
  /** Concatenated into another file. */
  moveBlock(id: number, fileId: number): void;
  /** The whole state is about to be replaced by an image's. */
  clearBlocks(): void;
}

export const silentBlockListener: BlockListener = {
  addBlock: () => {}, commitBlock: () => {}, reopenBlock: () => {}, changeStamp: () => {}, removeBlock: () => {}, changeReplication: () => {}, moveBlock: () => {},
  clearBlocks: () => {},
};
