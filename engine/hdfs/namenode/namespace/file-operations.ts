/**
 * Operations of writers: each checks everything and changes nothing, and returns the change. A file has one writer, the holder of its lease; its blocks
 * are written one after the other. How long a lease holds is the active namenode's business, not the journal's.
 */
import { HdfsError } from '../../hdfs-error.ts';
import type { Block } from '../../model.ts';
import { checkCreatable, existing, makeParents } from './directory-operations.ts';
import { Directory, File, pathOf, type FileBlock } from './inode.ts';
import type {
  AbandonBlock, AddBlock, Append, CommitRecovery, Complete, Create, OperationResults, PersistLength, RecoverLease, TakeStamp, Truncate, UpdatePipeline,
} from './operation.ts';
import { pathText } from './path.ts';
import { access, checkAccessTo } from './permission.ts';
import type { Tree } from './tree.ts';

/** HDFS's own. */
const blocksMax = 10_000;

export function planCreate(tree: Tree, operation: Create): () => OperationResults['create'] {
  const { by, atMs, client } = operation;
  const place = tree.find(by, operation.path);
  const path = pathText(place.components);
  const { inode } = place;
  if (inode instanceof Directory || place.components.length === 0) throw new HdfsError('FileAlreadyExistsException', `${path} already exists as a directory`);
  if (inode !== undefined) {
    if (operation.overwrite) checkAccessTo(by, inode, access.write);
    else if (inode.construction === undefined) throw new HdfsError('FileAlreadyExistsException', `${path} for client ${client} already exists`);
    else throw leased('CREATE_FILE', path, client, inode);
  }
  const parent = checkCreatable(tree, place, operation.createParent);
  checkAccessTo(by, parent, access.write);
  tree.checkQuota(parent, { names: place.components.length - place.ancestors.length + (inode === undefined ? 1 : 0), spaceBytes: 0 });
  return () => {
    if (inode !== undefined) tree.destroy(inode, atMs);
    const directory = makeParents(tree, place, { by, atMs, permission: parent.attributes.permission });
    const attributes = tree.attributes(by.user, directory.attributes.group, operation.permission & 0o777);
    const file = tree.newFile(directory, place.components.at(-1) ?? '', attributes, atMs, tree.layout(operation.replication, operation.blockBytes));
    tree.open(file, client);
    return { fileId: file.id };
  };
}

export function planAppend(tree: Tree, operation: Append): () => OperationResults['append'] {
  const { by, client } = operation;
  const place = tree.find(by, operation.path);
  const path = pathText(place.components);
  const { inode } = place;
  if (inode === undefined) throw new HdfsError('FileNotFoundException', `Failed to append to non-existent file ${path} for client ${client}`);
  if (!(inode instanceof File)) throw new HdfsError('FileAlreadyExistsException', `Cannot append to directory ${path}; already exists as a directory.`);
  checkAccessTo(by, inode, access.write);
  if (inode.construction !== undefined) throw leased('APPEND_FILE', path, client, inode);
  const last = inode.lastBlock;
  const goesOn = last !== undefined && last.bytes < inode.layout.blockBytes;
  if (goesOn) tree.checkQuota(inode.parent, { names: 0, spaceBytes: (inode.layout.blockBytes - last.bytes) * inode.layout.replication });
  return () => {
    tree.open(inode, client);
    if (!goesOn) return { fileId: inode.id };
    const reopened = reopen(tree, inode, last, tree.takeStamp());
    return { fileId: inode.id, reopened: plain(reopened) };
  };
}

