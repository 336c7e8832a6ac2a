/**
 * Files and directories. A directory is an object; a file is a handle on a row of the store (`inode-store.ts`), made when somebody looks at it, so that a
 * million of them fit. Two handles of one file are different objects: compare ids.
 */
import type { Block } from '../../model.ts';
import type { InodeStore } from './inode-store.ts';

/** Interned: equal attributes are one object. */
export interface Attributes {
  /** In the store. */
  readonly index: number;
  readonly owner: string;
  readonly group: string;
  /** Mode bits, sticky bit included. */
  readonly permission: number;
}

/** Interned as well. */
export interface Layout {
  readonly index: number;
  readonly replication: number;
  readonly blockBytes: number;
}

/** The limits stand in an image, what is used follows from the files. */
export interface Quota {
  /** -1: none. */
  readonly names: number;
  /** -1: none. */
  readonly spaceBytes: number;
  /** Of the directory with all below it, itself included. */
  usedNames: number;
  usedSpaceBytes: number;
}

export interface Construction {
  /** Who writes. */
  readonly client: string;
  /** The last block is being recovered by its datanodes: nobody writes. `bytes` is set when they are to cut it. */
  readonly recovery?: { readonly generationStamp: number; readonly bytes?: number | undefined } | undefined;
}

/** Of one file; replaced, never changed. */
export interface FileBlock extends Block {
  /** Its length is final. */
  readonly committed: boolean;
}

export class Directory {
  readonly id: number;
  readonly #store: InodeStore;
  #name = '';
  #parent: Directory | undefined;
  #attributes: Attributes;
  #modifiedMs: number;
  /** Directories, and rows of files; made with the first child. */
  #children: Map<string, Directory | number> | undefined;
  #quota: Quota | undefined;

  constructor(store: InodeStore, id: number, attributes: Attributes, modifiedMs: number) {
    this.#store = store;
    this.id = id;
    this.#attributes = attributes;
    this.#modifiedMs = modifiedMs;
  }

  get name(): string {
    return this.#name;
  }

  get parent(): Directory | undefined {
    return this.#parent;
  }

  get attributes(): Attributes {
    return this.#attributes;
  }

  set attributes(attributes: Attributes) {
    this.#store.changing(this);
    this.#attributes = attributes;
  }

  get modifiedMs(): number {
    return this.#modifiedMs;
  }

  set modifiedMs(ms: number) {
    this.#store.changing(this);
    this.#modifiedMs = ms;
  }

  get quota(): Quota | undefined {
    return this.#quota;
  }

  set quota(quota: Quota | undefined) {
    this.#store.changing(this);
    this.#quota = quota;
  }

  get childCount(): number {
    return this.#children?.size ?? 0;
  }

  child(name: string): Inode | undefined {
    const child = this.#children?.get(name);
    return typeof child === 'number' ? this.#store.file(child) : child;
  }

  childNames(): Iterable<string> {
    return this.#children?.keys() ?? [];
  }

  /** In the order in which they came; one that goes meanwhile is left out. */
  * children(): Generator<Inode> {
    if (this.#children === undefined) return;
    for (const child of this.#children.values()) yield typeof child === 'number' ? this.#store.file(child) : child;
  }

  /** What `children` gives, with rows of the store in the place of handles. */
  rows(): Iterable<Directory | number> {
    return this.#children?.values() ?? [];
  }

  /** `name` must be no part of a longer text: see `ownText`. */
  add(name: string, inode: Inode): void {
    this.#store.changing(this);
    this.#children ??= new Map();
    if (inode instanceof File) {
      this.#store.place(inode.row, name, this);
      this.#children.set(name, inode.row);
      return;
    }
    inode.#name = name;
    inode.#parent = this;
    this.#children.set(name, inode);
  }

  remove(inode: Inode): void {
    this.#store.changing(this);
    this.#children?.delete(inode.name);
    if (this.#children?.size === 0) this.#children = undefined;
    if (inode instanceof Directory) inode.#parent = undefined;
    else this.#store.place(inode.row, inode.name, undefined);
  }
}

export class File {
  readonly id: number;
  /** In the store. */
  readonly row: number;
  readonly #store: InodeStore;

  constructor(store: InodeStore, row: number, id: number) {
    this.#store = store;
    this.row = row;
    this.id = id;
  }

  get name(): string {
    return this.#store.name(this.row);
  }

  get parent(): Directory | undefined {
    return this.#store.parent(this.row);
  }

  get attributes(): Attributes {
    return this.#store.attributesOf(this.row);
  }

  set attributes(attributes: Attributes) {
    this.#store.setAttributes(this.row, attributes);
  }

  get layout(): Layout {
    return this.#store.layoutOf(this.row);
  }

  set layout(layout: Layout) {
    this.#store.setLayout(this.row, layout);
  }

  get modifiedMs(): number {
    return this.#store.modifiedMs(this.row);
  }

  get accessedMs(): number {
    return this.#store.accessedMs(this.row);
  }

  /** Undefined leaves a time as it is. */
  setTimes(modifiedMs: number | undefined, accessedMs?: number | undefined): void {
    this.#store.setTimes(this.row, modifiedMs ?? this.modifiedMs, accessedMs ?? this.accessedMs);
  }

  get blocks(): readonly FileBlock[] {
    return this.#store.blocks(this.row);
  }

  set blocks(blocks: readonly FileBlock[]) {
    this.#store.setBlocks(this.row, blocks);
  }

  get lastBlock(): FileBlock | undefined {
    return this.blocks.at(-1);
  }

  get bytes(): number {
    let bytes = 0;
    for (const block of this.blocks) bytes += block.bytes;
    return bytes;
  }

  /** While it is being written. */
  get construction(): Construction | undefined {
    return this.#store.construction(this.row);
  }

  set construction(construction: Construction | undefined) {
    this.#store.setConstruction(this.row, construction);
  }
}

export type Inode = Directory | File;

/** What a file takes of the space quota: a block that is not final yet counts as a whole one. */
export function spaceOf(file: File): number {
  const { blockBytes, replication } = file.layout;
  let bytes = 0;
  for (const block of file.blocks) bytes += block.committed ? block.bytes : blockBytes;
  return bytes * replication;
}

export function pathOf(inode: Inode): string {
  const names: string[] = [];
  for (let at: Inode = inode; at.parent !== undefined; at = at.parent) names.push(at.name);
  return `/${names.toReversed().join('/')}`;
}

/** The inode and all below it, parents first. What changes on the way may be seen or not; a handle holds until its file goes. */
export function* treeOf(inode: Inode): Generator<Inode> {
  yield inode;
  if (inode instanceof File) return;
  const stack = [inode.children()];
  for (let at = stack.at(-1); at !== undefined; at = stack.at(-1)) {
    const next = at.next();
    if (next.done === true) {
      stack.pop();
      continue;
    }
    yield next.value;
    if (next.value instanceof Directory) stack.push(next.value.children());
  }
}

/** A part of a longer text keeps all of it alive in V8 from 13 characters on: a name must not hold its path. */
export function ownText(part: string): string {
  return part.length < 13 ? part : Buffer.from(part).toString();
}
