/**
 * Runs operations on a name space from lines of text, so that a case of a test is one line: `alice> mkdirs /a 700; rename /a /b`. Files have blocks of
 * 10 bytes and replication 2 unless they say otherwise.
 */
import { HdfsError } from '../../../hdfs-error.ts';
import type { Block } from '../../../model.ts';
import type { BlockListener } from '../block-listener.ts';
import { Directory, File, pathOf, treeOf } from '../inode.ts';
import { Namespace } from '../namespace.ts';
import type { Identity, NamespaceOperation, OperationKind, OperationOf } from '../operation.ts';

export const superuser: Identity = { user: 'hdfs', groups: ['supergroup'], bypass: true };
export const namespaceOptions = { superuser: 'hdfs', supergroup: 'supergroup' } as const;
export const userOf = (user: string): Identity => user === 'hdfs' ? superuser : { user, groups: user === 'bob' ? ['staff', 'guests'] : [user, 'staff'], bypass: false };

type Fields<K extends OperationKind> = Omit<OperationOf<K>, 'kind' | 'by' | 'atMs'>;

const blockBytes = 10;
const mode = (text: string | undefined, otherwise: number): number => text === undefined ? otherwise : Number.parseInt(text, 8);

export class NamespaceShell {
  /** What the block manager was told, in order: `add 1 x2`, block ids counted from 1. */
  readonly events: string[] = [];
  readonly namespace: Namespace;
  atMs = 1000;
  #by = superuser;

