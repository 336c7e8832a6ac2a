/**
 * Committing files: tasks write below `<path>/_temporary/<application>-<job>/`, one directory per attempt; when all
 * tasks are done the driver moves the files of exactly the committed attempts to `<path>`.
 *
 * The commit is decided by one durable file, the journal `_commit.json` in the staging directory: it lists every move
 * and every old file to remove. What a crash leaves:
 *   before the journal     the old data untouched, the new data invisible (readers skip names with `_`)
 *   while moving in        all old files and some new ones, no `_SUCCESS`
 *   while removing old     all new files and some old ones, no `_SUCCESS`
 *   before the clean-up    the new data with `_SUCCESS`, and a staging directory
 * In the last three the next write to the path first carries the journal through (every step can be repeated), so that
 * the new data is complete and alone. At no point is data destroyed that is not replaced.
 */
import { posix } from 'node:path';
import { z } from 'zod';
import type { Random } from '../../core/random.ts';
import { FileError, type FileSystem } from '../../storage/file-system.ts';
import { joinPath } from '../../storage/path.ts';
import type { StageOutput } from '../physical/stage.ts';
import { SparkError } from '../plan/spark-error.ts';

export type FilesOutput = StageOutput & { readonly kind: 'files' };

const temporaryName = '_temporary';
const journalName = '_commit.json';
const successName = '_SUCCESS';
/** Executors read it before they write: proof that they see the same directory as the driver. */
export const probeName = '_probe';

/** Paths relative to the output's path. */
const journalSchema = z.object({
  version: z.literal(1),
  moves: z.array(z.object({ from: z.string(), to: z.string() })),
  removals: z.array(z.string()),
});
type Journal = z.infer<typeof journalSchema>;

export interface AttemptFiles {
  readonly task: number;
  readonly attempt: number;
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
}

export interface OutputCommit {
  /** Absolute. */
  readonly staging: string;
  /** In the probe file and in the names of the files: unique to this write. */
  readonly token: string;
  /** Moves the files in; resolves to their final paths. Throws `SparkError`. */
  commit(attempts: readonly AttemptFiles[]): Promise<readonly string[]>;
  /** Removes what was staged. Does not touch a decided commit. Never throws. */
  abort(): Promise<void>;
}

/** Name of the directory of an attempt below the staging directory. */
export function attemptDirectory(task: number, attempt: number): string {
  return `task-${task}-${attempt}`;
}

/**
 * Finishes interrupted commits at the path, applies the save mode, and makes the staging directory. Undefined: mode
 * `ignore`, and there is data. Throws `SparkError` PATH_ALREADY_EXISTS, or OUTPUT_COMMIT_FAILED when the storage fails.
 */
export async function openOutput(files: FileSystem, output: FilesOutput, writer: string, random: Random): Promise<OutputCommit | undefined> {
  const { path, mode } = output;
  return await explained(`prepare the output ${path}`, async () => {
    const there = await files.stat(path);
    if (there?.kind === 'file' && mode !== 'error' && mode !== 'ignore') throw commitFailed(`the output ${path} is a file, not a directory`);
    if (there?.kind === 'directory') await finishCommits(files, path);
    if (await hasData(files, path)) {
      if (mode === 'error') throw alreadyExists(path);
      if (mode === 'ignore') return undefined;
    }
    const staging = joinPath(path, temporaryName, writer);
    const token = Buffer.from(random.bytes(8)).toString('hex');
    await files.remove(staging); // of an earlier life of this application
    await files.makeDirectory(staging);
    await files.write(joinPath(staging, probeName), Buffer.from(token));
    return new DirectoryCommit(files, output, staging, token, there === undefined);
  });
}

class DirectoryCommit implements OutputCommit {
  readonly staging: string;
  readonly token: string;
  readonly #files: FileSystem;
  readonly #output: FilesOutput;
  readonly #madePath: boolean;
  #decided = false;

