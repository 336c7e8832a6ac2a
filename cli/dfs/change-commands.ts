/** Commands that change the name space. Their output is that of Hadoop's shell. */
import { posix } from 'node:path';
import { CommandError } from './command-error.ts';
import { WebHdfsError } from '../../engine/hdfs/client/hdfs-client.ts';
import { childOf, destinationOf, expand, type Found } from './location.ts';
import { expandEach, forEach, forEachBelow, forEachFound, located, print, type Command, type Parsed, type Shell } from './shell.ts';

export const changeCommands: readonly Command[] = [
  { name: 'mkdir', arguments: '[-p] PATH…', summary: 'makes directories; -p: with their parents', flags: ['p'], paths: { least: 1 }, run: makeDirectory },
  { name: 'rm', arguments: '[-f] [-r|-R] [-skipTrash] PATH…', summary: 'deletes, or moves to the trash where there is one', flags: ['f', 'r', 'R', 'skipTrash'], paths: { least: 1 }, run: remove },
  { name: 'mv', arguments: 'PATH… TARGET', summary: 'renames, or moves into a directory', flags: [], paths: { least: 2 }, run: move },
  { name: 'setrep', arguments: '[-R] [-w] REPLICAS PATH…', summary: 'how many replicas files have, also all below a directory; -w: waits for them', flags: ['R', 'w'], paths: { least: 2 }, run: setReplication },
  { name: 'chmod', arguments: '[-R] OCTAL PATH…', summary: 'changes mode bits', flags: ['R'], paths: { least: 2 }, run: changeMode },
  { name: 'chown', arguments: '[-R] [OWNER][:GROUP] PATH…', summary: 'changes owner and group', flags: ['R'], paths: { least: 2 }, run: changeOwner },
];

const pollMs = 500;
/** One dot for so many looks. */
const looksPerDot = 20;
/** The trash is nobody else's. */
const trashPermission = 0o700;

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
  const found: Found[] = [];
  const missing = await forEach(shell, 'rm', paths, async (typed) => {
    const at = located(shell, typed);
    const named = await expand(client, at, signal);
    if (named.length === 0 && !flags.has('f')) throw new CommandError(`\`${at.shown}': No such file or directory`);
    found.push(...named);
  });
  const code = await forEach(shell, 'rm', found, async (each) => {
    if (each.status.kind === 'directory' && !recursive) throw new CommandError(`\`${each.shown}': Is a directory`);
    if (each.path === '/') throw new CommandError('the root directory cannot be deleted');
    if (trash && await toTrash(shell, each)) return;
    await client.remove(each.path, signal, recursive);
    print(shell, [`Deleted ${each.shown}`]);
  });
  return Math.max(missing, code);
}

/** False for what lies in the trash already. */
async function toTrash(shell: Shell, found: Found): Promise<boolean> {
  try {
    return await moveToTrash(shell, found);
  } catch (error) {
    if (!(error instanceof WebHdfsError) || shell.signal.aborted) throw error;
    throw new CommandError(`${error.message.split('\n')[0] ?? ''}. Consider using -skipTrash option`);
  }
}

/** As Hadoop's trash: below `.Trash/Current` with its whole path; a name that is taken gets the time. */
async function moveToTrash(shell: Shell, { path, shown }: Found): Promise<boolean> {
  const { client, signal, uri } = shell;
  const root = await client.trashRoot(path, signal);
  if (path === root || path.startsWith(`${root}/`)) return false;
  if (root.startsWith(`${path}/`)) throw new CommandError(`\`${shown}': holds the trash; delete it with -skipTrash`);
  const target = posix.join(root, 'Current', path);
  // The home directory is made for all, what is in the trash for its owner only.
  await client.makeDirectory(posix.dirname(root), signal);
  // The namenode may give `Current` another name at any time, between the two steps too.
  for (let attempt = 1; attempt <= 2; attempt += 1) {
    await client.makeDirectory(posix.dirname(target), signal, trashPermission);
    const free = await client.status(target, signal) === undefined ? target : `${target}${shell.wallMs()}`;
    if (!await client.move(path, free, signal)) continue;
    print(shell, [`Moved: '${uri}${path}' to trash at: ${uri}${free}`]);
    return true;
  }
  throw new CommandError(`\`${shown}': cannot be moved to the trash at ${target}. Consider using -skipTrash option`);
}

async function move(shell: Shell, { paths }: Parsed): Promise<number> {
  const { client, signal } = shell;
  const last = paths.at(-1) ?? '';
  const target = await destinationOf(client, last, located(shell, last), signal);
  const into = target.status?.kind === 'directory';
  const { found, code } = await expandEach(shell, 'mv', paths.slice(0, -1));
  // One pattern may name many: they must not replace each other under one name.
  if (found.length > 1 && !into) throw new CommandError(`\`${target.shown}': ${target.status === undefined ? 'No such file or directory' : 'Is not a directory'}`);
  return Math.max(code, await forEach(shell, 'mv', found, async (source) => {
    const to = into ? childOf(target, posix.basename(source.path)) : target;
    if (source.status.kind === 'directory' && to.path.startsWith(`${source.path}/`)) throw new CommandError(`\`${source.shown}' to \`${to.shown}': is a subdirectory of itself`);
    if (await client.status(to.path, signal) !== undefined) throw new CommandError(`\`${to.shown}': File exists`);
    if (await client.status(posix.dirname(to.path), signal) === undefined) throw new CommandError(`\`${to.shown}': No such file or directory`);
    // What has come meanwhile stays, and nothing is moved into it.
    await client.rename(source.path, to.path, signal, { overwrite: false });
  }));
}

async function setReplication(shell: Shell, { paths, flags }: Parsed): Promise<number> {
  const { client, signal } = shell;
  const [text = '', ...names] = paths;
  const changed: Found[] = [];
  const replication = Number(text);
  if (!Number.isInteger(replication) || replication < 1) throw new CommandError(`'${text}' is not a number of replicas`);
  const { found, code } = await expandEach(shell, 'setrep', names);
  const changing = await forEachBelow(shell, 'setrep', found, async (each) => {
    if (each.status.kind === 'directory') return;
    if (!await client.setReplication(each.path, replication, signal)) throw new CommandError(`Could not set replication for: ${each.shown}`);
    print(shell, [`Replication ${replication} set: ${each.shown}`]);
    if (flags.has('w')) changed.push(each);
  });
  return Math.max(code, changing, await forEach(shell, 'setrep', changed, (each) => untilReplicated(shell, each, replication)));
}

async function untilReplicated(shell: Shell, { path, shown }: Found, replication: number): Promise<void> {
  const { client, signal } = shell;
  shell.stdout.write(`Waiting for ${shown} ...`);
  for (let looks = 1, warned = false;; looks += 1) {
    const blocks = await client.blocks(path, signal);
    if (blocks.every(({ replicas }) => replicas.length === replication)) break;
    if (!warned && blocks.some(({ replicas }) => replicas.length > replication)) {
      shell.stdout.write('\nWARNING: the waiting time may be long for DECREASING the number of replications.\n');
      warned = true;
    }
    if (looks % looksPerDot === 0) shell.stdout.write('.');
    await shell.sleep(pollMs);
  }
  shell.stdout.write(' done\n');
}

async function changeAll(shell: Shell, name: string, names: readonly string[], recursive: boolean, change: (path: string) => Promise<void>): Promise<number> {
  if (!recursive) return forEachFound(shell, name, names, ({ path }) => change(path));
  const { found, code } = await expandEach(shell, name, names);
  return Math.max(code, await forEachBelow(shell, name, found, ({ path }) => change(path)));
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
