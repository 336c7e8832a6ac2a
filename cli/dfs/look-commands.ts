/** Commands that look and change nothing. Their output is that of Hadoop's shell. */
import { expandAll, type Found } from './location.ts';
import { humanBytes, listing, secondText, statText, table } from './format.ts';
import { CommandError } from './command-error.ts';
import { childOf } from './location.ts';
import { forEach, located, print, type Command, type Parsed, type Shell } from './shell.ts';

const tailBytes = 1024;
const followMs = 5000;

export const lookCommands: readonly Command[] = [
  { name: 'ls', arguments: '[-C] [-d] [-h] [-R] [-t] [-S] [-r] [PATH…]', summary: 'lists', flags: ['C', 'd', 'h', 'R', 't', 'S', 'r'], paths: { least: 0 }, run: list },
  { name: 'cat', arguments: 'PATH…', summary: 'prints files', flags: [], paths: { least: 1 }, run: cat },
  { name: 'tail', arguments: '[-f] PATH', summary: 'prints the last kilobyte of a file', flags: ['f'], paths: { least: 1, most: 1 }, run: tail },
  { name: 'stat', arguments: '[FORMAT] PATH…', summary: 'prints what FORMAT asks for (default %y)', flags: [], paths: { least: 1 }, run: stat },
  { name: 'du', arguments: '[-s] [-h] [-v] PATH…', summary: 'bytes below, without and with replicas', flags: ['s', 'h', 'v'], paths: { least: 0 }, run: usage },
  { name: 'df', arguments: '[-h]', summary: 'capacity of the file system', flags: ['h'], paths: { least: 0 }, run: free },
  { name: 'count', arguments: '[-h] PATH…', summary: 'directories, files and bytes below', flags: ['h'], paths: { least: 1 }, run: count },
  { name: 'checksum', arguments: 'PATH…', summary: 'checksums of files, comparable with those of Hadoop', flags: [], paths: { least: 1 }, run: checksum },
  { name: 'test', arguments: '-e|-d|-f|-s|-z PATH', summary: 'exit code 0 when it exists, is a directory, is a file, is not empty, is an empty file', flags: ['e', 'd', 'f', 's', 'z'], paths: { least: 1, most: 1 }, run: test },
];

const orHome = ({ paths }: Parsed): readonly string[] => (paths.length === 0 ? ['.'] : paths);

function sorted(entries: readonly Found[], flags: ReadonlySet<string>): readonly Found[] {
  const inOrder = flags.has('t') ? entries.toSorted((a, b) => b.status.modifiedMs - a.status.modifiedMs) : flags.has('S') ? entries.toSorted((a, b) => b.status.bytes - a.status.bytes) : entries;
  return flags.has('r') ? inOrder.toReversed() : inOrder;
}

async function children(shell: Shell, parent: Found): Promise<readonly Found[]> {
  return (await shell.client.list(parent.path, shell.signal)).map((status) => ({ ...childOf(parent, status.name), status }));
}

async function list(shell: Shell, parsed: Parsed): Promise<number> {
  const { flags } = parsed;
  const show = (entries: readonly Found[]): void => print(shell, flags.has('C') ? entries.map(({ shown }) => shown) : listing(entries, flags.has('h')));
  const below = async (directory: Found): Promise<void> => {
    const entries = sorted(await children(shell, directory), flags);
    if (!flags.has('R')) {
      if (!flags.has('C') && entries.length > 0) print(shell, [`Found ${entries.length} items`]);
      return show(entries);
    }
    for (const entry of entries) {
      show([entry]);
      if (entry.status.kind === 'directory') await below(entry);
    }
    return undefined;
  };
  return forEach(shell, 'ls', orHome(parsed), async (typed) => {
    for (const found of await expandAll(shell.client, located(shell, typed), shell.signal)) {
      if (found.status.kind === 'directory' && !flags.has('d')) await below(found);
      else show([found]);
    }
  });
}

async function files(shell: Shell, typed: string): Promise<readonly Found[]> {
  const found = await expandAll(shell.client, located(shell, typed), shell.signal);
  const directory = found.find(({ status }) => status.kind === 'directory');
  if (directory !== undefined) throw new CommandError(`\`${directory.shown}': Is a directory`);
  return found;
}

async function write(shell: Shell, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of chunks) {
    if (!shell.stdout.write(chunk)) await new Promise((resolve) => shell.stdout.once('drain', resolve));
  }
}

