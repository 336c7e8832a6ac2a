/**
 * Copies of files in a store, for the kernel, which opens local files only. A copy holds what is asked for and nothing else: a sparse file of
 * the same length with some ranges filled in, or the lines of a part.
 */
import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { throwIfAborted } from '../core/abort.ts';
import { FileError, type FileSystem } from './file-system.ts';
import { readLineRange } from './line-range.ts';
import { parseStorePath } from './path.ts';

export interface ByteRange {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

export type CopyPart =
  | { readonly kind: 'ranges'; readonly ranges: readonly ByteRange[] }
  /** The lines that begin in the range, below so many lines that a reader skips as header. */
  | { readonly kind: 'lines'; readonly from: number; readonly to: number; readonly headerLines: number };

export interface CopyRequest {
  readonly path: string;
  readonly fileBytes: number;
  /** What the file was when the parts were chosen; a file that has changed since is an error. */
  readonly version: string;
  readonly part: CopyPart;
}

/** Requests to the store at the same time, for one copy, and the size from which a range is worth several. */
const readersMax = 4;
const readerBytesMin = 8 << 20;
/** Ranges so near to each other are read as one. */
const gapBytesMax = 128 * 1024;

/** Where the copy of a file lies below `root`: the whole path is kept, because partition values are read from it. */
export function copyPath(root: string, path: string): string {
  const at = parseStorePath(path);
  return at === undefined ? join(root, 'file', path) : join(root, at.scheme, at.authority, at.path);
}

/** The other way round, in a message about a copy. */
export function withStorePaths(message: string, root: string): string {
  return message.replaceAll(`${root}/hdfs/`, 'hdfs://').replaceAll(`${root}/webhdfs/`, 'webhdfs://');
}

/** Rejects with `FileError`, code `Changed` when the file is not what it was. What a failure leaves is the caller's to remove. */
export async function copyFile(files: FileSystem, request: CopyRequest, target: string, signal: AbortSignal): Promise<void> {
  const { path, fileBytes, part } = request;
  await mkdir(dirname(target), { recursive: true });
  await using file = await open(target, 'w');
  switch (part.kind) {
    case 'ranges': {
      await file.truncate(fileBytes);
      await fillRanges(files, path, file, coalesced(part.ranges, gapBytesMax), signal);
      break;
    }
    case 'lines': {
      if (part.from > 0 && part.headerLines > 0) await file.writeFile('-\n'.repeat(part.headerLines));
      for await (const chunk of readLineRange(files, path, { from: part.from, to: part.to, fileBytes }, signal)) await file.writeFile(chunk);
      break;
    }
    default: return part satisfies never;
  }
  // What was read is what was planned for, if the file is still the same afterwards.
  await checkVersion(files, path, request.version);
  return undefined;
}

/** Rejects when the file at the path is another one by now. */
export async function checkVersion(files: FileSystem, path: string, version: string): Promise<void> {
  const now = await files.stat(path);
  if (now?.version === version) return;
  throw new FileError('Changed', path, now === undefined ? `${path} is not there any more` : `${path} has been replaced or changed since it was first looked at`);
}

async function fillRanges(files: FileSystem, path: string, file: FileHandle, ranges: readonly ByteRange[], signal: AbortSignal): Promise<void> {
  const pieces = ranges.flatMap(({ from, to }) => {
    const size = Math.max(readerBytesMin, Math.ceil((to - from) / readersMax));
    return Array.from({ length: Math.ceil((to - from) / size) }, (_, i) => ({ from: from + i * size, to: Math.min(to, from + (i + 1) * size) }));
  });
  let next = 0;
  const read = async (): Promise<void> => {
    for (let piece = pieces[next++]; piece !== undefined; piece = pieces[next++]) {
      let at = piece.from;
      for await (const chunk of files.readRange(path, at, piece.to - at, signal)) {
        throwIfAborted(signal);
        await file.write(chunk, 0, chunk.length, at);
        at += chunk.length;
      }
      if (at !== piece.to) throw new FileError('Changed', path, `${path} ends at byte ${at}, before byte ${piece.to}`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(readersMax, pieces.length) }, read));
}

/** In order, without overlaps; ranges at most `gap` apart become one. */
export function coalesced(ranges: readonly ByteRange[], gap: number): readonly ByteRange[] {
  const merged: { from: number; to: number }[] = [];
  for (const { from, to } of ranges.filter((each) => each.to > each.from).toSorted((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last !== undefined && from <= last.to + gap) last.to = Math.max(last.to, to);
    else merged.push({ from, to });
  }
  return merged;
}
