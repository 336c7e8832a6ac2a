/** A replicated log of one member in memory, for tests of what stands on it. */
import { LogError, type LogStatus, type ReplicatedLog, type StateMachine } from '../../../quorum/replicated-log.ts';

export class LocalLog implements ReplicatedLog {
  readonly entries: Uint8Array[] = [];
  readonly #machine: StateMachine;
  readonly #listeners = new Set<(status: LogStatus) => void>();
  #role: LogStatus['role'] = 'leader';
  #term = 1;
  #closed = false;

  constructor(machine: StateMachine) {
    this.#machine = machine;
  }

  get status(): LogStatus {
    const index = this.entries.length;
    return { role: this.#role, term: this.#term, leader: this.#role === 'leader' ? 'nn-0' : undefined, committedIndex: index, appliedIndex: index, matchIndex: { 'nn-0': index } };
  }

  async propose(entry: Uint8Array): Promise<unknown> {
    await Promise.resolve();
    if (this.#closed) throw new LogError('Closed', 'closed');
    if (this.#role !== 'leader') throw new LogError('NotLeader', 'not the leader');
    this.entries.push(entry);
    return this.#machine.apply(entry, this.entries.length);
  }

  async readBarrier(): Promise<void> {
    if (this.#role !== 'leader') throw new LogError('NotLeader', 'not the leader');
  }

  onStatus(listener: (status: LogStatus) => void): () => void {
    this.#listeners.add(listener);
    listener(this.status);
    return () => this.#listeners.delete(listener);
  }

  async transferLeadership(): Promise<void> {
    throw new LogError('TimedOut', 'nobody else is there');
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  /** As if another member led for a while. */
  setRole(role: LogStatus['role']): void {
    this.#role = role;
    this.#term += 1;
    for (const listener of this.#listeners) listener(this.status);
  }
}