async function cat(shell: Shell, { paths }: Parsed): Promise<number> {
  return forEach(shell, 'cat', paths, async (typed) => {
    for (const { path } of await files(shell, typed)) await write(shell, shell.client.read(path, { offset: 0, length: Number.MAX_SAFE_INTEGER }, shell.signal));
  });
}

async function tail(shell: Shell, { paths, flags }: Parsed): Promise<number> {
  return forEach(shell, 'tail', paths, async (typed) => {
    const [found] = await files(shell, typed);
    if (found === undefined) return;
    let end = found.status.bytes;
    await write(shell, shell.client.read(found.path, { offset: Math.max(0, end - tailBytes), length: tailBytes }, shell.signal));
    while (flags.has('f')) {
      await shell.sleep(followMs);
      const now = await shell.client.status(found.path, shell.signal);
      if (now === undefined) return;
      if (now.bytes > end) await write(shell, shell.client.read(found.path, { offset: end, length: now.bytes - end }, shell.signal));
      end = now.bytes;
    }
  });
}

async function stat(shell: Shell, { paths }: Parsed): Promise<number> {
  const [first = '', ...rest] = paths;
  const [format, names] = first.includes('%') ? [first, rest] : ['%y', paths];
  return forEach(shell, 'stat', names, async (typed) => {
    for (const found of await expandAll(shell.client, located(shell, typed), shell.signal)) print(shell, [format === '%y' ? secondText(found.status.modifiedMs) : statText(format, found)]);
  });
}

async function usage(shell: Shell, parsed: Parsed): Promise<number> {
  const { flags } = parsed;
  const size = flags.has('h') ? humanBytes : String;
  const rows: string[][] = flags.has('v') ? [['SIZE', 'DISK_SPACE_CONSUMED_WITH_ALL_REPLICAS', 'FULL_PATH_NAME']] : [];
  const code = await forEach(shell, 'du', orHome(parsed), async (typed) => {
    for (const found of await expandAll(shell.client, located(shell, typed), shell.signal)) {
      const entries = flags.has('s') || found.status.kind === 'file' ? [found] : await children(shell, found);
      for (const entry of entries) {
        const { bytes, spaceBytes } = await shell.client.summary(entry.path, shell.signal);
        rows.push([size(bytes), size(spaceBytes), entry.shown]);
      }
    }
  });
  print(shell, table(rows));
  return code;
}

async function free(shell: Shell, { flags }: Parsed): Promise<number> {
  const size = flags.has('h') ? humanBytes : String;
  return forEach(shell, 'df', [undefined], async () => {
    const { capacityBytes, usedBytes, remainingBytes } = await shell.client.capacity(shell.signal);
    const share = capacityBytes === 0 ? 0 : Math.round((usedBytes / capacityBytes) * 100);
    print(shell, table([['Filesystem', 'Size', 'Used', 'Available', 'Use%'], [shell.uri, size(capacityBytes), size(usedBytes), size(remainingBytes), `${share}%`]]));
  });
}

async function count(shell: Shell, { paths, flags }: Parsed): Promise<number> {
  const size = flags.has('h') ? humanBytes : String;
  return forEach(shell, 'count', paths, async (typed) => {
    for (const { path, shown } of await expandAll(shell.client, located(shell, typed), shell.signal)) {
      const { directories, files: files_, bytes } = await shell.client.summary(path, shell.signal);
      print(shell, [`${size(directories).padStart(12)} ${size(files_).padStart(12)} ${size(bytes).padStart(18)} ${shown}`]);
    }
  });
}

async function checksum(shell: Shell, { paths }: Parsed): Promise<number> {
  return forEach(shell, 'checksum', paths, async (typed) => {
    for (const { path, shown } of await files(shell, typed)) {
      const { algorithm, bytes } = await shell.client.checksum(path, shell.signal);
      print(shell, [`${shown}\t${algorithm}\t${bytes}`]);
    }
  });
}

async function test(shell: Shell, { paths, flags }: Parsed): Promise<number> {
  const [typed = ''] = paths;
  const status = await shell.client.status(located(shell, typed).path, shell.signal);
  if (status === undefined) return 1;
  const holds: Readonly<Record<string, boolean>> = { e: true, d: status.kind === 'directory', f: status.kind === 'file', s: status.bytes > 0, z: status.kind === 'file' && status.bytes === 0 };
  if (flags.size !== 1) throw new CommandError('say one of -e, -d, -f, -s, -z');
  return [...flags].every((flag) => holds[flag]) ? 0 : 1;
}
