/**
 * Operations on names: each checks everything and changes nothing, and returns the change. Hadoop's ClientProtocol and its file system specification say
 * what is refused and how; messages are in Hadoop's wording where clients look at them.
 */
import { HdfsError } from '../../hdfs-error.ts';
import { Directory, File, pathOf, spaceOf, type Inode } from './inode.ts';
import type { Concat, Delete, Identity, Mkdirs, Rename, RenameWith, SetOwner, SetPermission, SetQuota, SetReplication, SetTimes } from './operation.ts';
import { pathText } from './path.ts';
import { access, checkAccessTo, checkOwner, checkRemovable, checkSticky, checkSuperuser } from './permission.ts';
import { checkName, type Place, type Tree, type Usage } from './tree.ts';

/** Directories that are made on the way let their owner in; they are not sticky. */
const implicitPermission = 0o300;
const permissionMask = 0o1777;

export function planMkdirs(tree: Tree, operation: Mkdirs): () => boolean {
  const { by, atMs } = operation;
  const place = tree.find(by, operation.path);
  if (place.inode instanceof Directory) return () => true;
  if (place.inode !== undefined) throw new HdfsError('FileAlreadyExistsException', `Path is not a directory: ${pathText(place.components)}`);
  const parent = checkCreatable(tree, place, operation.createParent);
  checkAccessTo(by, parent, access.write);
  tree.checkQuota(parent, { names: place.components.length - place.ancestors.length + 1, spaceBytes: 0 });
  return () => {
    const last = makeParents(tree, place, { by, atMs, permission: operation.permission });
    tree.newDirectory(last, place.components.at(-1) ?? '', tree.attributes(by.user, last.attributes.group, operation.permission & permissionMask), atMs);
    return true;
  };
}

/** The deepest directory that is there. Throws when a file is in the way, or parents are missing that shall not be made. */
export function checkCreatable(tree: Tree, place: Place, createParent: boolean): Directory {
  checkName(place.components);
  const parent = place.ancestors.at(-1) ?? tree.root;
  const parentPath = pathText(place.components.slice(0, -1));
  if (place.obstacle !== undefined) throw new HdfsError('ParentNotDirectoryException', `Parent path is not a directory: ${pathOf(place.obstacle)}`);
  if (!createParent && tree.parentIn(place) === undefined) throw new HdfsError('FileNotFoundException', `Parent directory doesn't exist: ${parentPath}`);
  return parent;
}

/** Makes what is missing between the deepest directory and the last component. */
export function makeParents(tree: Tree, place: Place, how: { readonly by: Identity; readonly atMs: number; readonly permission: number }): Directory {
  let at = place.ancestors.at(-1) ?? tree.root;
  for (const name of place.components.slice(place.ancestors.length - 1, -1)) {
    if (at.child(name) !== undefined) continue;
    at = tree.newDirectory(at, name, tree.attributes(how.by.user, at.attributes.group, (how.permission | implicitPermission) & 0o777), how.atMs);
  }
  return at;
}

export function planDelete(tree: Tree, operation: Delete): () => boolean {
  const { by, atMs } = operation;
  const place = tree.find(by, operation.path);
  const { inode } = place;
  if (operation.writer !== undefined && !isWrittenBy(inode, operation.writer)) return () => false;
  if (!operation.recursive && inode instanceof Directory && inode.childCount > 0) {
    throw new HdfsError('PathIsNotEmptyDirectoryException', `\`${pathText(place.components)} is non empty': Directory is not empty`);
  }
  const parent = tree.parentIn(place);
  // Nothing is there, or it is the root, which stays.
  if (inode === undefined || parent === undefined) return () => false;
  checkAccessTo(by, parent, access.write);
  checkSticky(by, parent, inode);
  checkRemovable(by, inode);
  return () => {
    tree.destroy(inode, atMs);
    return true;
  };
}

function isWrittenBy(inode: Inode | undefined, { fileId, client }: NonNullable<Delete['writer']>): boolean {
  return inode instanceof File && inode.id === fileId && inode.construction?.client === client;
}

