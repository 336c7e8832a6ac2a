/** Which files a path means: a file, a directory's files, a glob, partition directories (`year=2024`). */
import { FileError, type FileStatus, type FileSystem } from '../../storage/file-system.ts';
import { SparkError } from '../plan/spark-error.ts';

export interface FoundFile {
  /** Absolute. */
  readonly path: string;
  readonly bytes: number;
  readonly version: string;
  /** From directories named `key=value`, outermost first. */
  readonly partitions: readonly (readonly [key: string, value: string])[];
}

/** Most files of one read. */
const filesMax = 100_000;

/** Throws PATH_NOT_FOUND for a path that matches nothing. Names that begin with `_` or `.` are hidden. */
export async function findFiles(files: FileSystem, paths: readonly string[], signal: AbortSignal): Promise<readonly FoundFile[]> {
  const found: FoundFile[] = [];
  for (const written of paths) {
    const roots = await expandPath(files, written, signal);
    for (const root of roots) await collect(files, root, [], found, signal);
  }
  return found;
}

/** What a path or a glob matches. Throws PATH_NOT_FOUND when that is nothing, FAILED_READ_FILE when the store cannot tell. */
export async function expandPath(files: FileSystem, written: string, signal: AbortSignal): Promise<readonly FileStatus[]> {
  try {
    const roots = await expand(files, plainPath(written), signal);
    if (roots.length === 0) throw pathNotFound(written);
    return roots;
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw failedRead(written, error.message, error);
  }
}

export function pathNotFound(path: string): SparkError {
  return new SparkError({ errorClass: 'PATH_NOT_FOUND', sqlState: '42K03', message: `Path does not exist: ${path}.`, parameters: { path } });
}

/** `file:` URIs as paths, those of HDFS as they stand; other schemes are not there. */
function plainPath(written: string): string {
  const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(written)?.[1];
  if (scheme === undefined || /^(web)?hdfs$/i.test(scheme)) return written;
  if (scheme.toLowerCase() === 'file') return decodeURI(written.replace(/^[^:]*:(?:\/\/[^/]*)?(?=\/)/, ''));
  throw new SparkError({ errorClass: 'UNSUPPORTED_FEATURE.FILE_SYSTEM', sqlState: '0A000', message: `The file system ${scheme} of ${written} is not supported. Use hdfs://, or mount the data as a volume and give its path.`, parameters: { path: written } });
}

async function expand(files: FileSystem, path: string, signal: AbortSignal): Promise<readonly FileStatus[]> {
  const segments = path.split('/');
  const first = segments.findIndex((segment) => /[*?[{]/.test(segment));
  if (first === -1) return present(await files.stat(path));
  // A file may have such characters in its name.
  const literal = await files.stat(path);
  if (literal !== undefined) return [literal];
  let matches = present(await files.stat(segments.slice(0, first).join('/') || (path.startsWith('/') ? '/' : '.')));
  for (const segment of segments.slice(first).filter((each) => each !== '')) {
    signal.throwIfAborted();
    const pattern = globPattern(segment);
    const next: FileStatus[] = [];
    for (const match of matches) {
      if (match.kind === 'directory') next.push(...(await files.list(match.path)).filter((child) => !hidden(child) && pattern.test(nameOf(child))));
    }
    matches = next;
  }
  return matches;
}

const present = (status: FileStatus | undefined): readonly FileStatus[] => (status === undefined ? [] : [status]);
const nameOf = (status: FileStatus): string => status.path.split('/').at(-1) ?? '';
/** As Hadoop hides them from readers. */
export const hidden = (status: FileStatus): boolean => /^[_.]/.test(nameOf(status)) && !nameOf(status).includes('=');

/** Hadoop's globs: `*`, `?`, `[a-z]`, `[^a]`, `{a,b}`. */
function globPattern(glob: string): RegExp {
  let depth = 0;
  const text = glob.replaceAll(/\[(\^?[^\]]+)\]|[\s\S]/g, (part, set: string | undefined) => {
    if (set !== undefined) return `[${set.replaceAll(/[\\[]/g, String.raw`\$&`)}]`;
    if (part === '*') return '.*';
    if (part === '?') return '.';
    if (part === '{') { depth += 1; return '(?:'; }
    if (part === '}' && depth > 0) { depth -= 1; return ')'; }
    if (part === ',' && depth > 0) return '|';
    return part.replace(/[.*+?^${}()|[\]\\]/, String.raw`\$&`);
  });
  if (depth !== 0) throw new SparkError({ errorClass: 'PATH_NOT_FOUND', sqlState: '42K03', message: `The glob ${glob} has a { that does not end.`, parameters: { path: glob } });
  return new RegExp(`^${text}$`);
}

async function collect(files: FileSystem, status: FileStatus, partitions: FoundFile['partitions'], into: FoundFile[], signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (status.kind === 'file') {
    if (into.length >= filesMax) throw new SparkError({ errorClass: 'UNSUPPORTED_FEATURE.TOO_MANY_FILES', sqlState: '0A000', message: `A read takes at most ${filesMax} files.` });
    into.push({ path: status.path, bytes: status.bytes, version: status.version, partitions });
    return;
  }
  for (const child of await children(files, status)) {
    const pair = /^([^=]+)=(.*)$/.exec(nameOf(child));
    if (child.kind === 'file') await collect(files, child, partitions, into, signal);
    else if (pair !== null) await collect(files, child, [...partitions, [decode(pair[1] ?? ''), decode(pair[2] ?? '')]], into, signal);
    // Spark, too, looks into no other directory.
  }
}

async function children(files: FileSystem, status: FileStatus): Promise<readonly FileStatus[]> {
  try {
    return (await files.list(status.path)).filter((child) => !hidden(child));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw failedRead(status.path, error.message, error);
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function failedRead(path: string, reason: string, cause?: unknown): SparkError {
  return new SparkError({ errorClass: 'FAILED_READ_FILE.NO_HINT', sqlState: 'KD001', message: `Error while reading file ${path}: ${reason}`, parameters: { path }, cause });
}
