/** Replicas that a datanode is to remove, in order. 16 bytes each: a directory of a million files may be deleted at once. */
export class Invalidations {
  #ids: number[] = [];
  #stamps: number[] = [];
  #head = 0;

  get size(): number {
    return this.#ids.length - this.#head;
  }

  add(id: number, generationStamp: number): void {
    this.#ids.push(id);
    this.#stamps.push(generationStamp);
  }

  take(): { readonly id: number; readonly generationStamp: number } | undefined {
    const id = this.#ids[this.#head];
    const generationStamp = this.#stamps[this.#head];
    if (id === undefined || generationStamp === undefined) return undefined;
    this.#head += 1;
    if (this.#head === this.#ids.length) {
      this.clear();
    } else if (this.#head > 100_000) {
      this.#ids = this.#ids.slice(this.#head);
      this.#stamps = this.#stamps.slice(this.#head);
      this.#head = 0;
    }
    return { id, generationStamp };
  }

  clear(): void {
    this.#ids = [];
    this.#stamps = [];
    this.#head = 0;
  }
}
