/** Commands that look and change nothing. Their output is that of Hadoop's shell. */
import { expandAll, type Found } from './location.ts';
import { humanBytes, listing, statText, table } from './format.ts';
import { CommandError } from './command-error.ts';
import { childrenOf, forEach, forEachFound, located, print, writeOut, type Command, type Parsed, type Shell } from './shell.ts';

const tailBytes = 1024;
const followMs = 5000;

export const lookCommands: readonly Command[] = [
  { name: 'ls', arguments: '[-C] [-d] [-h] [-R] [-t] [-S] [-r] [PATH…]', summary: 'lists', flags: ['C', 'd', 'h', 'R', 't', 'S', 'r'], paths: { least: 0 }, run: list },
  { name: 'cat', arguments: 'PATH…', summary: 'prints files', flags: [], paths: { least: 1 }, run: cat },
  { name: 'tail', arguments: '[-f] PATH', summary: 'prints the last kilobyte of a file', flags: ['f'], paths: { least: 1, most: 1 }, run: tail },
  { name: 'stat', arguments: '[FORMAT] PATH…', summary: 'prints what FORMAT asks for (default %y)', flags: [], paths: { least: 1 }, run: stat },
  { name: 'du', arguments: '[-s] [-h] [-v] PATH…', summary: 'bytes below, without and with replicas', flags: ['s', 'h', 'v'], paths: { least: 0 }, run: usage },
  { name: 'df', arguments: '[-h] [PATH…]', summary: 'capacity of the file system', flags: ['h'], paths: { least: 0 }, run: free },
  { name: 'count', arguments: '[-h] PATH…', summary: 'directories, files and bytes below', flags: ['h'], paths: { least: 1 }, run: count },
  { name: 'checksum', arguments: 'PATH…', summary: 'checksums of files, comparable with those of Hadoop', flags: [], paths: { least: 1 }, run: checksum },
  { name: 'test', arguments: '-e|-d|-f|-s|-z PATH', summary: 'exit code 0 when it exists, is a directory, is a file, is not empty, is an empty file', flags: ['e', 'd', 'f', 's', 'z'], paths: { least: 1, most: 1 }, run: test },
];

const orHome = ({ paths }: Parsed): readonly string[] => (paths.length === 0 ? ['.'] : paths);

function sorted(entries: readonly Found[], flags: ReadonlySet<string>): readonly Found[] {
  const inOrder = flags.has('t') ? entries.toSorted((a, b) => b.status.modifiedMs - a.status.modifiedMs) : flags.has('S') ? entries.toSorted((a, b) => b.status.bytes - a.status.bytes) : entries;
  return flags.has('r') ? inOrder.toReversed() : inOrder;
}

async function list(shell: Shell, parsed: Parsed): Promise<number> {
  const { flags } = parsed;
  const linesOf = (entries: readonly Found[]): readonly string[] => (flags.has('C') ? entries.map(({ shown }) => shown) : listing(entries, flags.has('h')));
  let deeper = 0;
  const contents = async (directory: Found): Promise<void> => {
    const entries = sorted(await childrenOf(shell, directory), flags);
    const lines = linesOf(entries);
    if (!flags.has('R')) {
      if (!flags.has('C') && entries.length > 0) print(shell, [`Found ${entries.length} items`]);
      return print(shell, lines);
    }
    const code = await forEach(shell, 'ls', [...entries.entries()], async ([i, entry]) => {
      print(shell, lines.slice(i, i + 1));
      if (entry.status.kind === 'directory') await contents(entry);
    });
    deeper = Math.max(deeper, code);
    return undefined;
  };
  const code = await forEachFound(shell, 'ls', orHome(parsed), async (found) => {
    if (found.status.kind === 'directory' && !flags.has('d')) await contents(found);
    else print(shell, linesOf([found]));
  });
  return Math.max(code, deeper);
}

function checkFile({ shown, status }: Found): void {
  if (status.kind === 'directory') throw new CommandError(`\`${shown}': Is a directory`);
}

async function cat(shell: Shell, { paths }: Parsed): Promise<number> {
  return forEachFound(shell, 'cat', paths, async (found) => {
    checkFile(found);
    await writeOut(shell, shell.client.read(found.path, { offset: 0, length: Number.MAX_SAFE_INTEGER }, shell.signal));
  });
}

