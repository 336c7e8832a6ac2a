/**
 * The name space of a cluster: a deterministic state machine in memory. Reads answer from it; every change is an operation that is first planned (all
 * checks, no change) and then committed, so a refused one leaves no trace.
 */
import { HdfsError } from '../../hdfs-error.ts';
import type { ContentSummary, FileStatus } from '../../model.ts';
import type { BlockListener } from './block-listener.ts';
import {
  existing, planConcat, planDelete, planMkdirs, planRename, planRenameWith, planSetOwner, planSetPermission, planSetQuota, planSetReplication, planSetTimes,
} from './directory-operations.ts';
import {
  holdersOf, planAbandonBlock, planAddBlock, planAppend, planCommitRecovery, planComplete, planCreate, planPersistLength, planRecoverLease, planTakeStamp,
  planTruncate, planUpdatePipeline,
} from './file-operations.ts';
import { Directory, File, pathOf, treeOf, type Construction, type FileBlock, type Inode } from './inode.ts';
import { JournalFormatError } from './operation-codec.ts';
import type { Identity, NamespaceOperation, OperationKind, OperationOf, OperationResults } from './operation.ts';
import { access, checkAccessTo } from './permission.ts';
import { outcomeValue, RetryCache } from './retry-cache.ts';
import { Tokens } from './tokens.ts';
import { Tree } from './tree.ts';

export interface NamespaceOptions {
  readonly superuser: string;
  readonly supergroup: string;
}

export interface FileBlocks {
  readonly fileId: number;
  readonly path: string;
  readonly bytes: number;
  readonly blocks: readonly FileBlock[];
  readonly replication: number;
  readonly blockBytes: number;
  readonly construction: Construction | undefined;
}

export interface Listing {
  readonly entries: readonly FileStatus[];
  readonly remaining: number;
}

export class Namespace {
  tree: Tree;
  tokens = new Tokens();
  retries = new RetryCache();
  readonly #options: NamespaceOptions;
  readonly #listener: BlockListener;

  constructor(options: NamespaceOptions, listener: BlockListener) {
    this.#options = options;
    this.#listener = listener;
    this.tree = this.emptyTree();
  }

  /** For images: what a state begins as. */
  emptyTree(): Tree {
    return new Tree(this.#listener, { owner: this.#options.superuser, group: this.#options.supergroup });
  }

  /** Throws what `apply` would throw now, and changes nothing. A call that was done already passes. */
  check(operation: NamespaceOperation): void {
    if (this.retries.get(operation.callId) === undefined) this.#plan(operation);
  }

  /** All or nothing. Throws `HdfsError` when the operation is refused. */
  apply<K extends OperationKind>(operation: OperationOf<K>): OperationResults[K] {
    const done = this.retries.get(operation.callId);
    if (done !== undefined) return outcomeValue(done) as OperationResults[K];
    try {
      const value = this.#plan(operation)();
      this.retries.keep(operation.callId, { value }, operation.atMs);
      return value as OperationResults[K];
    } catch (error) {
      // What may pass by itself is tried again.
      if (error instanceof HdfsError && error.code !== 'RetriableException') this.retries.keep(operation.callId, { code: error.code, message: error.message }, operation.atMs);
      throw error;
    }
  }

  #plan(operation: NamespaceOperation): () => unknown {
    const { tree, tokens } = this;
    switch (operation.kind) {
      case 'mkdirs': return planMkdirs(tree, operation);
      case 'create': return planCreate(tree, operation);
      case 'append': return planAppend(tree, operation);
      case 'addBlock': return planAddBlock(tree, operation);
      case 'abandonBlock': return planAbandonBlock(tree, operation);
      case 'takeStamp': return planTakeStamp(tree, operation);
      case 'updatePipeline': return planUpdatePipeline(tree, operation);
      case 'persistLength': return planPersistLength(tree, operation);
      case 'complete': return planComplete(tree, operation);
      case 'truncate': return planTruncate(tree, operation);
      case 'recoverLease': return planRecoverLease(tree, operation);
      case 'commitRecovery': return planCommitRecovery(tree, operation);
      case 'rename': return planRename(tree, operation);
      case 'renameWith': return planRenameWith(tree, operation);
      case 'delete': return planDelete(tree, operation);
      case 'concat': return planConcat(tree, operation);
      case 'setReplication': return planSetReplication(tree, operation);
      case 'setPermission': return planSetPermission(tree, operation);
      case 'setOwner': return planSetOwner(tree, operation);
      case 'setTimes': return planSetTimes(tree, operation);
      case 'setQuota': return planSetQuota(tree, operation);
      case 'addTokenKey': return tokens.planAddKey(operation);
      case 'issueToken': return tokens.planIssue(operation);
      case 'renewToken': return tokens.planRenew(operation);
      case 'cancelToken': return tokens.planCancel(operation);
      case 'setLeaving': return () => {
        tree.leaving = new Set(operation.datanodes);
        return undefined;
      };
      // No answer to give to a caller: this state would part from those of members that know it.
      default: throw new JournalFormatError(`the journal has an operation of an unknown kind '${String((operation satisfies never as { readonly kind: string }).kind)}': run the version that wrote it`);
    }
  }