export function planRename(tree: Tree, operation: Rename): () => boolean {
  const { by } = operation;
  const no = (): boolean => false;
  const from = tree.find(by, operation.from);
  const named = tree.find(by, operation.to);
  const { inode } = from;
  const parent = tree.parentIn(from);
  if (inode === undefined || parent === undefined) return no;
  // Moving onto a directory moves into it.
  const to = named.inode instanceof Directory ? tree.find(by, `${pathText(named.components)}/${inode.name}`) : named;
  checkName(to.components);
  checkAccessTo(by, parent, access.write);
  checkSticky(by, parent, inode);
  if (to.obstacle !== undefined) throw new HdfsError('ParentNotDirectoryException', `Parent path is not a directory: ${pathOf(to.obstacle)}`);
  checkAccessTo(by, to.ancestors.at(-1) ?? tree.root, access.write);
  if (to.inode?.id === inode.id) return () => true;
  const target = tree.parentIn(to);
  if (isBelow(from, to) || to.inode !== undefined || target === undefined) return no;
  return planMove(tree, { inode, target, name: to.components.at(-1) ?? '', atMs: operation.atMs }, () => true);
}

export function planRenameWith(tree: Tree, operation: RenameWith): () => undefined {
  const { by, atMs, overwrite } = operation;
  const from = tree.find(by, operation.from);
  const to = tree.find(by, operation.to);
  const source = pathText(from.components);
  const destination = pathText(to.components);
  const { inode } = from;
  if (from.components.length === 0) throw new HdfsError('IOException', 'rename source cannot be the root');
  const parent = tree.parentIn(from);
  if (inode === undefined || parent === undefined) throw new HdfsError('FileNotFoundException', `rename source ${source} is not found.`);
  if (source === destination) throw new HdfsError('FileAlreadyExistsException', `The source ${source} and destination ${destination} are the same`);
  if (to.components.length === 0) throw new HdfsError('IOException', 'rename destination cannot be the root');
  checkName(to.components);
  checkAccessTo(by, parent, access.write);
  checkSticky(by, parent, inode);
  checkAccessTo(by, to.ancestors.at(-1) ?? tree.root, access.write);
  const target = tree.parentIn(to);
  if (isBelow(from, to)) throw new HdfsError('IOException', `Rename destination ${destination} is a directory or file under source ${source}`);
  if (to.inode !== undefined) checkReplaceable({ inode, replaced: to.inode, source, destination, overwrite });
  if (to.obstacle !== undefined) throw new HdfsError('ParentNotDirectoryException', `rename destination parent ${destination} is a file.`);
  if (target === undefined) throw new HdfsError('FileNotFoundException', `rename destination parent ${destination} not found.`);
  if (to.inode !== undefined) checkSticky(by, target, to.inode);
  return planMove(tree, { inode, target, name: to.components.at(-1) ?? '', atMs, replaced: to.inode }, () => undefined);
}

function checkReplaceable(at: { readonly inode: Inode; readonly replaced: Inode; readonly source: string; readonly destination: string; readonly overwrite: boolean }): void {
  const { inode, replaced, source, destination } = at;
  if (replaced instanceof Directory !== inode instanceof Directory) {
    throw new HdfsError('IOException', `Source ${source} and destination ${destination} must both be directories`);
  }
  if (!at.overwrite) throw new HdfsError('FileAlreadyExistsException', `rename destination ${destination} already exists`);
  if (replaced instanceof Directory && replaced.childCount > 0) throw new HdfsError('IOException', `rename destination directory is not empty: ${destination}`);
}

interface Move {
  readonly inode: Inode;
  readonly target: Directory;
  readonly name: string;
  readonly atMs: number;
  readonly replaced?: Inode | undefined;
}