  constructor() {
    this.namespace = new Namespace(namespaceOptions, this.#listener());
  }

  /** The outcome of the last command: `ok`, JSON of the result, or `Exception: message`. The ones before it must succeed. */
  run(script: string): string {
    const commands = script.split(';').map((each) => each.trim());
    let outcome = '';
    for (const [index, command] of commands.entries()) {
      const [, user, words] = /^(?:(\w+)> )?(.*)$/s.exec(command) ?? [];
      this.#by = userOf(user ?? 'hdfs');
      try {
        outcome = shown(this.#command(words?.split(' ') ?? []));
      } catch (error) {
        if (!(error instanceof HdfsError)) throw error;
        if (index < commands.length - 1) throw new Error(`${command}: ${error.code}: ${error.message}`, { cause: error });
        outcome = `${error.code}: ${error.message}`;
      }
    }
    return outcome;
  }

  /** As the operation is checked and then applied on an active namenode; both must say the same. */
  apply<K extends OperationKind>(kind: K, fields: Fields<K>): unknown {
    this.atMs += 1;
    const operation = { kind, by: this.#by, atMs: this.atMs, ...fields } as unknown as OperationOf<K>;
    const before = this.tree();
    const refusal = refusalOf(() => this.namespace.check(operation as NamespaceOperation));
    if (this.tree() !== before) throw new Error(`the check of ${kind} changed the state`);
    const refused = refusalOf(() => { this.#result = this.namespace.apply<K>(operation); });
    if (refusal?.code !== refused?.code || refusal?.message !== refused?.message) throw new Error(`${kind}: checked '${refusal?.message}', applied '${refused?.message}'`);
    if (refused === undefined) return this.#result;
    if (this.tree() !== before) throw new Error(`${kind} was refused and changed the state`);
    throw refused;
  }

  #result: unknown;

  /** `/a/ /a/f(10+5)`: directories, files with their blocks' bytes, `?` after a block that is not final, `*` after a file that is being written. */
  tree(): string {
    const lines: string[] = [];
    for (const inode of treeOf(this.namespace.tree.root)) {
      if (inode instanceof Directory) {
        if (inode.parent !== undefined) lines.push(`${pathOf(inode)}/`);
        continue;
      }
      const blocks = inode.blocks.map(({ bytes, committed }) => `${bytes}${committed ? '' : '?'}`).join('+');
      lines.push(`${pathOf(inode)}(${blocks})${inode.construction === undefined ? '' : '*'}`);
    }
    return lines.toSorted().join(' ');
  }

  fileId(path: string): number {
    const inode = this.namespace.tree.find(superuser, path).inode;
    if (!(inode instanceof File)) throw new Error(`${path} is no file`);
    return inode.id;
  }

  last(path: string): Block {
    const inode = this.namespace.tree.find(superuser, path).inode;
    if (!(inode instanceof File) || inode.lastBlock === undefined) throw new Error(`${path} has no block`);
    const { id, generationStamp, bytes } = inode.lastBlock;
    return { id, generationStamp, bytes };
  }

  #command(words: readonly string[]): unknown {
    const [name = '', path = '', a, b] = words;
    switch (name) {
      case 'mkdirs': return this.apply('mkdirs', { path, permission: mode(a, 0o755), createParent: true });
      case 'mkdir': return this.apply('mkdirs', { path, permission: mode(a, 0o755), createParent: false });
      case 'delete': return this.apply('delete', { path, recursive: false });
      case 'rm': return this.apply('delete', { path, recursive: true });
      case 'rename': return this.apply('rename', { from: path, to: a ?? '' });
      case 'move': return this.apply('renameWith', { from: path, to: a ?? '', overwrite: false, toTrash: false });
      case 'replace': return this.apply('renameWith', { from: path, to: a ?? '', overwrite: true, toTrash: false });
      case 'concat': return this.apply('concat', { path, sources: words.slice(2) });
      case 'setrep': return this.apply('setReplication', { path, replication: Number(a) });
      case 'chmod': return this.apply('setPermission', { path, permission: mode(a, 0) });
      case 'chown': return this.apply('setOwner', { path, ...(a === '-' ? {} : { owner: a }), ...(b === undefined ? {} : { group: b }) });
      case 'times': return this.apply('setTimes', { path, ...(a === '-' ? {} : { modifiedMs: Number(a) }), ...(b === undefined ? {} : { accessedMs: Number(b) }) });
      case 'quota': return this.apply('setQuota', { path, ...(a === '-' ? {} : { nameQuota: Number(a) }), ...(b === undefined ? {} : { spaceQuotaBytes: Number(b) }) });
      case 'stat': return this.#status(path);
      case 'ls': return this.namespace.list(this.#by, path, a ?? '', Number(b ?? 100)).entries.map((each) => each.name).join(' ');
      case 'access': this.namespace.checkAccess(this.#by, path, a ?? ''); return undefined;
      case 'count': return this.#count(path);
      case 'read': return this.namespace.fileBlocks(this.#by, path).bytes;
      default: return this.#writer(words);
    }
  }

  #writer(words: readonly string[]): unknown {
    const [name = '', path = '', a = 'w', b] = words;
    switch (name) {
      case 'create': return this.#create(path, a, false);
      case 'overwrite': return this.#create(path, a, true);
      case 'createIn': return this.apply('create', { path, client: a, permission: 0o644, overwrite: false, createParent: false, replication: 2, blockBytes });
      case 'write': return this.#write(path, a, b);
      case 'append': return stampless(this.apply('append', { path, client: a }));
      case 'add': return stampless(this.apply('addBlock', { fileId: this.fileId(path), client: a, ...(b === undefined ? {} : { previous: { ...this.last(path), bytes: Number(b) } }) }));
      case 'abandon': return this.apply('abandonBlock', { fileId: this.fileId(path), client: a, block: this.last(path) });
      case 'length': return this.apply('persistLength', { fileId: this.fileId(path), client: a, last: { ...this.last(path), bytes: Number(b) } });
      case 'pipeline': return this.#pipeline(path, a, Number(b));
      case 'close': return this.apply('complete', { fileId: this.fileId(path), client: a, ...(b === undefined ? {} : { last: { ...this.last(path), bytes: Number(b) } }) });
      case 'truncate': return stampless(this.apply('truncate', { path, bytes: Number(b), client: a }));
      case 'recover': return stampless(this.apply('recoverLease', { fileId: this.fileId(path) }));
      case 'recovered': return this.#recovered(path, Number(a));
      default: throw new Error(`no such command: ${words.join(' ')}`);
    }
  }

  #create(path: string, client: string, overwrite: boolean): unknown {
    this.apply('create', { path, client, permission: 0o644, overwrite, createParent: true, replication: 2, blockBytes });
    return undefined;
  }

  /** A closed file of blocks like `10+5`. */
  #write(path: string, blocks: string, replication = '2'): unknown {
    this.apply('create', { path, client: 'w', permission: 0o644, overwrite: false, createParent: true, replication: Number(replication), blockBytes });
    const fileId = this.fileId(path);
    let previous: Block | undefined;
    for (const bytes of blocks === '' || blocks === '0' ? [] : blocks.split('+').map(Number)) {
      const block = this.apply('addBlock', { fileId, client: 'w', previous }) as Block;
      previous = { ...block, bytes };
    }
    return this.apply('complete', { fileId, client: 'w', last: previous });
  }

  #pipeline(path: string, client: string, bytes: number): unknown {
    const fileId = this.fileId(path);
    const old = this.last(path);
    const next = this.apply('takeStamp', { fileId, client, block: old }) as Block;
    return this.apply('updatePipeline', { fileId, client, old, next: { ...next, bytes } });
  }

  /** Datanodes tell the outcome of the recovery under way. */
  #recovered(path: string, bytes: number): unknown {
    const old = this.last(path);
    const generationStamp = this.namespace.openFile(this.fileId(path))?.construction?.recovery?.generationStamp ?? 0;
    return this.apply('commitRecovery', { old, next: { ...old, generationStamp, bytes } });
  }

  #status(path: string): unknown {
    const status = this.namespace.fileStatus(this.#by, path);
    if (status === undefined) return 'none';
    const { owner, group, permission, bytes, modifiedMs, accessedMs, replication, children, kind } = status;
    return `${kind} ${permission.toString(8)} ${owner}:${group} ${kind === 'file' ? `bytes=${bytes} x${replication}` : `children=${children}`} ${modifiedMs} ${accessedMs}`;
  }

  #count(path: string): unknown {
    const { directories, files, bytes, spaceBytes, nameQuota, spaceQuotaBytes } = this.namespace.contentSummary(this.#by, path);
    return `directories=${directories} files=${files} bytes=${bytes} space=${spaceBytes} quota=${nameQuota},${spaceQuotaBytes}`;
  }

  #listener(): BlockListener {
    const note = (text: string): void => { this.events.push(text); };
    const short = (id: number): number => id - 2 ** 30;
    return {
      addBlock: (block) => note(`add ${short(block.id)} x${block.replication}`),
      commitBlock: (block) => note(`commit ${short(block.id)} ${block.bytes}`),
      reopenBlock: (block) => note(`reopen ${short(block.id)} ${block.bytes}`),
      changeStamp: (block) => note(`change ${short(block.id)} ${block.bytes}`),
      removeBlock: (id) => note(`remove ${short(id)}`),
      changeReplication: (id, replication) => note(`replication ${short(id)} ${replication}`),
      moveBlock: (id) => note(`move ${short(id)}`),
      clearBlocks: () => note('clear'),
    };
  }
}

function refusalOf(act: () => void): HdfsError | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (error instanceof HdfsError) return error;
    throw error;
  }
}

function shown(value: unknown): string {
  return value === undefined ? 'ok' : typeof value === 'string' ? value : JSON.stringify(value);
}

/** Ids and stamps are of no interest where lengths are. */
function stampless(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (key, each: unknown) => key === 'id' || key === 'generationStamp' || key === 'fileId' ? undefined : each) as unknown;
}
