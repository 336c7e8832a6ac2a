/** Applies committed entries in order, answers their proposers, and says when a snapshot is due. */
import type { LogStore } from './log-store.ts';
import { LogError, type StateMachine } from './replicated-log.ts';
import type { SnapshotId } from './snapshot-store.ts';

interface Proposer {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

const readBytes = 1024 * 1024;

export class Applier {
  readonly #stateMachine: StateMachine;
  readonly #store: LogStore;
  readonly #proposers = new Map<number, Proposer & { readonly term: number }>();
  #barriers: { readonly index: number; readonly onApplied: () => void }[] = [];
  commitIndex = 0;
  #applied = 0;
  #bytesSinceSnapshot = 0;
  #running = false;
  #snapshotting = false;

  constructor(stateMachine: StateMachine, store: LogStore) {
    this.#stateMachine = stateMachine;
    this.#store = store;
  }

  get appliedIndex(): number {
    return this.#applied;
  }

  get busy(): boolean {
    return this.#running || this.#snapshotting;
  }

  get hasWork(): boolean {
    return !this.#running && Math.min(this.commitIndex, this.#store.lastIndex) > this.#applied;
  }

  /** The state as of a snapshot. */
  async restore(snapshot: SnapshotId): Promise<void> {
    await this.#stateMachine.restore(this.#store.snapshots.read(snapshot));
    this.#applied = snapshot.index;
    this.commitIndex = Math.max(this.commitIndex, snapshot.index);
    this.#bytesSinceSnapshot = 0;
    this.#passBarriers();
  }

  await(index: number, term: number, proposer: Proposer): void {
    this.#proposers.set(index, { resolve: proposer.resolve, reject: proposer.reject, term });
  }

  rejectAll(error: LogError): void {
    for (const proposer of this.#proposers.values()) proposer.reject(error);
    this.#proposers.clear();
  }

  whenApplied(index: number, onApplied: () => void): void {
    if (index <= this.#applied) onApplied();
    else this.#barriers.push({ index, onApplied });
  }

  /** `onStep` is called between batches. */
  async run(onStep: () => void): Promise<void> {
    this.#running = true;
    try {
      for (;;) {
        const to = Math.min(this.commitIndex, this.#store.lastIndex);
        if (to <= this.#applied) return;
        const entries = await this.#store.read(this.#applied + 1, to, readBytes);
        if (entries[0]?.index !== this.#applied + 1) throw new LogError('Corrupt', `the log has no entry ${this.#applied + 1}, which is committed`);
        for (const { index, term, kind, data } of entries) {
          const proposer = this.#proposers.get(index);
          this.#proposers.delete(index);
          const value = kind === 'data' ? this.#stateMachine.apply(data, index) : undefined;
          this.#applied = index;
          this.#bytesSinceSnapshot += data.length;
          if (proposer === undefined) continue;
          if (proposer.term !== term) proposer.reject(new LogError('Unknown', 'another entry took the place of this one'));
          else if (value instanceof Error) proposer.reject(value);
          else proposer.resolve(value);
        }
        this.#passBarriers();
        onStep();
      }
    } finally {
      this.#running = false;
    }
  }

  /** When enough has been applied since the last one, and none is being written. */
  startSnapshot(everyBytes: number): { readonly id: SnapshotId; readonly pieces: AsyncIterable<Uint8Array> } | undefined {
    const term = this.#store.terms.termAt(this.#applied);
    if (this.#snapshotting || term === undefined || this.#bytesSinceSnapshot < everyBytes) return undefined;
    this.#snapshotting = true;
    this.#bytesSinceSnapshot = 0;
    return { id: { index: this.#applied, term }, pieces: this.#stateMachine.snapshot() };
  }

  endSnapshot(): void {
    this.#snapshotting = false;
  }

  #passBarriers(): void {
    const passed = this.#barriers.filter(({ index }) => index <= this.#applied);
    if (passed.length === 0) return;
    this.#barriers = this.#barriers.filter(({ index }) => index > this.#applied);
    for (const { onApplied } of passed) onApplied();
  }
}
