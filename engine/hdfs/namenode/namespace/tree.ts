/**
 * The state of the name space and the few ways to change it. Operations are planned against it (checks, no change) and then committed; see
 * `namespace.ts`.
 */
import { HdfsError } from '../../hdfs-error.ts';
import { firstBlockId } from '../../model.ts';
import type { BlockListener } from './block-listener.ts';
import { InodeStore } from './inode-store.ts';
import { Directory, File, ownText, pathOf, spaceOf, treeOf, type Attributes, type FileBlock, type Inode, type Layout } from './inode.ts';
import type { Identity } from './operation.ts';
import { componentsOf, pathText, reservedName } from './path.ts';
import { checkTraverse } from './permission.ts';

/** Where a path leads. */
export interface Place {
  readonly components: readonly string[];
  /** From the root down, as far as there are directories on the way to the last component. */
  readonly ancestors: readonly Directory[];
  /** The file in the middle of the path, where directories should be. */
  readonly obstacle: File | undefined;
  readonly inode: Inode | undefined;
}

export interface Usage {
  readonly names: number;
  readonly spaceBytes: number;
}

/** HDFS's own first numbers. */
const rootId = 16_385;
const firstStamp = 1000;
/** Directories with so many children have their sorted names kept, a few of them. */
const listingKeptFrom = 2000;
const listingsMax = 4;

export class Tree {
  readonly store = new InodeStore();
  readonly root: Directory;
  nextInodeId = rootId + 1;
  nextBlockId = firstBlockId;
  nextStamp = firstStamp + 1;
  files = 0;
  directories = 1;
  blocks = 0;
  /** Under construction, by id: what a writer names. */
  readonly openFiles = new Map<number, File>();
  /** By block id: files whose last block is open, for recovery and concatenation. */
  readonly openBlocks = new Map<number, File>();
  leaving: ReadonlySet<string> = new Set();
  readonly listener: BlockListener;
  /** Sorted names of directories that have not changed since. */
  readonly #listings = new Map<Directory, readonly string[]>();

  constructor(listener: BlockListener, root: { readonly owner: string; readonly group: string }) {
    this.listener = listener;
    this.root = new Directory(this.store, rootId, this.attributes(root.owner, root.group, 0o755), 0);
  }

  attributes(owner: string, group: string, permission: number): Attributes {
    return this.store.attributes(owner, group, permission);
  }

  layout(replication: number, blockBytes: number): Layout {
    return this.store.layout(replication, blockBytes);
  }

  /** Follows a path and checks that `by` may pass. Throws `HdfsError` for a path that is none, and AccessControlException. */
  find(by: Identity, path: string): Place {
    const components = componentsOf(path);
    const ancestors: Directory[] = [];
    let inode: Inode | undefined = this.root;
    let obstacle: File | undefined;
    for (const name of components) {
      if (!(inode instanceof Directory)) {
        obstacle ??= inode;
        inode = undefined;
        break;
      }
      ancestors.push(inode);
      inode = inode.child(name);
      if (inode === undefined) break;
    }
    checkTraverse(by, ancestors);
    return { components, ancestors, obstacle, inode: ancestors.length === components.length ? inode : undefined };
  }

  /** The directory that would hold the last component, if it is there. */
  parentIn(place: Place): Directory | undefined {
    return place.components.length > 0 && place.ancestors.length === place.components.length ? place.ancestors.at(-1) : undefined;
  }

  /** Refuses a quota that would be passed by `names` and `spaceBytes` more below `directory`. */
  checkQuota(directory: Directory | undefined, more: Usage, until?: Directory): void {
    for (let at = directory; at !== undefined && at !== until; at = at.parent) {
      const { quota } = at;
      if (quota === undefined) continue;
      if (quota.names >= 0 && more.names > 0 && quota.usedNames + more.names > quota.names) {
        throw new HdfsError('NSQuotaExceededException', `The NameSpace quota (directories and files) of directory ${pathOf(at)} is exceeded: quota=${quota.names} file count=${quota.usedNames + more.names}`);
      }
      if (quota.spaceBytes >= 0 && more.spaceBytes > 0 && quota.usedSpaceBytes + more.spaceBytes > quota.spaceBytes) {
        throw new HdfsError('DSQuotaExceededException', `The DiskSpace quota of ${pathOf(at)} is exceeded: quota = ${quota.spaceBytes} B but diskspace consumed = ${quota.usedSpaceBytes + more.spaceBytes} B`);
      }
    }
  }

  charge(directory: Directory | undefined, names: number, spaceBytes: number): void {
    for (let at = directory; at !== undefined; at = at.parent) {
      if (at.quota === undefined) continue;
      at.quota.usedNames += names;
      at.quota.usedSpaceBytes += spaceBytes;
    }
  }

