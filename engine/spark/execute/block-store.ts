/**
 * Shuffle and broadcast blocks that this executor's tasks made: parquet files in the work directory, with an index in
 * memory. Lives and dies with the process; a job's blocks go when the driver says that the job is over.
 */
import { open, rm, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { serialize } from 'node:v8';
import { crc32 } from 'node:zlib';
import { throwIfAborted } from '../../core/abort.ts';
import type { BlocksHeader, BlocksRequest, Run } from '../schedule/messages.ts';

export interface StoredFile {
  readonly path: string;
  readonly bytes: number;
  /** Of the whole file, taken when it was written. */
  readonly crc32: number;
}

/** Files of each partition that holds rows. */
export type StoredOutput = ReadonlyMap<number, readonly StoredFile[]>;

const readBytes = 256 * 1024;

export class BlockStore {
  readonly #directory: string;
  /** By job, then by `stage.task#attempt`. */
  readonly #outputs = new Map<number, Map<string, StoredOutput>>();

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** A fresh directory for the output of a task attempt. */
  async directoryFor(run: Run): Promise<string> {
    const directory = join(this.#jobDirectory(run.job), `${run.stage}-${run.task}-${run.attempt}`);
    await mkdir(directory, { recursive: true });
    return directory;
  }

  put(run: Run, output: StoredOutput): void {
    const outputs = this.#outputs.get(run.job) ?? new Map<string, StoredOutput>();
    this.#outputs.set(run.job, outputs);
    outputs.set(`${run.stage}.${run.task}#${run.attempt}`, output);
  }

  /** Undefined when the attempt has no output here. */
  get(job: number, stage: number, task: number, attempt: number, partition: number): readonly StoredFile[] | undefined {
    const output = this.#outputs.get(job)?.get(`${stage}.${task}#${attempt}`);
    return output === undefined ? undefined : output.get(partition) ?? [];
  }

  async removeJob(job: number): Promise<void> {
    this.#outputs.delete(job);
    await rm(this.#jobDirectory(job), { recursive: true, force: true });
  }

  /** The answer to a `blocks` request; see `blocksHeaderSchema`. */
  async *serve({ job, stage, partition, outputs }: BlocksRequest, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const found = outputs.map(({ task, attempt }) => ({ task, attempt, files: this.get(job, stage, task, attempt, partition) }));
    const missing = found.filter((each) => each.files === undefined).map(({ task, attempt }) => ({ task, attempt }));
    const files = missing.length > 0 ? [] : found.flatMap(({ task, attempt, files: each }) => (each ?? []).map((file) => ({ task, attempt, file })));
    const header: BlocksHeader = { missing, files: files.map(({ task, attempt, file }) => ({ task, attempt, bytes: file.bytes, crc32: file.crc32 })) };
    yield prefixed(serialize(header));
    for (const { file } of files) yield* readFileChunks(file.path, signal);
  }

  #jobDirectory(job: number): string {
    return join(this.#directory, `job-${job}`);
  }
}

/** Size and checksum of a file that was just written. */
export async function describeFile(path: string, signal: AbortSignal): Promise<StoredFile> {
  let checksum = 0;
  let bytes = 0;
  for await (const chunk of readFileChunks(path, signal)) {
    checksum = crc32(chunk, checksum);
    bytes += chunk.length;
  }
  return { path, bytes, crc32: checksum };
}

async function* readFileChunks(path: string, signal: AbortSignal): AsyncGenerator<Buffer> {
  await using file = await open(path, 'r');
  for (;;) {
    throwIfAborted(signal);
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(readBytes), 0, readBytes);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

function prefixed(body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, body]);
}