  constructor(files: FileSystem, output: FilesOutput, staging: string, token: string, madePath: boolean) {
    this.#files = files;
    this.#output = output;
    this.staging = staging;
    this.token = token;
    this.#madePath = madePath;
  }

  async commit(attempts: readonly AttemptFiles[]): Promise<readonly string[]> {
    const { path } = this.#output;
    const journal = await explained(`commit the output ${path}`, () => this.#decide(attempts));
    try {
      await moveIn(this.#files, path, journal);
    } catch (cause) {
      await this.#takeBack(journal, cause);
    }
    await explained(`finish the commit of ${path} (all new files are in place; the next write to the path removes the old ones)`, () =>
      finish(this.#files, path, this.staging, journal));
    return journal.moves.map(({ to }) => joinPath(path, to));
  }

  async abort(): Promise<void> {
    if (this.#decided) return;
    try {
      await this.#files.remove(this.staging);
      await removeEmptyTemporary(this.#files, this.#output.path);
      if (this.#madePath && (await this.#files.list(this.#output.path)).length === 0) await this.#files.remove(this.#output.path);
    } catch (error) {
      // What is left is invisible to readers, and the next write of this application clears it.
      if (!(error instanceof FileError)) throw error;
    }
  }

  /** Everything that can fail harmlessly comes before the journal. */
  async #decide(attempts: readonly AttemptFiles[]): Promise<Journal> {
    const { path, mode } = this.#output;
    if (mode === 'error' && await hasData(this.#files, path)) throw alreadyExists(path);
    const moves = attempts.flatMap(({ task, attempt, files }) => files.map(({ name, bytes }) => ({
      from: posix.join(posix.relative(path, this.staging), attemptDirectory(task, attempt), name), to: name, bytes,
    })));
    for (const { from, bytes } of moves) await this.#checkVisible(joinPath(path, from), bytes);
    for (const directory of new Set(moves.map(({ to }) => posix.dirname(to)))) await this.#files.makeDirectory(joinPath(path, directory));
    const removals = mode === 'overwrite' ? [...await dataBelow(this.#files, path, '')] : [];
    const journal: Journal = { version: 1, moves: moves.map(({ from, to }) => ({ from, to })), removals };
    // Nothing has moved until both have succeeded: should one fail, `abort` takes the journal away with the rest.
    await this.#files.write(joinPath(this.staging, journalName), Buffer.from(JSON.stringify(journal)));
    await this.#files.sync(this.staging);
    this.#decided = true;
    return journal;
  }

  async #checkVisible(file: string, bytes: number): Promise<void> {
    const found = await this.#files.stat(file);
    if (found?.kind === 'file' && found.bytes === bytes) return;
    throw notShared(this.#output.path, `the driver ${found === undefined ? 'does not see' : `sees ${found.bytes} of ${bytes} bytes of`} ${file}, which an executor wrote`);
  }

  /** Undoes the moves in such an order that the journal stays true until it is gone. Always throws. */
  async #takeBack(journal: Journal, cause: unknown): Promise<never> {
    const { path } = this.#output;
    try {
      for (const { from, to } of journal.moves) {
        if (await this.#files.stat(joinPath(path, to)) !== undefined) await this.#files.rename(joinPath(path, to), joinPath(path, from));
      }
      await this.#files.remove(joinPath(this.staging, journalName));
      await this.#files.sync(this.staging);
      this.#decided = false;
    } catch {
      throw commitFailed(`the commit of ${path} was interrupted (${messageOf(cause)}); the next write to the path finishes it`, cause);
    }
    throw commitFailed(`cannot move the new files into ${path}; the old data is unchanged: ${messageOf(cause)}`, cause);
  }
}

/** Carries decided commits of writers that died through to their end. */
async function finishCommits(files: FileSystem, path: string): Promise<void> {
  const temporary = joinPath(path, temporaryName);
  if ((await files.stat(temporary))?.kind !== 'directory') return;
  for (const writer of await files.list(temporary)) {
    const journalPath = joinPath(writer.path, journalName);
    if (await files.stat(journalPath) === undefined) continue;
    const journal = journalSchema.safeParse(JSON.parse(new TextDecoder().decode(await files.read(journalPath))));
    if (!journal.success) throw commitFailed(`${journalPath} is not a commit journal that this version understands`);
    await moveIn(files, path, journal.data);
    await finish(files, path, writer.path, journal.data);
  }
}

async function moveIn(files: FileSystem, path: string, journal: Journal): Promise<void> {
  // Whoever looks for _SUCCESS knows from here on that the data is in change.
  await files.remove(joinPath(path, successName));
  for (const { from, to } of journal.moves) {
    const source = joinPath(path, from);
    // Gone: moved by an earlier try of the same journal.
    if (await files.stat(source) !== undefined) await files.rename(source, joinPath(path, to));
  }
  for (const directory of new Set(journal.moves.map(({ to }) => posix.dirname(to)))) await files.sync(joinPath(path, directory));
}

async function finish(files: FileSystem, path: string, staging: string, journal: Journal): Promise<void> {
  for (const old of journal.removals) await files.remove(joinPath(path, old));
  for (const directory of parents(journal.removals)) await removeEmptyDirectory(files, joinPath(path, directory));
  await files.write(joinPath(path, successName), new Uint8Array());
  await files.sync(path);
  await files.remove(staging);
  await removeEmptyTemporary(files, path);
}

/** Directories of the paths, deepest first, without the root. */
function parents(paths: readonly string[]): readonly string[] {
  const found = new Set<string>();
  for (const path of paths) {
    for (let each = posix.dirname(path); each !== '.'; each = posix.dirname(each)) found.add(each);
  }
  return [...found].toSorted((a, b) => b.length - a.length);
}

async function removeEmptyDirectory(files: FileSystem, path: string): Promise<void> {
  if ((await files.stat(path))?.kind === 'directory' && (await files.list(path)).length === 0) await files.remove(path);
}

/** Another writer's staging directory keeps it. */
async function removeEmptyTemporary(files: FileSystem, path: string): Promise<void> {
  await removeEmptyDirectory(files, joinPath(path, temporaryName));
}

/**
 * Staging directories alone are no data, nor is an empty directory: an attempt that died must not make its successor
 * fail. (Spark refuses an empty directory in mode `error`; a mounted volume starts as one.)
 */
async function hasData(files: FileSystem, path: string): Promise<boolean> {
  const there = await files.stat(path);
  if (there === undefined) return false;
  if (there.kind === 'file') return true;
  const children = await files.list(path);
  return children.some((each) => posix.basename(each.path) !== temporaryName);
}

/** All files below the path but staged ones, relative to it. */
async function dataBelow(files: FileSystem, path: string, below: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const each of await files.list(joinPath(path, below))) {
    const name = posix.join(below, posix.basename(each.path));
    if (name === temporaryName || name === successName) continue;
    if (each.kind === 'file') found.push(name);
    else found.push(...await dataBelow(files, path, name));
  }
  return found;
}

function alreadyExists(path: string): SparkError {
  return new SparkError({
    errorClass: 'PATH_ALREADY_EXISTS', sqlState: '42K04', parameters: { outputPath: path },
    message: `Path ${path} already exists. Set mode as "overwrite" to overwrite the existing path.`,
  });
}

/** Driver and executors do not share the storage of the output. */
export function notShared(path: string, detail: string): SparkError {
  return new SparkError({
    errorClass: 'OUTPUT_STORAGE_NOT_SHARED', sqlState: '58030', parameters: { path },
    message: `The driver and the executors do not see the same files at ${path}: ${detail}. Write to a volume that is mounted in the driver and in all executors.`,
  });
}

function commitFailed(message: string, cause?: unknown): SparkError {
  return new SparkError({ errorClass: 'OUTPUT_COMMIT_FAILED', sqlState: '58030', message, cause });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function explained<T>(what: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (cause) {
    if (!(cause instanceof FileError)) throw cause;
    throw commitFailed(`cannot ${what}: ${cause.message}`, cause);
  }
}
