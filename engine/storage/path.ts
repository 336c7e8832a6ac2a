/** Paths as users write them: absolute, relative to the working directory, or as a `file:` URI. */
import { posix } from 'node:path';
import { FileError } from './file-system.ts';

/** An absolute, normalised POSIX path without a trailing slash. Throws `FileError` for other schemes (`s3:`, `hdfs:`). */
export function resolvePath(path: string, workingDirectory: string): string {
  if (path === '') throw new FileError('NotFound', path, 'the path is empty');
  if (path.includes('\0')) throw new FileError('NotFound', path, 'the path holds a zero byte');
  const local = withoutScheme(path);
  const absolute = posix.resolve(workingDirectory, local);
  return absolute;
}

function withoutScheme(path: string): string {
  const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):(?=\/)/.exec(path)?.[1]?.toLowerCase();
  if (scheme === undefined) return path;
  if (scheme !== 'file') throw new FileError('Io', path, `the scheme '${scheme}:' is not supported: use a path or a file: URI`);
  const rest = path.slice('file:'.length);
  if (!rest.startsWith('//')) return decode(rest, path);
  const [, host, local] = /^\/\/([^/]*)(\/.*)?$/.exec(rest) ?? [];
  if (host !== '' && host !== 'localhost') throw new FileError('Io', path, `the file: URI names another host, '${host ?? ''}'`);
  return decode(local ?? '/', path);
}

function decode(text: string, path: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw new FileError('NotFound', path, 'the file: URI holds a broken percent escape', cause);
  }
}

/** A place in a store that is reached over the network: `hdfs://sales.data/in/x` is path `/in/x` of authority `sales.data`. */
export interface StorePath {
  readonly scheme: string;
  readonly authority: string;
  /** Absolute and normalised. */
  readonly path: string;
}

/** Undefined for a local path or a `file:` URI. Nothing is percent-decoded, as in Hadoop's paths. Throws `FileError` for a URI without an authority. */
export function parseStorePath(text: string): StorePath | undefined {
  const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):(?=\/)/.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined || scheme === 'file') return undefined;
  const [, authority = '', path = '/'] = /^[^:]+:\/\/([^/]*)(\/.*)?$/.exec(text) ?? [];
  if (authority === '') throw new FileError('NotFound', text, `the URI ${text} names no host: write ${scheme}://NAME/path`);
  if (text.includes('\0')) throw new FileError('NotFound', text, 'the path holds a zero byte');
  const normalised = posix.resolve('/', path);
  return { scheme, authority, path: normalised };
}

export function formatStorePath({ scheme, authority, path }: StorePath): string {
  return `${scheme}://${authority}${path}`;
}

/** `posix.join` that leaves the two slashes of a URI alone. */
export function joinPath(base: string, ...parts: readonly string[]): string {
  const store = parseStorePath(base);
  return store === undefined ? posix.join(base, ...parts) : formatStorePath({ ...store, path: posix.join(store.path, ...parts) });
}

/** Mount path → real directory; the longest mount that holds the path wins. */
export type Mounts = Readonly<Record<string, string>>;

/** Where an absolute path really lies. */
export function applyMounts(path: string, mounts: Mounts): string {
  const mount = Object.keys(mounts)
    .filter((prefix) => isBelow(path, trimmed(prefix)))
    .toSorted((a, b) => b.length - a.length)[0];
  if (mount === undefined) return path;
  return posix.join(mounts[mount] ?? '', posix.relative(trimmed(mount), path));
}

/** True for the directory itself too. */
function isBelow(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory === '/' ? '/' : `${directory}/`);
}

function trimmed(directory: string): string {
  return posix.resolve('/', directory);
}
