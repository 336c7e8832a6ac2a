/** Replicas that are on their way: copies that were ordered, and those of a block just written that its datanodes have yet to report. */

export interface CopyOrder {
  readonly targets: readonly number[];
  readonly deadlineMs: number;
  /** Who sends; undefined for what a writer's pipeline has written. */
  readonly source?: number | undefined;
  readonly bytes: number;
}

interface Pending {
  readonly targets: Set<number>;
  readonly deadlineMs: number;
  readonly source: number | undefined;
  readonly bytes: number;
}

const none: ReadonlySet<number> = new Set();

export class PendingCopies {
  readonly #blocks = new Map<number, Pending>();
  #copies = 0;
  readonly #outgoing = new Map<number, { count: number; bytes: number }>();

  /** Blocks that are being copied from one datanode to another. */
  get copies(): number {
    return this.#copies;
  }

  /** Takes the place of what was pending for the block. */
  add(id: number, order: CopyOrder): void {
    const before = this.#blocks.get(id);
    this.drop(id);
    this.#blocks.set(id, { ...order, targets: new Set([...(before?.targets ?? []), ...order.targets]), source: order.source });
    if (order.source !== undefined) this.#count(order.source, 1, order.bytes);
  }

  /** Indexes of datanodes. */
  targets(id: number): ReadonlySet<number> {
    return this.#blocks.get(id)?.targets ?? none;
  }

  /** How many replicas the block's writer has written that are yet to be reported; 0 while it is being copied. */
  awaited(id: number): number {
    const pending = this.#blocks.get(id);
    return pending === undefined || pending.source !== undefined ? 0 : pending.targets.size;
  }

  /** Copies that the datanode has been told to send and that have not arrived. */
  outgoing(source: number): { readonly count: number; readonly bytes: number } {
    return this.#outgoing.get(source) ?? { count: 0, bytes: 0 };
  }

  /** The replica has come, or never will. */
  settle(id: number, target: number): void {
    const pending = this.#blocks.get(id);
    if (pending === undefined) return;
    pending.targets.delete(target);
    if (pending.targets.size === 0) this.drop(id);
  }

  drop(id: number): void {
    const pending = this.#blocks.get(id);
    if (pending === undefined) return;
    this.#blocks.delete(id);
    if (pending.source !== undefined) this.#count(pending.source, -1, -pending.bytes);
  }

  /** Nothing comes to this datanode or from it any more; the blocks that waited for it. */
  dropDatanode(datanode: number): number[] {
    const blocks = [...this.#blocks].filter(([, pending]) => pending.source === datanode || pending.targets.has(datanode));
    for (const [id, pending] of blocks) {
      if (pending.source === datanode) this.drop(id);
      else this.settle(id, datanode);
    }
    return blocks.map(([id]) => id);
  }

  /** Takes out and returns the blocks whose copies did not come in time. */
  expire(nowMs: number): number[] {
    const late = [...this.#blocks].filter(([, pending]) => pending.deadlineMs <= nowMs).map(([id]) => id);
    for (const id of late) this.drop(id);
    return late;
  }

  clear(): void {
    this.#blocks.clear();
    this.#outgoing.clear();
    this.#copies = 0;
  }

  #count(source: number, count: number, bytes: number): void {
    this.#copies += count;
    const before = this.outgoing(source);
    if (before.count + count <= 0) this.#outgoing.delete(source);
    else this.#outgoing.set(source, { count: before.count + count, bytes: before.bytes + bytes });
  }
}