export function planAddBlock(tree: Tree, operation: AddBlock): () => Block {
  const file = writable(tree, operation.fileId, operation.client);
  const { previous } = operation;
  const last = file.lastBlock;
  checkPrevious(file, previous);
  const { blockBytes, replication } = file.layout;
  if (file.blocks.length >= blocksMax) throw new HdfsError('IOException', `File has reached the limit on maximum number of blocks (dfs.namenode.fs-limits.max-blocks-per-file): ${file.blocks.length} >= ${blocksMax}`);
  // Committing the last one, which counted as a whole, may make room.
  const freed = last === undefined || last.committed ? 0 : blockBytes - (previous?.bytes ?? blockBytes);
  tree.checkQuota(file.parent, { names: 0, spaceBytes: (blockBytes - freed) * replication });
  return () => {
    if (previous !== undefined && last !== undefined && !last.committed) commitLast(tree, file, last, previous);
    const block: FileBlock = { id: tree.nextBlockId, generationStamp: tree.takeStamp(), bytes: 0, committed: false };
    tree.nextBlockId += 1;
    tree.setBlocks(file, [...file.blocks, block]);
    tree.listener.addBlock({ ...block, fileId: file.id, replication: file.layout.replication });
    return plain(block);
  };
}

export function planAbandonBlock(tree: Tree, operation: AbandonBlock): () => undefined {
  const file = writable(tree, operation.fileId, operation.client);
  const last = file.lastBlock;
  // Given up already: the answer was lost.
  if (last?.id !== operation.block.id) return () => undefined;
  if (last.committed) throw new HdfsError('IOException', `Cannot abandon block ${last.id} of ${pathOf(file)}: it is complete`);
  return () => {
    tree.setBlocks(file, file.blocks.slice(0, -1));
    tree.listener.removeBlock(last.id);
    return undefined;
  };
}

export function planTakeStamp(tree: Tree, operation: TakeStamp): () => Block {
  const file = writable(tree, operation.fileId, operation.client);
  const last = openLast(file, operation.block);
  return () => ({ id: last.id, generationStamp: tree.takeStamp(), bytes: operation.block.bytes });
}

export function planUpdatePipeline(tree: Tree, operation: UpdatePipeline): () => undefined {
  const { old, next } = operation;
  const file = writable(tree, operation.fileId, operation.client);
  const last = openLast(file, old);
  if (next.id !== old.id || next.generationStamp <= last.generationStamp || next.generationStamp >= tree.nextStamp || next.bytes < last.bytes || next.bytes > file.layout.blockBytes) {
    throw new HdfsError('IOException', `Update of the pipeline of block ${old.id} from stamp ${last.generationStamp} and ${last.bytes} bytes to stamp ${next.generationStamp} and ${next.bytes} bytes is not possible`);
  }
  return () => {
    const changed = replaceLast(tree, file, { ...last, generationStamp: next.generationStamp, bytes: next.bytes });
    tree.listener.changeStamp(plain(changed));
    return undefined;
  };
}

export function planPersistLength(tree: Tree, operation: PersistLength): () => undefined {
  const file = writable(tree, operation.fileId, operation.client);
  const last = openLast(file, operation.last);
  const bytes = Math.max(last.bytes, operation.last.bytes);
  checkLength(file, bytes);
  return () => {
    tree.listener.changeStamp(plain(replaceLast(tree, file, { ...last, bytes })));
    return undefined;
  };
}

export function planComplete(tree: Tree, operation: Complete): () => undefined {
  const file = writable(tree, operation.fileId, operation.client);
  const { last: final } = operation;
  const last = file.lastBlock;
  if (last?.committed === false && final === undefined) throw new HdfsError('IOException', `Cannot complete ${pathOf(file)}: its last block ${last.id} was not named`);
  checkPrevious(file, final);
  return () => {
    if (final !== undefined && last !== undefined && !last.committed) commitLast(tree, file, last, final);
    tree.close(file);
    file.setTimes(operation.atMs);
    return undefined;
  };
}

