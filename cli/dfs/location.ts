/** A path as it was typed: what it means in the file system, and how paths below it are shown. */
import { posix } from 'node:path';
import type { HdfsClient, HdfsStatus } from '../../engine/hdfs/client/hdfs-client.ts';
import { CommandError } from './command-error.ts';
import { expandBraces, hasPattern, patternOf } from './glob.ts';

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
  // As Hadoop shows what is in the directory that one is in.
  if (shown === '.') return { path: posix.join(path, name), shown: name };
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
  const show = showing(location);
  const found: Found[] = [];
  for (const path of expandBraces(location.path)) {
    for (const each of await matching(client, posix.normalize(path), signal)) found.push({ ...each, shown: show(each.path) });
  }
  return found;
}

/** A pattern and what it means end alike: the one has a scheme in front, or the other the home directory. */
function showing({ path, shown }: Location): (found: string) => string {
  if (path.endsWith(shown)) {
    const home = path.slice(0, path.length - shown.length);
    return (found) => (found.startsWith(home) ? found.slice(home.length) : found);
  }
  const scheme = shown.endsWith(path) ? shown.slice(0, shown.length - path.length) : '';
  return (found) => `${scheme}${found}`;
}

async function matching(client: HdfsClient, path: string, signal: AbortSignal): Promise<readonly { readonly path: string; readonly status: HdfsStatus }[]> {
  let found: readonly { readonly path: string; readonly status: HdfsStatus | undefined }[] = [{ path: '/', status: undefined }];
  for (const segment of path.split('/').slice(1)) {
    const next = await Promise.all(found.map(async ({ path: parent, status }) => {
      if (status?.kind === 'file') return [];
      if (!hasPattern(segment)) {
        const child = posix.join(parent, segment);
        const there = await client.status(child, signal);
        return there === undefined ? [] : [{ path: child, status: there }];
      }
      const pattern = patternOf(segment);
      const children = await client.list(parent, signal);
      return children.filter(({ name }) => pattern.test(name)).map((each) => ({ path: posix.join(parent, each.name), status: each }));
    }));
    found = next.flat();
  }
  return found.flatMap(({ path: at, status }) => (status === undefined ? [] : [{ path: at, status }]));
}

/** Whether only a directory can be meant: `x/`, `x/.`, `..`. */
export const namesDirectory = (typed: string): boolean => /(^|\/)(\.{1,2})?$/.test(typed);

export interface Destination extends Location {
  /** Undefined when nothing is there. */
  readonly status: HdfsStatus | undefined;
}

/** Where something is to go: a pattern must name one thing. Throws `CommandError`. */
export async function destinationOf(client: HdfsClient, typed: string, location: Location, signal: AbortSignal): Promise<Destination> {
  if (hasPattern(location.path)) {
    const [found, ...more] = await expandAll(client, location, signal);
    if (more.length > 0) throw new CommandError(`\`${location.shown}': Too many matches`);
    if (found !== undefined) return found;
  }
  const status = await client.status(location.path, signal);
  if (status?.kind !== 'directory' && namesDirectory(typed)) throw new CommandError(`\`${typed}': ${status === undefined ? 'No such file or directory' : 'Is not a directory'}`);
  return { ...location, status };
}

/** As `expand`, but something must be there. */
export async function expandAll(client: HdfsClient, location: Location, signal: AbortSignal): Promise<readonly Found[]> {
  const found = await expand(client, location, signal);
  if (found.length === 0) throw new CommandError(`\`${location.shown}': No such file or directory`);
  return found;
}
