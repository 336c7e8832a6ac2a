import { open, rename } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

/**
 * A container's log on disk. Holds `bytesMax`: a full file becomes `<file>.1` (the one before is dropped) and a new one begins, as
 * a kubelet rotates. Slow disks slow the container down; nothing piles up in memory.
 */
export class PodLog {
  readonly #path: string;
  readonly #bytesMax: number;
  #file: FileHandle | undefined;
  #bytes = 0;
  /** Streams take turns. */
  #turn: Promise<void> = Promise.resolve();

  constructor(path: string, bytesMax: number) {
    this.#path = path;
    this.#bytesMax = bytesMax;
  }

  /** Takes all of `stream`. What cannot be written (a full disk) is dropped: a log must not stop its pod. */
  async drain(stream: AsyncIterable<Buffer>): Promise<void> {
    for await (const chunk of stream) {
      this.#turn = this.#turn.then(() => this.#append(chunk)).catch(() => undefined);
      await this.#turn;
    }
  }

  async close(): Promise<void> {
    await this.#turn;
    await this.#file?.close();
    this.#file = undefined;
  }

  async #append(chunk: Buffer): Promise<void> {
    if (this.#bytes + chunk.length > this.#bytesMax && this.#bytes > 0) {
      await this.#file?.close();
      this.#file = undefined;
      await rename(this.#path, `${this.#path}.1`);
    }
    if (this.#file === undefined) {
      this.#file = await open(this.#path, 'w');
      this.#bytes = 0;
    }
    await this.#file.write(chunk);
    this.#bytes += chunk.length;
  }
}
