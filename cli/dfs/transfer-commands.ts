/** Commands that bring files here or there. A file appears under its name only when it is whole. */
import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { WebHdfsError } from '../../engine/hdfs/client/hdfs-client.ts';
import { CommandError } from './command-error.ts';
import { childOf, destinationOf, namesDirectory, type Found, type Location } from './location.ts';
import { childrenOf, expandEach, forEach, located, writeOut, type Command, type Parsed, type Shell } from './shell.ts';
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
const missing = 'No such file or directory';

async function put(shell: Shell, { paths, flags }: Parsed): Promise<number> {
  const { client, signal } = shell;
  const sources = paths.length === 1 ? paths : paths.slice(0, -1);
  const last = paths.length === 1 ? '.' : paths.at(-1) ?? '';
  const target = await destinationOf(client, last, located(shell, last), signal);
  const into = target.status?.kind === 'directory';
  if (sources.length > 1 && !into) throw new CommandError(`\`${target.shown}': ${target.status === undefined ? missing : 'Is not a directory'}`);
  const copying: Putting = { shell, overwrite: flags.has('f'), code: 0 };
  const code = await forEach(shell, 'put', sources, async (source) => {
    if (source === '-') await putFile(copying, { name: '-', bytes: undefined, chunks: shell.stdin }, target);
    else await putTree(copying, source, into ? childOf(target, basename(source)) : target);
  });
  return Math.max(code, copying.code);
}

interface Putting {
  readonly shell: Shell;
  readonly overwrite: boolean;
  /** 1 when something in a directory failed. */
  code: number;
}

async function putTree(putting: Putting, source: string, target: Location): Promise<void> {
  const { client, signal } = putting.shell;
  const found = await stat(source);
  if (!found.isDirectory()) return withLocal(source, (file) => putFile(putting, { name: source, bytes: found.size, chunks: chunksOf(file) }, target));
  const there = await client.status(target.path, signal);
  if (there?.kind === 'file') throw new CommandError(`\`${target.shown}': Is not a directory`);
  const names = (await readdir(source)).toSorted();
  if (there === undefined) await client.makeDirectory(target.path, signal);
  const code = await forEach(putting.shell, 'put', names, (name) => putTree(putting, join(source, name), childOf(target, name)));
  putting.code = Math.max(putting.code, code);
  return undefined;
}

/** Opened before anything is asked for, so that one that cannot be read changes nothing. */
async function withLocal(path: string, use: (file: FileHandle) => Promise<void>): Promise<void> {
  const file = await open(path, 'r');
  try {
    await use(file);
  } finally {
    await file.close();
  }
}

async function* chunksOf(file: FileHandle): AsyncGenerator<Uint8Array> {
  yield* file.createReadStream({ highWaterMark: chunkBytes, autoClose: false }) as AsyncIterable<Buffer>;
}

interface Source {
  readonly name: string;
  readonly bytes: number | undefined;
  readonly chunks: AsyncIterable<Uint8Array>;
}

async function putFile({ shell, overwrite }: Putting, { name, bytes, chunks }: Source, target: Location): Promise<void> {
  const { client, signal } = shell;
  const there = await client.status(target.path, signal);
  if (there?.kind === 'directory') throw new CommandError(`\`${target.shown}': Is a directory`);
  if (there !== undefined && !overwrite) throw new CommandError(`\`${target.shown}': File exists`);
  const parent = target.path.slice(0, target.path.lastIndexOf('/')) || '/';
  if (await client.status(parent, signal) === undefined) throw new CommandError(`\`${target.shown}': ${missing}`);
  const partial = `${target.path}${inTransfer}`;
  const bar = new TransferBar(shell.stderr, name, bytes, shell.nowMs);
  try {
    await client.create(partial, bar.watch(chunks), signal);
    // A file that has come meanwhile stays, if it was not to be replaced.
    await client.rename(partial, target.path, signal, { overwrite });
  } catch (error) {
    // The first error is the one to tell. After an interruption there is nobody to ask for long.
    await client.remove(partial, AbortSignal.timeout(5000)).catch(() => {});
    if (error instanceof WebHdfsError && error.code === 'FileAlreadyExistsException') throw new CommandError(`\`${target.shown}': File exists`);
    throw error;
  }
}

