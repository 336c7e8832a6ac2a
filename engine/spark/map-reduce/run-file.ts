/**
 * Sorted runs: groups of a key and its values in a file, or in a part of one. A group is
 *
 *   key length (varint), key, entries (varint), then for each: length (varint), repetitions (varint), value
 *
 * so that a value which follows itself many times is kept once. Read and written synchronously: a task has a process of its own, which has
 * nothing else to do meanwhile, and reducers read values from plain iterators.
 */
import { closeSync, openSync, readSync, writeSync } from 'node:fs';

export interface Segment {
  readonly path: string;
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

const bufferBytes = 256 * 1024;
const readerBytes = 64 * 1024;

export class RunWriter {
  readonly path: string;
  readonly #fd: number;
  readonly #buffer = Buffer.allocUnsafe(bufferBytes);
  #filled = 0;
  #written = 0;

  constructor(path: string) {
    this.path = path;
    this.#fd = openSync(path, 'w');
  }

  /** Where the next group will begin. */
  get position(): number {
    return this.#written + this.#filled;
  }

  group(key: Buffer, from: number, to: number, entries: number): void {
    this.#varint(to - from);
    this.#bytes(key, from, to);
    this.#varint(entries);
  }

  entry(value: Buffer, from: number, to: number, repetitions: number): void {
    this.#varint(to - from);
    this.#varint(repetitions);
    this.#bytes(value, from, to);
  }

  close(): void {
    try {
      this.#flush();
    } finally {
      closeSync(this.#fd);
    }
  }

  #varint(value: number): void {
    if (this.#filled + 8 > bufferBytes) this.#flush();
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.#buffer[this.#filled++] = (rest % 0x80) | 0x80;
    this.#buffer[this.#filled++] = rest;
  }

  #bytes(data: Buffer, from: number, to: number): void {
    if (to - from > bufferBytes - this.#filled) this.#flush();
    if (to - from > bufferBytes) {
      writeAll(this.#fd, data.subarray(from, to));
      this.#written += to - from;
      return;
    }
    data.copy(this.#buffer, this.#filled, from, to);
    this.#filled += to - from;
  }

  #flush(): void {
    writeAll(this.#fd, this.#buffer.subarray(0, this.#filled));
    this.#written += this.#filled;
    this.#filled = 0;
  }
}

export function writeAll(fd: number, data: Buffer): void {
  for (let done = 0; done < data.length;) done += writeSync(fd, data, done);
}

/** One pass over a segment: `nextGroup`, then `nextEntry` until it is false; entries that are not asked for are passed over. */
export class RunReader {
  /** Valid until `nextGroup` is called again. */
  key: Buffer = Buffer.alloc(0);
  /** Valid until the next call. */
  value: Buffer = Buffer.alloc(0);
  repetitions = 0;
  /** Of the group that were not read yet. */
  entries = 0;
  readonly #fd: number;
  readonly #path: string;
  #at: number;
  readonly #end: number;
  #buffer = Buffer.allocUnsafe(readerBytes);
  #next = 0;
  #filled = 0;

  constructor({ path, from, to }: Segment) {
    this.#path = path;
    this.#fd = openSync(path, 'r');
    this.#at = from;
    this.#end = to;
  }

  nextGroup(): boolean {
    while (this.nextEntry());
    if (this.#next === this.#filled && this.#at >= this.#end) return false;
    this.key = Buffer.from(this.#take(this.#varint()));
    this.entries = this.#varint();
    return true;
  }

  nextEntry(): boolean {
    if (this.entries === 0) return false;
    this.entries -= 1;
    const bytes = this.#varint();
    this.repetitions = this.#varint();
    this.value = this.#take(bytes);
    return true;
  }

  close(): void {
    closeSync(this.#fd);
  }

  #varint(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 0x80) {
      if (this.#next === this.#filled) this.#fill(1);
      const byte = this.#buffer[this.#next++] as number;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  }

  #take(bytes: number): Buffer {
    if (this.#filled - this.#next < bytes) this.#fill(bytes);
    this.#next += bytes;
    return this.#buffer.subarray(this.#next - bytes, this.#next);
  }

  /** Reads on until `bytes` are there. Views handed out before lose their meaning. */
  #fill(bytes: number): void {
    const rest = this.#filled - this.#next;
    const target = bytes > this.#buffer.length ? Buffer.allocUnsafe(bytes + readerBytes) : this.#buffer;
    this.#buffer.copy(target, 0, this.#next, this.#filled);
    this.#buffer = target;
    this.#next = 0;
    this.#filled = rest;
    while (this.#filled < bytes) {
      const read = readSync(this.#fd, this.#buffer, this.#filled, Math.min(this.#buffer.length - this.#filled, this.#end - this.#at), this.#at);
      if (read === 0) throw new Error(`the run ${this.#path} ends too early`);
      this.#filled += read;
      this.#at += read;
    }
  }
}
