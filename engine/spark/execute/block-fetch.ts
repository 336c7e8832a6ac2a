/** Fetching blocks from other executors: one connection to each, one stream for all blocks that a task wants of it. */
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize } from 'node:v8';
import { crc32 } from 'node:zlib';
import { abortReason } from '../../core/abort.ts';
import { dialRpc, type DialOptions } from '../../net/dial.ts';
import type { RpcConnection } from '../../net/connection.ts';
import { RpcError } from '../../net/rpc-error.ts';
import { blocksHeaderBytesMax, blocksHeaderSchema, call, type Address, type BlocksHeader, type BlocksRequest } from '../schedule/messages.ts';

/** Outputs that could not be had; the scheduler makes them again. */
export class FetchError extends Error {
  override readonly name = 'FetchError';
  readonly missing: readonly { readonly stage: number; readonly task: number; readonly attempt: number }[];

  constructor(stage: number, outputs: readonly { readonly task: number; readonly attempt: number }[], message: string, cause?: unknown) {
    super(message, { cause });
    this.missing = outputs.map(({ task, attempt }) => ({ stage, task, attempt }));
  }
}

/** A broken connection is tried once more before the blocks are given up. */
const attemptsMax = 2;

export class BlockFetcher {
  readonly #options: Omit<DialOptions, 'host' | 'port' | 'signal' | 'handlers'>;
  readonly #connections = new Map<string, Promise<RpcConnection>>();
  readonly #closing = new AbortController();

  constructor(options: Omit<DialOptions, 'host' | 'port' | 'signal' | 'handlers'>) {
    this.#options = options;
  }

  /** Writes the files into `directory` and resolves to their paths, in order of task. Rejects with `FetchError`, or the signal's reason. */
  async fetch(from: Address, request: BlocksRequest, directory: string, signal: AbortSignal): Promise<readonly { readonly task: number; readonly path: string }[]> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const connection = await this.#connect(from);
        return await receive(connection, request, directory, signal);
      } catch (cause) {
        if (signal.aborted) throw abortReason(signal);
        if (!(cause instanceof RpcError)) throw cause;
        if (attempt < attemptsMax && cause.retryable) continue;
        throw new FetchError(request.stage, request.outputs, `blocks of stage ${request.stage} at ${from.host}:${from.port}: ${cause.message}`, cause);
      }
    }
  }

  close(): void {
    this.#closing.abort();
    for (const connection of this.#connections.values()) void connection.then((each) => each.close(), () => {});
  }

  #connect({ host, port }: Address): Promise<RpcConnection> {
    const key = `${host}:${port}`;
    const known = this.#connections.get(key);
    if (known !== undefined) return known;
    const dialled = dialRpc({ ...this.#options, host, port, handlers: {}, signal: this.#closing.signal });
    this.#connections.set(key, dialled);
    const forget = (): void => void this.#connections.delete(key);
    dialled.then((connection) => connection.closed.then(forget), forget);
    return dialled;
  }
}

async function receive(connection: RpcConnection, request: BlocksRequest, directory: string, signal: AbortSignal): Promise<readonly { readonly task: number; readonly path: string }[]> {
  const reader = new ByteReader(connection.stream(call.blocks, request, signal));
  try {
    const header = await readHeader(reader);
    if (header.missing.length > 0) {
      throw new FetchError(request.stage, header.missing, `${connection.remote} does not have ${header.missing.length} of the outputs of stage ${request.stage} any more`);
    }
    const landed: { readonly task: number; readonly path: string }[] = [];
    for (const [i, file] of header.files.entries()) {
      const path = join(directory, `${request.stage}-${file.task}-${file.attempt}-${i}.parquet`);
      await land(reader, file, path, request.stage, connection.remote);
      landed.push({ task: file.task, path });
    }
    await reader.end();
    return landed;
  } finally {
    await reader.close();
  }
}

async function readHeader(reader: ByteReader): Promise<BlocksHeader> {
  const length = (await reader.take(4)).readUInt32BE();
  if (length > blocksHeaderBytesMax) throw new RpcError('TooLarge', `a header of ${length} bytes`);
  const header = blocksHeaderSchema.safeParse(deserialize(await reader.take(length)));
  if (!header.success) throw new RpcError('Protocol', 'the header of a blocks stream is not understood');
  return header.data;
}

async function land(reader: ByteReader, file: BlocksHeader['files'][number], path: string, stage: number, remote: string): Promise<void> {
  await using handle: FileHandle = await open(path, 'w');
  let checksum = 0;
  for (let left = file.bytes; left > 0;) {
    const part = await reader.some(left);
    checksum = crc32(part, checksum);
    await handle.writeFile(part);
    left -= part.length;
  }
  if (checksum === file.crc32) return;
  throw new FetchError(stage, [file], `the output of task ${file.task} of stage ${stage} at ${remote} is damaged: its checksum differs from the one it was written with`);
}

/** Reads a stream of chunks by the byte. */
class ByteReader {
  readonly #chunks: AsyncGenerator<Uint8Array>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(chunks: AsyncGenerator<Uint8Array>) {
    this.#chunks = chunks;
  }

  /** Between 1 and `max` bytes. */
  async some(max: number): Promise<Buffer> {
    if (this.#rest.length === 0) {
      const next = await this.#chunks.next();
      if (next.done === true) throw new RpcError('Protocol', 'a stream ended too early');
      this.#rest = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.length);
    }
    const part = this.#rest.subarray(0, max);
    this.#rest = this.#rest.subarray(part.length);
    return part;
  }

  async take(count: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for (let left = count; left > 0;) {
      const part = await this.some(left);
      parts.push(part);
      left -= part.length;
    }
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
  }

  /** Waits for the end of the stream, where its checksum is compared. */
  async end(): Promise<void> {
    const next = await this.#chunks.next();
    if (this.#rest.length > 0 || next.done !== true) throw new RpcError('Protocol', 'a stream is longer than announced');
  }

  async close(): Promise<void> {
    await this.#chunks.return(undefined);
  }
}
