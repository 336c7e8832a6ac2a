/**
 * Streams of bytes within a connection. The receiver grants credit in bytes, so that a slow reader of one stream holds
 * up neither the others nor the sender's memory. Both ends keep a CRC-32 of all bytes and compare at the end.
 */
import { crc32 } from 'node:zlib';
import { abortReason, onAbort } from '../core/abort.ts';
import { RpcError } from './rpc-error.ts';

/** Unread bytes that a receiver takes. */
export const streamWindowBytes = 4 * 1024 * 1024;
export const streamChunkBytesMax = 256 * 1024;

/** What a sender may still send. */
export class StreamCredit {
  #bytes = streamWindowBytes;
  #wake: () => void = () => {};

  add(bytes: number): void {
    this.#bytes += bytes;
    this.#wake();
  }

  wake(): void {
    this.#wake();
  }

  async take(bytes: number, signal: AbortSignal): Promise<void> {
    while (this.#bytes < bytes) {
      if (signal.aborted) throw abortReason(signal);
      await new Promise<void>((resolve) => {
        const off = onAbort(signal, resolve);
        this.#wake = () => {
          off();
          resolve();
        };
      });
    }
    this.#bytes -= bytes;
  }
}

/** Sends all of `source` in chunks of bounded size; resolves to the checksum. */
export async function sendStream(
  source: AsyncIterable<Uint8Array>, credit: StreamCredit, signal: AbortSignal, write: (chunk: Uint8Array) => Promise<void>,
): Promise<number> {
  let checksum = 0;
  for await (const bytes of source) {
    for (let from = 0; from < bytes.length; from += streamChunkBytesMax) {
      const chunk = bytes.subarray(from, from + streamChunkBytesMax);
      await credit.take(chunk.length, signal);
      if (signal.aborted) throw abortReason(signal);
      checksum = crc32(chunk, checksum);
      await write(chunk);
    }
  }
  return checksum;
}

/** The receiving end. */
export class IncomingStream {
  readonly #grant: (bytes: number) => void;
  #queue: Buffer[] = [];
  #queuedBytes = 0;
  #checksum = 0;
  #state: 'open' | 'ended' | Error = 'open';
  #wake: () => void = () => {};

  constructor(grant: (bytes: number) => void) {
    this.#grant = grant;
  }

  /** The sender has nothing more to send. */
  get complete(): boolean {
    return this.#state === 'ended' || this.#state instanceof RpcError;
  }

  push(chunk: Buffer): void {
    if (this.#state !== 'open') return;
    this.#queue.push(chunk);
    this.#queuedBytes += chunk.length;
    this.#checksum = crc32(chunk, this.#checksum);
    if (this.#queuedBytes > streamWindowBytes) this.fail(new RpcError('Protocol', 'the sender of a stream does not keep to its credit'));
    this.#wake();
  }

  end(checksum: number): void {
    if (this.#state !== 'open') return;
    this.#state = checksum === this.#checksum ? 'ended' : new RpcError('Checksum', 'the bytes of a stream differ from those that were sent');
    this.#wake();
  }

  fail(error: Error): void {
    if (this.#state !== 'open') return;
    this.#state = error;
    this.#wake();
  }

  async *chunks(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const chunk = this.#queue.shift();
      if (chunk !== undefined) {
        this.#queuedBytes -= chunk.length;
        yield chunk;
        if (this.#state === 'open') this.#grant(chunk.length);
        continue;
      }
      if (this.#state === 'ended') return;
      if (this.#state !== 'open') throw this.#state;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
