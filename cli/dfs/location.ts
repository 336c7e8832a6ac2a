/** A path as it was typed: what it means in the file system, and how paths below it are shown. */
import { posix } from 'node:path';
import type { HdfsClient, HdfsStatus } from '../../engine/hdfs/client/hdfs-client.ts';
import { CommandError } from './command-error.ts';
import { hasPattern, patternOf } from './glob.ts';

export interface Location {
  /** Absolute. */
  readonly path: string;
  readonly shown: string;
}

/** Paths without a leading slash are below the user's home directory; a URI must be of the file system that the command is about. Throws `CommandError`. */
export function locationOf(typed: string, uri: string, user: string): Location {
  const match = /^([a-z][a-z0-9+.-]*):\/\/([^/]*)(\/.*)?$/i.exec(typed);
  if (match !== null) {
    if (`${match[1]}://${match[2]}` !== uri && match[2] !== '') throw new CommandError(`${typed} is not in ${uri}: name its file system with --fs`);
    const path = match[3] ?? '/';
    return { path: normal(path), shown: typed };
  }
  if (typed === '') throw new CommandError('an empty path');
  if (typed.startsWith('/')) return { path: normal(typed), shown: normal(typed) };
  return { path: normal(`/user/${user}/${typed}`), shown: typed };
}

export function childOf({ path, shown }: Location, name: string): Location {
  return { path: posix.join(path, name), shown: shown.endsWith('/') ? `${shown}${name}` : `${shown}/${name}` };
}

function normal(path: string): string {
  const plain = posix.normalize(path);
  return plain.length > 1 && plain.endsWith('/') ? plain.slice(0, -1) : plain;
}

export interface Found extends Location {
  readonly status: HdfsStatus;
}

/** What a path or a pattern of paths names, sorted. Empty when nothing does. */
export async function expand(client: HdfsClient, location: Location, signal: AbortSignal): Promise<readonly Found[]> {
  if (!hasPattern(location.path)) {
    const status = await client.status(location.path, signal);
    return status === undefined ? [] : [{ ...location, status }];
  }
  // The part that is shown differs from the path in front only: both end alike.
  const segments = location.path.split('/').slice(1);
  const prefix = location.path.endsWith(location.shown) ? location.path.slice(0, location.path.length - location.shown.length) : '';
  let found: readonly { readonly path: string; readonly status: HdfsStatus | undefined }[] = [{ path: '/', status: undefined }];
  for (const segment of segments) {
    const next = await Promise.all(found.map(async ({ path, status }) => {
      if (status?.kind === 'file') return [];
      if (!hasPattern(segment)) {
        const child = posix.join(path, segment);
        const there = await client.status(child, signal);
        return there === undefined ? [] : [{ path: child, status: there }];
      }
      const pattern = patternOf(segment);
      const children = await client.list(path, signal);
      return children.filter(({ name }) => pattern.test(name)).map((each) => ({ path: posix.join(path, each.name), status: each }));
    }));
    found = next.flat();
  }
  return found.flatMap(({ path, status }) => (status === undefined ? [] : [{ path, shown: path.startsWith(prefix) ? path.slice(prefix.length) : path, status }]));
}

/** As `expand`, but something must be there. */
export async function expandAll(client: HdfsClient, location: Location, signal: AbortSignal): Promise<readonly Found[]> {
  const found = await expand(client, location, signal);
  if (found.length === 0) throw new CommandError(`\`${location.shown}': No such file or directory`);
  return found;
}
