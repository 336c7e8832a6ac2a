/** Input of a MapReduce job: which files, and how they are cut, as Hadoop's FileInputFormat does it. */
import type { FileBlock, FileStatus, FileSystem } from '../../../storage/file-system.ts';
import { compressionOf, isReadable } from '../../map-reduce/input-text.ts';
import type { MapSplit } from '../../physical/stage.ts';
import { SparkError } from '../../plan/spark-error.ts';
import { expandPath, failedRead, hidden } from '../source-files.ts';

/** Where the store has no blocks of its own: HDFS's default. */
const blockBytesDefault = 128 << 20;
/** The last split of a file may be so much larger, rather than that a small rest becomes a task. */
const slop = 1.1;
const splitsMax = 100_000;
const filesAtOnce = 16;

/** Files that the paths mean: a file, the files directly in a directory, what a glob matches. Throws `SparkError`. */
export async function inputFiles(files: FileSystem, paths: readonly string[], signal: AbortSignal): Promise<readonly FileStatus[]> {
  const found: FileStatus[] = [];
  for (const path of paths) {
    for (const match of await expandPath(files, path, signal)) {
      if (match.kind === 'file') found.push(match);
      else found.push(...(await files.list(match.path)).filter((child) => !hidden(child)));
    }
  }
  const directory = found.find((each) => each.kind === 'directory');
  if (directory !== undefined) throw failedRead(directory.path, 'it is a directory in a directory of the input; name it itself, or use a glob');
  const unreadable = found.find((each) => !isReadable(compressionOf(each.path)));
  if (unreadable !== undefined) throw failedRead(unreadable.path, `files that end in .${compressionOf(unreadable.path) ?? ''} cannot be read; .gz, .deflate and .zst can`);
  return found;
}

/** One per map task, in order of the files. An empty file has none. */
export async function mapSplits(files: FileSystem, inputs: readonly FileStatus[], splitBytes: number | undefined, signal: AbortSignal): Promise<readonly MapSplit[]> {
  const splits: MapSplit[] = [];
  for (let from = 0; from < inputs.length; from += filesAtOnce) {
    const cut = await Promise.all(inputs.slice(from, from + filesAtOnce).map(async (file) => fileSplits(file, splitBytes, await files.blocks(file.path, signal))));
    splits.push(...cut.flat());
    if (splits.length > splitsMax) throw new SparkError({ errorClass: 'UNSUPPORTED_FEATURE.TOO_MANY_FILES', sqlState: '0A000', message: `A MapReduce job has at most ${splitsMax} input splits. Raise splitBytes, or join small files.` });
  }
  return splits;
}

/** Pure. Compressed files are not cut. */
export function fileSplits(file: FileStatus, splitBytes: number | undefined, blocks: readonly FileBlock[]): readonly MapSplit[] {
  const { path, bytes, version } = file;
  const size = compressionOf(path) === undefined ? Math.min(splitBytes ?? Infinity, file.blockBytes || blockBytesDefault) : bytes;
  const splits: MapSplit[] = [];
  for (let from = 0; from < bytes;) {
    const left = bytes - from;
    const to = left / size > slop ? from + size : bytes;
    splits.push({ path, from, to, fileBytes: bytes, version, ...near(blocks, from, to) });
    from = to;
  }
  return splits;
}

function near(blocks: readonly FileBlock[], from: number, to: number): Pick<MapSplit, 'near'> {
  const found = new Map<string, { machine: string; rack?: string; bytes: number }>();
  for (const block of blocks) {
    const bytes = Math.min(to, block.offset + block.bytes) - Math.max(from, block.offset);
    if (bytes <= 0) continue;
    for (const { machine, rack } of block.replicas) {
      const known = found.get(machine);
      if (known === undefined) found.set(machine, { machine, ...(rack === undefined ? {} : { rack }), bytes });
      else known.bytes += bytes;
    }
  }
  return found.size === 0 ? {} : { near: [...found.values()].toSorted((a, b) => b.bytes - a.bytes) };
}
