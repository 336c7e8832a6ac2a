/** The file that a task of the last stage writes: lines, to a local path at once, to a store through a file in the scratch directory. */
import { closeSync, createReadStream, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FileSystem } from '../../storage/file-system.ts';
import { writeAll } from './run-file.ts';

const bufferBytes = 256 * 1024;
const newline = 10;

export class OutputFile {
  readonly #files: FileSystem;
  readonly #path: string;
  readonly #local: string;
  readonly #fd: number;
  readonly #buffer = Buffer.allocUnsafe(bufferBytes);
  #filled = 0;
  #last = newline;
  bytes = 0;
  records = 0;

  constructor(files: FileSystem, path: string, scratchDirectory: string) {
    this.#files = files;
    this.#path = path;
    this.#local = files.isLocal(path) ? files.toLocal(path) : join(scratchDirectory, 'part');
    mkdirSync(dirname(this.#local), { recursive: true });
    this.#fd = openSync(this.#local, 'w');
  }

  /** Lines, cut anywhere. */
  write(chunk: Buffer): void {
    if (chunk.length === 0) return;
    for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, at + 1)) this.records += 1;
    this.#last = chunk.at(-1) as number;
    this.bytes += chunk.length;
    if (chunk.length > bufferBytes - this.#filled) this.#flush();
    if (chunk.length > bufferBytes) return writeAll(this.#fd, chunk);
    chunk.copy(this.#buffer, this.#filled);
    this.#filled += chunk.length;
    return undefined;
  }

  writeText(text: string): void {
    // Most lines are short: straight into the buffer.
    if (text.length * 3 > bufferBytes) return this.write(Buffer.from(text));
    if (text.length * 3 > bufferBytes - this.#filled) this.#flush();
    const written = this.#buffer.write(text, this.#filled, 'utf8');
    this.#filled += written;
    this.bytes += written;
    this.records += 1;
    this.#last = newline;
    return undefined;
  }

  /** Durable, or in the store, when it resolves. */
  async finish(signal: AbortSignal): Promise<void> {
    if (this.#last !== newline) this.write(Buffer.from('\n'));
    this.#flush();
    fsyncSync(this.#fd);
    closeSync(this.#fd);
    if (this.#files.isLocal(this.#path)) return;
    await this.#files.makeDirectory(this.#path.slice(0, this.#path.lastIndexOf('/')));
    await this.#files.writeStream(this.#path, createReadStream(this.#local, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>, signal);
  }

  #flush(): void {
    writeAll(this.#fd, this.#buffer.subarray(0, this.#filled));
    this.#filled = 0;
  }
}
