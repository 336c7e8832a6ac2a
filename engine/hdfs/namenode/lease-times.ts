/**
 * When writers were last heard of. Not journaled: whoever becomes the active namenode treats every lease as just renewed. Times are monotonic.
 */
export interface LeaseLimits {
  /** After this another writer may take the file. */
  readonly softMs: number;
  /** After this the namenode takes it. */
  readonly hardMs: number;
}

/** HDFS's own. */
export const defaultLeaseLimits: LeaseLimits = { softMs: 60_000, hardMs: 20 * 60_000 };

export class LeaseTimes {
  readonly #limits: LeaseLimits;
  readonly #renewed = new Map<string, number>();
  #startedMs: number;

  constructor(limits: LeaseLimits, nowMs: number) {
    this.#limits = limits;
    this.#startedMs = nowMs;
  }

  /** This namenode has become active. */
  restart(nowMs: number): void {
    this.#renewed.clear();
    this.#startedMs = nowMs;
  }

  renew(client: string, nowMs: number): void {
    this.#renewed.set(client, nowMs);
  }

  isSoftExpired(client: string, nowMs: number): boolean {
    return nowMs - this.#lastMs(client) > this.#limits.softMs;
  }

  isHardExpired(client: string, nowMs: number): boolean {
    return nowMs - this.#lastMs(client) > this.#limits.hardMs;
  }

  /** Forgets writers that have no file open. */
  keep(clients: ReadonlySet<string>): void {
    for (const client of this.#renewed.keys()) {
      if (!clients.has(client)) this.#renewed.delete(client);
    }
  }

  #lastMs(client: string): number {
    return this.#renewed.get(client) ?? this.#startedMs;
  }
}
