/** Commands that bring files here or there. A file appears under its name only when it is whole. */
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { CommandError } from './command-error.ts';
import { childOf, expandAll, type Found, type Location } from './location.ts';
import { forEach, located, type Command, type Parsed, type Shell } from './shell.ts';
import { TransferBar } from './transfer-bar.ts';

export const transferCommands: readonly Command[] = [
  { name: 'put', arguments: '[-f] LOCAL… TARGET', summary: 'copies files and directories to HDFS; - is standard input', flags: ['f'], paths: { least: 1 }, run: put },
  { name: 'copyFromLocal', arguments: '[-f] LOCAL… TARGET', summary: 'as -put', flags: ['f'], paths: { least: 1 }, run: put },
  { name: 'get', arguments: '[-f] PATH… LOCAL', summary: 'copies files and directories from HDFS; - is standard output', flags: ['f'], paths: { least: 1 }, run: get },
  { name: 'copyToLocal', arguments: '[-f] PATH… LOCAL', summary: 'as -get', flags: ['f'], paths: { least: 1 }, run: get },
  { name: 'appendToFile', arguments: 'LOCAL… TARGET', summary: 'appends files, or standard input (-), to a file in HDFS', flags: [], paths: { least: 2 }, run: append },
];

const chunkBytes = 1 << 20;
const inTransfer = '._COPYING_';

async function put(shell: Shell, { paths, flags }: Parsed): Promise<number> {
  const { client, signal } = shell;
  const sources = paths.length === 1 ? paths : paths.slice(0, -1);
  const target = located(shell, paths.length === 1 ? '.' : paths.at(-1) ?? '');
  const into = await client.status(target.path, signal);
  if (sources.length > 1 && into?.kind !== 'directory') throw new CommandError(into === undefined ? `\`${target.shown}': No such file or directory` : `\`${target.shown}': Is not a directory`);
  return forEach(shell, 'put', sources, async (source) => {
    if (source === '-') return putFile(shell, { name: '-', bytes: undefined, chunks: shell.stdin }, target, flags.has('f'));
    return putTree(shell, source, into?.kind === 'directory' ? childOf(target, basename(source)) : target, flags.has('f'));
  });
}

async function putTree(shell: Shell, source: string, target: Location, overwrite: boolean): Promise<void> {
  const { client, signal } = shell;
  const found = await stat(source);
  if (!found.isDirectory()) return putFile(shell, { name: source, bytes: found.size, chunks: createReadStream(source, { highWaterMark: chunkBytes }) }, target, overwrite);
  const there = await client.status(target.path, signal);
  if (there?.kind === 'file') throw new CommandError(`\`${target.shown}': Is not a directory`);
  if (there === undefined) await client.makeDirectory(target.path, signal);
  for (const name of (await readdir(source)).toSorted()) await putTree(shell, join(source, name), childOf(target, name), overwrite);
  return undefined;
}

interface Source {
  readonly name: string;
  readonly bytes: number | undefined;
  readonly chunks: AsyncIterable<Uint8Array>;
}

async function putFile(shell: Shell, { name, bytes, chunks }: Source, target: Location, overwrite: boolean): Promise<void> {
  const { client, signal } = shell;
  const there = await client.status(target.path, signal);
  if (there?.kind === 'directory') throw new CommandError(`\`${target.shown}': Is a directory`);
  if (there !== undefined && !overwrite) throw new CommandError(`\`${target.shown}': File exists`);
  const parent = target.path.slice(0, target.path.lastIndexOf('/')) || '/';
  if (await client.status(parent, signal) === undefined) throw new CommandError(`\`${parent}': No such file or directory`);
  const partial = `${target.path}${inTransfer}`;
  const bar = new TransferBar(shell.stderr, name, bytes, shell.nowMs);
  try {
    await client.create(partial, bar.watch(chunks), signal);
    await client.rename(partial, target.path, signal);
  } catch (error) {
    // The first error is the one to tell. After an interruption there is nobody to ask for long.
    await client.remove(partial, AbortSignal.timeout(5000)).catch(() => {});
    throw error;
  }
}

async function append(shell: Shell, { paths }: Parsed): Promise<number> {
  const { client, signal } = shell;
  const target = located(shell, paths.at(-1) ?? '');
  const there = await client.status(target.path, signal);
  if (there?.kind === 'directory') throw new CommandError(`\`${target.shown}': Is a directory`);
  if (there === undefined) await client.create(target.path, (async function* () {})(), signal);
  return forEach(shell, 'appendToFile', paths.slice(0, -1), async (source) => {
    const bytes = source === '-' ? undefined : (await stat(source)).size;
    const chunks = source === '-' ? shell.stdin : createReadStream(source, { highWaterMark: chunkBytes });
    await client.append(target.path, new TransferBar(shell.stderr, source, bytes, shell.nowMs).watch(chunks), signal);
  });
}

async function get(shell: Shell, { paths, flags }: Parsed): Promise<number> {
  const sources = paths.length === 1 ? paths : paths.slice(0, -1);
  const target = paths.length === 1 ? '.' : paths.at(-1) ?? '';
  const into = target === '-' ? undefined : await stat(target).catch(() => undefined);
  return forEach(shell, 'get', sources, async (typed) => {
    const found = await expandAll(shell.client, located(shell, typed), shell.signal);
    if ((sources.length > 1 || found.length > 1) && into?.isDirectory() !== true && target !== '-') throw new CommandError(`\`${target}': ${into === undefined ? 'No such file or directory' : 'Is not a directory'}`);
    for (const each of found) await getTree(shell, each, into?.isDirectory() === true ? join(target, basename(each.path)) : target, flags.has('f'));
  });
}

async function getTree(shell: Shell, source: Found, target: string, overwrite: boolean): Promise<void> {
  const { client, signal } = shell;
  if (source.status.kind === 'file') return getFile(shell, source, target, overwrite);
  if (target === '-') throw new CommandError(`\`${source.shown}': Is a directory`);
  await mkdir(target, { recursive: true });
  for (const status of await client.list(source.path, signal)) await getTree(shell, { ...childOf(source, status.name), status }, join(target, status.name), overwrite);
  return undefined;
}

async function getFile(shell: Shell, { path, shown, status }: Found, target: string, overwrite: boolean): Promise<void> {
  const { client, signal, stdout } = shell;
  const chunks = new TransferBar(shell.stderr, shown, status.bytes, shell.nowMs).watch(client.read(path, { offset: 0, length: status.bytes }, signal));
  if (target === '-') {
    for await (const chunk of chunks) if (!stdout.write(chunk)) await new Promise((resolve) => stdout.once('drain', resolve));
    return;
  }
  if (!overwrite && await stat(target).catch(() => undefined) !== undefined) throw new CommandError(`\`${target}': File exists`);
  const partial = `${target}${inTransfer}`;
  try {
    const file = await open(partial, 'w');
    let bytes = 0;
    try {
      for await (const chunk of chunks) {
        await file.write(chunk);
        bytes += chunk.length;
      }
    } finally {
      await file.close();
    }
    if (bytes !== status.bytes) throw new CommandError(`\`${shown}': ${bytes} of ${status.bytes} bytes came; it was changed meanwhile`);
    await rename(partial, target);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}