function planMove<T>(tree: Tree, move: Move, result: () => T): () => T {
  const { inode, target, name, atMs, replaced } = move;
  const source = inode.parent;
  const metered = tree.hasQuotaAbove(source) || tree.hasQuotaAbove(target);
  const usage: Usage = metered ? tree.usageOf(inode) : { names: 0, spaceBytes: 0 };
  const freed: Usage = metered && replaced !== undefined ? tree.usageOf(replaced) : { names: 0, spaceBytes: 0 };
  if (metered) tree.checkQuota(target, { names: usage.names - freed.names, spaceBytes: usage.spaceBytes - freed.spaceBytes }, commonAncestor(source, target));
  return () => {
    if (replaced !== undefined) tree.destroy(replaced, atMs);
    tree.unlink(inode, atMs);
    tree.charge(source, -usage.names, -usage.spaceBytes);
    tree.link(target, name, inode, atMs);
    tree.charge(target, usage.names, usage.spaceBytes);
    return result();
  };
}

function commonAncestor(a: Directory | undefined, b: Directory | undefined): Directory | undefined {
  const above = new Set<Directory>();
  for (let at = a; at !== undefined; at = at.parent) above.add(at);
  for (let at = b; at !== undefined; at = at.parent) if (above.has(at)) return at;
  return undefined;
}

/** Whether `to` names something below `from`, be it there or not. */
function isBelow(from: Place, to: Place): boolean {
  return to.components.length > from.components.length && from.components.every((name, index) => name === to.components[index]);
}

export function planConcat(tree: Tree, operation: Concat): () => undefined {
  const { by, atMs } = operation;
  const target = checkConcatenable(tree, by, operation.path);
  if (operation.sources.length === 0) throw new HdfsError('HadoopIllegalArgumentException', `concat: no sources given for ${operation.path}`);
  const sources = operation.sources.map((path) => checkConcatenable(tree, by, path));
  if (new Set([target, ...sources].map(({ id }) => id)).size !== sources.length + 1) throw new HdfsError('HadoopIllegalArgumentException', `concat: at least two of the sources are the same, or one is the target ${operation.path}`);
  for (const source of sources) {
    if (source.parent !== target.parent) throw new HdfsError('HadoopIllegalArgumentException', `Source file ${pathOf(source)} is not in the same directory with the target ${pathOf(target)}`);
    if (source.layout.blockBytes > target.layout.blockBytes) throw new HdfsError('HadoopIllegalArgumentException', `concat: source file ${pathOf(source)} has preferred block size ${source.layout.blockBytes} which is greater than the target file's preferred block size ${target.layout.blockBytes}`);
    if (source.blocks.length === 0) throw new HdfsError('HadoopIllegalArgumentException', `concat: source file ${pathOf(source)} is invalid or empty or underConstruction`);
    checkAccessTo(by, source, access.read);
    checkSticky(by, source.parent ?? tree.root, source);
  }
  checkAccessTo(by, target.parent ?? tree.root, access.write);
  checkAccessTo(by, target, access.write);
  const { replication } = target.layout;
  tree.checkQuota(target.parent, { names: 0, spaceBytes: sources.reduce((sum, source) => sum + source.bytes * (replication - source.layout.replication), 0) });
  return () => {
    const moved = sources.flatMap((source) => source.blocks);
    const other = sources.flatMap((source) => source.layout.replication === replication ? [] : source.blocks);
    for (const source of sources) {
      tree.setBlocks(source, []);
      tree.destroy(source, atMs);
    }
    tree.setBlocks(target, [...target.blocks, ...moved]);
    for (const block of moved) tree.listener.moveBlock(block.id, target.id);
    for (const block of other) tree.listener.changeReplication(block.id, replication);
    target.setTimes(atMs);
    return undefined;
  };
}

function checkConcatenable(tree: Tree, by: Identity, path: string): File {
  const { inode, components } = tree.find(by, path);
  if (inode === undefined) throw new HdfsError('FileNotFoundException', `File does not exist: ${pathText(components)}`);
  if (!(inode instanceof File)) throw new HdfsError('FileNotFoundException', `Path is not a file: ${pathText(components)}`);
  if (inode.construction !== undefined) throw new HdfsError('HadoopIllegalArgumentException', `concat: ${pathText(components)} is under construction`);
  return inode;
}

