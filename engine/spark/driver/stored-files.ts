/** Describing files that are not local: the kernel looks at copies of as little of them as the format allows. */
import { open } from 'node:fs/promises';
import type { FileSystem } from '../../storage/file-system.ts';
import { copyFile, copyPath, type ByteRange } from '../../storage/local-copy.ts';
import type { SourceRequest, StoredSource } from '../plan/source.ts';
import { SparkError } from '../plan/spark-error.ts';
import { flag, lowerKeys } from './csv-source.ts';
import { failedRead, type FoundFile } from './source-files.ts';

export interface KernelFile extends FoundFile {
  /** Of the file or its copy. */
  readonly localPath: string;
  /** A sparse copy of a Parquet file: schema and metadata only. */
  readonly footerOnly: boolean;
}

/** Most bytes that are copied to the driver to find out a schema; a schema that is given needs none. */
const inferenceBytesMax = 8 * 1024 ** 3;
const headBytes = 1 << 20;
/** One request gets most footers whole. */
const footerGuessBytes = 64 * 1024;
const magicBytes = 4;

export const isCompressed = (path: string): boolean => /\.(gz|zst|bz2|snappy|lz4|deflate)$/i.test(path);

/** Copies what `request` needs of the files that are not local. Rejects with `FileError` and `SparkError`. */
export async function copyForDescription(files: FileSystem, scratch: string, request: SourceRequest, found: readonly FoundFile[], signal: AbortSignal): Promise<readonly KernelFile[]> {
  const wanted = neededOf(request);
  const bytes = found.filter((file) => !files.isLocal(file.path)).reduce((sum, file) => sum + file.bytes, 0);
  if (wanted === 'everything' && bytes > inferenceBytesMax) {
    throw new SparkError({ errorClass: 'UNABLE_TO_INFER_SCHEMA', sqlState: '42KD9', parameters: { format: request.format },
      message: `Unable to infer schema for ${request.format}: ${bytes} bytes would have to be read for it, and the driver reads at most ${inferenceBytesMax}. Give the schema.` });
  }
  const known: KernelFile[] = [];
  for (const [i, file] of found.entries()) {
    if (files.isLocal(file.path)) {
      known.push({ ...file, localPath: files.toLocal(file.path), footerOnly: false });
      continue;
    }
    const localPath = copyPath(scratch, file.path);
    const footerOnly = request.format === 'parquet';
    if (footerOnly) await copyFooter(files, file, localPath, signal);
    else if (wanted === 'everything') await copy(files, file, localPath, [{ from: 0, to: file.bytes }], signal);
    else if (wanted === 'head' && i === 0) await copyHead(files, file, localPath, signal);
    known.push({ ...file, localPath, footerOnly });
  }
  return known;
}

type Needed = 'everything' | 'head' | 'nothing';

function neededOf({ format, options, schema }: SourceRequest): Needed {
  if (schema !== undefined) return 'nothing';
  return format === 'csv' && !flag(lowerKeys(options), 'inferSchema') ? 'head' : 'everything';
}

async function copy(files: FileSystem, { path, bytes, version }: FoundFile, target: string, ranges: readonly ByteRange[], signal: AbortSignal): Promise<void> {
  await copyFile(files, { path, fileBytes: bytes, version, part: { kind: 'ranges', ranges } }, target, signal);
}

/** The first lines; a compressed file cannot be cut. */
async function copyHead(files: FileSystem, file: FoundFile, target: string, signal: AbortSignal): Promise<void> {
  if (isCompressed(file.path)) return await copy(files, file, target, [{ from: 0, to: file.bytes }], signal);
  const { path, bytes, version } = file;
  return await copyFile(files, { path, fileBytes: bytes, version, part: { kind: 'lines', from: 0, to: Math.min(bytes, headBytes), headerLines: 0 } }, target, signal);
}

async function copyFooter(files: FileSystem, file: FoundFile, target: string, signal: AbortSignal): Promise<void> {
  const { path, bytes } = file;
  if (bytes < 3 * magicBytes) throw failedRead(path, 'it is too short to be a Parquet file');
  const from = Math.max(0, bytes - footerGuessBytes);
  const head = { from: 0, to: magicBytes };
  await copy(files, file, target, [head, { from, to: bytes }], signal);
  const tail = await lastBytes(target, bytes);
  if (tail.subarray(magicBytes).toString('latin1') !== 'PAR1') throw failedRead(path, 'it is no Parquet file: it does not end in PAR1');
  const footerFrom = bytes - 2 * magicBytes - tail.readUInt32LE(0);
  if (footerFrom < magicBytes) throw failedRead(path, 'it is no Parquet file: its footer would be longer than the file');
  if (footerFrom < from) await copy(files, file, target, [head, { from: footerFrom, to: bytes }], signal);
}

/** Length of the footer and magic number. */
async function lastBytes(path: string, bytes: number): Promise<Buffer> {
  await using file = await open(path, 'r');
  const { buffer } = await file.read(Buffer.alloc(2 * magicBytes), 0, 2 * magicBytes, bytes - 2 * magicBytes);
  return buffer;
}

/** What the planner is told of a file that is not local; undefined for a local one. */
export async function storedSource(files: FileSystem, file: FoundFile, parts: StoredSource['parts'], signal: AbortSignal): Promise<StoredSource | undefined> {
  if (files.isLocal(file.path)) return undefined;
  const blocks = await files.blocks(file.path, signal);
  return {
    version: file.version, parts: parts.kind === 'lines' && isCompressed(file.path) ? { kind: 'whole' } : parts,
    blocks: blocks.map(({ offset, bytes, replicas }) => ({
      from: offset, to: offset + bytes, replicas: replicas.map(({ machine, rack }) => ({ machine, ...(rack === undefined ? {} : { rack }) })),
    })),
  };
}