  usageOf(inode: Inode): Usage {
    let names = 0;
    let spaceBytes = 0;
    for (const each of treeOf(inode)) {
      names += 1;
      if (each instanceof File) spaceBytes += spaceOf(each);
    }
    return { names, spaceBytes };
  }

  hasQuotaAbove(directory: Directory | undefined): boolean {
    for (let at = directory; at !== undefined; at = at.parent) if (at.quota !== undefined) return true;
    return false;
  }

  link(parent: Directory, name: string, inode: Inode, atMs: number): void {
    parent.add(ownText(name), inode);
    this.#listings.delete(parent);
    parent.modifiedMs = Math.max(parent.modifiedMs, atMs);
  }

  unlink(inode: Inode, atMs: number): void {
    const { parent } = inode;
    if (parent === undefined) return;
    parent.remove(inode);
    this.#listings.delete(parent);
    parent.modifiedMs = Math.max(parent.modifiedMs, atMs);
  }

  /** In order of UTF-16 units. Kept for a while for large directories, which are listed in many parts. */
  sortedNames(directory: Directory): readonly string[] {
    const known = this.#listings.get(directory);
    if (known !== undefined) return known;
    const names = [...directory.childNames()].toSorted();
    if (names.length >= listingKeptFrom) {
      const oldest = this.#listings.size < listingsMax ? undefined : this.#listings.keys().next().value;
      if (oldest !== undefined) this.#listings.delete(oldest);
      this.#listings.set(directory, names);
    }
    return names;
  }

  /** Takes a tree out for good: its blocks go, its writers lose their files. */
  destroy(inode: Inode, atMs: number): void {
    const { parent } = inode;
    const usage = this.hasQuotaAbove(parent) ? this.usageOf(inode) : undefined;
    this.unlink(inode, atMs);
    if (usage !== undefined) this.charge(parent, -usage.names, -usage.spaceBytes);
    for (const each of treeOf(inode)) {
      if (each instanceof Directory) {
        // Its files' rows are about to be given to others.
        this.store.changing(each);
        this.#listings.delete(each);
        this.directories -= 1;
        continue;
      }
      this.files -= 1;
      this.close(each);
      for (const block of each.blocks) this.forgetBlock(block.id);
      this.store.free(each.row);
    }
  }

  newDirectory(parent: Directory, name: string, attributes: Attributes, atMs: number): Directory {
    const directory = new Directory(this.store, this.nextInodeId, attributes, atMs);
    this.nextInodeId += 1;
    this.directories += 1;
    this.link(parent, name, directory, atMs);
    this.charge(parent, 1, 0);
    return directory;
  }

  newFile(parent: Directory, name: string, attributes: Attributes, atMs: number, layout: Layout): File {
    const file = this.store.newFile(this.nextInodeId, attributes, atMs, layout);
    this.nextInodeId += 1;
    this.files += 1;
    this.link(parent, name, file, atMs);
    this.charge(parent, 1, 0);
    return file;
  }

  /** As `setBlocks`, of a file that had none and that no quota counts yet. */
  loadBlocks(file: File, blocks: readonly FileBlock[]): void {
    file.blocks = blocks;
    this.blocks += blocks.length;
    const last = blocks.at(-1);
    if (last?.committed === false) this.openBlocks.set(last.id, file);
  }

  /** All changes of a file's blocks, so that the space quotas follow. */
  setBlocks(file: File, blocks: readonly FileBlock[]): void {
    const before = spaceOf(file);
    this.blocks += blocks.length - file.blocks.length;
    const old = file.lastBlock;
    if (old !== undefined) this.openBlocks.delete(old.id);
    file.blocks = blocks;
    const last = file.lastBlock;
    if (last !== undefined && !last.committed) this.openBlocks.set(last.id, file);
    this.charge(file.parent, 0, spaceOf(file) - before);
  }

  forgetBlock(id: number): void {
    this.blocks -= 1;
    this.openBlocks.delete(id);
    this.listener.removeBlock(id);
  }

  open(file: File, client: string): void {
    file.construction = { client };
    this.openFiles.set(file.id, file);
  }

  close(file: File): void {
    if (!this.openFiles.delete(file.id)) return;
    file.construction = undefined;
  }

  takeStamp(): number {
    this.nextStamp += 1;
    return this.nextStamp - 1;
  }
}

/** Refuses to create below the reserved name. */
export function checkName(components: readonly string[]): void {
  if (components[0] === reservedName) throw new HdfsError('HadoopIllegalArgumentException', `${pathText(components)} is a reserved path.`);
}