export function planSetReplication(tree: Tree, operation: SetReplication): () => boolean {
  const { inode } = tree.find(operation.by, operation.path);
  if (!(inode instanceof File)) return () => false;
  checkAccessTo(operation.by, inode, access.write);
  const extra = (operation.replication - inode.layout.replication) * (spaceOf(inode) / inode.layout.replication);
  tree.checkQuota(inode.parent, { names: 0, spaceBytes: extra });
  return () => {
    tree.charge(inode.parent, 0, extra);
    inode.layout = tree.layout(operation.replication, inode.layout.blockBytes);
    for (const block of inode.blocks) tree.listener.changeReplication(block.id, operation.replication);
    return true;
  };
}

export function planSetPermission(tree: Tree, operation: SetPermission): () => undefined {
  const inode = existing(tree, operation.by, operation.path);
  checkOwner(operation.by, inode);
  return () => {
    const { owner, group } = inode.attributes;
    // The sticky bit says nothing on a file.
    inode.attributes = tree.attributes(owner, group, operation.permission & (inode instanceof Directory ? permissionMask : 0o777));
    return undefined;
  };
}

export function planSetOwner(tree: Tree, operation: SetOwner): () => undefined {
  const { by, owner, group } = operation;
  const inode = existing(tree, by, operation.path);
  checkOwner(by, inode);
  if (!by.bypass && owner !== undefined && owner !== by.user) throw new HdfsError('AccessControlException', `User ${by.user} is not a super user (non-super user cannot change owner).`);
  if (!by.bypass && group !== undefined && !by.groups.includes(group)) throw new HdfsError('AccessControlException', `User ${by.user} does not belong to ${group}`);
  return () => {
    const now = inode.attributes;
    inode.attributes = tree.attributes(owner ?? now.owner, group ?? now.group, now.permission);
    return undefined;
  };
}

export function planSetTimes(tree: Tree, operation: SetTimes): () => undefined {
  const inode = existing(tree, operation.by, operation.path);
  checkAccessTo(operation.by, inode, access.write);
  return () => {
    if (inode instanceof File) inode.setTimes(operation.modifiedMs, operation.accessedMs);
    else if (operation.modifiedMs !== undefined) inode.modifiedMs = operation.modifiedMs;
    return undefined;
  };
}

export function planSetQuota(tree: Tree, operation: SetQuota): () => undefined {
  checkSuperuser(operation.by, 'set a quota');
  const inode = existing(tree, operation.by, operation.path);
  if (!(inode instanceof Directory)) throw new HdfsError('FileNotFoundException', `Cannot set quota on a file: ${operation.path}`);
  for (const value of [operation.nameQuota, operation.spaceQuotaBytes]) {
    if (value !== undefined && value !== -1 && (!Number.isSafeInteger(value) || value <= 0)) throw new HdfsError('IllegalArgumentException', `Invalid values for quota : ${String(operation.nameQuota)} and ${String(operation.spaceQuotaBytes)}`);
  }
  return () => {
    const names = operation.nameQuota ?? inode.quota?.names ?? -1;
    const spaceBytes = operation.spaceQuotaBytes ?? inode.quota?.spaceBytes ?? -1;
    const usage = tree.usageOf(inode);
    inode.quota = names < 0 && spaceBytes < 0 ? undefined : { names, spaceBytes, usedNames: usage.names, usedSpaceBytes: usage.spaceBytes };
    return undefined;
  };
}

/** Throws FileNotFoundException. */
export function existing(tree: Tree, by: Identity, path: string): Inode {
  const { inode, components } = tree.find(by, path);
  if (inode === undefined) throw new HdfsError('FileNotFoundException', `File does not exist: ${pathText(components)}`);
  return inode;
}