export function planTruncate(tree: Tree, operation: Truncate): () => OperationResults['truncate'] {
  const { by, bytes, client, atMs } = operation;
  const inode = existing(tree, by, operation.path);
  const path = pathOf(inode);
  if (!(inode instanceof File)) throw new HdfsError('FileNotFoundException', `Path is not a file: ${path}`);
  checkAccessTo(by, inode, access.write);
  if (!Number.isSafeInteger(bytes) || bytes < 0) throw new HdfsError('HadoopIllegalArgumentException', `Cannot truncate to a negative file size: ${bytes}.`);
  if (inode.construction !== undefined) throw leased('TRUNCATE_FILE', path, client, inode);
  if (bytes > inode.bytes) throw new HdfsError('HadoopIllegalArgumentException', `Cannot truncate to a larger file size. Current size: ${inode.bytes}, truncate size: ${bytes}.`);
  if (bytes === inode.bytes) return () => ({ done: true });
  const kept: FileBlock[] = [];
  let left = bytes;
  for (const block of inode.blocks) {
    if (left <= 0) break;
    kept.push(block);
    left -= block.bytes;
  }
  const cut = left < 0 ? kept.at(-1) : undefined;
  return () => {
    const gone = inode.blocks.slice(kept.length);
    tree.setBlocks(inode, kept);
    for (const block of gone) tree.listener.removeBlock(block.id);
    inode.setTimes(atMs);
    if (cut === undefined) return { done: true };
    tree.open(inode, client);
    const generationStamp = tree.takeStamp();
    const target = cut.bytes + left;
    reopen(tree, inode, cut, cut.generationStamp);
    inode.construction = { client, recovery: { generationStamp, bytes: target } };
    return { done: false, recover: { id: cut.id, generationStamp, bytes: target } };
  };
}

export function planRecoverLease(tree: Tree, operation: RecoverLease): () => OperationResults['recoverLease'] {
  const file = tree.openFiles.get(operation.fileId);
  if (file?.construction === undefined) return () => ({ closed: true });
  const { construction } = file;
  return () => {
    const last = file.lastBlock;
    if (last === undefined || last.committed) {
      tree.close(file);
      file.setTimes(operation.atMs);
      return { closed: true };
    }
    const generationStamp = tree.takeStamp();
    const bytes = construction.recovery?.bytes;
    file.construction = { client: recoveringClient, recovery: bytes === undefined ? { generationStamp } : { generationStamp, bytes } };
    return { closed: false, recover: { id: last.id, generationStamp, bytes: bytes ?? last.bytes } };
  };
}

/** Holds a file whose last block is being recovered: the writer that had it can do nothing any more. */
const recoveringClient = 'HDFS_NameNode';

export function planCommitRecovery(tree: Tree, operation: CommitRecovery): () => undefined {
  const { old, next, atMs } = operation;
  const file = tree.openBlocks.get(old.id);
  // Told twice, or deleted meanwhile.
  if (file === undefined) return () => undefined;
  const recovery = file.construction?.recovery;
  const last = openLast(file, { id: old.id });
  if (recovery === undefined || recovery.generationStamp !== next.generationStamp) {
    throw new HdfsError('IOException', `The recovery of block ${old.id} with stamp ${next.generationStamp} is not expected: ${recovery === undefined ? 'none is under way' : `stamp ${recovery.generationStamp} is`}`);
  }
  checkLength(file, next.bytes);
  if (recovery.bytes !== undefined && next.bytes !== recovery.bytes) throw new HdfsError('IOException', `The block ${old.id} of ${pathOf(file)} was to be cut to ${recovery.bytes} bytes and has ${next.bytes}`);
  return () => {
    if (next.bytes === 0) {
      tree.setBlocks(file, file.blocks.slice(0, -1));
      tree.listener.removeBlock(last.id);
    } else {
      const final = replaceLast(tree, file, { id: last.id, generationStamp: next.generationStamp, bytes: next.bytes, committed: true });
      tree.listener.commitBlock(plain(final));
    }
    tree.close(file);
    file.setTimes(atMs);
    return undefined;
  };
}

/** The file that this client writes. Throws LeaseExpiredException. */
function writable(tree: Tree, fileId: number, client: string): File {
  const file = tree.openFiles.get(fileId);
  if (file?.construction === undefined) throw new HdfsError('LeaseExpiredException', `No lease on inode ${fileId}: File does not exist or is not open for writing. Holder ${client} does not have any open files.`);
  const { construction } = file;
  if (construction.client !== client) throw new HdfsError('LeaseExpiredException', `No lease on ${pathOf(file)} (inode ${fileId}): Client ${client} does not own it; it is owned by ${construction.client}.`);
  if (construction.recovery !== undefined) throw new HdfsError('RecoveryInProgressException', `${pathOf(file)} is under recovery`);
  return file;
}

