/**
 * Files and directories in memory. A million of them must fit, so what many share (owner, group and permission; replication and block size) is one
 * object each, and fields that are rare stand apart.
 */
import type { Block } from '../../model.ts';

/** Interned: equal attributes are one object. */
export interface Attributes {
  readonly owner: string;
  readonly group: string;
  /** Mode bits, sticky bit included. */
  readonly permission: number;
}

/** Interned as well. */
export interface Layout {
  readonly replication: number;
  readonly blockBytes: number;
}

export interface Quota {
  /** -1: none. */
  names: number;
  /** -1: none. */
  spaceBytes: number;
  /** Of the directory with all below it, itself included. */
  usedNames: number;
  usedSpaceBytes: number;
}

export interface Construction {
  /** Who writes. */
  client: string;
  /** The last block is being recovered by its datanodes: nobody writes. `bytes` is set when they are to cut it. */
  recovery: { readonly generationStamp: number; readonly bytes?: number | undefined } | undefined;
}

/** Of one file; replaced, never changed, so that an image may keep it while the name space goes on. */
export interface FileBlock extends Block {
  /** Its length is final. */
  readonly committed: boolean;
}

export class Directory {
  readonly id: number;
  name: string;
  parent: Directory | undefined;
  attributes: Attributes;
  modifiedMs: number;
  /** Made with the first child. */
  children: Map<string, Inode> | undefined = undefined;
  quota: Quota | undefined = undefined;

  constructor(id: number, name: string, attributes: Attributes, modifiedMs: number) {
    this.id = id;
    this.name = name;
    this.parent = undefined;
    this.attributes = attributes;
    this.modifiedMs = modifiedMs;
  }
}

export class File {
  readonly id: number;
  name: string;
  parent: Directory | undefined;
  attributes: Attributes;
  modifiedMs: number;
  layout: Layout;
  /** One block stands for itself, without an array. */
  #blocks: FileBlock | readonly FileBlock[] | undefined = undefined;
  /** Where it differs from `modifiedMs`. */
  #accessedMs: number | undefined = undefined;
  construction: Construction | undefined = undefined;

  constructor(id: number, name: string, attributes: Attributes, modifiedMs: number, layout: Layout) {
    this.id = id;
    this.name = name;
    this.parent = undefined;
    this.attributes = attributes;
    this.modifiedMs = modifiedMs;
    this.layout = layout;
  }

  get accessedMs(): number {
    return this.#accessedMs ?? this.modifiedMs;
  }

  set accessedMs(ms: number) {
    this.#accessedMs = ms === this.modifiedMs ? undefined : ms;
  }

  /** Without a change of the time of access. */
  touch(modifiedMs: number): void {
    this.#accessedMs = this.accessedMs === modifiedMs ? undefined : this.accessedMs;
    this.modifiedMs = modifiedMs;
  }

  get blocks(): readonly FileBlock[] {
    if (this.#blocks === undefined) return [];
    return Array.isArray(this.#blocks) ? this.#blocks as readonly FileBlock[] : [this.#blocks as FileBlock];
  }

  set blocks(blocks: readonly FileBlock[]) {
    this.#blocks = blocks.length === 0 ? undefined : blocks.length === 1 ? blocks[0] : blocks;
  }

  get lastBlock(): FileBlock | undefined {
    return this.blocks.at(-1);
  }

  get bytes(): number {
    let bytes = 0;
    for (const block of this.blocks) bytes += block.bytes;
    return bytes;
  }
}

export type Inode = Directory | File;

/** What a file takes of the space quota: a block that is not final yet counts as a whole one. */
export function spaceOf(file: File): number {
  let bytes = 0;
  for (const block of file.blocks) bytes += block.committed ? block.bytes : file.layout.blockBytes;
  return bytes * file.layout.replication;
}

export function pathOf(inode: Inode): string {
  const names: string[] = [];
  for (let at: Inode = inode; at.parent !== undefined; at = at.parent) names.unshift(at.name);
  return `/${names.join('/')}`;
}

/** All below and the inode itself, parents first. */
export function* treeOf(inode: Inode): Generator<Inode> {
  const stack: Inode[] = [inode];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    yield next;
    if (next instanceof Directory && next.children !== undefined) stack.push(...next.children.values());
  }
}
