/** So many bytes per second, over all who take from it. */
import type { Clock } from '../../core/clock.ts';

/** What was not used for a while is not made up for beyond this. */
const burstMs = 100;

export class Throttle {
  readonly #clock: Clock;
  bytesPerSecond: number;
  #freeAtMs = -Infinity;

  constructor(clock: Clock, bytesPerSecond: number) {
    this.#clock = clock;
    this.bytesPerSecond = bytesPerSecond;
  }

  /** Resolves when the bytes may go. Rejects with the signal's reason. */
  async take(bytes: number, signal: AbortSignal): Promise<void> {
    const nowMs = this.#clock.nowMs();
    const startMs = Math.max(this.#freeAtMs, nowMs - burstMs);
    this.#freeAtMs = startMs + (bytes / this.bytesPerSecond) * 1000;
    if (startMs > nowMs) await this.#clock.sleep(startMs - nowMs, signal);
  }
}
