/**
 * The order of what changes a log. Shared work (an append, a flush) starts in the order of the calls and may run on beside what starts later; exclusive
 * work (a truncation) begins when all that started before it has ended, and nothing starts until it ends. What waits is bounded by who calls: a broker
 * reads no more requests than it has memory for.
 */
interface Waiting {
  readonly exclusive: boolean;
  readonly start: () => void;
}

export class Turns {
  /** Resolves when the shared work that has started is done. */
  readonly #quiet: () => Promise<void>;
  readonly #waiting: Waiting[] = [];
  #exclusive = false;

  constructor(quiet: () => Promise<void>) {
    this.#quiet = quiet;
  }

  /** `start` runs before this returns when nothing waits. */
  shared<T>(start: () => Promise<T>): Promise<T> {
    if (!this.#exclusive && this.#waiting.length === 0) return start();
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    this.#waiting.push({ exclusive: false, start: () => start().then(resolve, reject) });
    return promise;
  }

  exclusive<T>(work: () => Promise<T>): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const run = async (): Promise<void> => {
      try {
        await this.#quiet();
        resolve(await work());
      } catch (error) {
        reject(error);
      } finally {
        this.#exclusive = false;
        this.#next();
      }
    };
    this.#waiting.push({ exclusive: true, start: () => void run() });
    this.#next();
    return promise;
  }

  #next(): void {
    while (!this.#exclusive) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#exclusive = next.exclusive;
      next.start();
    }
  }
}