async function append(shell: Shell, { paths }: Parsed): Promise<number> {
  const { client, signal } = shell;
  const last = paths.at(-1) ?? '';
  const target = await destinationOf(client, last, located(shell, last), signal);
  if (target.status?.kind === 'directory') throw new CommandError(`\`${target.shown}': Is a directory`);
  if (target.status === undefined) await makeEmpty(shell, target);
  const add = (name: string, bytes: number | undefined, chunks: AsyncIterable<Uint8Array>): Promise<void> =>
    client.append(target.path, new TransferBar(shell.stderr, name, bytes, shell.nowMs).watch(chunks), signal);
  return forEach(shell, 'appendToFile', paths.slice(0, -1), async (source) => {
    if (source === '-') await add(source, undefined, shell.stdin);
    else await withLocal(source, async (file) => add(source, (await file.stat()).size, chunksOf(file)));
  });
}

/** Whoever makes the file first: both append to it then. */
async function makeEmpty({ client, signal }: Shell, { path }: Location): Promise<void> {
  try {
    await client.create(path, (async function* () {})(), signal, { overwrite: false });
  } catch (error) {
    if (!(error instanceof WebHdfsError && error.code === 'FileAlreadyExistsException')) throw error;
  }
}

async function get(shell: Shell, { paths, flags }: Parsed): Promise<number> {
  const sources = paths.length === 1 ? paths : paths.slice(0, -1);
  const target = paths.length === 1 ? '.' : paths.at(-1) ?? '';
  const there = target === '-' ? undefined : await stat(target).catch(() => undefined);
  const into = there?.isDirectory() === true;
  const { found, code } = await expandEach(shell, 'get', sources);
  const reason = there === undefined ? missing : 'Is not a directory';
  if (target !== '-' && !into) {
    if (found.length > 1 || namesDirectory(target)) throw new CommandError(`\`${target}': ${reason}`);
    if (found.length > 0 && await stat(dirname(target)).catch(() => undefined) === undefined) throw new CommandError(`\`${target}': ${missing}`);
  }
  const getting: Getting = { shell, overwrite: flags.has('f'), code: 0 };
  const failed = await forEach(shell, 'get', found, (each) => getTree(getting, each, into ? join(target, basename(each.path)) : target));
  return Math.max(code, failed, getting.code);
}

type Getting = Putting;

async function getTree(getting: Getting, source: Found, target: string): Promise<void> {
  if (source.status.kind === 'file') return getFile(getting, source, target);
  if (target === '-') throw new CommandError(`\`${source.shown}': Is a directory`);
  const children = await childrenOf(getting.shell, source);
  await mkdir(target, { recursive: true });
  const code = await forEach(getting.shell, 'get', children, (each) => getTree(getting, each, join(target, each.status.name)));
  getting.code = Math.max(getting.code, code);
  return undefined;
}

async function getFile({ shell, overwrite }: Getting, { path, shown, status }: Found, target: string): Promise<void> {
  const chunks = new TransferBar(shell.stderr, shown, status.bytes, shell.nowMs).watch(shell.client.read(path, { offset: 0, length: status.bytes }, shell.signal));
  if (target === '-') return writeOut(shell, chunks);
  const there = await stat(target).catch(() => undefined);
  if (there !== undefined && !overwrite) throw new CommandError(`\`${target}': File exists`);
  if (there?.isDirectory() === true) throw new CommandError(`\`${target}': Is a directory`);
  const partial = `${target}${inTransfer}`;
  try {
    const bytes = await writeLocal(partial, chunks);
    if (bytes !== status.bytes) throw new CommandError(`\`${shown}': ${bytes} of ${status.bytes} bytes came; it was changed meanwhile`);
    await rename(partial, target);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  return undefined;
}

/** Resolves to the number of bytes that are in the file. */
async function writeLocal(path: string, chunks: AsyncIterable<Uint8Array>): Promise<number> {
  const file = await open(path, 'w');
  let bytes = 0;
  try {
    for await (const chunk of chunks) {
      // Writes on where the last one ended, all of it: a single `write` may stop half way when the disk fills up.
      await file.writeFile(chunk);
      bytes += chunk.length;
    }
  } finally {
    await file.close();
  }
  return bytes;
}
