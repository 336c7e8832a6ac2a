/** Those who wait until an offset is reached: an acknowledgement for the high watermark. */
interface Waiter {
  readonly offset: number;
  readonly deadlineMs: number;
  readonly settle: (error?: Error) => void;
}

export class OffsetWaiters {
  /** By offset; nearly always added at the end. */
  #waiting: Waiter[] = [];

  get size(): number {
    return this.#waiting.length;
  }

  /** Calls back once: without an error when `reached` is told at least `offset`. */
  add(offset: number, deadlineMs: number, settle: (error?: Error) => void): void {
    let at = this.#waiting.length;
    while (at > 0 && (this.#waiting[at - 1]?.offset ?? 0) > offset) at -= 1;
    this.#waiting.splice(at, 0, { offset, deadlineMs, settle });
  }

  reached(offset: number): void {
    let count = 0;
    while (count < this.#waiting.length && (this.#waiting[count]?.offset ?? Infinity) <= offset) count += 1;
    if (count > 0) for (const { settle } of this.#waiting.splice(0, count)) settle();
  }

  expire(nowMs: number, error: Error): void {
    const late = this.#waiting.filter(({ deadlineMs }) => deadlineMs <= nowMs);
    if (late.length === 0) return;
    this.#waiting = this.#waiting.filter(({ deadlineMs }) => deadlineMs > nowMs);
    for (const { settle } of late) settle(error);
  }

  failAll(error: Error): void {
    for (const { settle } of this.#waiting.splice(0)) settle(error);
  }
}