function checkPrevious(file: File, previous: Block | undefined): void {
  const last = file.lastBlock;
  if (previous === undefined) {
    if (last?.committed === false) throw new HdfsError('IOException', `The last block ${last.id} of ${pathOf(file)} is not complete and was not named`);
    return;
  }
  if (last === undefined || last.id !== previous.id) throw new HdfsError('IOException', `Unexpected block ${previous.id} of ${pathOf(file)}: its last one is ${last?.id ?? 'none'}`);
  if (last.committed && (last.bytes !== previous.bytes || last.generationStamp !== previous.generationStamp)) throw new HdfsError('IOException', `Block ${last.id} of ${pathOf(file)} is complete with ${last.bytes} bytes, not ${previous.bytes}`);
  if (!last.committed && previous.generationStamp !== last.generationStamp) throw new HdfsError('IOException', `Block ${last.id} of ${pathOf(file)} has stamp ${last.generationStamp}, not ${previous.generationStamp}`);
  if (previous.bytes < last.bytes) throw new HdfsError('IOException', `Block ${last.id} of ${pathOf(file)} has ${last.bytes} bytes already, not ${previous.bytes}`);
  checkLength(file, previous.bytes);
}

function checkLength(file: File, bytes: number): void {
  if (!Number.isSafeInteger(bytes) || bytes < 0 || bytes > file.layout.blockBytes) throw new HdfsError('IOException', `A block of ${pathOf(file)} cannot have ${bytes} bytes: its blocks have ${file.layout.blockBytes}`);
}

function openLast(file: File, block: { readonly id: number; readonly generationStamp?: number }): FileBlock {
  const last = file.lastBlock;
  if (last === undefined || last.id !== block.id || last.committed) throw new HdfsError('IOException', `Block ${block.id} is not the open last block of ${pathOf(file)}`);
  if (block.generationStamp !== undefined && block.generationStamp !== last.generationStamp) throw new HdfsError('IOException', `Block ${block.id} of ${pathOf(file)} has stamp ${last.generationStamp}, not ${block.generationStamp}`);
  return last;
}

function commitLast(tree: Tree, file: File, last: FileBlock, final: Block): void {
  const block = replaceLast(tree, file, { ...last, bytes: final.bytes, committed: true });
  tree.listener.commitBlock(plain(block));
}

function reopen(tree: Tree, file: File, last: FileBlock, generationStamp: number): FileBlock {
  const block = replaceLast(tree, file, { ...last, generationStamp, committed: false });
  tree.listener.reopenBlock(plain(block));
  return block;
}

function replaceLast(tree: Tree, file: File, block: FileBlock): FileBlock {
  tree.setBlocks(file, [...file.blocks.slice(0, -1), block]);
  return block;
}

function plain({ id, generationStamp, bytes }: Block): Block {
  return { id, generationStamp, bytes };
}

/** Somebody else writes the file; or the same client does, which should know. */
function leased(what: string, path: string, client: string, file: File): HdfsError {
  const construction = file.construction;
  if (construction?.recovery !== undefined) return new HdfsError('RecoveryInProgressException', `Failed to ${what} ${path} for ${client} because lease recovery is in progress. Try again later.`);
  const owner = construction?.client ?? 'nobody';
  if (owner === client) return new HdfsError('AlreadyBeingCreatedException', `Failed to ${what} ${path} for ${client} because ${client} is already the current lease holder.`);
  return new HdfsError('AlreadyBeingCreatedException', `Failed to ${what} ${path} for ${client} because this file lease is currently owned by ${owner}`);
}

/** For the active namenode: who holds what, to tell when leases run out. */
export function holdersOf(tree: Tree): ReadonlyMap<string, readonly number[]> {
  const holders = new Map<string, number[]>();
  for (const file of tree.openFiles.values()) {
    const client = file.construction?.client ?? '';
    const known = holders.get(client);
    if (known === undefined) holders.set(client, [file.id]);
    else known.push(file.id);
  }
  return holders;
}
