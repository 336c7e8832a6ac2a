/** One registered executor as the driver sees it: its connection, what it has been told, what it has done. */
import type { DriverStatus } from '../../contract.ts';
import type { Clock } from '../../core/clock.ts';
import type { ExecutorId, JobId } from '../../core/ids.ts';
import { RpcError } from '../../net/rpc-error.ts';
import type { RpcConnection } from '../../net/connection.ts';
import type { StageId } from '../physical/stage.ts';
import type { Address } from './messages.ts';

export class ExecutorLink {
  readonly id: ExecutorId;
  readonly slots: number;
  readonly blocks: Address;
  readonly connection: RpcConnection;
  /** It said goodbye: the end of the connection is no failure. */
  leaving = false;
  readonly #clock: Clock;
  readonly #knownStages = new Set<string>();
  readonly #shuffleBytes = new Map<JobId, number>();
  /** Sends run one after the other, so that a stage is known before its tasks come. */
  #outbox: Promise<void> = Promise.resolve();
  #running = 0;
  #completed = 0;
  #failed = 0;
  #idleSinceMs: number | null;

  constructor(id: ExecutorId, slots: number, blocks: Address, connection: RpcConnection, clock: Clock) {
    this.id = id;
    this.slots = slots;
    this.blocks = blocks;
    this.connection = connection;
    this.#clock = clock;
    this.#idleSinceMs = clock.wallMs();
  }

  /** In order of the calls. A connection that has ended is noticed elsewhere; a message too long ends it. */
  send(method: string, body: unknown): void {
    this.#outbox = this.#outbox.then(() => this.connection.send(method, body)).catch((error: unknown) => {
      if (error instanceof RpcError && error.code === 'Closed') return;
      this.connection.close(`a message could not be sent: ${error instanceof Error ? error.message : String(error)}`);
    });
  }

  /** Resolves when all that was sent so far is on its way. */
  async flushed(): Promise<void> {
    await this.#outbox;
  }

  /** True the first time. */
  learnsStage(job: JobId, stage: StageId): boolean {
    const key = `${job}/${stage}`;
    if (this.#knownStages.has(key)) return false;
    this.#knownStages.add(key);
    return true;
  }

  taskStarted(): void {
    this.#running += 1;
    this.#idleSinceMs = null;
  }

  taskEnded(outcome: 'completed' | 'failed'): void {
    this.#running = Math.max(0, this.#running - 1);
    if (outcome === 'completed') this.#completed += 1;
    else this.#failed += 1;
    if (this.#running === 0) this.#idleSinceMs = this.#clock.wallMs();
  }

  holds(job: JobId, bytes: number): void {
    this.#shuffleBytes.set(job, (this.#shuffleBytes.get(job) ?? 0) + bytes);
  }

  jobEnded(job: JobId): void {
    this.#shuffleBytes.delete(job);
    for (const key of this.#knownStages) {
      if (key.startsWith(`${job}/`)) this.#knownStages.delete(key);
    }
  }

  status(): DriverStatus['executors'][number] {
    return {
      id: this.id, address: `${this.blocks.host}:${this.blocks.port}`, slots: this.slots, runningTasks: this.#running, completedTasks: this.#completed,
      failedTasks: this.#failed, shuffleBytes: [...this.#shuffleBytes.values()].reduce((sum, bytes) => sum + bytes, 0), idleSinceMs: this.#idleSinceMs,
    };
  }
}
