/** Commands that change the name space. Their output is that of Hadoop's shell. */
import { posix } from 'node:path';
import { CommandError } from './command-error.ts';
import { childOf, expand, expandAll, type Found } from './location.ts';
import { forEach, located, print, type Command, type Parsed, type Shell } from './shell.ts';

export const changeCommands: readonly Command[] = [
  { name: 'mkdir', arguments: '[-p] PATH…', summary: 'makes directories; -p: with their parents', flags: ['p'], paths: { least: 1 }, run: makeDirectory },
  { name: 'rm', arguments: '[-f] [-r|-R] [-skipTrash] PATH…', summary: 'deletes, or moves to the trash where there is one', flags: ['f', 'r', 'R', 'skipTrash'], paths: { least: 1 }, run: remove },
  { name: 'mv', arguments: 'PATH… TARGET', summary: 'renames, or moves into a directory', flags: [], paths: { least: 2 }, run: move },
  { name: 'setrep', arguments: '[-R] [-w] REPLICAS PATH…', summary: 'how many replicas files have, also all below a directory; -w: waits for them', flags: ['R', 'w'], paths: { least: 2 }, run: setReplication },
  { name: 'chmod', arguments: '[-R] OCTAL PATH…', summary: 'changes mode bits', flags: ['R'], paths: { least: 2 }, run: changeMode },
  { name: 'chown', arguments: '[-R] [OWNER][:GROUP] PATH…', summary: 'changes owner and group', flags: ['R'], paths: { least: 2 }, run: changeOwner },
];

const pollMs = 500;

async function makeDirectory(shell: Shell, { paths, flags }: Parsed): Promise<number> {
  const { client, signal } = shell;
  return forEach(shell, 'mkdir', paths, async (typed) => {
    const at = located(shell, typed);
    const there = await client.status(at.path, signal);
    if (there !== undefined && !(flags.has('p') && there.kind === 'directory')) throw new CommandError(`\`${at.shown}': ${there.kind === 'directory' ? 'File exists' : 'Is not a directory'}`);
    const parent = posix.dirname(at.path);
    if (!flags.has('p') && await client.status(parent, signal) === undefined) throw new CommandError(`\`${parent}': No such file or directory`);
    await client.makeDirectory(at.path, signal);
  });
}

async function remove(shell: Shell, { paths, flags }: Parsed): Promise<number> {
  const { client, signal } = shell;
  const recursive = flags.has('r') || flags.has('R');
  const trash = !flags.has('skipTrash') && await client.trashIntervalMinutes(signal) > 0;
  return forEach(shell, 'rm', paths, async (typed) => {
    const at = located(shell, typed);
    const found = await expand(client, at, signal);
    if (found.length === 0 && !flags.has('f')) throw new CommandError(`\`${at.shown}': No such file or directory`);
    for (const each of found) {
      if (each.status.kind === 'directory' && !recursive) throw new CommandError(`\`${each.shown}': Is a directory`);
      if (each.path === '/') throw new CommandError('the root directory cannot be deleted');
      if (!(trash && await toTrash(shell, each))) {
        await client.remove(each.path, signal, recursive);
        print(shell, [`Deleted ${each.shown}`]);
      }
    }
  });
}

/** As Hadoop's trash: below `.Trash/Current` with its whole path; a name that is taken gets the time. False for what lies in the trash. */
async function toTrash(shell: Shell, { path, shown }: Found): Promise<boolean> {
  const { client, signal, uri } = shell;
  const root = await client.trashRoot(path, signal);
  if (path === root || path.startsWith(`${root}/`)) return false;
  if (root.startsWith(`${path}/`)) throw new CommandError(`\`${shown}': holds the trash; delete it with -skipTrash`);
  const target = posix.join(root, 'Current', path);
  await client.makeDirectory(posix.dirname(target), signal);
  const free = await client.status(target, signal) === undefined ? target : `${target}${Date.now()}`;
  if (!await client.move(path, free, signal)) throw new CommandError(`\`${shown}': cannot be moved to the trash at ${free}`);
  print(shell, [`Moved: '${uri}${path}' to trash at: ${uri}${free}`]);
  return true;
}