async function tail(shell: Shell, { paths, flags }: Parsed): Promise<number> {
  return forEach(shell, 'tail', paths, async (typed) => {
    const [found, ...more] = await expandAll(shell.client, located(shell, typed), shell.signal);
    if (found === undefined || more.length > 0) throw new CommandError(`\`${typed}': Too many matches`);
    checkFile(found);
    let end = found.status.bytes;
    await writeOut(shell, shell.client.read(found.path, { offset: Math.max(0, end - tailBytes), length: tailBytes }, shell.signal));
    while (flags.has('f')) {
      await shell.sleep(followMs);
      const now = await shell.client.status(found.path, shell.signal);
      if (now === undefined) return;
      if (now.bytes > end) await writeOut(shell, shell.client.read(found.path, { offset: end, length: now.bytes - end }, shell.signal));
      end = now.bytes;
    }
  });
}

async function stat(shell: Shell, { paths }: Parsed): Promise<number> {
  const [first = '', ...rest] = paths;
  const [format, names] = first.includes('%') ? [first, rest] : ['%y', paths];
  if (names.length === 0) throw new CommandError('a path is missing');
  return forEachFound(shell, 'stat', names, async (found) => print(shell, [statText(format, found)]));
}

async function usage(shell: Shell, parsed: Parsed): Promise<number> {
  const { flags } = parsed;
  const size = flags.has('h') ? humanBytes : String;
  const rows: string[][] = [];
  const header: string[][] = flags.has('v') ? [['SIZE', 'DISK_SPACE_CONSUMED_WITH_ALL_REPLICAS', 'FULL_PATH_NAME']] : [];
  const measure = async (found: Found): Promise<void> => {
    const { bytes, spaceBytes } = await shell.client.summary(found.path, shell.signal);
    rows.push([size(bytes), size(spaceBytes), found.shown]);
  };
  let inside = 0;
  const code = await forEachFound(shell, 'du', orHome(parsed), async (found) => {
    if (flags.has('s') || found.status.kind === 'file') await measure(found);
    else inside = Math.max(inside, await forEach(shell, 'du', await childrenOf(shell, found), measure));
  });
  if (rows.length > 0) print(shell, table([...header, ...rows]));
  return Math.max(code, inside);
}

async function free(shell: Shell, { paths, flags }: Parsed): Promise<number> {
  const size = flags.has('h') ? humanBytes : String;
  const rows: string[][] = [];
  const code = await forEachFound(shell, 'df', paths.length === 0 ? ['/'] : paths, async () => {
    const { capacityBytes, usedBytes, remainingBytes } = await shell.client.capacity(shell.signal);
    const share = capacityBytes === 0 ? 0 : Math.round((usedBytes / capacityBytes) * 100);
    rows.push([shell.uri, size(capacityBytes), size(usedBytes), size(remainingBytes), `${share}%`]);
  });
  if (rows.length > 0) print(shell, table([['Filesystem', 'Size', 'Used', 'Available', 'Use%'], ...rows], [1, 2, 3, 4]));
  return code;
}

async function count(shell: Shell, { paths, flags }: Parsed): Promise<number> {
  const size = flags.has('h') ? humanBytes : String;
  return forEachFound(shell, 'count', paths, async ({ path, shown }) => {
    const { directories, files, bytes } = await shell.client.summary(path, shell.signal);
    print(shell, [`${size(directories).padStart(12)} ${size(files).padStart(12)} ${size(bytes).padStart(18)} ${shown}`]);
  });
}

async function checksum(shell: Shell, { paths }: Parsed): Promise<number> {
  return forEachFound(shell, 'checksum', paths, async (found) => {
    checkFile(found);
    const { algorithm, bytes } = await shell.client.checksum(found.path, shell.signal);
    print(shell, [`${found.shown}\t${algorithm}\t${bytes}`]);
  });
}

async function test(shell: Shell, { paths, flags }: Parsed): Promise<number> {
  const [typed = ''] = paths;
  if (flags.size !== 1) throw new CommandError('say one of -e, -d, -f, -s, -z');
  const status = await shell.client.status(located(shell, typed).path, shell.signal);
  if (status === undefined) return 1;
  const holds: Readonly<Record<string, boolean>> = { e: true, d: status.kind === 'directory', f: status.kind === 'file', s: status.bytes > 0, z: status.kind === 'file' && status.bytes === 0 };
  return [...flags].every((flag) => holds[flag]) ? 0 : 1;
}
