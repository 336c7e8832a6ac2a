/** Blocks that are being written, and which datanodes say what of them. Their number is that of open files. */
import type { ReplicaReport, ReplicaState } from '../../datanode-protocol.ts';

export interface ConstructedReplica {
  readonly datanode: number;
  readonly generationStamp: number;
  readonly bytes: number;
  /** `Expected`: chosen for the pipeline, not heard of yet. */
  readonly state: ReplicaState | 'Expected';
}

export class Constructions {
  readonly #blocks = new Map<number, Map<number, ConstructedReplica>>();

  get size(): number {
    return this.#blocks.size;
  }

  begin(id: number, replicas: readonly ConstructedReplica[]): void {
    this.#blocks.set(id, new Map(replicas.map((each) => [each.datanode, each])));
  }

  /** Takes the block out with what was known of it. */
  end(id: number): readonly ConstructedReplica[] {
    const replicas = this.replicas(id);
    this.#blocks.delete(id);
    return replicas;
  }

  replicas(id: number): readonly ConstructedReplica[] {
    return [...(this.#blocks.get(id)?.values() ?? [])];
  }

  report(datanode: number, replica: ReplicaReport): void {
    const replicas = this.#blocks.get(replica.id);
    if (replicas === undefined) return;
    const before = replicas.get(datanode);
    // What was sent before a pipeline was mended may come after it.
    if (before !== undefined && before.state !== 'Expected' && before.generationStamp > replica.generationStamp) return;
    const { generationStamp, bytes, state } = replica;
    replicas.set(datanode, { datanode, generationStamp, bytes, state });
  }

  /** The pipeline is these datanodes now. What they have said of the new version stays. */
  expect(id: number, generationStamp: number, datanodes: readonly number[]): void {
    const before = this.#blocks.get(id);
    if (before === undefined) return;
    const next = datanodes.map((datanode): ConstructedReplica => {
      const known = before.get(datanode);
      return known !== undefined && known.generationStamp === generationStamp ? known : { datanode, generationStamp, bytes: known?.bytes ?? 0, state: 'Expected' };
    });
    this.#blocks.set(id, new Map(next.map((each) => [each.datanode, each])));
  }

  drop(id: number, datanode: number): void {
    this.#blocks.get(id)?.delete(datanode);
  }

  dropDatanode(datanode: number): void {
    for (const replicas of this.#blocks.values()) replicas.delete(datanode);
  }

  blocksOn(datanode: number): number[] {
    return [...this.#blocks].filter(([, replicas]) => replicas.has(datanode)).map(([id]) => id);
  }

  clear(): void {
    this.#blocks.clear();
  }
}

/** The replicas that have the newest version anyone has told of. */
export function newestOf(replicas: readonly ConstructedReplica[]): readonly ConstructedReplica[] {
  const newest = replicas.reduce((most, each) => Math.max(most, each.generationStamp), 0);
  return replicas.filter((each) => each.generationStamp === newest);
}