async function move(shell: Shell, { paths }: Parsed): Promise<number> {
  const { client, signal } = shell;
  const target = located(shell, paths.at(-1) ?? '');
  const into = await client.status(target.path, signal);
  const sources = paths.slice(0, -1);
  if (sources.length > 1 && into?.kind !== 'directory') throw new CommandError(into === undefined ? `\`${target.shown}': No such file or directory` : `\`${target.shown}': Is not a directory`);
  return forEach(shell, 'mv', sources, async (typed) => {
    for (const source of await expandAll(client, located(shell, typed), signal)) {
      const to = into?.kind === 'directory' ? childOf(target, posix.basename(source.path)) : target;
      if (await client.status(to.path, signal) !== undefined) throw new CommandError(`\`${to.shown}': File exists`);
      if (to.path === source.path || to.path.startsWith(`${source.path}/`)) throw new CommandError(`\`${source.shown}': cannot be moved into itself`);
      if (await client.status(posix.dirname(to.path), signal) === undefined) throw new CommandError(`\`${posix.dirname(to.path)}': No such file or directory`);
      if (!await client.move(source.path, to.path, signal)) throw new CommandError(`\`${source.shown}': cannot be renamed to ${to.shown}`);
    }
  });
}

/** The thing itself and, for a directory, all below it. */
async function* below(shell: Shell, found: Found): AsyncIterable<Found> {
  yield found;
  if (found.status.kind === 'file') return;
  for (const status of await shell.client.list(found.path, shell.signal)) yield* below(shell, { ...childOf(found, status.name), status });
}

async function setReplication(shell: Shell, { paths, flags }: Parsed): Promise<number> {
  const { client, signal } = shell;
  const [text = '', ...names] = paths;
  const replication = Number(text);
  if (!Number.isInteger(replication) || replication < 1) throw new CommandError(`'${text}' is not a number of replicas`);
  return forEach(shell, 'setrep', names, async (typed) => {
    const changed: Found[] = [];
    for (const found of await expandAll(client, located(shell, typed), signal)) {
      for await (const each of below(shell, found)) {
        if (each.status.kind === 'directory') continue;
        await client.setReplication(each.path, replication, signal);
        print(shell, [`Replication ${replication} set: ${each.shown}`]);
        changed.push(each);
      }
    }
    if (flags.has('w')) for (const each of changed) await untilReplicated(shell, each, replication);
  });
}

async function untilReplicated(shell: Shell, { path, shown }: Found, replication: number): Promise<void> {
  const { client, signal } = shell;
  shell.stdout.write(`Waiting for ${shown} ...`);
  for (;;) {
    const blocks = await client.blocks(path, signal);
    if (blocks.every(({ replicas }) => replicas.length === replication)) break;
    await shell.sleep(pollMs);
  }
  shell.stdout.write(' done\n');
}

async function changeAll(shell: Shell, name: string, names: readonly string[], recursive: boolean, change: (path: string) => Promise<void>): Promise<number> {
  return forEach(shell, name, names, async (typed) => {
    for (const found of await expandAll(shell.client, located(shell, typed), shell.signal)) {
      if (!recursive) await change(found.path);
      else for await (const each of below(shell, found)) await change(each.path);
    }
  });
}

async function changeMode(shell: Shell, { paths, flags }: Parsed): Promise<number> {
  const [mode = '', ...names] = paths;
  if (!/^[01]?[0-7]{3}$/.test(mode)) throw new CommandError(`'${mode}' is not a mode in octal digits, like 640`);
  return changeAll(shell, 'chmod', names, flags.has('R'), (path) => shell.client.setPermission(path, Number.parseInt(mode, 8), shell.signal));
}

async function changeOwner(shell: Shell, { paths, flags }: Parsed): Promise<number> {
  const [spec = '', ...names] = paths;
  const [owner = '', group = ''] = spec.split(':', 2);
  if (owner === '' && group === '') throw new CommandError(`'${spec}' is not OWNER, OWNER:GROUP or :GROUP`);
  const wanted = { ...(owner === '' ? {} : { owner }), ...(group === '' ? {} : { group }) };
  return changeAll(shell, 'chown', names, flags.has('R'), (path) => shell.client.setOwner(path, wanted, shell.signal));
}
