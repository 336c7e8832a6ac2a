/** One after the other per key, in the order of the calls. */
export class KeyedLock<Key> {
  readonly #tails = new Map<Key, Promise<unknown>>();

  run<T>(key: Key, work: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(key);
    const done = before === undefined ? work() : before.then(work);
    const tail = done.catch(() => {}).then(() => {
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    });
    this.#tails.set(key, tail);
    return done;
  }
}