  /** Undefined when nothing is there. `name` is empty. */
  fileStatus(by: Identity, path: string): FileStatus | undefined {
    const { inode } = this.tree.find(by, path);
    return inode === undefined ? undefined : statusOf(inode, '');
  }

  /** Children after `startAfter` by name (in order of UTF-16 units), at most `limit`; of a file its own status. */
  list(by: Identity, path: string, startAfter: string, limit: number): Listing {
    const inode = existing(this.tree, by, path);
    if (inode instanceof File) return { entries: [statusOf(inode, '')], remaining: 0 };
    checkAccessTo(by, inode, access.read | access.execute);
    const names = this.tree.sortedNames(inode);
    const from = startAfter === '' ? 0 : firstAfter(names, startAfter);
    const chosen = names.slice(from, from + limit);
    return { entries: chosen.map((name) => statusOf(inode.child(name) as Inode, name)), remaining: names.length - from - chosen.length };
  }

  contentSummary(by: Identity, path: string): ContentSummary {
    const inode = existing(this.tree, by, path);
    let directories = 0;
    let files = 0;
    let bytes = 0;
    let spaceBytes = 0;
    for (const each of treeOf(inode)) {
      if (each instanceof Directory) {
        directories += 1;
        checkAccessTo(by, each, access.read | access.execute);
        continue;
      }
      files += 1;
      bytes += each.bytes;
      spaceBytes += each.bytes * each.layout.replication;
    }
    const quota = inode instanceof Directory ? inode.quota : undefined;
    return { directories, files, bytes, spaceBytes, nameQuota: quota?.names ?? -1, spaceQuotaBytes: quota?.spaceBytes ?? -1 };
  }

  /** `action`: `r-x` as WebHDFS has it. Throws AccessControlException or FileNotFoundException. */
  checkAccess(by: Identity, path: string, action: string): void {
    if (!/^[r-][w-][x-]$/.test(action)) throw new HdfsError('IllegalArgumentException', `Invalid value for webhdfs parameter "fsaction": ${action} is not like [rwx-]{3}`);
    const wanted = (action[0] === 'r' ? access.read : 0) | (action[1] === 'w' ? access.write : 0) | (action[2] === 'x' ? access.execute : 0);
    checkAccessTo(by, existing(this.tree, by, path), wanted);
  }

  /** For a reader. Throws when it may not read. */
  fileBlocks(by: Identity, path: string): FileBlocks {
    const inode = existing(this.tree, by, path);
    if (!(inode instanceof File)) throw new HdfsError('FileNotFoundException', `Path is not a file: ${pathOf(inode)}`);
    checkAccessTo(by, inode, access.read);
    return blocksOf(inode);
  }

  /** Of a file that is being written; undefined when it is not. */
  openFile(fileId: number): FileBlocks | undefined {
    const file = this.tree.openFiles.get(fileId);
    return file === undefined ? undefined : blocksOf(file);
  }

  /** The file of which this is the open last block. */
  fileOfOpenBlock(blockId: number): FileBlocks | undefined {
    const file = this.tree.openBlocks.get(blockId);
    return file === undefined ? undefined : blocksOf(file);
  }

  /** Every writer with the ids of its files. */
  leaseHolders(): ReadonlyMap<string, readonly number[]> {
    return holdersOf(this.tree);
  }

  /** Files at and below a path, for a check of the whole or a part. */
  * filesBelow(path: string, by: Identity): Generator<FileBlocks> {
    for (const inode of treeOf(existing(this.tree, by, path))) if (inode instanceof File) yield blocksOf(inode);
  }

  get files(): number {
    return this.tree.files;
  }

  get directories(): number {
    return this.tree.directories;
  }

  get blocks(): number {
    return this.tree.blocks;
  }

  get leaving(): ReadonlySet<string> {
    return this.tree.leaving;
  }

  /** Tells the listener of all blocks, as after an image was read. */
  announceBlocks(): void {
    this.#listener.clearBlocks();
    for (const inode of treeOf(this.tree.root)) {
      if (!(inode instanceof File)) continue;
      for (const block of inode.blocks) this.#listener.addBlock({ ...block, fileId: inode.id, replication: inode.layout.replication });
    }
  }
}

/** Where the names after `name` begin. */
function firstAfter(names: readonly string[], name: string): number {
  let low = 0;
  let high = names.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((names[middle] ?? '') > name) high = middle;
    else low = middle + 1;
  }
  return low;
}

function blocksOf(file: File): FileBlocks {
  const { replication, blockBytes } = file.layout;
  return { fileId: file.id, path: pathOf(file), bytes: file.bytes, blocks: file.blocks, replication, blockBytes, construction: file.construction };
}

function statusOf(inode: Inode, name: string): FileStatus {
  const { owner, group, permission } = inode.attributes;
  const shared = { fileId: inode.id, name, owner, group, permission, modifiedMs: inode.modifiedMs };
  if (inode instanceof Directory) return { ...shared, kind: 'directory', bytes: 0, accessedMs: 0, replication: 0, blockBytes: 0, children: inode.childCount };
  return { ...shared, kind: 'file', bytes: inode.bytes, accessedMs: inode.accessedMs, replication: inode.layout.replication, blockBytes: inode.layout.blockBytes, children: 0 };
}
